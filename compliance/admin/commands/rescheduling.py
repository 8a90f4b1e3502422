"""How a change of the calendar or of the office's rule moves open due dates: previewed, approved, done.

All moves are shown first, approved together and logged. No date is moved into the past. The verbs
that use this are in calendar.py and rule.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases.commands.team import reschedule_case
from compliance.cases.models import Case, Nota, awaiting_recheck
from compliance.cases.rules import DueDate
from compliance.cases.workflow import RECHECK_DUE
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.errors import Stale
from compliance.core.text import Text, from_json
from compliance.office.settings import today
from compliance.policy import Actor, require

CASES_AT_ONCE = 500
"""How many cases are in memory at once, however many move."""


@dataclass(frozen=True)
class ScheduledCase:
    """An open case as far as its due date goes, with the days it may be counted from."""

    id: int
    number: str
    company: str
    status: str
    due_on: date
    effective_on: date
    why: tuple[Text, ...]
    issued_on: date
    received_on: date | None
    conveyed_on: date | None


class Change(Protocol):
    """Something that open due dates hang on is to be another; knows which cases that concerns and
    their new dates.
    """

    @property
    def action(self) -> str:
        """What one must be allowed to do to make this change."""
        ...

    @property
    def cause(self) -> Text:
        """The change as a reason for what it moves."""
        ...

    @property
    def facts(self) -> Any:
        """All that makes this change what it is, as plain values."""
        ...

    def concerns(self, day: date) -> sa.ColumnElement[bool]:
        """The condition on open cases that the change may move on `day`; may be too wide."""
        ...

    def dating(self) -> Callable[[ScheduledCase], DueDate]:
        """A function that gives a case its due date after the change, by today's calendar and settings."""
        ...


@dataclass(frozen=True)
class Move:
    """One open case whose date the change moves; `back` when its recheck had come and now is still
    to come.
    """

    case: ScheduledCase
    due: DueDate

    @property
    def from_on(self) -> date:
        return self.case.effective_on

    @property
    def to_on(self) -> date:
        return self.due.effective_on

    @property
    def back(self) -> bool:
        return self.case.status == RECHECK_DUE


@dataclass(frozen=True)
class Preview:
    """A change and everything it moves. `seal` is the same as long as nothing of that is different."""

    change: Change
    moves: tuple[Move, ...]

    @property
    def seal(self) -> str:
        moves = [(move.case.id, str(move.from_on), str(move.to_on)) for move in self.moves]
        return hashlib.sha256(
            json.dumps([self.change.facts, moves], default=str).encode()
        ).hexdigest()


def preview(change: Change, *, by: Actor) -> Preview:
    """Everything that `change` would move."""
    require(by, change.action)
    return Preview(change, tuple(_moves(change)))


def approved(change: Change, *, by: Actor, seen: str) -> Preview:
    """The preview of `change` as it is now, with its cases locked. Raises Stale when it differs from the
    preview with the seal `seen`, which the user approved.
    """
    require(by, change.action)
    preview = Preview(change, tuple(_moves(change, hold=True)))
    if preview.seal != seen:
        raise Stale()
    return preview


def move_due_dates(plan: Preview, *, by: Actor) -> None:
    """Give every case of an approved plan its new date, and tell."""
    require(by, plan.change.action)
    for start in range(0, len(plan.moves), CASES_AT_ONCE):
        chunk = plan.moves[start : start + CASES_AT_ONCE]
        cases = _load([move.case.id for move in chunk])
        for move in chunk:
            reschedule_case(cases[move.case.id], move.due, by=by, cause=plan.change.cause)


def _moves(change: Change, *, hold: bool = False) -> Iterator[Move]:
    """The open cases whose effective day is another one after the change, and not over by then."""
    day, new_due = today(), change.dating()
    for case in _standing(change.concerns(day), hold=hold):
        due = new_due(case)
        if due.effective_on != case.effective_on and due.effective_on >= day:
            yield Move(case, due)


def _standing(concerned: sa.ColumnElement[bool], *, hold: bool) -> Iterator[ScheduledCase]:
    in_force = (
        sa.select(sa.func.max(Nota.id))
        .where(Nota.case_id == Case.id, Nota.kind == "I")
        .correlate(Case)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Case.id,
            Case.number,
            Company.name,
            Case.status,
            Case.due_on,
            Case.effective_on,
            Case.due_why,
            Nota.issued_on,
            Nota.received_on,
            Nota.conveyed_on,
        )
        .join(Company, Company.id == Case.company_id)
        .join(Nota, Nota.id == in_force)
        .where(awaiting_recheck(), concerned)
        .order_by(Case.effective_on, Case.id)
        .execution_options(yield_per=CASES_AT_ONCE)
    )
    if hold:
        query = query.with_for_update(of=Case)
    for id, number, company, status, due_on, effective_on, why, *days in db.session.execute(query):
        reasons = tuple(from_json(reason) for reason in why or ())
        yield ScheduledCase(id, number, company, status, due_on, effective_on, reasons, *days)


def _load(ids: list[int]) -> dict[int, Case]:
    query = (
        sa.select(Case)
        .options(joinedload(Case.company), joinedload(Case.inspector), selectinload(Case.notas))
        .where(Case.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    return {case.id: case for case in db.session.scalars(query)}
