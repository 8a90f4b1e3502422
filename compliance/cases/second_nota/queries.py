"""Cases in which the time that a nota granted is over and something is open: in lists, counts and digests.

The next step is Nota II, its receipt, or the report of non-compliance. While Nota II runs, nothing is to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from compliance.cases.models import HAS_OPEN_DEADLINE, IS_OPEN, Case, Finding, Nota
from compliance.cases.next_action import of_the_nota
from compliance.cases.queries import among
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.text import Text
from compliance.policy import Actor

_OPEN_DEADLINE = sa.text(f"findings.{HAS_OPEN_DEADLINE.replace(' AND ', ' AND findings.')}")
MOST_LAPSED = 100


def has_lapsed(day: date) -> list[sa.ColumnElement[bool]]:
    """The conditions on cases that a finding's deadline passed before `day` and it is open, unless Nota II
    runs.
    """
    of_case = sa.exists().where(
        Finding.case_id == Case.id, _OPEN_DEADLINE, Finding.deadline_on < day
    )
    return [IS_OPEN, of_case, ~_second_runs(day)]  # type: ignore[list-item]


def lapsed_ids(day: date | sa.BindParameter[date]) -> sa.Select[Any]:
    """The ids of the same cases, of all inspectors, read from the deadlines: a count that stops early must
    not walk all open cases.
    """
    late = sa.select(Finding.case_id).where(_OPEN_DEADLINE, Finding.deadline_on < day)
    return sa.select(Case.id).where(Case.id.in_(late), IS_OPEN, ~_second_runs(day))


def _second_runs(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Nota.case_id == Case.id, Nota.deadline_on >= day)


@dataclass(frozen=True)
class Lapsed:
    """A case whose nota granted time that is over: since when, and how it stands (None: not for all of its
    findings).
    """

    case: Case
    since_on: date
    stands: Text | None


def lapsed_cases_of(by: Actor, *, day: date) -> Sequence[Lapsed]:
    """The asker's own, the longest lapsed first; at most MOST_LAPSED. One read: a case has few notas."""
    ids = sa.select(Case.id).where(Case.inspector_id == by.actor_id, *has_lapsed(day))
    first = ids.order_by(Case.effective_on, Case.id).limit(MOST_LAPSED)
    # An inner join of the violations would have SQLite read all findings first.
    findings = joinedload(Case.findings).joinedload(Finding.violation, innerjoin=False)
    cases = db.session.scalars(
        sa.select(Case)
        .options(joinedload(Case.company), joinedload(Case.notas), findings)
        .where(Case.id.in_(first))
    )
    rows = [
        Lapsed(case, lapsed_on(case, day), of_the_nota(case, today=day)) for case in cases.unique()
    ]
    return sorted(rows, key=lambda row: (row.since_on, row.case.id))


def lapsed_on(case: Case, day: date) -> date:
    """The day of the last limit that passed: of Nota II, else the first one of a finding."""
    second = case.second_nota
    if second is not None and second.deadline_on is not None:
        return second.deadline_on
    open_days = [one.deadline_on for one in case.findings if one.deadline_on and not one.fixed_on]
    return min(open_days, default=day)


def lapsing_on(days: Sequence[date], *, day: date) -> list[sa.ColumnElement[bool]]:
    """The conditions on cases that a limit passed on one of these days, all before `day`: that of a finding
    still open, or that of Nota II. Each half uses an index of its own.
    """
    findings = sa.select(Finding.case_id).where(_OPEN_DEADLINE, Finding.deadline_on.in_(days))
    notas = sa.select(Nota.case_id).where(
        sa.text("notas.deadline_on IS NOT NULL"), Nota.deadline_on.in_(days)
    )
    return [among([findings, notas]), *has_lapsed(day)]


def lapses_of(user_ids: Sequence[int], days: Sequence[date], *, day: date) -> Sequence[Any]:
    """Of these inspectors, the cases that `lapsing_on` means: whose, which, since when, and how Nota II
    stands.
    """
    second = aliased(Nota)
    first_of_findings = (
        sa.select(sa.func.min(Finding.deadline_on))
        .where(Finding.case_id == Case.id, _OPEN_DEADLINE)
        .scalar_subquery()
    )
    since = sa.func.coalesce(second.deadline_on, first_of_findings, type_=sa.Date)
    return db.session.execute(
        sa.select(
            Case.inspector_id,
            Case.number,
            Company.name,
            since.label("since_on"),
            second.issued_on.label("second_on"),
            second.received_on.label("second_received_on"),
        )
        .join(Company, Company.id == Case.company_id)
        .outerjoin(second, sa.and_(second.case_id == Case.id, second.kind == "II"))
        .where(Case.inspector_id.in_(user_ids), *lapsing_on(days, day=day))
        .order_by(Case.inspector_id, since, Case.id)
    ).all()


EARLIEST_LIMIT = sa.select(sa.func.min(Finding.deadline_on)).where(_OPEN_DEADLINE)
"""The earliest deadline of a finding still open."""
