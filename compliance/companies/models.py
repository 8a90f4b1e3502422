"""Companies as employers: names as written, numbers normalised, one owner per number."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.companies.circumstances.rules import circumstance_line, what_follows
from compliance.companies.rules import SCALES
from compliance.core.db import Model, index_where
from compliance.core.text import Text


class Company(Model):
    """An employer. `npwp` has 16 digits; `npwp_core` is the part that stays when a branch or tax office
    changes.
    `phone_key` and `address_key` follow from telephone and address, for finding who shares them.
    `circumstance` says that it closed, went bankrupt or moved, from the table of circumstances.

    A company that was merged into another has no numbers any more; its page leads to that one.
    """

    __tablename__ = "companies"
    __table_args__ = (
        sa.CheckConstraint(f"scale IN {tuple(SCALES)}", name="scale"),
        sa.CheckConstraint("workers_total >= 0", name="workers_total"),
        sa.Index("ix_companies_name_key_id", "name_key", "id"),
        sa.Index("ix_companies_region_code_name_key_id", "region_code", "name_key", "id"),
        index_where(
            "ix_companies_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200))
    region_code: Mapped[str] = mapped_column(sa.String(13))
    district_code: Mapped[str | None] = mapped_column(sa.String(13))
    nib: Mapped[str | None] = mapped_column(sa.String(13), unique=True)
    npwp: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    npwp_core: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    npp: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    kbli: Mapped[str | None] = mapped_column(sa.String(5), index=True)
    kbli_version: Mapped[int | None]
    scale: Mapped[str | None] = mapped_column(sa.String(10))
    scale_evidence: Mapped[str | None] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(500))
    phone: Mapped[str | None] = mapped_column(sa.String(60))
    phone_key: Mapped[str | None] = mapped_column(sa.String(8), index=True)
    address_key: Mapped[str | None] = mapped_column(sa.String(60), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(254))
    workers_total: Mapped[int | None]
    circumstance: Mapped[str | None] = mapped_column(sa.String(10))
    circumstance_since: Mapped[date | None]
    circumstance_region: Mapped[str | None] = mapped_column(sa.String(13))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("companies.id"))

    names: Mapped[list[CompanyName]] = relationship(
        back_populates="company", cascade="all, delete-orphan", order_by="CompanyName.id"
    )
    other_numbers: Mapped[list[CompanyNumber]] = relationship(
        back_populates="company", cascade="all, delete-orphan", order_by="CompanyNumber.id"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def circumstance_line(self) -> Text | None:
        """One line that says that it closed, went bankrupt or moved, and since when."""
        return circumstance_line(self)

    @property
    def circumstance_follows(self) -> Text | None:
        """What follows from it for rechecks and flags."""
        kind = self.circumstance
        return what_follows(kind, self.circumstance_region) if kind else None

    @property
    def former_names(self) -> list[str]:
        """The names it bore before; one that it bears again is no former name."""
        return [
            name.name for name in self.names if name.kind == "former" and name.name != self.name
        ]

    @property
    def names_over_time(self) -> list[tuple[str, date | None, date | None]]:
        """What it was called from when until when, the present name first; None for an unknown day."""
        former = [name for name in self.names if name.kind == "former"]
        former.sort(key=lambda name: (name.until or date.min, name.id))
        since: date | None = None
        earlier: list[tuple[str, date | None, date | None]] = []
        for name in former:
            earlier.append((name.name, since, name.until))
            since = name.until
        return [(self.name, since, None), *reversed(earlier)]

    @property
    def aliases(self) -> list[str]:
        return [name.name for name in self.names if name.kind == "alias"]

    @property
    def other_npwps(self) -> list[str]:
        """The NPWPs beside the main one: of branches, and of companies merged into this one."""
        return self.further("npwp")

    def further(self, kind: str) -> list[str]:
        """The numbers of a kind beside the main one."""
        return [number.number for number in self.other_numbers if number.kind == kind]


class CompanyName(Model):
    """Every name a company is found by: the current one, former ones, aliases.

    Two names are the same when their `key` is equal and they state no two legal forms (`form`, "" for
    none). They are found by `search_key` and `initials`. All four follow from `name`; where `search_key` is
    empty, `flask db upgrade` writes them anew.

    `until` is the day on which a former name was given up, if it is known.
    """

    __tablename__ = "company_names"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('current', 'former', 'alias')", name="kind"),
        sa.UniqueConstraint("company_id", "kind", "name"),
        sa.Index("ix_company_names_key_company_id", "key", "company_id"),
        sa.Index("ix_company_names_search_key_company_id", "search_key", "company_id"),
        sa.Index("ix_company_names_initials_company_id", "initials", "company_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(200))
    form: Mapped[str] = mapped_column(sa.String(10), server_default="")
    search_key: Mapped[str] = mapped_column(sa.String(200), server_default="")
    initials: Mapped[str | None] = mapped_column(sa.String(20))
    until: Mapped[date | None]

    company: Mapped[Company] = relationship(back_populates="names")


class CompanyNumber(Model):
    """A number beside the main one of its kind: of a branch, or brought along by a company merged into this
    one.

    `core` is an NPWP's: by it all branches of a taxpayer are found.
    """

    __tablename__ = "company_numbers"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('nib', 'npwp', 'npp')", name="kind"),
        sa.CheckConstraint("(kind = 'npwp') = (core IS NOT NULL)", name="npwp_has_core"),
        sa.UniqueConstraint("kind", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(4))
    number: Mapped[str] = mapped_column(sa.String(20))
    core: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    since: Mapped[datetime]

    company: Mapped[Company] = relationship(back_populates="other_numbers")


class Workplace(Model):
    """A branch, shop or plant where people work for the company."""

    __tablename__ = "workplaces"
    __table_args__ = (sa.CheckConstraint("workers_total >= 0", name="workers_total"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    region_code: Mapped[str] = mapped_column(sa.String(13))
    district_code: Mapped[str | None] = mapped_column(sa.String(13))
    address: Mapped[str | None] = mapped_column(sa.String(500))
    workers_total: Mapped[int | None]
    created_at: Mapped[datetime]


CIRCUMSTANCE_COLUMNS = (
    Company.circumstance,
    Company.circumstance_since,
    Company.circumstance_region,
)
"""What a row of a list needs for its line (`circumstance_line`)."""
COMPANIES_TABLE = cast(sa.Table, Company.__table__)
NAMES_TABLE = cast(sa.Table, CompanyName.__table__)
NUMBERS_TABLE = cast(sa.Table, CompanyNumber.__table__)
