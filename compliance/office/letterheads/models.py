"""The table of letterheads: one row for an office and the day from which it holds."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model
from compliance.files.models import StoredFile
from compliance.office.letterheads.rules import PAPER_SIZES


class Letterhead(Model):
    """The head of an office's letters from `from_on` until the next row of the office begins.

    The columns are the fields of LetterheadFacts. `crest` is a PNG, the clean one.
    """

    __tablename__ = "letterheads"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "from_on"),
        sa.CheckConstraint(f"paper IN {PAPER_SIZES}", name="paper"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("offices.id"))
    from_on: Mapped[date]
    government: Mapped[str] = mapped_column(sa.String(200))
    office: Mapped[str] = mapped_column(sa.String(300))
    details: Mapped[str | None] = mapped_column(sa.String(400))
    paper: Mapped[str] = mapped_column(sa.String(2))
    font: Mapped[str | None] = mapped_column(sa.String(100))
    font_size: Mapped[int]
    margin_top: Mapped[int]
    margin_right: Mapped[int]
    margin_bottom: Mapped[int]
    margin_left: Mapped[int]
    crest_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))

    crest: Mapped[StoredFile | None] = relationship(lazy="joined")
