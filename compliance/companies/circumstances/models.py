"""The table of closures, bankruptcies and moves. A company says in columns of its own which is in force."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.companies.circumstances.rules import CIRCUMSTANCES, circumstance_said
from compliance.core.db import Model
from compliance.core.text import Text


class Circumstance(Model):
    """A company closed, went bankrupt or moved. It stands until somebody revokes it, with a reason.

    A move without `region_code` left the province. `from_region_code` and `from_address` are where the
    company was before it.
    """

    __tablename__ = "circumstances"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(CIRCUMSTANCES)}", name="kind"),
        sa.CheckConstraint("(kind = 'moved') = (address IS NOT NULL)", name="move_has_address"),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason IS NULL)", name="revocation_has_reason"
        ),
        sa.Index("ix_circumstances_company_id_id", "company_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    since_on: Mapped[date]
    proof: Mapped[str] = mapped_column(sa.String(500))
    region_code: Mapped[str | None] = mapped_column(sa.String(13))
    address: Mapped[str | None] = mapped_column(sa.String(500))
    curator: Mapped[str | None] = mapped_column(sa.String(200))
    from_region_code: Mapped[str | None] = mapped_column(sa.String(13))
    from_address: Mapped[str | None] = mapped_column(sa.String(500))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(sa.String(200))
    revoke_reason: Mapped[str | None] = mapped_column(sa.String(500))

    @property
    def stands(self) -> bool:
        return self.revoked_at is None

    @property
    def said(self) -> Text:
        return circumstance_said(self.kind, self.since_on, self.region_code)
