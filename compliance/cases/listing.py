"""The list of cases: saved views with their counts, filters, one page at a time. Shows nobody what is not theirs.

Counts stop at COUNTED. A page is found by the key of the row before it, never by counting rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, selectinload

from compliance.cases.models import Case, Nota, awaiting_recheck
from compliance.cases.queries import visible_to
from compliance.companies import identity
from compliance.companies.models import CompanyName
from compliance.companies.queries import bearing_number, holding_words_of
from compliance.core.db import db
from compliance.core.text import Text, say
from compliance.core.typed import Unreadable
from compliance.people.models import User
from compliance.policy import Actor, require, scope

SOON_DAYS = 14
COUNTED = 1_000
"""Views are counted up to here; what is more is said to be more."""
MOST_COMPANIES = 1_000
"""A word that more companies bear than these is no search; only these are looked at, and the reader is told."""
IS_OPEN = sa.text("cases.status IN ('in_remedy', 'recheck_due', 'unresolved')")
IS_ISSUED = sa.text("cases.status <> 'draft'")
VIEWS = {
    "mine": say("Milik saya"),
    "open": say("Terbuka"),
    "soon": say("Jatuh tempo ≤ 14 hari"),
    "late": say("Terlambat"),
    "flagged": say("Bertanda"),
    "all": say("Semua"),
}
NEWEST_FIRST = ("all",)
"""Views that begin with the latest due date: most of their rows are closed, and the old ones are history."""


@dataclass(frozen=True)
class Filter:
    """What a reader narrows a view to. `q` is a company's name or number, or the number of a case or nota."""

    status: str | None = None
    region: str | None = None
    inspector_id: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    q: str | None = None


@dataclass(frozen=True)
class FlagColumn:
    """What a room above tells about the rows of a list: `level` is SQL for the level of the gravest flag that stands
    because of the row's case, or NULL; `words` are what the levels are called."""

    level: sa.ColumnElement[Any]
    words: Mapping[str, Text]


FLAG_COLUMN: list[FlagColumn] = []
"""The one flag column, if there is any; create_app fills it in. A case does not know licensing."""


@dataclass(frozen=True)
class Row:
    """A case in a list, with the level of its gravest flag."""

    case: Case
    flag_level: str | None


def views_for(by: Actor) -> tuple[str, ...]:
    """The views that make sense for a role: only who may hold a case has a view of their own."""
    reach = scope(by, "case.read")
    if reach == "own":
        return ("mine", "soon", "late", "flagged", "all")
    if scope(by, "case.visit") is None:
        return ("open", "soon", "late", "flagged", "all")
    return tuple(VIEWS)


class Listing:
    """The cases `by` may see under a filter, on the office's day. Reads the companies that `q` means once.

    `too_many` says that `q` means more companies than are looked at.
    """

    def __init__(self, by: Actor, wanted: Filter, *, today: date) -> None:
        require(by, "case.read")
        self.by, self.today, self.too_many = by, today, False
        self.conditions: list[Any] = [visible_to(by), IS_ISSUED, *self._narrowed(wanted)]

    def _narrowed(self, wanted: Filter) -> list[sa.ColumnElement[bool]]:
        equal = (
            (Case.status, wanted.status),
            (Case.region_code, wanted.region),
            (Case.inspector_id, wanted.inspector_id),
        )
        found = [column == value for column, value in equal if value is not None]
        if wanted.due_from is not None:
            found.append(Case.effective_on >= wanted.due_from)
        if wanted.due_to is not None:
            found.append(Case.effective_on <= wanted.due_to)
        if wanted.q:
            of_nota = sa.select(Nota.case_id).where(Nota.number == wanted.q)
            meant = self._companies(wanted.q)
            found.append(
                sa.or_(Case.company_id.in_(meant), Case.number == wanted.q.upper(), Case.id.in_(of_nota))
            )
        return found

    def _companies(self, typed: str) -> Sequence[int]:
        """The companies that `typed` may mean: those that bear the number, else those whose names hold the words."""
        kind = identity.kind_of(typed)
        try:
            bearers = [] if kind == "name" else bearing_number(kind, typed)
        except Unreadable:
            bearers = []
        holding = holding_words_of(typed)
        if bearers or holding is None or kind not in ("name", "npp"):
            return [company.id for company in bearers]
        query = sa.select(CompanyName.company_id).where(holding).distinct().limit(MOST_COMPANIES + 1)
        ids = db.session.scalars(query).all()
        self.too_many = len(ids) > MOST_COMPANIES
        return ids[:MOST_COMPANIES]

    def _in_view(self, view: str) -> list[Any]:
        conditions: dict[str, list[Any]] = {
            "mine": [IS_OPEN, Case.inspector_id == self.by.actor_id],
            "open": [IS_OPEN],
            "soon": [
                awaiting_recheck(),
                Case.effective_on.between(self.today, self.today + timedelta(days=SOON_DAYS)),
            ],
            "late": [awaiting_recheck(), Case.effective_on < self.today],
            "flagged": [IS_OPEN, _flag_level().is_not(None)],
            "all": [],
        }
        return conditions[view]

    def counts(self, views: Sequence[str]) -> dict[str, int]:
        """How many cases each view holds under the filter, up to COUNTED + 1. One read."""
        counted = []
        for view in views:
            rows = (
                sa.select(Case.id).where(*self.conditions, *self._in_view(view)).limit(COUNTED + 1).subquery()
            )
            counted.append(sa.select(sa.func.count()).select_from(rows).scalar_subquery().label(view))
        return dict(db.session.execute(sa.select(*counted)).one()._mapping)

    def rows(self, view: str, *, newest_first: bool, after: str | None, limit: int) -> list[Row]:
        """The rows of a view by effective due date; `after` is the `row_key` of the row before."""
        on, id, last = Case.effective_on, Case.id, read_key(after)
        order = (on.desc(), id.desc()) if newest_first else (on, id)
        places = sa.select(id).where(*self.conditions, *self._in_view(view)).order_by(*order).limit(limit)
        if last is not None:
            place = sa.tuple_(on, id)
            places = places.where(place < last if newest_first else place > last)
        query = (
            sa.select(Case, _flag_level().label("flag_level"))
            .options(
                joinedload(Case.company), joinedload(Case.inspector).options(lazyload(User.office)),
                selectinload(Case.notas),
            )
            .where(id.in_(places))  # only the rows of one page are joined and asked for their flags
            .order_by(*order)
        )  # fmt: skip
        return [Row(case, level) for case, level in db.session.execute(query)]

    def next_due(self) -> tuple[date, int] | None:
        """The next day on which rechecks fall due, and how many, for a view with nothing in it."""
        row = db.session.execute(
            sa.select(Case.effective_on, sa.func.count())
            .where(visible_to(self.by), awaiting_recheck(), Case.effective_on >= self.today)
            .group_by(Case.effective_on)
            .order_by(Case.effective_on)
            .limit(1)
        ).first()
        return None if row is None or row[0] is None else (row[0], row[1])


def _flag_level() -> sa.ColumnElement[Any]:
    return FLAG_COLUMN[0].level if FLAG_COLUMN else sa.null()


def flag_words() -> Mapping[str, Text]:
    """What the levels of the flags are called."""
    return FLAG_COLUMN[0].words if FLAG_COLUMN else {}


def row_key(row: Row) -> str:
    """The place of a row in the order of the list."""
    return f"{row.case.effective_on}.{row.case.id}"


def read_key(key: str | None) -> tuple[date, int] | None:
    """The place that `row_key` wrote; None for nothing, and for what it never wrote."""
    day, _, id = (key or "").partition(".")
    try:
        place = date.fromisoformat(day), int(id)
    except ValueError:
        return None
    return place if 0 < place[1] < 2**31 else None
