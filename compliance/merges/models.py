"""What makes several records one company: further numbers, pairs that look alike, and merges with all they
moved.

A merge keeps the former state of everything it touched, so that it can be undone exactly. The store refuses a
number that two companies bear as a further one, and a pair that is stored twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.companies.models import Company
from compliance.core.db import Model, index_where
from compliance.core.text import Text, from_json, say
from compliance.people.models import User

PAIR_STATES = {
    "suspected": say("Perlu diperiksa"),
    "distinct": say("Bukan perusahaan yang sama"),
    "merged": say("Sudah digabung"),
}
SUSPECTED, DISTINCT, MERGED = PAIR_STATES
UNDO_FOR = timedelta(days=30)
IN_FORCE = "undone_at IS NULL"


class DuplicatePair(Model):
    """Two companies that may be one: how alike they are and why, and what a person decided."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        sa.CheckConstraint("low_id < high_id", name="ordered"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        sa.CheckConstraint(f"state IN {tuple(PAIR_STATES)}", name="state"),
        sa.CheckConstraint(f"(state = '{SUSPECTED}') = (decided_at IS NULL)", name="decided"),
        sa.UniqueConstraint("low_id", "high_id"),
        sa.Index("ix_duplicate_pairs_state_score_id", "state", "score", "id"),
        sa.Index("ix_duplicate_pairs_high_id", "high_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    low_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    high_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    score: Mapped[int]
    reasons: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(sa.String(10))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(sa.String(500))
    found_at: Mapped[datetime]

    low: Mapped[Company] = relationship(foreign_keys=low_id)
    high: Mapped[Company] = relationship(foreign_keys=high_id)
    decided_by: Mapped[User | None] = relationship()

    @property
    def why(self) -> list[Text]:
        """The reasons, as the reader's language says them."""
        return [from_json(reason) for reason in self.reasons]


class Merge(Model):
    """One company that became part of another. `moved` is all that undoing it needs (see `merging`)."""

    __tablename__ = "merges"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> gone_id", name="two_companies"),
        sa.Index("ix_merges_kept_id", "kept_id"),
        index_where("uq_merges_in_force", "gone_id", unique=True, where=IN_FORCE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    gone_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    moved: Mapped[dict[str, Any]]

    kept: Mapped[Company] = relationship(foreign_keys=kept_id)
    gone: Mapped[Company] = relationship(foreign_keys=gone_id)
    by: Mapped[User | None] = relationship()

    @property
    def until(self) -> datetime:
        """The last instant at which it may be undone."""
        return self.merged_at + UNDO_FOR


Company.__mapper__.add_property(
    "merges",
    relationship(
        Merge,
        primaryjoin=(Merge.kept_id == Company.id) & Merge.undone_at.is_(None),
        order_by=Merge.id.desc(),
        viewonly=True,
    ),
)
"""A company's merges in force, the latest first: by them it came to stand for others too."""


class DuplicateSearch(Model):
    """The one row that says how far the nightly search for duplicates has read the event log."""

    __tablename__ = "duplicate_search"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_event_id: Mapped[int] = mapped_column(sa.BigInteger)


DOUBT_STATES = {"open": say("Perlu diperiksa"), "left": say("Dibiarkan")}
DOUBTED, LEFT_AS_IT_IS = DOUBT_STATES


class DoubtfulCompany(Model):
    """A company whose stored data a person should look at: why, and whether somebody left it as it is.

    Refers to its company by number only: an import that is undone takes its companies away, whatever is
    thought of them.
    """

    __tablename__ = "doubtful_companies"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {tuple(DOUBT_STATES)}", name="state"),
        sa.CheckConstraint(f"(state = '{DOUBTED}') = (decided_at IS NULL)", name="decided"),
        sa.Index("ix_doubtful_companies_state_company_id", "state", "company_id"),
    )

    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reasons: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(sa.String(10))
    found_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(sa.String(500))

    decided_by: Mapped[User | None] = relationship()


class DoubtSearch(Model):
    """The one row that says how far the nightly look at stored companies has come.

    `last_company_id` is where the walk over all of them stands, None when it is over; it begins again when
    the `rules` change. `last_event_id`: since then the event log says who is new or changed.
    """

    __tablename__ = "doubt_search"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rules: Mapped[int]
    last_company_id: Mapped[int | None]
    last_event_id: Mapped[int] = mapped_column(sa.BigInteger)
