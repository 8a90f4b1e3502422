"""TABLE: what follows an event. Every kind of event has a row; an empty row says that nothing follows.

Reactions run in the event's own transaction: either all of it happens, or none. A reaction marked `for_many`
takes all events that one act records at once, such as a night's missed rechecks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from compliance.admin import messages as oversight_messages
from compliance.cases import messages as case_messages
from compliance.cases.commands.approvals import stop_waiting
from compliance.cases.commands.circumstances import follow_circumstance
from compliance.cases.commands.nota import convey_nota
from compliance.cases.commands.rechecks import accept_proof
from compliance.cases.commands.team import settle_escalation
from compliance.cases.models import Case
from compliance.cases.workflow import CHART
from compliance.core.db import db
from compliance.core.events import Event, for_many
from compliance.core.text import say
from compliance.evidence import messages as evidence_messages
from compliance.letters import messages as letter_messages
from compliance.letters.commands.ending import put_letters_in_force, withdraw_letters
from compliance.letters.commands.issuing import make_nota_letter, number_of_nota
from compliance.letters.commands.serving import keep_receipt
from compliance.letters.kinds import NOTA_LETTERS
from compliance.licensing import messages as licensing_messages
from compliance.licensing.commands import (
    FlagCause,
    lift_flags_of,
    lift_flags_on_compliance,
    move_flags,
    raise_flag,
    raise_flags,
    undo_flags_since,
)
from compliance.licensing.models import OF_THE_INSPECTORATE
from compliance.licensing.queries import cases_to_flag
from compliance.merges.doubtful.commands import look_again
from compliance.office.queries import find_office
from compliance.office.settings import office_settings, today
from compliance.people import messages as people_messages
from compliance.people.commands.users import move_people
from compliance.plan.commands import move_entries, take_off_the_plan
from compliance.policy import SYSTEM


def _case(event: Event) -> Case:
    return db.session.get_one(Case, event.case_id)


def convey(event: Event) -> None:
    convey_nota(_case(event))


def make_letter(event: Event) -> None:
    make_nota_letter(_case(event), kind=NOTA_LETTERS[event.fact("nota_kind")])


def serve_by_receipt(event: Event) -> None:
    """A receipt recorded on the case is the service of its letter; one recorded on the letter is kept."""
    if event.fact("letter_id") is None:
        keep_receipt(
            _case(event),
            kind="nota_2" if event.kind == "nota.second_received" else "nota_1",
            received_on=event.fact("received_on"),
            received_by=event.fact("received_by"),
        )


def number_letter_of_nota(event: Event) -> None:
    """The number that was written down for a nota is that of its letter."""
    number_of_nota(
        _case(event), kind=NOTA_LETTERS[event.fact("nota_kind")], number=event.fact("number")
    )


def withdraw_papers(event: Event) -> None:
    withdraw_letters(_case(event))


def put_papers_in_force(event: Event) -> None:
    put_letters_in_force(_case(event))


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


def hold_again(event: Event) -> None:
    """A case that was unresolved already was visited again, and is still not in order. Its hold stands since
    the first such visit; where that was before the office had Patuh, it is raised now.
    """
    if event.fact("again"):
        day = event.fact("visited_on")
        reason = say("Cek ulang {day} menemukan kewajiban belum dipenuhi.", day=day)
        raise_flag(_case(event), level="hold", reason=reason, since_on=day)


def undo_flags(event: Event) -> None:
    undo_flags_since(_case(event), event.fact("recorded_at"))


def lift_for_compliance(event: Event) -> None:
    lift_flags_on_compliance(
        _case(event), proof=event.fact("proof"), proof_id=event.fact("proof_id")
    )


def lift_for_withdrawal(event: Event) -> None:
    lift_flags_of(_case(event), reason=say("Nota ditarik."), levels=OF_THE_INSPECTORATE)


def follow_company(event: Event) -> None:
    """Open cases and active flags of a company that closed, went bankrupt or moved go on, where it is now."""
    revoked = event.kind == "company.circumstance_revoked"
    places = {
        "region_code": event.fact("region_code"),
        "from_region_code": event.fact("from_region_code"),
    }
    company_id = event.company_id or 0
    licensing_messages.tell_offices_of_circumstance(event)
    move_flags(company_id, **places, revoked=revoked)
    move_entries(company_id, **places)
    follow_circumstance(
        company_id,
        circumstance=event.fact("circumstance"),
        since_on=event.fact("since_on"),
        **places,
        revoked=revoked,
        recorded_by=event.actor_name,
    )


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


def let_nothing_wait(event: Event) -> None:
    stop_waiting(_case(event))


def settle(event: Event) -> None:
    settle_escalation(_case(event))


def resolve_on_proof(event: Event) -> None:
    """A hold lifted on proof means that the company complied."""
    if event.fact("level") != "hold" or not event.fact("proof"):
        return
    case = _case(event)
    if case.status in CHART.steps["accept_proof"].source:
        accept_proof(
            case,
            by=SYSTEM,
            reason=str(event.fact("why")),
            proof=event.fact("proof"),
            proof_id=event.fact("proof_id"),
        )


def take_people_along(event: Event) -> None:
    """Whoever worked for an office that ended works for its successor, and can check there at once."""
    office, successor = find_office(str(event.about.key)), find_office(event.fact("successor_code"))
    assert office is not None and successor is not None
    move_people(office, to=successor)


TABLE: dict[str, tuple[Callable[[Event], None], ...]] = {
    "company.registered": (),
    "company.changed": (look_again,),
    "companies.imported": (),
    "plan.listed": (),
    "plan.dropped": (),
    "company.workplace_changed": (),
    "company.circumstance_recorded": (
        follow_company,
        case_messages.tell_of_circumstance,
        look_again,
    ),
    "company.circumstance_revoked": (
        follow_company,
        case_messages.tell_of_circumstance,
        look_again,
    ),
    "company.merged": (licensing_messages.tell_offices_of_merge, look_again),
    "company.merge_undone": (licensing_messages.tell_offices_of_merge, look_again),
    "company.told_apart": (),
    "company.reconsidered": (),
    "company.left_as_it_is": (),
    "company.listed_again": (),
    "company.separated": (),
    "companies.import_undone": (),
    "evidence.added": (),
    "evidence.withdrawn": (),
    "evidence.unreadable": (evidence_messages.tell_sender,),
    "draft.started": (),
    "draft.discarded": (),
    "letter.drafted": (),
    "letter.changed": (),
    "letter.sent_back": (letter_messages.tell_writer,),
    "letter.approved": (),
    "letter.numbered": (letter_messages.tell_writer,),
    "letter.number_recorded": (),
    "letter.signed": (),
    "letter.served": (),
    "letter.attempted": (),
    "letter.replaced": (),
    "letter.withdrawn": (),
    "wording.saved": (),
    "article.saved": (),
    "article.dropped": (),
    "letter.set": (),
    "packet.asked": (),
    "packet.made": (),
    "packet.failed": (),
    "packet.downloaded": (),
    "signatory.added": (),
    "signatory.changed": (),
    "signatory.ended": (),
    "trust_root.added": (),
    "trust_root.removed": (),
    "nota.issued": (convey, take_off_the_plan, make_letter),
    "nota.conveyed": (case_messages.tell_offices_of_nota,),
    # What an old list tells is past: nobody is told of it, and no flag follows from it.
    "nota.taken_over": (),
    "nota.let_go": (),
    "nota.received": (lift_warning_for_receipt, serve_by_receipt),
    "nota.submitted": (case_messages.tell_approvers,),
    "nota.taken_back": (),
    "nota.sent_back": (case_messages.tell_of_the_decision,),
    "nota.approved": (case_messages.tell_of_the_decision,),
    "nota.numbered": (number_letter_of_nota,),
    "nota.second_issued": (make_letter,),
    "nota.second_received": (serve_by_receipt,),
    "recheck.due": (),
    "recheck.missed": (flag_missed_rechecks,),
    "visit.recorded": (hold_again,),
    "visit.undone": (undo_flags, case_messages.tell_offices_of_undone_visit),
    "case.unresolved": (hold, settle),
    "case.resolved": (
        lift_for_compliance,
        settle,
        let_nothing_wait,
        case_messages.tell_offices_of_end,
    ),
    "case.withdrawn": (
        withdraw_papers,
        lift_for_withdrawal,
        settle,
        let_nothing_wait,
        case_messages.tell_offices_of_end,
    ),
    "case.reopened": (
        put_papers_in_force,
        case_messages.tell_inspector,
    ),
    "case.extended": (lift_warning_for_extension, settle, case_messages.tell_inspector),
    "case.rescheduled": (lift_warning_for_new_day, case_messages.tell_inspector_in_the_inbox),
    "case.reassigned": (case_messages.tell_new_inspector,),
    "case.given_back": (case_messages.tell_of_the_return,),
    "case.reminded": (case_messages.tell_inspector,),
    "case.escalated": (case_messages.tell_supervisors,),
    "case.circumstance": (),
    "case.disputed": (),
    "case.dispute_changed": (),
    "case.escalation_answered": (case_messages.tell_of_the_answer,),
    "case.asked": (licensing_messages.tell_inspector_of_question,),
    "case.answered": (licensing_messages.tell_asker_of_answer,),
    "flag.raised": (licensing_messages.tell_offices_and_inspectors_of_flags,),
    "flag.lifted": (licensing_messages.tell_offices_of_lift, resolve_on_proof),
    "flag.reviewed": (),
    "flag.acknowledged": (licensing_messages.tell_inspector_of_acknowledgement,),
    "check.decided": (),
    "checks.sealed": (),
    "user.added": (),
    "user.changed": (
        oversight_messages.tell_team_of_cases_left_behind,
        people_messages.tell_owner_of_account,
    ),
    "user.password_changed": (people_messages.tell_owner_of_account,),
    # Their mails hold the link, which only its reader may see: the commands post them.
    "user.invited": (),
    "user.link_sent": (),
    "user.reset_asked": (),
    "user.link_printed": (people_messages.tell_owner_of_account,),
    "user.password_reset": (people_messages.tell_owner_of_account,),
    "user.signed_in": (),
    "user.signed_out": (),
    "user.factor_added": (people_messages.tell_owner_of_account,),
    "user.factor_removed": (people_messages.tell_owner_of_account,),
    "user.codes_made": (people_messages.tell_owner_of_account,),
    "user.code_used": (people_messages.tell_owner_of_account,),
    "user.factor_reset_asked": (
        people_messages.tell_owner_of_account,
        oversight_messages.tell_other_admins,
    ),
    "user.factor_reset": (people_messages.tell_owner_of_account,),
    "user.factor_reset_refused": (),
    "token.added": (people_messages.tell_owner_of_account,),
    "token.revoked": (people_messages.tell_owner_of_account,),
    "office.changed": (),
    "office.ended": (licensing_messages.tell_of_succession,),
    "office.kept": (licensing_messages.tell_of_succession,),
    "office.handed_over": (take_people_along, licensing_messages.tell_of_succession),
    "office.permit_changed": (),
    "office.letterhead_changed": (),
    "office.letterhead_dropped": (),
    "calendar.changed": (),
    "settings.changed": (),
    "province.set_up": (),
    "store.read_only": (),
    "store.writable": (),
    "store.restored": (),
    "store.mails_released": (),
    "job.run_by_hand": (),
    "message.retried": (),
    "message.refused": (case_messages.tell_holder_of_refused_mail,),
    "step.released": (),
}
