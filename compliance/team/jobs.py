"""What the morning does: one digest per person on working days, of the rechecks they must think of.

The rhythm is 14, 7, 1 and 0 days before the effective due day and then weekly (a setting). What fell on a day
off is told on the next working morning, and a morning that was missed is made good, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case, awaiting_recheck
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db, reading, transaction
from compliance.core.outbox import Message
from compliance.core.text import to_json
from compliance.office.settings import office_settings, today
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.people.queries import in_role, users_by_id
from compliance.policy import system_only
from compliance.team.rules import days_to_tell

MOST_DAYS_BACK = 31
LISTED = 50
"""How many cases a digest names; the rest are counted, and stand in the list it links to."""
PEOPLE_AT_ONCE = 100


@dataclass
class Digest:
    """What one person is told: the first cases as lines, and how many are late and soon in all."""

    lines: list[dict[str, Any]]
    late: int
    total: int


@system_only
def send_morning_digests() -> dict[str, int]:
    """Write the digests of this morning, unless it is a day off; who has theirs already is left alone."""
    settings, day, calendar = office_settings(), today(), load_calendar()
    hour = clock.now().astimezone(settings.zone).hour
    if not calendar.is_working(day) or hour < settings.digest_hour:
        return {}
    with reading():
        since = min(calendar.previous_working(day), _last_digest_on(day))
        days = days_to_tell(
            since, day, offsets=settings.reminder_offsets, earliest=_earliest_due() or day
        )
        inspectors = _inspectors_to_tell(days, day)
        officers = [officer.id for officer in in_role("compliance") if officer.id not in inspectors]
        officers = _without_digest(officers, day)
    for start in range(0, len(inspectors), PEOPLE_AT_ONCE):
        _tell_inspectors(inspectors[start : start + PEOPLE_AT_ONCE], days, day)
    late_days = [due_on for due_on in days if due_on < day]
    officers_told = _tell_officers(officers, late_days, day) if officers else 0
    return {"digests": len(inspectors) + officers_told}


def _last_digest_on(day: date) -> date:
    """The day of the last digest before `day`, at most a month back; `day` itself when there was none."""
    zone = office_settings().zone
    at = db.session.scalar(
        sa.select(Message.created_at)
        .where(Message.kind == "digest", Message.created_at < clock.start_of(day, zone))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return day if at is None else max(clock.day_of(at, zone), day - timedelta(days=MOST_DAYS_BACK))


def _earliest_due() -> date | None:
    return db.session.scalar(sa.select(sa.func.min(Case.effective_on)).where(awaiting_recheck()))


def _digest_key(user_id: int, day: date) -> str:
    return f"digest:{user_id}:{day}"


def _without_digest(user_ids: Sequence[int], day: date) -> list[int]:
    """Those of these people who have no digest of `day` yet."""
    keys = {f"{_digest_key(user_id, day)}:inbox:{user_id}": user_id for user_id in user_ids}
    for key in db.session.scalars(sa.select(Message.key).where(Message.key.in_(keys))):
        del keys[key]
    return list(keys.values())


def _inspectors_to_tell(days: Sequence[date], day: date) -> list[int]:
    """Active people with a case to be told of and no digest of `day` yet.

    One look into an index for each of them.
    """
    people = db.session.scalars(sa.select(User.id).where(User.active).order_by(User.id)).all()
    has_cases = sa.exists().where(
        Case.inspector_id == User.id, awaiting_recheck(), Case.effective_on.in_(days)
    )
    without = _without_digest(people, day)
    return list(
        db.session.scalars(
            sa.select(User.id).where(User.id.in_(without), has_cases).order_by(User.id)
        )
    )


def _tell_inspectors(user_ids: Sequence[int], days: Sequence[date], day: date) -> None:
    """Write the digests of some inspectors, each of their own cases, the longest due first.

    Counts within an index that holds all it needs; only the cases that are listed are read themselves.
    """
    own = sa.select(
        Case.id,
        Case.inspector_id,
        _of_the_inspector(sa.func.row_number(), order_by=(Case.effective_on, Case.id)).label(
            "position"
        ),
        _of_the_inspector(sa.func.sum(sa.case((Case.effective_on < day, 1), else_=0))).label(
            "late"
        ),
        _of_the_inspector(sa.func.count()).label("total"),
    )
    numbered = (
        own.where(awaiting_recheck(), Case.inspector_id.in_(user_ids), Case.effective_on.in_(days))
        .subquery()
        .columns
    )
    listed = (
        sa.select(
            numbered.inspector_id,
            Case.number,
            Company.name,
            Case.effective_on,
            numbered.late,
            numbered.total,
        )
        .join(Case, Case.id == numbered.id)
        .join(Company, Company.id == Case.company_id)
        .where(numbered.position <= LISTED)
        .order_by(numbered.inspector_id, numbered.position)
    )
    digests: dict[int, Digest] = {}
    with reading():
        for user_id, number, company, effective_on, late, total in db.session.execute(listed):
            digest = digests.setdefault(user_id, Digest([], late, total))
            digest.lines.append(_line(number, company, effective_on, day))
    _write(digests, day)


def _of_the_inspector(count: sa.FunctionElement[int], *, order_by: Any = None) -> sa.Over[int]:
    """A number that counts among the cases of the same inspector."""
    return count.over(partition_by=Case.inspector_id, order_by=order_by)


def _tell_officers(user_ids: Sequence[int], late_days: Sequence[date], day: date) -> int:
    """Write the digest of the compliance team, the same for all: every late case.

    Answers how many were told.
    """
    late_cases = (awaiting_recheck(), Case.effective_on.in_(late_days))
    with reading():
        total = (
            db.session.scalar(sa.select(sa.func.count()).select_from(Case).where(*late_cases)) or 0
        )
        if not total:
            return 0
        rows = db.session.execute(
            sa.select(Case.number, Company.name, Case.effective_on)
            .join(Case.company)
            .where(*late_cases)
            .order_by(Case.effective_on, Case.id)
            .limit(LISTED)
        )
        digest = Digest([_line(*row, day) for row in rows], total, total)
    _write(dict.fromkeys(user_ids, digest), day)
    return len(user_ids)


def _line(number: str | None, company: str, effective_on: date | None, day: date) -> dict[str, Any]:
    """One case in a digest."""
    assert effective_on is not None  # a case that awaits its recheck has a due day
    return {
        "case_number": number,
        "company": company,
        "effective_on": to_json(effective_on),
        "days": (effective_on - day).days,
    }


def _write(digests: dict[int, Digest], day: date) -> None:
    """Put the digests into the outbox; one that is there already stays as it is."""
    with transaction():
        for user_id, user in users_by_id(digests).items():
            digest = digests[user_id]
            tell_user(
                user,
                "digest",
                key=_digest_key(user_id, day),
                day=day,
                lines=digest.lines,
                late=digest.late,
                soon=digest.total - digest.late,
                more=digest.total - len(digest.lines),
            )
