"""The verbs of a nota: issue it, convey it, record its receipt.

Every verb asks whether the actor may (`@command`), moves the case (`CHART.move`) and records an event
(`record`). Nothing else writes these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from compliance.cases import queries, rules
from compliance.cases.models import Case, Finding, Nota, Violation
from compliance.cases.rules import NotaFacts
from compliance.cases.workflow import CHART
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.events import record
from compliance.core.numbering import next_serial, write_number
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.office.settings import office_settings, today
from compliance.policy import SYSTEM, Actor, System, command, system_only


@command("case.issue")
def issue_nota(
    case: Case, *, by: Actor, facts: NotaFacts, violations: Mapping[str, Violation] | None = None
) -> Nota:
    """Issue the nota: number it, freeze it, schedule the recheck, convey it. All or nothing.

    `violations` is the catalogue in force on the nota's day, for a caller who has read it. Raises
    Invalid for facts that do not make sense, Taken for a manual number that is in use.
    """
    settings, day = office_settings(), today()
    if violations is None:
        violations = queries.violations_on(facts.issued_on or day)
    problems = rules.nota_problems(
        facts, today=day, scale=case.company.scale, known=frozenset(violations)
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
        number=_nota_number(facts.nota_number, facts.issued_on),
        inspector_id=case.inspector_id,
        inspected_on=facts.inspected_on,
        issued_on=facts.issued_on,
        company_name=case.company.name,
        workers_total=facts.workers_total,
        workers_registered=facts.workers_registered,
        note=facts.note,
        place=clean_line(facts.place),
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


def _nota_number(manual: str | None, issued_on: date) -> str:
    """The number to use: the one given by hand, if free; else the next of the office's year that is free."""
    if number := clean_line(manual):
        owner = db.session.scalar(sa.select(Nota).where(Nota.number == number))
        if owner is not None:
            reason = say(
                "Nomor nota {number} sudah dipakai untuk {company}, terbit {day}.",
                number=number,
                company=owner.company_name,
                day=owner.issued_on,
            )
            raise Taken(reason, field="nota_number", candidates=[owner])
        return number
    template = office_settings().nota_number_template
    while True:
        number = write_number(template, next_serial("nota", issued_on.year), issued_on)
        if db.session.scalar(sa.select(Nota.id).where(Nota.number == number)) is None:
            return number


@system_only
def convey_nota(case: Case, *, by: System = SYSTEM) -> None:
    """The nota goes to the licensing offices of regency and province, in the transaction that issues it."""
    assert case.nota is not None
    case.nota.conveyed_on = today()
    record("nota.conveyed", by=by, case=case, number=case.nota.number)


@command("case.receipt")
def record_receipt(
    case: Case, *, by: Actor, received_on: date, received_by: str
) -> list[tuple[str, date, date]]:
    """Write down who received the nota and when. Returns what it moved: what, from, to.

    Starts the findings' deadlines; moves the recheck only where the office counts from the receipt.
    """
    nota, day = case.nota, today()
    CHART.move(case, "receive")
    assert nota is not None
    if nota.received_on is not None:
        raise Refusal(say("Tanda terima sudah dicatat: {day}.", day=nota.received_on))
    problems: dict[str, Text] = {}
    if not nota.issued_on <= received_on <= day:
        problems["received_on"] = say(
            "Isi tanggal terima antara {first} dan hari ini.", first=nota.issued_on
        )
    if (receiver := clean_line(received_by)) is None:
        problems["received_by"] = say(
            "Isi nama dan jabatan penerima, misalnya Ani Contoh, staf HRD"
        )
    if problems:
        raise Invalid(problems)
    nota.received_on, nota.received_by = received_on, (receiver or "")[:200]
    calendar, settings = load_calendar(), office_settings()
    for finding in case.findings:
        finding.deadline_on = rules.finding_deadline(
            received_on,
            days=finding.deadline_days,
            day_type=finding.deadline_day_type,
            calendar=calendar,
        )
    moved = []
    if settings.recheck_anchor == "received" and case.awaits_recheck and case.extended_on is None:
        before, due = (
            case.effective_on,
            queries.foreseen_due(nota.issued_on, received_on=received_on),
        )
        if before and due.effective_on != before:
            moved.append(("recheck", before, due.effective_on))
            CHART.move(case, "reschedule")
        case.schedule(due, settings.zone)
    case.updated_at = clock.now()
    record(
        "nota.received",
        by=by,
        case=case,
        received_on=received_on,
        received_by=nota.received_by,
        moved_from=moved[0][1] if moved else None,
        moved_to=moved[0][2] if moved else None,
    )
    return moved
