"""The inspection plan: companies that somebody says owe registration, to be inspected, with who
says so and when.

An entry waits until a nota is issued for the company or somebody takes it off with a reason. A list
is no proof: it starts an inspection, never a nota.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import Model, index_where
from compliance.core.text import say

CATEGORIES = {
    "PWBD": say("PWBD: belum mendaftar sama sekali"),
    "PDS-TK": say("PDS-TK: sebagian pekerja belum didaftarkan"),
    "PDS-Upah": say("PDS-Upah: upah dilaporkan lebih rendah"),
    "PDS-Program": say("PDS-Program: program belum lengkap"),
    "arrears": say("Tunggakan iuran"),
}
"""What a company may owe according to BPJS Ketenagakerjaan; a company may be in several."""
SHORT = {code: code for code in CATEGORIES} | {"arrears": say("Tunggakan")}
FINDING_OF = {
    "PWBD": "JS-01",
    "PDS-TK": "JS-02",
    "PDS-Upah": "JS-03",
    "PDS-Program": "JS-04",
    "arrears": "JS-06",
}
"""The finding of the catalogue that a category would be, if the inspection confirms it."""
WAITING = "case_id IS NULL AND dropped_at IS NULL"
"""SQL for "nobody began yet": written out, because a partial index is used only for these very words."""


def waiting() -> sa.TextClause:
    """The condition WAITING on plan entries, for queries."""
    return sa.text("plan_entries.case_id IS NULL AND plan_entries.dropped_at IS NULL")


class PlanEntry(Model):
    """A company to be inspected.

    `case_id` is the draft or nota that came of it; losing the draft makes it wait again.
    """

    __tablename__ = "plan_entries"
    __table_args__ = (
        index_where("ix_plan_entries_waiting", "id", where=WAITING),
        index_where("ix_plan_entries_waiting_by_region", "region_code", "id", where=WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"), index=True)
    region_code: Mapped[str] = mapped_column(sa.String(13))
    workers_total: Mapped[int | None]
    workers_registered: Mapped[int | None]
    case_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("cases.id", ondelete="SET NULL"), index=True
    )
    dropped_at: Mapped[datetime | None]
    dropped_why: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]

    company: Mapped[Company] = relationship()
    case: Mapped[Case | None] = relationship(passive_deletes=True)
    reasons: Mapped[list[PlanReason]] = relationship(
        back_populates="entry", cascade="all, delete-orphan", order_by="PlanReason.id"
    )

    @property
    def categories(self) -> list[str]:
        """What the company owes by the lists that name it, without repetition, the gravest first."""
        named = {reason.category for reason in self.reasons}
        return [code for code in CATEGORIES if code in named]


class PlanReason(Model):
    """Why a company is on the plan: in which list, of which day, under which category.

    `batch` is the import that said so.
    """

    __tablename__ = "plan_reasons"
    __table_args__ = (
        sa.CheckConstraint(f"category IN {tuple(CATEGORIES)}", name="category"),
        sa.UniqueConstraint("entry_id", "category", "source", "listed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_entries.id", ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str] = mapped_column(sa.String(200))
    listed_on: Mapped[date]
    batch: Mapped[int | None] = mapped_column(index=True)

    entry: Mapped[PlanEntry] = relationship(back_populates="reasons")
