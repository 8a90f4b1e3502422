"""The verbs on whose case it is and until when: reassign, give back, remind, extend, reschedule, escalate
and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from compliance.cases import rules
from compliance.cases.models import Case, Escalation
from compliance.cases.rules import LONGEST_TEXTS, DueDate
from compliance.cases.workflow import CHART, StepFacts
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_lines, too_long
from compliance.core.text import Text, say
from compliance.office.settings import office_settings, today
from compliance.people.models import User
from compliance.policy import SYSTEM, Actor, System, command, require, system_only

HANDOVER_UNDO_FOR = timedelta(minutes=10)
"""How long a handover may be undone."""


@dataclass(frozen=True)
class Handover:
    """One act of reassigning: who, when, to whom; by case, the former inspector and the version since."""

    key: str
    at: datetime
    owner_id: int | None
    by_name: str
    to_name: str
    former: Mapping[int, int]
    versions: Mapping[int, int]

    @property
    def until(self) -> datetime:
        """The last instant at which it may be undone."""
        return self.at + HANDOVER_UNDO_FOR


@command("case.reassign")
def reassign_case(
    case: Case, *, by: Actor, to: User, reason: str, handover: str | None = None
) -> None:
    """Give the case to another inspector, for a reason.

    Cases of one `handover` can be given back together.
    """
    if not to.active or to.role not in ("inspector", "supervisor"):
        raise Invalid({"to": say("Pilih pengawas yang aktif.")})
    CHART.move(case, "reassign", StepFacts(today=today(), reason=reason, inspector_id=to.id))
    before = case.inspector
    case.inspector, case.inspector_id, case.updated_at = to, to.id, clock.now()
    record(
        "case.reassigned",
        by=by,
        case=case,
        subject=subject_of(handover or new_key()),
        reason=reason.strip(),
        from_id=before.id,
        from_name=before.name,
        to_id=to.id,
        to_name=to.name,
    )


@command("case.give_back", about="handover")
def give_back_case(case: Case, *, handover: Handover, by: Actor) -> None:
    """Give the case back to the inspector who held it before `handover`."""
    require(by, "case.reassign", case)
    CHART.move(case, "give_back")
    mistaken, holder = case.inspector, db.session.get_one(User, handover.former[case.id])
    case.inspector, case.inspector_id, case.updated_at = holder, holder.id, clock.now()
    record(
        "case.given_back",
        by=by,
        case=case,
        subject=subject_of(handover.key),
        from_id=mistaken.id,
        from_name=mistaken.name,
        to_id=holder.id,
        to_name=holder.name,
    )


@command("case.remind")
def remind_inspector(case: Case, *, by: Actor, note: str = "") -> None:
    """Remind the inspector of a recheck that is still to come."""
    CHART.move(case, "remind")
    case.updated_at = clock.now()
    record("case.reminded", by=by, case=case, reason=clean_lines(note), to_name=case.inspector.name)


@command("case.extend")
def extend_deadline(case: Case, *, by: Actor, until: date, reason: str) -> None:
    """Put off the recheck, once: the deadlines of the nota stay. A warning for the missed day is lifted, an
    escalation is settled.
    """
    settings, day = office_settings(), today()
    CHART.move(
        case,
        "extend",
        StepFacts(
            today=day, on=until, reason=reason, extension_days_max=settings.extension_days_max
        ),
    )
    before = case.effective_on
    due = rules.extended_due(
        until, by_name=by.actor_name, reason=reason.strip(), calendar=load_calendar()
    )
    case.schedule(due, settings.zone)
    case.extended_on, case.updated_at = day, clock.now()
    record(
        "case.extended",
        by=by,
        case=case,
        reason=reason.strip(),
        before=before,
        due_on=case.due_on,
        effective_on=case.effective_on,
    )


@command("case.escalate")
def escalate_case(case: Case, *, by: Actor, reason: str) -> None:
    """Bring a late recheck before the supervisors. Raises no flag: a missed recheck proves nothing."""
    CHART.move(case, "escalate", StepFacts(today=today(), reason=reason))
    case.escalated_on, case.updated_at = today(), clock.now()
    asked = Escalation(
        case=case,
        asked_by_id=by.actor_id,
        asked_by=by.actor_name,
        asked_at=case.updated_at,
        reason=reason.strip(),
    )
    db.session.add(asked)
    record("case.escalated", by=by, case=case, reason=asked.reason)


@command("case.answer_escalation")
def answer_escalation(case: Case, *, by: Actor, answer: str) -> None:
    """Answer what was brought before the supervisors, which closes it; who asked hears of it."""
    text, escalation = clean_lines(answer), case.open_escalation
    CHART.move(case, "answer", StepFacts(today=today(), reason=text))
    assert escalation is not None
    if problem := too_long(text, LONGEST_TEXTS["note"]):
        raise Invalid({"reason": problem})
    case.escalated_on, case.updated_at = None, clock.now()
    escalation.answer, escalation.closed_by = text, by.actor_name
    escalation.closed_at = case.updated_at
    record(
        "case.escalation_answered",
        by=by,
        case=case,
        reason=text,
        asked_by_id=escalation.asked_by_id,
        asked_by=escalation.asked_by,
    )


@system_only
def settle_escalation(case: Case, *, by: System = SYSTEM) -> None:
    """What happened to the case leaves nothing to answer: a later recheck, a visit, or its end."""
    escalation = case.open_escalation
    case.escalated_on = None
    if escalation is not None:
        escalation.closed_at, escalation.closed_by = clock.now(), by.actor_name


def new_key() -> str:
    return str(uuid4())


def subject_of(key: str) -> Subject:
    """How the events of a handover name it."""
    return Subject("handover", key)


@command("calendar.manage", about=None)
def reschedule_case(case: Case, due: DueDate, *, by: Actor, cause: Text) -> None:
    """Move the due date of a case, because the calendar or the office's rule changed."""
    before = case.effective_on
    CHART.move(case, "reschedule")
    case.schedule(due, office_settings().zone)
    case.updated_at = clock.now()
    record(
        "case.rescheduled",
        by=by,
        case=case,
        before=before,
        due_on=case.due_on,
        effective_on=case.effective_on,
        cause=cause,
    )
