"""Reads of the event log for the audit: newest first, filtered by text, kind or group of kinds,
person, channel, token and days.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from compliance.admin.audit.event_names import (
    EVENT_NAMES,
    FACTS,
    GROUPS,
    MEANINGS_OF_FACTS,
    REGIONS_IN_FACTS,
)
from compliance.cases.models import Case, Nota
from compliance.companies.identity import read_number
from compliance.companies.models import Company
from compliance.companies.numbers import ids_bearing
from compliance.companies.queries import companies_named
from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import Event, EventHead
from compliance.core.jobs import JobState
from compliance.core.keyset import Keyset, read_id
from compliance.core.parsing import clean_line
from compliance.core.text import Text, from_json, say
from compliance.office.setting_names import name_of, value_of
from compliance.office.settings import office_settings
from compliance.people.models import User
from compliance.policy import Actor, require
from compliance.reference.regions import region_name
from compliance.web.formatting import render_text, written

SYSTEM_PERSON = "system"
VERIFYING = ("verify_event_log", "verify_whole_event_log")
"""The job that compares the log with its seals."""
NEWEST_EVENT_FIRST = Keyset(Event.id, falling=True, row=["event.id"])
NOTHING_BEFORE, NOTHING_AFTER = date(1970, 1, 1), date(9000, 1, 1)
"""Days beyond these may have no instant in UTC."""
OUT_OF_STEP = 1000
"""Events are numbered at the commit, timed at the act: by how many ids two of them may at most have
overtaken another.
"""


@dataclass(frozen=True)
class LogFilters:
    """What an auditor looks for; None or empty does not narrow.

    `kind` is a kind of event or a group of them.
    """

    words: str = ""
    kind: str = ""
    person: str = ""
    channel: str = ""
    token: str = ""
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class LogRow:
    """One event, with the case and the company it speaks of."""

    event: Event
    case_number: str | None
    company: str | None


def read_log(by: Actor, filters: LogFilters, *, after: str | None, size: int) -> list[LogRow]:
    """One more than a page of events, the newest first; `after` is the cursor of the row before."""
    query = NEWEST_EVENT_FIRST.paged(log_query(by, filters, Event), after).limit(size + 1)
    return [LogRow(event, number, name) for event, number, name in db.session.execute(query)]


def log_query(by: Actor, filters: LogFilters, *columns: Any) -> sa.Select[Any]:
    """The whole narrowed log in one statement: these columns of each event, the number of its case,
    its company's name.
    """
    require(by, "audit.read")
    return (
        sa.select(*columns, Case.number.label("case_number"), Company.name.label("company"))
        .outerjoin(Case, Case.id == Event.case_id)
        .outerjoin(Company, Company.id == Event.company_id)
        .where(*_conditions(filters))
        .order_by(Event.id.desc())
    )


def _conditions(filters: LogFilters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.kind in GROUPS:
        yield Event.kind.in_([kind for kind in EVENT_NAMES if group_of(kind) == filters.kind])
    elif filters.kind:
        yield Event.kind == filters.kind
    if filters.person == SYSTEM_PERSON:
        yield Event.actor_id.is_(None)
    elif filters.person:
        person = read_id(filters.person)
        yield Event.actor_id == person if person is not None else sa.false()
    if filters.channel:
        yield Event.channel == filters.channel
    if filters.token:
        token = read_id(filters.token)
        yield Event.channel == "api"  # what a token does comes by the API, and that has an index
        yield Event.token_id == token if token is not None else sa.false()
    if typed := clean_line(filters.words):
        yield _about(typed)
    yield from within_days(filters.first_on, filters.last_on)


def _about(typed: str) -> sa.ColumnElement[bool]:
    """Events whose reason holds what was typed, or that speak of a company or a case that it may mean."""
    related = aliased(Event)
    reasons = sa.select(related.id).where(
        related.reason.is_not(None),
        sa.func.lower(related.reason).contains(typed.lower(), autoescape=True),
    )
    conditions = [
        reasons,
        *(sa.select(related.id).where(related.company_id.in_(ids)) for ids in _companies(typed)),
    ]
    if any(map(str.isdigit, typed)):
        conditions.append(sa.select(related.id).where(related.case_id.in_(_cases_numbered(typed))))
    return Event.id.in_(sa.union_all(*conditions))


def _companies(typed: str) -> Iterator[sa.Select[int]]:
    """The companies that a typed name may mean, and those that bear a typed number."""
    named = companies_named(typed)
    if named is not None:
        yield named
        yield sa.select(Company.id).where(Company.merged_into_id.in_(named))
    for number in read_number(typed).numbers:
        bearers = ids_bearing(number.kind, [number.stored])
        yield sa.select(Company.id).where(Company.id.in_(bearers))
        yield sa.select(Company.id).where(Company.merged_into_id.in_(bearers))


def _cases_numbered(typed: str) -> sa.Select[int]:
    """The cases whose number, or whose nota's number, holds what was typed."""
    numbers = (sa.func.lower(Case.number), sa.func.lower(Nota.number))
    return (
        sa.select(Case.id)
        .join(Nota, Nota.case_id == Case.id)
        .where(sa.or_(*(number.contains(typed.lower(), autoescape=True) for number in numbers)))
    )


def within_days(first_on: date | None, last_on: date | None) -> Iterator[sa.ColumnElement[bool]]:
    """That events lie within these days: as instants, and as a stretch of ids so that the log is not walked
    from its end to find them.
    """
    zone = office_settings().zone
    if first_on is not None:
        start = clock.start_of(max(first_on, NOTHING_BEFORE), zone)
        first = (
            sa.select(Event.id)
            .where(Event.at >= start)
            .order_by(Event.at)
            .limit(1)
            .scalar_subquery()
        )
        yield sa.and_(Event.at >= start, Event.id >= first - OUT_OF_STEP)
    if last_on is not None:
        end = clock.start_of(min(last_on, NOTHING_AFTER) + timedelta(days=1), zone)
        last = (
            sa.select(Event.id)
            .where(Event.at < end)
            .order_by(Event.at.desc())
            .limit(1)
            .scalar_subquery()
        )
        yield sa.and_(Event.at < end, Event.id <= last + OUT_OF_STEP)


def people(by: Actor) -> Sequence[User]:
    """Everybody who may have done something, by name."""
    require(by, "audit.read")
    return db.session.scalars(sa.select(User).order_by(User.name, User.id)).all()


def last_log_check() -> tuple[EventHead, JobState | None]:
    """The end of the log, and how the log was last compared with its seals; None when it never was.

    A fault that the last walk of the whole log found stands until such a walk finds none.
    """
    row = db.session.execute(
        sa.select(EventHead, JobState)
        .outerjoin(JobState, JobState.name.in_(VERIFYING))
        .where(EventHead.id == 1)
        .order_by(JobState.error.is_(None), JobState.finished_at.desc())
        .limit(1)
    ).one()
    return row[0], row[1]


def group_of(kind: str) -> str | None:
    """The group a kind of event belongs to."""
    beginning = kind.partition(".")[0]
    return next(
        (name for name, (_words, begins) in GROUPS.items() if beginning in begins.split()), None
    )


def changes(event: Event) -> list[tuple[str, str, str]]:
    """What an act changed: name, before, after."""
    before, after = event.data.get("before"), event.data.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict) or "day" in before:
        return []
    return [
        (fact_name(name), _in_words(name, before.get(name)), _in_words(name, after.get(name)))
        for name in {**before, **after}
    ]


def facts(event: Event) -> list[tuple[str, str]]:
    """Everything else that was written down with an act: name and value."""
    shown = {name for name in ("before", "after") if changes(event)}
    return [
        (fact_name(name), _in_words(name, value))
        for name, value in event.data.items()
        if name not in shown
    ]


def fact_name(name: str) -> str:
    """What a fact of an event is called; its own name when it has no other."""
    return render_text(FACTS[name]) if name in FACTS else render_text(name_of(name))


def _in_words(name: str, value: Any) -> str:
    """A fact in words: a role, a region, a setting, a yes or no as people say it."""
    if isinstance(value, bool):
        return render_text(say("ya") if value else say("tidak"))
    if isinstance(value, str) and name in REGIONS_IN_FACTS:
        return region_name(value)
    if isinstance(value, str):
        value = MEANINGS_OF_FACTS.get(name, {}).get(value, value_of(name, value))
    return _plain(value)


def _plain(value: Any) -> str:
    fact = from_json(value)
    if isinstance(fact, dict | list):
        return json.dumps(fact, ensure_ascii=False)
    return written(fact)


def kind_name(kind: str) -> Text:
    """A kind of event in words; its own name when it has none."""
    return EVENT_NAMES.get(kind) or Text("{kind}", {"kind": kind})
