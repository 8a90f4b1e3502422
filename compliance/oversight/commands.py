"""The verbs of the compliance team on cases: reassign, remind, extend, escalate. One case each.

`on_each` does one of them to many: every case on its own, those that refuse are left out and named. A
reassignment, of one case or of many, can be undone for ten minutes: `undo_handover`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from compliance.cases import rules
from compliance.cases.models import Case
from compliance.cases.queries import expect_version
from compliance.cases.workflow import CHART, StepFacts
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import record
from compliance.core.text import say
from compliance.oversight.handovers import Handover, is_undone, new_key, subject_of
from compliance.people.models import User
from compliance.people.settings import office_settings, today
from compliance.policy import Actor, require


def reassign_case(case: Case, *, by: Actor, to: User, reason: str, handover: str | None = None) -> None:
    """Give the case to another inspector, for a reason. Cases of one `handover` can be given back together."""
    require(by, "case.reassign", case)
    if not to.active or to.role not in ("inspector", "supervisor"):
        raise Invalid({"to": say("Pilih pengawas yang aktif.")})
    CHART.move(case, "reassign", StepFacts(today=today(), reason=reason, inspector_id=to.id))
    before = case.inspector
    case.inspector, case.inspector_id, case.updated_at = to, to.id, clock.now()
    record(
        "case.reassigned", by=by, case=case, subject=subject_of(handover or new_key()), reason=reason.strip(),
        from_id=before.id, from_name=before.name, to_id=to.id, to_name=to.name,
    )  # fmt: skip


def undo_handover(handover: Handover, cases: Iterable[Case], *, by: Actor) -> Outcome:
    """Give each case back to who held it before, unless it changed since. Done already: does nothing, refuses nothing."""
    require(by, "case.give_back", handover)
    if is_undone(handover):
        return Outcome()
    if clock.now() > handover.until:
        raise Refusal(
            say("Sudah lewat {until}. Alihkan kasusnya lagi bila memang keliru.", until=handover.until)
        )
    return on_each(cases, handover.versions, partial(_give_back, handover=handover, by=by))


def _give_back(case: Case, *, handover: Handover, by: Actor) -> None:
    require(by, "case.reassign", case)
    CHART.move(case, "give_back")
    mistaken, holder = case.inspector, db.session.get_one(User, handover.former[case.id])
    case.inspector, case.inspector_id, case.updated_at = holder, holder.id, clock.now()
    record(
        "case.given_back", by=by, case=case, subject=subject_of(handover.key), from_id=mistaken.id,
        from_name=mistaken.name, to_id=holder.id, to_name=holder.name,
    )  # fmt: skip


def remind_inspector(case: Case, *, by: Actor, note: str = "") -> None:
    """Remind the inspector of a recheck that is still to come."""
    require(by, "case.remind", case)
    CHART.move(case, "remind")
    case.updated_at = clock.now()
    record("case.reminded", by=by, case=case, reason=note.strip() or None, to_name=case.inspector.name)


def extend_deadline(case: Case, *, by: Actor, until: date, reason: str) -> None:
    """Give the company more time, once. A warning for the missed day is lifted, an escalation is settled."""
    require(by, "case.extend", case)
    settings, day = office_settings(), today()
    CHART.move(
        case, "extend",
        StepFacts(today=day, on=until, reason=reason, extension_days_max=settings.extension_days_max),
    )  # fmt: skip
    before = case.effective_on
    due = rules.extended_due(until, by_name=by.actor_name, reason=reason.strip(), calendar=load_calendar())
    case.schedule(due, settings.zone)
    case.extended_on, case.escalated_on, case.updated_at = day, None, clock.now()
    record(
        "case.extended", by=by, case=case, reason=reason.strip(), before=before, due_on=case.due_on,
        effective_on=case.effective_on,
    )  # fmt: skip


def escalate_case(case: Case, *, by: Actor, reason: str) -> None:
    """Bring a late recheck before the supervisors. Raises no flag: a recheck nobody made proves nothing."""
    require(by, "case.escalate", case)
    CHART.move(case, "escalate", StepFacts(today=today(), reason=reason))
    case.escalated_on, case.updated_at = today(), clock.now()
    record("case.escalated", by=by, case=case, reason=reason.strip())


@dataclass
class Outcome:
    """What came of one act on many cases: the cases done, and those left out with the refusal of each."""

    done: list[Case] = field(default_factory=list)
    left_out: list[tuple[Case, Refusal]] = field(default_factory=list)


def on_each(cases: Iterable[Case], seen: Mapping[int, int], act: Callable[[Case], None]) -> Outcome:
    """Do `act` to each case on its own, in the caller's transaction; `seen` are the versions by id.

    A command refuses before it writes, so a case that refuses, or that changed meanwhile, leaves the rest alone.
    Raises Invalid as soon as `act` does: then what was asked is wrong, not a case.
    """
    outcome = Outcome()
    for case in cases:
        try:
            expect_version(case, seen.get(case.id, 0))
            act(case)
        except Invalid:
            raise
        except Refusal as refusal:
            outcome.left_out.append((case, refusal))
        else:
            outcome.done.append(case)
    return outcome
