"""The table of those who sign letters."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model
from compliance.office.signatories.rules import AN, CAPACITIES, DEFINITIVE, titles_of

LONGEST_SIGNATORY = {"name": 200, "title": 100, "on_behalf_of": 100, "rank": 100, "nip": 30}
_CAPACITIES = ", ".join(f"'{capacity}'" for capacity in CAPACITIES)


class Signatory(Model):
    """Somebody who signs for an inspectorate, from `from_on` and, unless open, up to `until_on`.

    Without `office_id` they sign for every inspectorate. `title` is their own; `on_behalf_of` is the title of
    the one for whom they sign, in the capacity a.n. only. `used`: a letter bears their name.
    """

    __tablename__ = "signatories"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="until_after_from"),
        sa.CheckConstraint(f"capacity IN ({_CAPACITIES})", name="capacity"),
        sa.CheckConstraint(
            f"(capacity = '{AN}') = (on_behalf_of IS NOT NULL)", name="on_behalf_of_whom"
        ),
        sa.Index("ix_signatories_from_on_id", "from_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offices.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(100))
    capacity: Mapped[str] = mapped_column(
        sa.String(12), default=DEFINITIVE, server_default=DEFINITIVE
    )
    on_behalf_of: Mapped[str | None] = mapped_column(sa.String(100))
    rank: Mapped[str | None] = mapped_column(sa.String(100))
    nip: Mapped[str | None] = mapped_column(sa.String(30))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    used: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    @property
    def titles(self) -> tuple[str, ...]:
        """The lines above the signature, the last one with a comma."""
        return titles_of(self.title, self.capacity, self.on_behalf_of)

    @property
    def title_in_full(self) -> str:
        """The same in one line."""
        return ", ".join(self.titles).rstrip(",")
