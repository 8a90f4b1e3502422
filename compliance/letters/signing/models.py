"""The certificates of the authorities that the office trusts. The machine's own list is never asked."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model

LONGEST_SUBJECT = 500


class TrustRoot(Model):
    """One certificate of an authority, as DER. `valid_until` is its own; `removed_at` ends our trust in it.

    Rows are never deleted: they say whom the office trusted when a signed PDF was verified.
    """

    __tablename__ = "trust_roots"
    __table_args__ = (
        sa.UniqueConstraint("fingerprint"),
        sa.CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(LONGEST_SUBJECT))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
