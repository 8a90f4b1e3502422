"""What the morning does: one digest per person on working days, of the rechecks they must think of.

The rhythm is 14, 7, 1 and 0 days before the effective due day and then weekly (a setting). What fell on a day
off is told on the next working morning, and a morning that was missed is made good, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.cases.approvals.queries import has_waited, waiting_submissions
from compliance.cases.models import IS_UNRESOLVED, Case, awaiting_recheck
from compliance.cases.second_nota.queries import EARLIEST_LIMIT, lapses_of, lapsing_on
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db, reading, transaction
from compliance.core.outbox import Message
from compliance.core.text import to_json
from compliance.licensing.queries import flags_to_review
from compliance.office.settings import office_settings, today
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.people.queries import in_role, users_by_id
from compliance.policy import SYSTEM, system_only
from compliance.team.escalations.queries import asked_and_waiting, open_escalations
from compliance.team.rules import days_to_tell

MOST_DAYS_BACK = 31
LISTED = 50
"""How many cases a digest names; the rest are counted, and stand in the list it links to."""
PEOPLE_AT_ONCE = 100


@dataclass
class Digest:
    """What one person is told: the first cases as lines, and how many are late and soon in all.

    `visits` are the unresolved cases to be visited again, `lapsed` those whose nota granted time that is
    over, `reviews` the number of flags to look at again.
    """

    lines: list[dict[str, Any]]
    late: int
    total: int
    visits: list[dict[str, Any]] = field(default_factory=list)
    lapsed: list[dict[str, Any]] = field(default_factory=list)
    reviews: int = 0


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
            since, day, offsets=settings.reminder_offsets, earliest=_earliest_day() or day
        )
        inspectors = _inspectors_to_tell(days, day)
        officers = [officer.id for officer in in_role("compliance") if officer.id not in inspectors]
        officers = _without(officers, day)
    for start in range(0, len(inspectors), PEOPLE_AT_ONCE):
        _tell_inspectors(inspectors[start : start + PEOPLE_AT_ONCE], days, day)
    late_days = [due_on for due_on in days if due_on < day]
    officers_told = _tell_officers(officers, late_days, day) if officers else 0
    return {"digests": len(inspectors) + officers_told + _remind_supervisors(day)}


def _remind_supervisors(day: date) -> int:
    """Remind the supervisors of what was brought before them before `day` and has no answer, and of notas
    that have waited for their approval for as many days as the office says.
    """
    settings = office_settings()
    zone, long_ago = settings.zone, day - timedelta(days=settings.approval_days - 1)
    morning, waited_since = clock.start_of(day, zone), clock.start_of(long_ago, zone)
    with reading():
        any_nota = sa.exists(has_waited(waited_since))
        asked, waits = db.session.execute(
            sa.select(sa.exists(asked_and_waiting(morning)), any_nota)
        ).one()
    told = _remind_of_notas(day, waited_since) if waits else 0
    return told + (_remind_of_escalations(day, morning) if asked else 0)


def _remind_of_notas(day: date, waited_since: datetime) -> int:
    """Name the notas that wait for approval since before an instant."""
    zone = office_settings().zone
    with reading():
        ids = _without([one.id for one in in_role("supervisor")], day, kind="approvals")
        waiting = waiting_submissions(SYSTEM, submitted_before=waited_since) if ids else ()
        lines = [
            {
                "company": one.case.company.name,
                "case_number": one.case.number,
                "nota_kind": one.kind,
                "submitted_by": one.submitted_by.name,
                "submitted_on": to_json(clock.day_of(one.submitted_at, zone)),
            }
            for one in waiting[:LISTED]
        ]
    with transaction():
        for id, supervisor in users_by_id(ids).items():
            key = _key("approvals", id, day)
            tell_user(supervisor, "approvals", key=key, lines=lines, count=len(waiting))
    return len(ids)


def _remind_of_escalations(day: date, morning: datetime) -> int:
    zone = office_settings().zone
    with reading():
        ids = _without([one.id for one in in_role("supervisor")], day, kind="escalations")
        waiting = open_escalations(SYSTEM, asked_before=morning) if ids else ()
        lines = [
            {
                "case_number": one.case.number,
                "company": one.case.company.name,
                "asked_by": one.asked_by,
                "asked_on": to_json(clock.day_of(one.asked_at, zone)),
            }
            for one in waiting[:LISTED]
        ]
    with transaction():
        for id, supervisor in users_by_id(ids).items():
            key = _key("escalations", id, day)
            tell_user(supervisor, "escalations", key=key, lines=lines, count=len(waiting))
    return len(ids)


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


def _earliest_day() -> date | None:
    """The earliest day on which a recheck is due, an unresolved case is visited again, or a finding must be
    fixed.
    """
    days = db.session.execute(
        sa.select(
            sa.select(sa.func.min(Case.effective_on)).where(awaiting_recheck()).scalar_subquery(),
            sa.select(sa.func.min(Case.next_visit_on)).where(IS_UNRESOLVED).scalar_subquery(),
            EARLIEST_LIMIT.scalar_subquery(),
        )
    ).one()
    return min((day for day in days if day is not None), default=None)


def _key(kind: str, user_id: int, day: date) -> str:
    return f"{kind}:{user_id}:{day}"


def _without(user_ids: Sequence[int], day: date, *, kind: str = "digest") -> list[int]:
    """Those of these people who have no message of this kind of `day` yet."""
    keys = {f"{_key(kind, user_id, day)}:inbox:{user_id}": user_id for user_id in user_ids}
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
    without = _without(people, day)
    has_visits = sa.exists().where(
        Case.inspector_id == User.id, IS_UNRESOLVED, Case.next_visit_on.in_(_come(days, day))
    )
    lapses = sa.select(Case.inspector_id).where(*lapsing_on(_gone(days, day), day=day))
    to_tell = sa.select(User.id).where(
        User.id.in_(without), sa.or_(has_cases, has_visits, User.id.in_(lapses))
    )
    return list(db.session.scalars(to_tell.order_by(User.id)))


def _come(days: Sequence[date], day: date) -> list[date]:
    """Those of `days` that have come by `day`."""
    return [one for one in days if one <= day]


def _gone(days: Sequence[date], day: date) -> list[date]:
    """Those of `days` that are over."""
    return [one for one in days if one < day]


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
        for user_id, number, company, next_visit_on in db.session.execute(
            sa.select(Case.inspector_id, Case.number, Company.name, Case.next_visit_on)
            .join(Company, Company.id == Case.company_id)
            .where(
                IS_UNRESOLVED,
                Case.inspector_id.in_(user_ids),
                Case.next_visit_on.in_(_come(days, day)),
            )
            .order_by(Case.inspector_id, Case.next_visit_on, Case.id)
        ):
            visits = digests.setdefault(user_id, Digest([], 0, 0)).visits
            visits.append(_line(number, company, next_visit_on, day))
        for lapse in lapses_of(user_ids, _gone(days, day), day=day):
            lapsed = digests.setdefault(lapse.inspector_id, Digest([], 0, 0)).lapsed
            lapsed.append(_lapsed_line(lapse, day))
    _write(digests, day)


def _of_the_inspector(count: sa.FunctionElement[int], *, order_by: Any = None) -> sa.Over[int]:
    """A number that counts among the cases of the same inspector."""
    return count.over(partition_by=Case.inspector_id, order_by=order_by)


def _tell_officers(user_ids: Sequence[int], late_days: Sequence[date], day: date) -> int:
    """Write the digest of the compliance team, the same for all: every late case, and every unresolved one
    whose next visit is late.

    Answers how many were told.
    """
    late_cases = (awaiting_recheck(), Case.effective_on.in_(late_days))
    with reading():
        total = (
            db.session.scalar(sa.select(sa.func.count()).select_from(Case).where(*late_cases)) or 0
        )
        late_visits = (IS_UNRESOLVED, Case.next_visit_on.in_(late_days))
        reviews = flags_to_review(late_days)
        any_visit = sa.select(Case.id).where(*late_visits).limit(1)
        if not total and not reviews and not db.session.scalar(any_visit):
            return 0
        visits = db.session.execute(
            sa.select(Case.number, Company.name, Case.next_visit_on)
            .join(Case.company)
            .where(*late_visits)
            .order_by(Case.next_visit_on, Case.id)
            .limit(LISTED + 1)
        )
        rows = db.session.execute(
            sa.select(Case.number, Company.name, Case.effective_on)
            .join(Case.company)
            .where(*late_cases)
            .order_by(Case.effective_on, Case.id)
            .limit(LISTED)
        )
        digest = Digest([_line(*row, day) for row in rows], total, total)
        digest.visits, digest.reviews = [_line(*row, day) for row in visits], reviews
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


def _lapsed_line(lapse: Any, day: date) -> dict[str, Any]:
    """One case whose nota granted time that is over, and what Nota II waits for."""
    second = None if lapse.second_on is None else "issued"
    if lapse.second_received_on is not None:
        second = "over"
    return {**_line(lapse.number, lapse.name, lapse.since_on, day), "second": second}


def _write(digests: dict[int, Digest], day: date) -> None:
    """Put the digests into the outbox; one that is there already stays as it is."""
    with transaction():
        for user_id, user in users_by_id(digests).items():
            digest = digests[user_id]
            tell_user(
                user,
                "digest",
                key=_key("digest", user_id, day),
                day=day,
                lines=digest.lines,
                late=digest.late,
                soon=digest.total - digest.late,
                more=digest.total - len(digest.lines),
                visits=digest.visits[:LISTED],
                more_visits=max(0, len(digest.visits) - LISTED),
                lapsed=digest.lapsed[:LISTED],
                more_lapsed=max(0, len(digest.lapsed) - LISTED),
                reviews=digest.reviews,
            )
