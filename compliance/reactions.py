"""TABLE: what follows an event. Every kind of event has a row; an empty row says that nothing follows.

Reactions run in the event's own transaction: either all of it happens, or none. A reaction marked `for_many`
takes all events that one act records at once, such as a night's missed rechecks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from compliance.admin import messages as oversight_messages
from compliance.cases import messages as case_messages
from compliance.cases.commands.nota import convey_nota
from compliance.cases.commands.rechecks import accept_proof
from compliance.cases.models import Case
from compliance.cases.workflow import CHART
from compliance.core.db import db
from compliance.core.events import Event, for_many
from compliance.core.text import say
from compliance.licensing import messages as licensing_messages
from compliance.licensing.commands import FlagCause, lift_flags_of, raise_flag, raise_flags
from compliance.licensing.queries import cases_to_flag
from compliance.merges.doubtful.commands import look_again
from compliance.office.settings import office_settings, today
from compliance.plan.commands import take_off_the_plan
from compliance.policy import SYSTEM


def _case(event: Event) -> Case:
    return db.session.get_one(Case, event.case_id)


def convey(event: Event) -> None:
    convey_nota(_case(event))


@for_many
def flag_missed_rechecks(events: Sequence[Event]) -> None:
    """A flag stands since the day after the due date, also when the clock was silent on that day."""
    level = {"warn": "warning", "hold": "hold", "nothing": None}[office_settings().missed_recheck]
    if level is None:
        return
    cases = cases_to_flag([event.case_id for event in events if event.case_id is not None])
    causes = []
    for event in events:
        due = event.fact("effective_on")
        reason = say("Jatuh tempo {day} lewat tanpa hasil cek ulang.", day=due)
        causes.append(FlagCause(cases[event.case_id or 0], reason, due + timedelta(days=1)))
    raise_flags(causes, level=level)


def hold(event: Event) -> None:
    reason = say("Cek ulang {day} menemukan kewajiban belum dipenuhi.", day=event.fact("on"))
    raise_flag(_case(event), level="hold", reason=reason, since_on=event.fact("on"))


def lift_all_for_compliance(event: Event) -> None:
    lift_flags_of(_case(event), reason=say("Kewajiban sudah dipenuhi."))


def lift_all_for_withdrawal(event: Event) -> None:
    lift_flags_of(_case(event), reason=say("Nota ditarik."))


FOR_A_MISSED_DAY = ("warning", "hold")
"""What stands against a case whose recheck is still to come, stands for a missed day only (setting
missed_recheck).
"""


def lift_warning_for_extension(event: Event) -> None:
    lift_flags_of(_case(event), reason=say("Jatuh tempo diperpanjang."), levels=FOR_A_MISSED_DAY)


def lift_warning_for_new_day(event: Event) -> None:
    """A warning stands for a missed day; on the changed calendar that day has not come yet."""
    lift_flags_of(
        _case(event),
        reason=say("Kalender berubah: jatuh tempo belum lewat."),
        levels=FOR_A_MISSED_DAY,
    )


def lift_warning_for_receipt(event: Event) -> None:
    """Where the office counts from the receipt, writing it down may move the missed day into the future."""
    moved_to = event.fact("moved_to")
    if moved_to is not None and moved_to >= today():
        reason = say("Tanda terima dicatat: jatuh tempo menjadi {day}.", day=moved_to)
        lift_flags_of(_case(event), reason=reason, levels=FOR_A_MISSED_DAY)


def resolve_on_proof(event: Event) -> None:
    """A hold lifted on proof means that the company complied."""
    case = _case(event)
    if (
        event.fact("level") == "hold"
        and event.fact("proof")
        and case.status in CHART.steps["accept_proof"].source
    ):
        accept_proof(case, by=SYSTEM, reason=str(event.fact("why")), proof=event.fact("proof"))


TABLE: dict[str, tuple[Callable[[Event], None], ...]] = {
    "company.registered": (),
    "company.changed": (look_again,),
    "companies.imported": (),
    "plan.listed": (),
    "plan.dropped": (),
    "company.workplace_changed": (),
    "company.merged": (licensing_messages.tell_offices_of_merge, look_again),
    "company.merge_undone": (licensing_messages.tell_offices_of_merge, look_again),
    "company.told_apart": (),
    "company.reconsidered": (),
    "company.left_as_it_is": (),
    "company.separated": (),
    "companies.import_undone": (),
    "draft.started": (),
    "draft.discarded": (),
    "nota.issued": (convey, take_off_the_plan),
    "nota.conveyed": (case_messages.tell_offices_of_nota,),
    "nota.received": (lift_warning_for_receipt,),
    "recheck.due": (),
    "recheck.missed": (flag_missed_rechecks,),
    "visit.recorded": (),
    "case.unresolved": (hold,),
    "case.resolved": (lift_all_for_compliance, case_messages.tell_offices_of_end),
    "case.withdrawn": (lift_all_for_withdrawal, case_messages.tell_offices_of_end),
    "case.reopened": (case_messages.tell_inspector,),
    "case.extended": (lift_warning_for_extension, case_messages.tell_inspector),
    "case.rescheduled": (lift_warning_for_new_day, case_messages.tell_inspector_in_the_inbox),
    "case.reassigned": (case_messages.tell_new_inspector,),
    "case.given_back": (case_messages.tell_of_the_return,),
    "case.reminded": (case_messages.tell_inspector,),
    "case.escalated": (case_messages.tell_supervisors,),
    "case.asked": (licensing_messages.tell_inspector_of_question,),
    "case.answered": (licensing_messages.tell_asker_of_answer,),
    "flag.raised": (licensing_messages.tell_offices_and_inspectors_of_flags,),
    "flag.lifted": (licensing_messages.tell_offices_of_lift, resolve_on_proof),
    "flag.acknowledged": (licensing_messages.tell_inspector_of_acknowledgement,),
    "check.decided": (),
    "user.added": (),
    "user.changed": (oversight_messages.tell_team_of_cases_left_behind,),
    "user.password_changed": (),
    # Its mail holds the link, which only its reader may see: the command posts it.
    "user.reset_asked": (),
    "user.password_reset": (),
    "user.signed_in": (),
    "user.signed_out": (),
    "token.added": (),
    "token.revoked": (),
    "office.changed": (),
    "calendar.changed": (),
    "settings.changed": (),
    "job.run_by_hand": (),
    "message.retried": (),
    "step.released": (),
}
