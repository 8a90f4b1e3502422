"""The list of cases: built-in views with their counts, filters, orders, one page at a time. Shows
nobody what is not theirs.

Counts stop at COUNTED. A page is found by the key of the row before it, never by counting rows.
Orders are offered only where they are cheap: by due date always, by name where the list is short or
as dense as the companies themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from compliance.cases.models import IS_ISSUED, IS_OPEN, IS_UNRESOLVED, Case, Nota, awaiting_recheck
from compliance.cases.panels import FLAG_COLUMN
from compliance.cases.queries import among, visible_to
from compliance.cases.second_nota.queries import has_lapsed, lapsed_ids
from compliance.companies.identity import read_number
from compliance.companies.models import CIRCUMSTANCE_COLUMNS, Company
from compliance.companies.queries import (
    BY_NAME,
    by_name,
    companies_bearing,
    companies_named,
    in_sector,
)
from compliance.core.db import db
from compliance.core.keyset import Keyset
from compliance.core.lists import COUNTED, InThisOrder, Rows, Sort, counts_up_to
from compliance.core.text import Text, say
from compliance.people.models import User
from compliance.policy import Actor, require, scope

SOON_DAYS = 14
MOST_COMPANIES = 1_000
"""A word that more companies bear than these is no search; only these are looked at, and the reader
is told.
"""
VIEWS = {
    "mine": say("Milik saya"),
    "open": say("Terbuka"),
    "soon": say("Jatuh tempo ≤ 14 hari"),
    "late": say("Terlambat"),
    "lapsed": say("Batas waktu nota lewat"),
    "revisit": say("Belum selesai"),
    "flagged": say("Bertanda"),
    "all": say("Semua"),
}
LATEST_DUE_FIRST = ("all",)
"""Views that begin with the latest due date: most of their rows are closed, and the old ones are history."""
BY_DUE = Sort(say("Jatuh tempo"), "earliest", "latest")
BY_VISIT = Sort(say("Kunjungan berikutnya"), "next-visit", "last-visit")
"""The order of unresolved cases, which all have a next visit."""


@dataclass(frozen=True)
class Filter:
    """What a reader narrows a view to. `sector` is two digits of KBLI, `q` a company's name or number, or the
    number of a case or nota."""

    status: str | None = None
    region: str | None = None
    inspector_id: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    sector: str | None = None
    q: str | None = None


def views_for(by: Actor) -> tuple[str, ...]:
    """The views that make sense for a role: only who may hold a case has a view of their own."""
    left_out = set()
    if scope(by, "case.read") == "own":
        left_out = {"open"}
    elif scope(by, "case.visit") is None:
        left_out = {"mine"}
    if scope(by, "case.findings") is None:
        left_out |= {"lapsed"}
    return tuple(view for view in VIEWS if view not in left_out)


def view_asked(by: Actor, wanted: Filter, args: Mapping[str, str]) -> str | None:
    """The view that an address asks for. With a filter it is the whole list; with nothing, None."""
    view = args.get("view", "")
    if view in views_for(by):
        return view
    return None if wanted == Filter() else "all"


def first_with_rows(by: Actor, counts: Mapping[str | int, int]) -> str:
    """The first view of a role that has a case in it: nobody begins at an empty list in vain."""
    views = views_for(by)
    return next((view for view in views if counts[view]), views[0])


class Listing:
    """The cases `by` may see under a filter, on the office's day. Reads the companies that `q` means once.

    `too_many` says that `q` means more companies than are looked at.
    """

    def __init__(self, by: Actor, wanted: Filter, *, today: date) -> None:
        require(by, "case.read")
        self.by, self.wanted, self.today, self.too_many = by, wanted, today, False
        self.conditions: list[Any] = [visible_to(by), IS_ISSUED, *self._narrowed(wanted)]

    def _narrowed(self, wanted: Filter) -> list[sa.ColumnElement[bool]]:
        equal = (
            (Case.status, wanted.status),
            (Case.region_code, wanted.region),
            (Case.inspector_id, wanted.inspector_id),
        )
        conditions = [column == value for column, value in equal if value is not None]
        if wanted.due_from is not None:
            conditions.append(Case.effective_on >= wanted.due_from)
        if wanted.due_to is not None:
            conditions.append(Case.effective_on <= wanted.due_to)
        if wanted.sector is not None:
            conditions.append(self._of_sector(wanted.sector))
        if wanted.q:
            companies = self._companies(wanted.q)
            conditions.append(
                among(
                    [
                        sa.select(Case.id).where(Case.company_id.in_(companies)),
                        sa.select(Case.id).where(Case.number == wanted.q.upper()),
                        sa.select(Nota.case_id).where(Nota.number == wanted.q),
                    ]
                )
            )
        return conditions

    def _of_sector(self, code: str) -> sa.ColumnElement[bool]:
        """A sector of few companies is looked up by them; in a big one, each case on the way is
        asked for its company.
        """
        ids = db.session.scalars(
            sa.select(Company.id).where(in_sector(code)).limit(MOST_COMPANIES + 1)
        ).all()
        if len(ids) <= MOST_COMPANIES:
            return Case.company_id.in_(ids)
        company = aliased(Company)
        return sa.exists().where(company.id == Case.company_id, in_sector(code, of=company))

    def _companies(self, typed: str) -> Sequence[int]:
        """The companies that `typed` may mean: those that bear the number, else those of the name."""
        reading = read_number(typed)
        bearers = companies_bearing(reading)
        if bearers or reading.kind not in ("name", "npp"):
            return [company.id for company in bearers]
        meant = companies_named(typed)
        if meant is None:
            return ()
        ids = db.session.scalars(meant.distinct().limit(MOST_COMPANIES + 1)).all()
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
            "lapsed": has_lapsed(self.today),
            "revisit": [IS_UNRESOLVED],
            "flagged": [IS_OPEN, _flag_level().is_not(None)],
            "all": [],
        }
        return conditions[view]

    def found(self, view: str) -> sa.Select[Any]:
        """The ids of the cases of a view."""
        return sa.select(Case.id).where(*self.conditions, *self._in_view(view))

    def counts(
        self, views: Sequence[str], also: Mapping[str | int, sa.Select[Any]] | None = None
    ) -> dict[str | int, int]:
        """How many cases each view holds under the filter, and each of `also`, up to COUNTED + 1.

        One read.
        """
        asked: dict[str | int, sa.Select[Any]] = {view: self.to_count(view) for view in views}
        return counts_up_to(COUNTED, asked | dict(also or {}))

    def to_count(self, view: str) -> sa.Select[Any]:
        """The ids of the cases of a view, found in the way that is cheapest for a count."""
        whole = scope(self.by, "case.read") == "all" and self.wanted == Filter()
        if view == "lapsed" and whole:
            return lapsed_ids(self.today)
        return self._flagged() if view == "flagged" and whole and FLAG_COLUMN else self.found(view)

    def _flagged(self) -> sa.Select[Any]:
        """The ids of the flagged cases, read from the flags: a count that stops early must not walk
        cases without one.
        """
        [column] = FLAG_COLUMN
        walk = InThisOrder(column.flags, Case.__table__, Case.id == column.case_id)
        return (
            sa.select(column.case_id)
            .select_from(walk)
            .where(column.stands, *self.conditions, *self._in_view("open"))
            .distinct()
        )

    def sorts(self, view: str, *, total: int) -> dict[str, Sort]:
        """The columns by which a view of `total` cases may be sorted.

        By name only a list that is counted out can be sorted, or one that nothing narrows: there
        every few companies bring a row, so walking them in the order of their names soon fills a
        page. In between, a page could cost a walk over most companies, so it is not offered.
        """
        whole = scope(self.by, "case.read") == "all" and view != "mine" and self.wanted == Filter()
        by_day = {"visit": BY_VISIT} if view == "revisit" else {"due": BY_DUE}
        return by_day | ({"name": BY_NAME} if total <= COUNTED or whole else {})

    def rows(
        self, view: str, *, order: str, after: str | None, limit: int, total: int
    ) -> Sequence[Any]:
        """The rows of a view of `total` cases, in an order that `sorts` offers, after the row with
        the cursor `after`: what a line of the list shows, with the level of the gravest flag.
        """
        places = (
            self._by_name(view, order, after, total)
            if order in BY_NAME.orders
            else case_keyset(order).paged(self.found(view), after)
        )
        nota = (
            sa.select(Nota.number)
            .where(Nota.case_id == Case.id, Nota.kind == "I")
            .order_by(Nota.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            sa.select(
                Case.id,
                Case.number,
                Case.status,
                Case.region_code,
                Case.effective_on,
                Case.next_visit_on,
                Case.workers_total,
                (Case.workers_total - Case.workers_registered).label("workers_missing"),
                Case.company_id,
                Company.name.label("company"),
                *CIRCUMSTANCE_COLUMNS,
                Company.name_key,
                User.name.label("inspector"),
                nota.label("nota_number"),
                _flag_level().label("flag_level"),
            )
            .join(Company, Company.id == Case.company_id)
            .join(User, User.id == Case.inspector_id)
            .where(
                Case.id.in_(places.limit(limit))
            )  # only the rows of one page are joined and asked for their flags
            .order_by(*case_keyset(order).order)
        )
        return db.session.execute(query).all()

    def _by_name(self, view: str, order: str, after: str | None, total: int) -> sa.Select[Any]:
        """A short list is found first and sorted then; for a long one the companies are walked in
        their order.
        """
        walk = InThisOrder(Company.__table__, Case.__table__, Company.id == Case.company_id)
        places = sa.select(Case.id).order_by(*case_keyset(order).order)
        if total <= COUNTED:
            few = self.found(view).limit(COUNTED + 1)
            places = places.join(Company, Company.id == Case.company_id).where(Case.id.in_(few))
        else:
            places = places.select_from(walk).where(*self.conditions, *self._in_view(view))
        last = case_keyset(order).read(after)
        if last is None:
            return places
        *company, case_id = last
        falls = order == BY_NAME.falling
        return places.where(
            by_name(falling=falls).beyond(tuple(company), inclusive=True),
            sa.or_(Company.id != company[1], Case.id < case_id if falls else Case.id > case_id),
        )

    def for_file(self, view: str, *, order: str) -> Rows:
        """All of a view in one statement, for a file: what a row shows, and the company's numbers,
        under the names of columns.
        """
        in_force = (
            sa.select(sa.func.max(Nota.id))
            .where(Nota.case_id == Case.id, Nota.kind == "I")
            .correlate(Case)
            .scalar_subquery()
        )
        return (
            sa.select(
                Case.number,
                Company.name.label("company"),
                *CIRCUMSTANCE_COLUMNS,
                Company.nib,
                Company.kbli,
                Case.region_code,
                Case.status,
                _flag_level().label("flag_level"),
                Nota.number.label("nota_number"),
                Nota.issued_on,
                Case.due_on,
                Case.effective_on,
                Case.workers_total,
                Case.workers_registered,
                User.name.label("inspector"),
            )
            .join(Company, Company.id == Case.company_id)
            .join(User, User.id == Case.inspector_id)
            .join(Nota, Nota.id == in_force)
            .where(*self.conditions, *self._in_view(view))
            .order_by(*case_keyset(order).order)
        )

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
    return next((column.level for column in FLAG_COLUMN), sa.null())


def flag_words() -> Mapping[str, Text]:
    """What the levels of the flags are called."""
    return next((column.words for column in FLAG_COLUMN), {})


def case_keyset(order: str) -> Keyset:
    """The columns of an order of the list."""
    if order in BY_NAME.orders:
        falls = order == BY_NAME.falling
        by_company = ("name_key", "company_id", "id")
        return Keyset(Company.name_key, Company.id, Case.id, falling=falls, row=by_company)
    if order in BY_VISIT.orders:
        return Keyset(Case.next_visit_on, Case.id, falling=order == BY_VISIT.falling)
    return Keyset(Case.effective_on, Case.id, falling=order == BY_DUE.falling)
