"""Reads for the pages of the admin. Each first checks that the reader is allowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.cases.workflow import OPEN
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import Holiday
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.jobs import Beat, JobRun, JobState
from compliance.core.keyset import Keyset, is_id
from compliance.core.outbox import Message
from compliance.licensing.models import Flag
from compliance.licensing.queries import IS_ACTIVE
from compliance.office.models import Office
from compliance.office.queries import find_office, permit_kinds_of
from compliance.people.models import ApiToken, SignIn, User
from compliance.policy import Actor, in_region, require

USERS_BY_NAME = Keyset(User.name, User.id)
RUNS_SHOWN = 50
HOLDERS = ("inspector", "supervisor")
"""The roles that may hold a case."""


def list_users(by: Actor, *, typed: str, role: str, after: str | None, size: int) -> Sequence[User]:
    """One more than a page of people by name, whose name or address holds `typed`, in `role` if one
    is given.
    """
    require(by, "user.manage")
    query = USERS_BY_NAME.paged(sa.select(User), after).limit(size + 1)
    if text := typed.strip().lower():
        named = (sa.func.lower(User.name), User.email)
        query = query.where(sa.or_(*(column.contains(text, autoescape=True) for column in named)))
    if role:
        query = query.where(User.role == role)
    return db.session.scalars(query).all()


@dataclass(frozen=True)
class UserStanding:
    """What a user has at present: how many live sessions, and how many open cases."""

    sessions: int
    open_cases: int


def standing_of(user: User) -> UserStanding:
    live = (
        SignIn.user_id == user.id,
        SignIn.ended_at.is_(None),
        SignIn.expires_at > clock.now(),
        SignIn.awaits_factor.is_(False),
    )
    sessions = sa.select(sa.func.count()).select_from(SignIn).where(*live)
    cases = (
        sa.select(sa.func.count())
        .select_from(Case)
        .where(Case.inspector_id == user.id, Case.status.in_(OPEN))
    )
    row = db.session.execute(sa.select(sessions.scalar_subquery(), cases.scalar_subquery())).one()
    return UserStanding(*row)


@dataclass(frozen=True)
class Held:
    """An open case in somebody's hands."""

    number: str | None
    company: str
    effective_on: date | None


def open_cases_of(user: User, *, limit: int | None) -> list[Held]:
    """The open cases a person holds, the first due first."""
    rows = db.session.execute(
        sa.select(Case.number, Company.name, Case.effective_on)
        .join(Company, Company.id == Case.company_id)
        .where(Case.inspector_id == user.id, Case.status.in_(OPEN))
        .order_by(Case.effective_on, Case.id)
        .limit(limit)
    )
    return [Held(*row) for row in rows]


def load_token(by: Actor, id: int) -> ApiToken:
    """A token, for those who manage people. Raises NotFound."""
    require(by, "user.manage")
    token = db.session.get(ApiToken, id) if is_id(id) else None
    if token is None:
        raise NotFound()
    return token


def offices() -> list[Office]:
    """The inspectorate first, then the licensing offices in the order of their places."""
    in_order = sa.select(Office).order_by(Office.kind, Office.region_code, Office.code)
    return list(db.session.scalars(in_order.where(Office.handed_over_at.is_(None))))


@dataclass(frozen=True)
class OfficeEnd:
    """What follows when an office ends: the open flags of its region, its people who may sign in, the kinds
    of permit that move, and those that its successor keeps itself.
    """

    flags: int
    people: Sequence[str]
    permits: Sequence[str]
    dropped: Sequence[str]


def what_ends(office: Office, successor: Office | None) -> OfficeEnd:
    """What would follow if `office` ended and `successor`, or a new office, did its work."""
    standing = sa.select(sa.func.count()).select_from(Flag)
    there = standing.where(in_region(Flag.region_code, office.region_code), IS_ACTIVE)
    people = sa.select(User.name).where(User.office_id == office.id, User.active)
    kinds = [kind.name for kind in permit_kinds_of(office.id)]
    kept = {kind.name.casefold() for kind in permit_kinds_of(successor.id)} if successor else set()
    return OfficeEnd(
        db.session.scalar(there) or 0,
        db.session.scalars(people.order_by(User.name)).all(),
        [name for name in kinds if name.casefold() not in kept],
        [name for name in kinds if name.casefold() in kept],
    )


def list_offices(by: Actor) -> list[tuple[Office, int]]:
    """Every office with the number of active people in it, also those that have ended."""
    require(by, "office.manage")
    people = (
        sa.select(sa.func.count())
        .where(User.office_id == Office.id, User.active)
        .correlate(Office)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Office, people).order_by(Office.kind, Office.region_code, Office.code)
    )
    return [(office, count) for office, count in rows]


def active_people_in(office: Office) -> int:
    """How many people of an office may sign in."""
    count = sa.select(sa.func.count()).where(User.office_id == office.id, User.active)
    return db.session.scalar(count) or 0


def load_office(by: Actor, code: str) -> Office:
    """An office by its code. Raises NotFound."""
    require(by, "office.manage")
    office = find_office(code[:40])
    if office is None:
        raise NotFound()
    return office


def days_off_in(by: Actor, year: int) -> list[Holiday]:
    """The calendar's days off in `year`."""
    require(by, "calendar.manage")
    within = Holiday.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(db.session.scalars(sa.select(Holiday).where(within).order_by(Holiday.day)))


@dataclass(frozen=True)
class SchedulerHealth:
    """How the scheduler does: its beat, each job's last run, the last runs that did something,
    mails given up.
    """

    beat: Beat | None
    states: dict[str, JobState]
    runs: Sequence[JobRun]
    given_up: Sequence[Message]


def clockwork(by: Actor) -> SchedulerHealth:
    require(by, "jobs.manage")
    given_up = (
        sa.select(Message)
        .where(sa.text("messages.given_up_at IS NOT NULL"))
        .order_by(Message.given_up_at.desc())
    )
    return SchedulerHealth(
        beat=db.session.get(Beat, 1),
        states={state.name: state for state in db.session.scalars(sa.select(JobState))},
        runs=db.session.scalars(
            sa.select(JobRun).order_by(JobRun.id.desc()).limit(RUNS_SHOWN)
        ).all(),
        given_up=db.session.scalars(given_up.limit(RUNS_SHOWN)).all(),
    )


def load_set_aside(by: Actor, id: int) -> Case:
    """A case whose step failed and was set aside, held for its next try. Raises NotFound."""
    require(by, "jobs.manage")
    case = db.session.get(Case, id, with_for_update=True) if is_id(id) else None
    if case is None or case.step_error is None:
        raise NotFound()
    return case


def load_given_up(by: Actor, id: int) -> Message:
    """A mail that was given up, held for its next try. Raises NotFound."""
    require(by, "jobs.manage")
    message = db.session.get(Message, id, with_for_update=True) if is_id(id) else None
    if message is None or message.given_up_at is None:
        raise NotFound()
    return message
