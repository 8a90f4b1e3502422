"""The verbs of old notas: take the notas of a list over as cases, and let them go again with its import.

What comes along is the past: nobody is told of it, no flag is raised for it, and the clock begins on the day
that the person names. Old numbers are kept as they were written, and the counters never give them again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from compliance.cases.models import Case, Finding, Nota, Violation, Visit
from compliance.cases.old_notas.models import OldNota
from compliance.cases.old_notas.queries import (
    cases_of_rows,
    due_of_old,
    gone_on,
    known_notas,
)
from compliance.cases.old_notas.rules import OldNotaFacts, Outlook, outlook
from compliance.cases.queries import violations_on
from compliance.cases.rules import finding_deadline
from compliance.cases.workflow import CHART, DRAFT, StepFacts
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.events import record_many
from compliance.core.numbering import keep_serial, next_serial, serial_in, write_number
from compliance.core.text import say
from compliance.office.settings import office_settings, today
from compliance.policy import Actor, System, command
from compliance.web.formatting import written


@dataclass(frozen=True)
class ListedNota:
    """A row of a list: its number in the file, whose nota it is, who holds the case, and what it says."""

    row: int
    company_id: int
    inspector_id: int
    facts: OldNotaFacts


@command("case.take_over", about=None)
def take_over_notas(
    listed: Sequence[ListedNota], *, by: Actor | System, batch: int, counts_from: date
) -> None:
    """Make a case of each nota that is not known yet, with the days and the result of its list.

    The same list again makes none twice. `counts_from`: when a recheck is due whose day has passed.
    """
    known = known_notas({one.facts.number for one in listed})
    counts_from = max(counts_from, today() + timedelta(days=1))
    acts = []
    for one in listed:
        if one.facts.number in known:
            continue
        company = db.session.get_one(Company, one.company_id)
        acts.append(_take_over(one, company, by=by, batch=batch, counts_from=counts_from))
    record_many("nota.taken_over", acts, by=by)


def _take_over(
    one: ListedNota, company: Company, *, by: Actor | System, batch: int, counts_from: date
) -> dict[str, object]:
    """Store one case with its nota, findings and visit; answers what its event says."""
    facts, settings, now = one.facts, office_settings(), clock.now()
    due = due_of_old(facts.issued_on, facts.received_on)
    ahead = outlook(facts, due, counts_from=counts_from, today=today(), calendar=load_calendar())
    case = Case(
        status=DRAFT,
        company=company,
        inspector_id=one.inspector_id,
        region_code=company.region_code,
        workers_total=facts.workers_total,
        workers_registered=facts.workers_registered,
        created_at=now,
        updated_at=now,
    )
    CHART.move(case, "take_over")
    serial = next_serial("case", facts.issued_on.year)
    case.number = write_number(settings.case_number_template, serial, facts.issued_on)
    case.schedule(ahead.due, settings.zone)
    nota = _nota(case, one)
    db.session.add_all([case, nota])
    db.session.flush()
    _add_findings(case, nota, facts)
    _add_visit(case, facts, by=by)
    _move_on(case, facts, ahead)
    db.session.add(OldNota(case_id=case.id, import_id=batch, row=one.row))
    template = settings.nota_number_template
    if (taken := serial_in(template, facts.number, facts.issued_on)) is not None:
        keep_serial("nota", facts.issued_on.year, taken)
    return {
        "case": case,
        "number": nota.number,
        "case_number": case.number,
        "nota_kind": nota.kind,
        "inspected_on": nota.inspected_on,
        "issued_on": nota.issued_on,
        "received_on": nota.received_on,
        "received_by": nota.received_by,
        "findings": len(facts.findings),
        "workers_total": nota.workers_total,
        "workers_registered": nota.workers_registered,
        "outcome": facts.outcome,
        "visited_on": facts.rechecked_on if facts.outcome else None,
        "last_step": ahead.step or "take_over",
        "due_on": case.due_on,
        "effective_on": case.effective_on,
        "next_visit_on": case.next_visit_on,
        "batch": batch,
        "row": one.row,
    }


def _nota(case: Case, one: ListedNota) -> Nota:
    facts = one.facts
    unsaid = say("Tanggal pemeriksaan tidak tertulis di daftar; dipakai tanggal nota.")
    receiver = facts.received_by or str(say("tidak tertulis di daftar"))
    return Nota(
        case=case,
        kind="I",
        number=facts.number,
        inspector_id=one.inspector_id,
        inspected_on=facts.inspected_on or facts.issued_on,
        issued_on=facts.issued_on,
        company_name=case.company.name,
        workers_total=facts.workers_total,
        workers_registered=facts.workers_registered,
        received_on=facts.received_on,
        received_by=receiver[:200] if facts.received_on else None,
        note=None if facts.inspected_on else written(unsaid),
    )


def _add_findings(case: Case, nota: Nota, facts: OldNotaFacts) -> None:
    """The findings, each with the words of the list, and its time where the receipt is known."""
    settings, calendar = office_settings(), load_calendar()
    violations: dict[str, Violation] = violations_on(facts.issued_on)
    for position, code in enumerate(facts.findings, start=1):
        starts = facts.received_on is not None and not violations[code].special_note
        finding = Finding(
            case=case,
            nota_id=nota.id,
            position=position,
            violation=violations[code],
            note=written(say("Menurut daftar nota lama: {words}", words=facts.words)),
            programmes=[],
            deadline_days=settings.finding_days,
            deadline_day_type=settings.finding_day_type,
        )
        if starts and facts.received_on is not None:
            finding.deadline_on = finding_deadline(
                facts.received_on,
                days=settings.finding_days,
                day_type=settings.finding_day_type,
                calendar=calendar,
            )
        if facts.outcome == "complied":
            finding.fixed_on = facts.rechecked_on
        db.session.add(finding)
    db.session.flush()


def _add_visit(case: Case, facts: OldNotaFacts, *, by: Actor | System) -> None:
    """What the recheck found, as a visit that nobody can take back within ten minutes."""
    if facts.outcome is None or facts.rechecked_on is None:
        return
    db.session.add(
        Visit(
            case=case,
            visited_on=facts.rechecked_on,
            outcome=facts.outcome,
            note=written(say("Menurut daftar nota lama.")),
            by_id=by.actor_id or case.inspector_id,
            recorded_at=clock.now(),
        )
    )


def _move_on(case: Case, facts: OldNotaFacts, ahead: Outlook) -> None:
    """Let the case go where its recheck led it."""
    if ahead.step == "comply_before":
        CHART.move(case, "comply_before", StepFacts(today=today()))
        case.resolved_on, case.next_step_at = facts.rechecked_on, None
    elif ahead.step == "fail_before":
        CHART.move(case, "fail_before", StepFacts(today=today()))
        case.unresolved_on, case.next_step_at = facts.rechecked_on, None
        case.next_visit_on = ahead.next_visit_on
    db.session.flush()


@command("case.take_over", about=None)
def let_notas_go(batch: int, rows: Collection[int], *, by: Actor | System) -> set[int]:
    """Take back the cases that these rows of an import brought; the log keeps that they were there.

    Answers the rows whose cases went on since: those stay.
    """
    cases = cases_of_rows(batch, rows)
    moved = gone_on([case.id for case in cases.values()])
    going = [case for case in cases.values() if case.id not in moved]
    acts = [
        {
            "case": case,
            "number": case.nota.number if case.nota else None,
            "case_number": case.number,
            "batch": batch,
        }
        for case in going
    ]
    record_many("nota.let_go", acts, by=by)
    ids = [case.id for case in going]
    for table in (Visit, Finding, Nota, OldNota):
        db.session.execute(sa.delete(table).where(table.case_id.in_(ids)))
    db.session.execute(sa.delete(Case).where(Case.id.in_(ids)))
    return {row for row, case in cases.items() if case.id in moved}
