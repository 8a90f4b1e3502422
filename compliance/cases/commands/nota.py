"""The verbs of a nota: issue it, convey it, record its receipt.

Every verb asks whether the actor may (`@command`), moves the case (`CHART.move`) and records an event
(`record`). Nothing else writes these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from compliance.cases import queries, rules
from compliance.cases.approvals.queries import inspectors_on_nota
from compliance.cases.models import Case, Finding, Nota, Violation
from compliance.cases.rules import NotaFacts
from compliance.cases.workflow import CHART
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.events import record
from compliance.core.numbering import bearer_of, next_serial, write_number
from compliance.core.parsing import clean_line, lines_as_one, too_long
from compliance.core.text import Text, say
from compliance.office.settings import office_settings, today
from compliance.policy import SYSTEM, Actor, System, command, may, require, system_only


@command("case.issue")
def issue_nota(
    case: Case, *, by: Actor, facts: NotaFacts, violations: Mapping[str, Violation] | None = None
) -> Nota:
    """Issue the nota: number it, freeze it, schedule the recheck, convey it. All or nothing.

    `violations` is the catalogue in force on the nota's day, for a caller who has read it. Raises
    Invalid for facts that do not make sense, Taken for a manual number that is in use.
    """
    refuse_unapproved(case, by=by, inspected_on=facts.inspected_on)
    settings, day = office_settings(), today()
    if violations is None:
        violations = queries.violations_on(facts.issued_on or day)
    problems = rules.nota_problems(
        facts, today=day, scale=case.company.scale, known=frozenset(violations)
    )
    if not problems and all(violations[one.violation].special_note for one in facts.findings):
        problems["findings"] = say(
            "Temuan ini ditulis dalam Nota Pemeriksaan Khusus; Nota I perlu sedikitnya satu temuan lain."
        )
    if problems:
        raise Invalid(problems)
    CHART.move(case, "issue")
    assert facts.inspected_on and facts.issued_on and facts.workers_total
    assert facts.workers_registered is not None
    case.number = write_number(
        settings.case_number_template, next_serial("case", facts.issued_on.year), facts.issued_on
    )
    case.region_code = case.company.region_code
    case.workers_total, case.workers_registered = facts.workers_total, facts.workers_registered
    case.draft, case.updated_at = None, clock.now()
    nota = Nota(
        case=case,
        kind="I",
        number=number_for(facts.nota_number, facts.issued_on, field="nota_number"),
        inspector_id=case.inspector_id,
        inspected_on=facts.inspected_on,
        issued_on=facts.issued_on,
        company_name=case.company.name,
        workers_total=facts.workers_total,
        workers_registered=facts.workers_registered,
        note=facts.note,
        place=lines_as_one(facts.place),
        met=clean_line(facts.met),
        conveyed_on=day,  # what is issued is conveyed at once, see reactions.TABLE
    )
    db.session.add(nota)
    case.schedule(queries.foreseen_due(nota.issued_on), settings.zone)
    db.session.flush()
    for position, finding in enumerate(facts.findings, start=1):
        stored = {
            **vars(finding),
            "violation": violations[finding.violation],
            "programmes": list(finding.programmes),
            "deadline_days": finding.deadline_days or settings.finding_days,
            "deadline_day_type": settings.finding_day_type,
        }
        db.session.add(Finding(case=case, nota_id=nota.id, position=position, **stored))
    db.session.flush()
    record(
        "nota.issued",
        by=by,
        case=case,
        number=nota.number,
        case_number=case.number,
        nota_kind=nota.kind,
        inspected_on=nota.inspected_on,
        issued_on=nota.issued_on,
        findings=len(facts.findings),
        workers_total=nota.workers_total,
        workers_registered=nota.workers_registered,
        due_on=case.due_on,
        effective_on=case.effective_on,
    )
    return nota


@system_only
def number_for(manual: str | None, issued_on: date, *, field: str) -> str | None:
    """The number to use: the one given by hand, if free; else the next of the office's year that is free, or
    None where the office numbers by hand.
    """
    if number := free_number(manual, field=field):
        return number
    if office_settings().letter_numbering == "by_hand":
        return None
    template = office_settings().nota_number_template
    while True:
        number = write_number(template, next_serial("nota", issued_on.year), issued_on)
        if bearer_of(number) is None:
            return number


def free_number(manual: str | None, *, field: str) -> str | None:
    """The number given by hand, cleaned; None for none. Raises Taken, with whose it is."""
    number = clean_line(manual)
    bearer = bearer_of(number) if number else None
    if bearer is not None:
        raise Taken(bearer.said, field=field, candidates=[bearer.row])
    return number


@command("case.issue", about=None)
def record_nota_number(nota: Nota, *, by: Actor, number: str | None) -> None:
    """Write down, once, the number that the office gave a nota by hand.

    Raises Refusal when it has one, Invalid for none or one that is too long, Taken for one that is in use.
    """
    case = nota.case
    require(by, "case.issue", case)
    CHART.move(case, "number")
    if nota.number is not None:
        raise Refusal(say("Nomor nota ini sudah dicatat: {number}.", number=nota.number))
    given = clean_line(number)
    problem = (
        say("Isi nomor nota.")
        if given is None
        else too_long(given, rules.LONGEST_TEXTS["nota_number"])
    )
    if problem is not None:
        raise Invalid({"number": problem})
    nota.number, case.updated_at = free_number(given, field="number"), clock.now()
    record("nota.numbered", by=by, case=case, nota_kind=nota.kind, number=nota.number)


def needs_approval(case: Case, *, by: Actor, inspected_on: date | None) -> bool:
    """Whether a nota that `by` would issue has to wait: the office wants the approval of a supervisor who is
    none of its inspectors.
    """
    if office_settings().letter_approval != "on":
        return False
    return not may(by, "nota.approve") or by.actor_id in inspectors_on_nota(case, inspected_on)


def refuse_unapproved(case: Case, *, by: Actor, inspected_on: date | None) -> None:
    """Raises Refusal where a nota must be approved first."""
    if needs_approval(case, by=by, inspected_on=inspected_on):
        raise Refusal(
            say("Di kantor ini nota terbit sesudah disetujui kepala pengawas. Ajukan dulu.")
        )


@system_only
def convey_nota(case: Case, *, by: System = SYSTEM) -> None:
    """The nota goes to the licensing offices of regency and province, in the transaction that issues it."""
    assert case.nota is not None
    case.nota.conveyed_on = today()
    record("nota.conveyed", by=by, case=case, number=case.nota.number)


@command("case.receipt")
def record_receipt(
    case: Case,
    *,
    by: Actor,
    received_on: date,
    received_by: str,
    letter_id: int | None = None,
    again: bool = False,
    kind: str = "I",
) -> list[tuple[str, date, date]]:
    """Write down who received Nota I, or Nota II, and when. Returns what it moved: what, from, to.

    That of Nota I starts the findings' deadlines, and moves the recheck only where the office counts from the
    receipt. That of Nota II starts its own time, and moves nothing.

    `letter_id` is the letter whose service this is. `again` counts the deadlines anew from another receipt.
    """
    nota = case.nota if kind == "I" else case.second_nota
    CHART.move(case, "receive")
    if nota is None:
        raise Refusal(say("Nota II belum terbit."))
    if nota.received_on is not None and not again:
        raise Refusal(say("Tanda terima sudah dicatat: {day}.", day=nota.received_on))
    if again and kind == "I" and case.second_nota is not None:
        raise Refusal(say("Nota II sudah terbit; batas waktu Nota I tidak dihitung ulang."))
    if again and nota.received_on is not None and received_on < nota.received_on:
        raise Invalid({"received_on": say("Isi tanggal mulai {first}.", first=nota.received_on)})
    nota.received_by = _receiver(nota, received_on, received_by)
    nota.received_on, case.updated_at = received_on, clock.now()
    if nota is case.second_nota:
        _start_second_time(case, nota, by=by, letter_id=letter_id)
        return []
    return _start_first_time(case, nota, by=by, letter_id=letter_id)


def _receiver(nota: Nota, received_on: date, received_by: str) -> str:
    """Who received the nota. Raises Invalid for nobody, or a day on which it cannot have been."""
    problems: dict[str, Text] = {}
    if not nota.issued_on <= received_on <= today():
        problems["received_on"] = say(
            "Isi tanggal terima antara {first} dan hari ini.", first=nota.issued_on
        )
    if (receiver := clean_line(received_by)) is None:
        problems["received_by"] = say(
            "Isi nama dan jabatan penerima, misalnya Ani Contoh, staf HRD"
        )
    if problems:
        raise Invalid(problems)
    return (receiver or "")[:200]


def _start_first_time(
    case: Case, nota: Nota, *, by: Actor, letter_id: int | None
) -> list[tuple[str, date, date]]:
    """Nota I was received: the time of its findings runs."""
    assert nota.received_on is not None
    calendar, settings = load_calendar(), office_settings()
    for finding in case.findings:
        if finding.violation.special_note:
            continue  # its time is granted by the Nota Khusus in which it is written
        finding.deadline_on = rules.finding_deadline(
            nota.received_on,
            days=finding.deadline_days,
            day_type=finding.deadline_day_type,
            calendar=calendar,
        )
    moved = []
    if settings.recheck_anchor == "received" and case.awaits_recheck and case.extended_on is None:
        before, due = (
            case.effective_on,
            queries.foreseen_due(nota.issued_on, received_on=nota.received_on),
        )
        passed = bool(before and due.effective_on < today() <= before)  # of an old nota: it stays
        if before and due.effective_on != before and not passed:
            moved.append(("recheck", before, due.effective_on))
            CHART.move(case, "reschedule")
        if not passed:
            case.schedule(due, settings.zone)
    record(
        "nota.received",
        by=by,
        case=case,
        received_on=nota.received_on,
        received_by=nota.received_by,
        letter_id=letter_id,
        moved_from=moved[0][1] if moved else None,
        moved_to=moved[0][2] if moved else None,
    )
    return moved


def _start_second_time(case: Case, nota: Nota, *, by: Actor, letter_id: int | None) -> None:
    """Nota II was received: its own time runs."""
    assert nota.received_on is not None and nota.deadline_days and nota.deadline_day_type
    nota.deadline_on = rules.finding_deadline(
        nota.received_on,
        days=nota.deadline_days,
        day_type=nota.deadline_day_type,
        calendar=load_calendar(),
    )
    record(
        "nota.second_received",
        by=by,
        case=case,
        received_on=nota.received_on,
        received_by=nota.received_by,
        letter_id=letter_id,
        deadline_on=nota.deadline_on,
    )
