"""Stored files, one row for all that have the same bytes. Rows and bytes are never changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model, index_where
from compliance.files.rules import ENDINGS, MEDIA_TYPES, PICTURES, STORED_KINDS

BROKEN = "broken_at IS NOT NULL"


class StoredFile(Model):
    """The bytes with this SHA-256. `checked_at`: when they were last hashed again and were right;
    `broken_at`: since when they are known to be changed or gone.
    """

    __tablename__ = "files"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {STORED_KINDS}", name="kind"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.Index("ix_files_checked_at_id", "checked_at", "id"),
        index_where("ix_files_broken", "id", where=BROKEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str] = mapped_column(sa.String(10))
    stored_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    broken_at: Mapped[datetime | None]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]

    @property
    def ending(self) -> str:
        return ENDINGS[self.kind]

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURES
