"""Reads of the compliance team: the overdue queue, its counts, and the cases chosen from it.

List, counts and choice are made of the same conditions, so a count always equals its list. Lateness
goes by the day, whether or not a sweep has run. Refuses to count for ever: counts stop at a ceiling
and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases.models import Case, Nota, Visit, awaiting_recheck
from compliance.cases.queries import among
from compliance.cases.second_nota.queries import lapsed_ids
from compliance.cases.workflow import DRAFT
from compliance.companies.identity import read_number
from compliance.companies.models import CIRCUMSTANCE_COLUMNS, Company
from compliance.companies.numbers import ids_bearing
from compliance.companies.queries import companies_named
from compliance.core.db import db, read_rows
from compliance.core.errors import NotFound
from compliance.core.keyset import Keyset
from compliance.core.lists import Rows
from compliance.core.text import Text, say
from compliance.licensing.models import Flag
from compliance.licensing.queries import IS_ACTIVE
from compliance.people.models import User
from compliance.policy import Actor, require
from compliance.team.rules import BUCKETS, bucket_days

LATEST_FIRST = Keyset(Case.effective_on, Case.id)
LATEST_LAST = Keyset(Case.effective_on, Case.id, falling=True)
MOST_COUNTED = 1000
MOST_AT_ONCE = 500
LAPSED = "lapsed"
MARKS: dict[str, Text] = {
    "escalated": say("Sudah dieskalasi"),
    "not_escalated": say("Belum dieskalasi"),
    "flagged": say("Ada peringatan atau catatan"),
}
GRAVITY = sa.case({"sanction": 1, "hold": 2}, value=Flag.level, else_=3)


@dataclass(frozen=True)
class Filters:
    """What narrows the queue; the fields are called as in the address.

    Only values that make sense get here.
    """

    late: str | None = None
    region: str | None = None
    inspector: int | None = None
    mark: str | None = None
    q: str | None = None

    @cached_property
    def is_meant(self) -> sa.ColumnElement[bool]:
        """The condition on cases that `q` means them. Reads once which words names are made of."""
        return _is_meant_by(self.q or "")

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that are set, as the address writes them."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Count:
    """A number of rows, exact up to a ceiling and "more than" above it."""

    value: int
    exact: bool = True

    @classmethod
    def up_to(cls, most: int, counted: int) -> Count:
        return cls(min(counted, most), exact=counted <= most)

    def plus(self, more: int) -> Count:
        """The count after `more` have come; `more` may be negative."""
        return Count(self.value + more, self.exact)


def overdue(day: date | sa.BindParameter[date]) -> list[sa.ColumnElement[bool]]:
    """The conditions on cases whose recheck is late on `day`."""
    return [awaiting_recheck(), Case.effective_on < day]  # type: ignore[list-item]


def _conditions(filters: Filters, day: date, *, late: str | None) -> list[sa.ColumnElement[bool]]:
    """The conditions on cases of the bucket `late` (None: of any) under the other filters."""
    values = _values(filters, day)
    conditions = _conditions_on(
        _filters_set(filters), late=late, value=lambda name, _column: values[name]
    )
    return conditions if filters.q is None else [*conditions, filters.is_meant]


def _marked(mark: str | None) -> list[sa.ColumnElement[bool]]:
    if mark == "flagged":
        return [sa.exists().where(Flag.case_id == Case.id, IS_ACTIVE)]
    if mark is None:
        return []
    return [Case.escalated_on.is_not(None) if mark == "escalated" else Case.escalated_on.is_(None)]


def _is_meant_by(typed: str) -> sa.ColumnElement[bool]:
    """By a number of the case or its nota, a number of the company, or a name that it may mean."""
    numbers = {typed, typed.upper()}
    companies: list[Any] = [
        ids_bearing(number.kind, [number.stored]) for number in read_number(typed).numbers
    ]
    named = companies_named(typed)
    if named is not None:
        companies.append(named)
    return among(
        [
            sa.select(Case.id).where(Case.number.in_(numbers)),
            sa.select(Nota.case_id).where(Nota.number.in_(numbers)),
            *(
                sa.select(Case.id).where(Case.company_id.in_(ids), awaiting_recheck())
                for ids in companies
            ),
        ]
    )


def overdue_page(
    by: Actor, filters: Filters, *, day: date, after: str | None, limit: int
) -> Sequence[Any]:
    """Up to `limit` overdue cases, the latest first, those after the cursor `after`.

    One read whatever the number of rows: the nota in force and the gravest active flag come along.
    """
    require(by, "queue.read")
    if filters.q is not None:
        return db.session.execute(
            LATEST_FIRST.paged(_overdue(by, filters, day), after).limit(limit)
        ).all()
    cursor = LATEST_FIRST.read(after)
    due_after, id_after = cursor or (None, None)
    values = _values(filters, day) | {"due_after": due_after, "id_after": id_after, "limit": limit}
    return read_rows(_page_of(_filters_set(filters), is_first=cursor is None), **values)


@lru_cache(maxsize=256)
def _page_of(which: FiltersSet, *, is_first: bool) -> Rows:
    """The statement of a page: built once for each set of filters, since building costs more than asking."""
    query = _listed(_conditions_on(which, late=which.late, value=_named)).order_by(
        *LATEST_FIRST.order
    )
    if not is_first:
        last = (_named("due_after", Case.effective_on), _named("id_after", Case.id))
        query = query.where(LATEST_FIRST.beyond(last))
    return query.limit(sa.bindparam("limit", type_=sa.Integer))


@lru_cache(maxsize=256)
def _bucket_counts_of(which: FiltersSet) -> Rows:
    counts: list[Any] = [
        rows_counted(_rows_to_count(_conditions_on(which, late=late, value=_named)))
        for late in BUCKETS
    ]
    return sa.select(*counts, rows_counted(lapsed_ids(_named("day", Case.effective_on))))


@dataclass(frozen=True)
class FiltersSet:
    """Which filters are set, without the values that a prepared statement is given each time."""

    late: str | None
    region: bool
    inspector: bool
    mark: str | None


def _filters_set(filters: Filters) -> FiltersSet:
    return FiltersSet(
        filters.late, filters.region is not None, filters.inspector is not None, filters.mark
    )


def _named(name: str, column: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=column.type)


def _conditions_on(
    which: FiltersSet, *, late: str | None, value: Callable[[str, Any], Any]
) -> list[sa.ColumnElement[bool]]:
    """The conditions that the filters set make, but for `q`; `value` gives what a column is
    compared with, by its name among `_values`: the value itself, or a parameter of a statement that
    is built once."""
    day = Case.effective_on
    conditions = overdue(value("day", day))
    if which.region:
        conditions.append(Case.region_code == value("region", Case.region_code))
    if which.inspector:
        conditions.append(Case.inspector_id == value("inspector", Case.inspector_id))
    conditions += _marked(which.mark)
    if late is not None:
        conditions.append(day <= value(f"last_{late}", day))
        if BUCKETS[late][1] is not None:
            conditions.append(day >= value(f"first_{late}", day))
    return conditions


def _values(filters: Filters, day: date) -> dict[str, Any]:
    values: dict[str, Any] = {"day": day, "region": filters.region, "inspector": filters.inspector}
    for late in BUCKETS:
        values[f"first_{late}"], values[f"last_{late}"] = bucket_days(late, today=day)
    return values


def overdue_for_file(by: Actor, filters: Filters, *, day: date) -> Rows:
    """All overdue cases, the latest first, in one statement."""
    return LATEST_FIRST.paged(_overdue(by, filters, day), None)


def _overdue(by: Actor, filters: Filters, day: date) -> Rows:
    require(by, "queue.read")
    return _listed(_conditions(filters, day, late=filters.late))


def _listed(conditions: Iterable[sa.ColumnElement[bool]]) -> Rows:
    nota = (
        sa.select(Nota.number)
        .where(Nota.case_id == Case.id, Nota.kind == "I")
        .order_by(Nota.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    level = (
        sa.select(Flag.level)
        .where(Flag.case_id == Case.id, IS_ACTIVE)
        .order_by(GRAVITY)
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            Case.id,
            Case.number,
            Case.region_code,
            Case.effective_on,
            Case.workers_total,
            Case.workers_registered,
            Case.escalated_on,
            Case.extended_on,
            Company.name.label("company"),
            *CIRCUMSTANCE_COLUMNS,
            User.name.label("inspector"),
            nota.label("nota_number"),
            level.label("level"),
        )
        .join(Company, Company.id == Case.company_id)
        .join(User, User.id == Case.inspector_id)
        .where(*conditions)
    )


def bucket_counts(by: Actor, filters: Filters, *, day: date) -> dict[str | None, Count]:
    """How many cases each bucket holds under the other filters; None is all of them. Under LAPSED, whatever
    the filters: how many have a nota whose time is over; most of them are not in the queue. One read.
    """
    require(by, "queue.read")
    if filters.q is None:
        [row] = read_rows(_bucket_counts_of(_filters_set(filters)), **_values(filters, day))
    else:
        subqueries = [
            rows_counted(_rows_to_count(_conditions(filters, day, late=late))) for late in BUCKETS
        ]
        [row] = db.session.execute(sa.select(*subqueries, rows_counted(lapsed_ids(day))))
    *in_buckets, lapsed = list[int](row)
    counts: dict[str | None, Count] = {}
    for late, counted in zip(BUCKETS, in_buckets, strict=True):
        counts[late] = Count.up_to(MOST_COUNTED, counted)
    exact = all(count.exact for count in counts.values())
    total = sum(count.value for count in counts.values())
    counts[LAPSED] = Count.up_to(MOST_COUNTED, lapsed)
    return {None: Count(total) if exact else Count(MOST_COUNTED, exact=False), **counts}


def _rows_to_count(conditions: Iterable[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    return sa.select(sa.literal(1)).select_from(Case).where(*conditions)


def rows_counted(query: sa.Select[Any], most: int = MOST_COUNTED) -> sa.ScalarSelect[int]:
    """How many rows `query` finds, counted no further than one more than `most`."""
    return (
        sa.select(sa.func.count()).select_from(query.limit(most + 1).subquery()).scalar_subquery()
    )


def next_rechecks(by: Actor, *, day: date) -> tuple[date, int] | None:
    """The next effective due day from `day` on, and how many rechecks fall on it."""
    require(by, "queue.read")
    first = sa.select(sa.func.min(Case.effective_on)).where(
        awaiting_recheck(), Case.effective_on >= day
    )
    row = db.session.execute(
        sa.select(Case.effective_on, sa.func.count())
        .where(awaiting_recheck(), Case.effective_on == first.scalar_subquery())
        .group_by(Case.effective_on)
    ).one_or_none()
    return (row[0], row[1]) if row is not None and row[0] is not None else None


def under_review(
    by: Actor, filters: Filters, *, day: date, after: str | None, at: tuple[Any, ...] | None
) -> Case | None:
    """The first case of the filtered list after the cursor `after`, or from the values `at` on, to
    be read whole.
    """
    require(by, "queue.read")
    query = (
        sa.select(Case)
        .options(
            joinedload(Case.company),
            joinedload(Case.inspector),
            joinedload(Case.notas),
            selectinload(Case.visits).joinedload(Visit.by),
        )
        .where(*_conditions(filters, day, late=filters.late))
        .limit(1)
    )
    if at is not None:
        query = query.where(LATEST_FIRST.beyond(at, inclusive=True)).order_by(*LATEST_FIRST.order)
    else:
        query = LATEST_FIRST.paged(query, after)
    return db.session.scalars(query).unique().one_or_none()


def place_of(by: Actor, filters: Filters, case: Case, *, day: date) -> tuple[Count, Count]:
    """Which one of the filtered list a case is, by its order, and of how many. One read."""
    require(by, "queue.read")
    listed = (
        sa.select(sa.literal(1))
        .select_from(Case)
        .where(*_conditions(filters, day, late=filters.late))
    )
    before = listed.where(LATEST_LAST.beyond(LATEST_FIRST.values(case)))
    ahead, whole = db.session.execute(sa.select(rows_counted(before), rows_counted(listed))).one()
    return Count.up_to(MOST_COUNTED, ahead + 1), Count.up_to(MOST_COUNTED, whole)


def filtered_ids(by: Actor, filters: Filters, *, day: date) -> Sequence[int]:
    """The ids of the whole filtered list, the latest first, cut at one more than MOST_AT_ONCE."""
    require(by, "queue.read")
    query = (
        sa.select(Case.id)
        .where(*_conditions(filters, day, late=filters.late))
        .order_by(*LATEST_FIRST.order)
    )
    return db.session.scalars(query.limit(MOST_AT_ONCE + 1)).all()


def load_cases(
    by: Actor,
    *,
    action: str,
    ids: Iterable[int] = (),
    number: str | None = None,
    for_update: bool = False,
) -> list[Case]:
    """The issued cases with these ids, or the one with this number, for a team's `action`, the latest first.

    Raises NotAllowed for a role that never may, NotFound for a number that nobody bears.
    """
    require(by, action)
    query = (
        sa.select(Case)
        .options(joinedload(Case.company), joinedload(Case.inspector), selectinload(Case.notas))
        .where(
            Case.status != DRAFT,
            Case.number == number if number is not None else Case.id.in_(set(ids)),
        )
        .order_by(Case.id)
    )
    if (
        for_update
    ):  # locked in the order of ids, so that two at once wait for each other and not both
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    cases = [case for case in db.session.scalars(query) if case.effective_on is not None]
    if number is not None and not cases:
        raise NotFound()
    for case in cases:
        require(by, action, case)
    return sorted(cases, key=lambda case: (case.effective_on, case.id))
