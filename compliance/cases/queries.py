"""Reads of cases. Loading authorises: what is out of the asker's scope does not exist for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from compliance.cases.models import Case, Nota, Violation
from compliance.cases.rules import DueDate, due_by_rule
from compliance.cases.workflow import DRAFT
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import NotFound, Refusal, Stale
from compliance.core.events import Event
from compliance.core.keyset import LARGEST_ID
from compliance.core.logs import concern
from compliance.core.numbering import NumberBearer, NumberedRows
from compliance.core.text import say
from compliance.office.queries import with_predecessors
from compliance.office.settings import office_settings, today
from compliance.people.models import User
from compliance.policy import Actor, may, require, scope, within_scope

ASKED = ("case.asked", "case.answered")
LICENSING_HEARS = (
    "nota.conveyed",
    "recheck.due",
    "recheck.missed",
    "case.extended",
    "case.rescheduled",
    "case.unresolved",
    "case.resolved",
    "case.withdrawn",
    "case.reopened",
    "case.circumstance",
    "flag.raised",
    "flag.acknowledged",
    "flag.lifted",
)
"""The events of a case that a licensing office reads: what it heard of anyway, no findings, no reasons."""


@dataclass
class DueCase:
    """What the clock must know of a case whose next step is due: plain columns, because there may
    be thousands.
    """

    id: int
    status: str
    version: int
    company_id: int
    effective_on: date  # the store refuses an issued case without one


def visible_to(by: Actor, action: str = "case.read") -> sa.ColumnElement[bool]:
    """The condition on cases that says which ones `by` may see."""
    return within_scope(by, action, own=Case.inspector_id == by.actor_id, region=Case.region_code)


def among(searches: Sequence[sa.Select[Any]]) -> sa.ColumnElement[bool]:
    """The condition on cases that one of these searches for ids finds them.

    Each search uses an index of its own and the ids come first; conditions joined by OR would make
    the store walk all cases.
    """
    found = sa.union(*searches).cte("found_cases").prefix_with("MATERIALIZED")
    return Case.id.in_(sa.select(found.c[0]))


class NotaWaits(Refusal):
    """The Nota I of a case waits for approval: nothing that follows its issue can be done or read yet."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "Nota kasus ini masih menunggu persetujuan; hal ini baru dapat dilakukan sesudah notanya"
                " terbit."
            )
        )


def load_case(
    by: Actor,
    *,
    id: int | None = None,
    number: str | None = None,
    draft_key: str | None = None,
    action: str = "case.read",
    for_update: bool = False,
    also: Sequence[ORMOption] = (),
) -> Case:
    """One case with its company, notas and findings (and what `also` names), for `action`. Two reads.

    Raises NotFound when there is none, or it is out of scope; NotaWaits for a draft that was asked for by its
    id and whose Nota I waits for approval.
    """
    query = sa.select(Case).options(
        joinedload(Case.company),
        joinedload(Case.inspector),
        joinedload(Case.notas),
        selectinload(Case.findings),
        *also,
    )
    if id is not None:
        query = query.where(Case.id == id)
    elif number is not None:
        query = query.where(Case.number == number if number.isprintable() else sa.false())
    else:
        query = query.where(Case.draft_key == draft_key, Case.status == DRAFT)
    if for_update:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalars(query).unique().one_or_none()
    if case is None or (case.status == DRAFT and draft_key is None):
        if case is not None and case.submitted_at is not None and may(by, "case.issue", case):
            raise NotaWaits()
        raise NotFound()
    require(by, "case.read" if case.status != DRAFT else "case.draft", case)
    require(by, action, case)
    concern(case=case.number or case.id)
    return case


def expect_version(case: Case, version: int | None) -> None:
    """Refuse a form that was opened before another person changed the case. The refusal holds the changes."""
    if version is None or version == case.version:
        return
    raise Stale(
        db.session.scalars(
            sa.select(Event)
            .where(Event.case_id == case.id, Event.seen_version >= min(version, LARGEST_ID))
            .order_by(Event.id)
        ).all()
    )


def foreseen_due(issued_on: date, *, received_on: date | None = None) -> DueDate:
    """When the recheck of a nota is due by the office's rule; a nota is conveyed on the day it is entered."""
    settings = office_settings()
    return due_by_rule(
        {"issued": issued_on, "received": received_on, "conveyed": today()},
        issued_on=issued_on,
        anchor=settings.recheck_anchor,
        months=settings.recheck_months,
        calendar=load_calendar(),
    )


def violations_on(day: date) -> dict[str, Violation]:
    """The catalogue in force on `day`, by code."""
    rows = db.session.scalars(
        sa.select(Violation)
        .where(
            sa.or_(Violation.valid_from.is_(None), Violation.valid_from <= day),
            sa.or_(Violation.valid_to.is_(None), Violation.valid_to >= day),
        )
        .order_by(Violation.code)
    )
    return {violation.code: violation for violation in rows}


def timeline(
    case: Case, *, kinds: Sequence[str] | None = None, limit: int | None = None
) -> list[Event]:
    """The case's events, newest first, up to `limit`; of these `kinds` only when they are named."""
    query = sa.select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(limit)
    return list(db.session.scalars(query if kinds is None else query.where(Event.kind.in_(kinds))))


def latest_events(case: Case, *, limit: int) -> tuple[list[Event], list[str], list[Event]]:
    """The case's last events, the licensing offices its nota was conveyed to, and what was asked
    about it. One read.

    Events come newest first; the last list is for `questions_in`.
    """
    newest = (
        sa.select(Event.id).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(limit)
    )
    rows = db.session.scalars(
        sa.select(Event)
        .where(
            Event.case_id == case.id,
            sa.or_(Event.id.in_(newest), Event.kind.in_((*ASKED, "nota.conveyed"))),
        )
        .order_by(Event.id.desc())
    ).all()
    offices = next((row.fact("offices") for row in rows if row.kind == "nota.conveyed"), None)
    return list(rows[:limit]), offices or [], [row for row in rows if row.kind in ASKED]


@dataclass(frozen=True)
class Question:
    """What a licensing officer asked about a case, and what was answered."""

    asked: Event
    answer: Event | None

    @property
    def id(self) -> int:
        return self.asked.id


def questions_in(events: Iterable[Event], by: User) -> list[Question]:
    """The questions among events that `by` may read, in their order: an office reads its own, the
    inspectorate all.
    """
    events = list(events)
    answer_to = {
        event.fact("question_id"): event for event in events if event.kind == "case.answered"
    }
    sees_all, offices = scope(by, "case.findings") is not None, with_predecessors(by.office_id)
    return [
        Question(event, answer_to.get(event.id))
        for event in events
        if event.kind == "case.asked" and (sees_all or event.fact("office_id") in offices)
    ]


def questions_on(case_ids: Sequence[int], by: User) -> list[Question]:
    """The questions about cases that `by` may read, newest first."""
    query = (
        sa.select(Event)
        .where(Event.case_id.in_(case_ids), Event.kind.in_(ASKED))
        .order_by(Event.id.desc())
    )
    return questions_in(db.session.scalars(query), by)


def load_question(id: int) -> Event:
    """A question as it was recorded. Raises when there is none."""
    return db.session.scalars(
        sa.select(Event).where(Event.id == id, Event.kind == "case.asked")
    ).one()


def drafts_of(by: Actor) -> list[Case]:
    """The asker's unfinished notas, the last touched first; one that waits for approval is none."""
    return list(
        db.session.scalars(
            sa.select(Case)
            .options(joinedload(Case.company))
            .where(
                Case.status == DRAFT,
                Case.inspector_id == by.actor_id,
                Case.submitted_at.is_(None),
            )
            .order_by(Case.updated_at.desc())
        )
    )


def _nota_with_number(number: str) -> NumberBearer:
    nota = db.session.scalars(sa.select(Nota).where(Nota.number == number)).one()
    said = say(
        "Nomor nota {number} sudah dipakai untuk {company}, terbit {day}.",
        number=number,
        company=nota.company_name,
        day=nota.issued_on,
    )
    return NumberBearer(said, nota)


NUMBERED_NOTAS = NumberedRows(Nota.number, _nota_with_number)
