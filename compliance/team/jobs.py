"""What the morning does: one digest per person on working days, of the rechecks they must think of.

The rhythm is 14, 7, 1 and 0 days before the effective due day and then weekly (a setting). What fell on a day
off is told on the next working morning, and a morning that was missed is made good, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.models import Case, awaiting_recheck
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.core.text import to_json
from compliance.office.settings import office_settings, today
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.people.queries import in_role
from compliance.policy import system_only

MOST_DAYS_BACK = 31
LISTED = 50
"""How many cases a digest names; the rest are counted, and stand in the list it links to."""


@dataclass(frozen=True)
class Line:
    """One case in a digest."""

    case_id: int
    number: str
    company: str
    effective_on: date
    inspector_id: int


@system_only
def send_morning_digests() -> dict[str, int]:
    """Write the digests of this morning, unless it is a day off or they are written already."""
    settings, day, calendar = office_settings(), today(), load_calendar()
    hour = clock.now().astimezone(settings.zone).hour
    if not calendar.is_working(day) or hour < settings.digest_hour:
        return {}
    since = min(calendar.previous_working(day), _last_digest_on(day))
    lines = [line for line in _awaiting(day, max(settings.reminder_offsets)) if _is_told(line, since, day)]
    sent = 0
    with transaction():
        for inspector in _people({line.inspector_id for line in lines}):
            sent += _tell(inspector, [line for line in lines if line.inspector_id == inspector.id], day)
        late = [line for line in lines if line.effective_on < day]
        if late:
            for officer in in_role("compliance"):
                sent += _tell(officer, late, day)
    return {"digests": sent}


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


def _is_told(line: Line, since: date, day: date) -> bool:
    """Whether one of the line's milestones lies after the morning of `since` and up to the morning of `day`."""
    mornings = [since + timedelta(days=count) for count in range(1, (day - since).days + 1)]
    offsets = office_settings().reminder_offsets
    for morning in mornings:
        to_go = (line.effective_on - morning).days
        if to_go in offsets or (to_go < 0 and (-to_go == 1 or -to_go % 7 == 0)):
            return True
    return False


def _awaiting(day: date, ahead: int) -> list[Line]:
    rows = db.session.scalars(
        sa.select(Case)
        .options(joinedload(Case.company))
        .where(awaiting_recheck(), Case.effective_on <= day + timedelta(days=ahead))
        .order_by(Case.effective_on, Case.id)
    )
    return [
        Line(case.id, case.number or "", case.company.name, case.effective_on, case.inspector_id)
        for case in rows
        if case.effective_on is not None
    ]


def _people(ids: set[int]) -> Sequence[User]:
    return db.session.scalars(sa.select(User).where(User.id.in_(ids), User.active)).all()


def _tell(user: User, lines: Sequence[Line], day: date) -> int:
    """Write one digest; answers how many are new: 0 when there is nothing to tell or it is written already."""
    if not lines:
        return 0
    listed = [
        {"case_number": each.number, "company": each.company, "effective_on": to_json(each.effective_on),
         "days": (each.effective_on - day).days}
        for each in lines[:LISTED]
    ]  # fmt: skip
    late = sum(each.effective_on < day for each in lines)
    new = tell_user(
        user, "digest", key=f"digest:{user.id}:{day}", day=day, lines=listed, late=late, soon=len(lines) - late,
        more=max(0, len(lines) - LISTED),
    )  # fmt: skip
    return int(new)
