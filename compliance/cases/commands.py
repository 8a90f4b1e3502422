"""The verbs of a case: start, save and discard a draft, issue, receive, visit, withdraw, reopen.

Each has three beats: may you (`require`), move (`CHART.move`), tell (`record`). The only writers of these tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from compliance.cases import queries, rules
from compliance.cases.models import OUTCOMES, Case, Finding, Nota, Visit
from compliance.cases.rules import MOST_WORKERS, NotaFacts
from compliance.cases.workflow import CHART, StepFacts
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.events import record
from compliance.core.numbering import next_serial, write_number
from compliance.core.text import Text, say
from compliance.people.settings import office_settings, today
from compliance.policy import SYSTEM, Actor, System, require


def start_draft(company: Company, *, by: Actor, draft_key: str) -> Case:
    """A draft nota for `company`; the same `draft_key` again answers the same draft."""
    require(by, "case.draft")
    assert by.actor_id is not None
    begun = sa.select(Case).where(Case.draft_key == draft_key)
    found = db.session.scalar(begun)
    if found is None:
        now = clock.now()
        case = Case(
            draft_key=draft_key, draft={}, status="draft", company=company, inspector_id=by.actor_id,
            region_code=company.region_code, created_at=now, updated_at=now,
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(case)
        except IntegrityError:  # the same tap twice at once, and the other one was first
            found = db.session.scalars(begun).one()
        else:
            record("draft.started", by=by, case=case)
            return case
    require(by, "case.draft", found)
    return found


def save_draft(case: Case, *, by: Actor, answers: dict[str, Any], company: Company | None = None) -> None:
    """Keep what was typed so far, as typed; nothing is judged before the nota is issued.

    `company` is the other company that the inspector meant.
    """
    require(by, "case.draft", case)
    if case.status != "draft":
        raise Refusal(say("Nota ini sudah terbit dan tidak dapat diubah."))
    if company is not None:
        case.company, case.region_code = company, company.region_code
    case.draft = {**(case.draft or {}), **answers}
    case.updated_at = clock.now()


def discard_draft(case: Case, *, by: Actor | System) -> None:
    """Throw a draft away, at its owner's wish or by the clock after the days the office allows."""
    require(by, "case.draft", case)
    if case.status != "draft":
        raise Refusal(say("Nota ini sudah terbit dan tidak dapat dihapus."))
    record("draft.discarded", by=by, case=case)
    db.session.delete(case)


def issue_nota(case: Case, *, by: Actor, facts: NotaFacts) -> Nota:
    """Issue the nota: number it, freeze it, schedule the recheck, convey it. All or nothing.

    Raises Invalid for facts that do not make sense, Taken for a manual number that is in use.
    """
    require(by, "case.issue", case)
    settings, day = office_settings(), today()
    violations = queries.violations_on(facts.issued_on or day)
    problems = rules.nota_problems(facts, today=day, scale=case.company.scale, known=frozenset(violations))
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
        case=case, kind="I", number=_nota_number(facts.nota_number, facts.issued_on), inspector_id=case.inspector_id,
        inspected_on=facts.inspected_on, issued_on=facts.issued_on, company_name=case.company.name,
        workers_total=facts.workers_total, workers_registered=facts.workers_registered, note=facts.note,
        place=_one_line(facts.place), met=_one_line(facts.met),
    )  # fmt: skip
    db.session.add(nota)
    case.schedule(queries.foreseen_due(nota.issued_on), settings.zone)
    db.session.flush()
    for position, each in enumerate(facts.findings, start=1):
        violation = violations[each.violation]
        db.session.add(
            Finding(
                case=case, nota_id=nota.id, violation=violation, position=position, note=each.note,
                programmes=list(each.programmes), workers_affected=each.workers_affected,
                deadline_days=each.deadline_days or settings.finding_days, deadline_day_type=settings.finding_day_type,
            )
        )  # fmt: skip
    db.session.flush()
    record(
        "nota.issued", by=by, case=case, number=nota.number, case_number=case.number, nota_kind=nota.kind,
        inspected_on=nota.inspected_on, issued_on=nota.issued_on, findings=len(facts.findings),
        workers_total=nota.workers_total, workers_registered=nota.workers_registered,
        due_on=case.due_on, effective_on=case.effective_on,
    )  # fmt: skip
    return nota


def _nota_number(manual: str | None, issued_on: date) -> str:
    """The number to use: the one given by hand, if free; else the next of the office's year that is free."""
    if number := _one_line(manual):
        owner = db.session.scalar(sa.select(Nota).where(Nota.number == number))
        if owner is not None:
            reason = say(
                "Nomor nota {number} sudah dipakai untuk {company}, terbit {day}.",
                number=number, company=owner.company_name, day=owner.issued_on,
            )  # fmt: skip
            raise Taken(reason, field="nota_number", candidates=[owner])
        return number
    template = office_settings().nota_number_template
    while True:
        number = write_number(template, next_serial("nota", issued_on.year), issued_on)
        if db.session.scalar(sa.select(Nota.id).where(Nota.number == number)) is None:
            return number


def _one_line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def convey_nota(case: Case, *, by: System = SYSTEM) -> None:
    """System only: the nota goes to the licensing offices of the regency and the province, in its own transaction."""
    assert case.nota is not None
    case.nota.conveyed_on = today()
    record("nota.conveyed", by=by, case=case, number=case.nota.number)


def record_receipt(
    case: Case, *, by: Actor, received_on: date, received_by: str
) -> list[tuple[str, date, date]]:
    """Write down who received the nota and when. Answers what it moved: what, from, to.

    Starts the findings' deadlines; moves the recheck only where the office counts from the receipt.
    """
    require(by, "case.receipt", case)
    nota, day = case.nota, today()
    CHART.move(case, "receive")
    assert nota is not None
    if nota.received_on is not None:
        raise Refusal(say("Tanda terima sudah dicatat: {day}.", day=nota.received_on))
    problems: dict[str, Text] = {}
    if not nota.issued_on <= received_on <= day:
        problems["received_on"] = say("Isi tanggal terima antara {first} dan hari ini.", first=nota.issued_on)
    if not received_by.strip():
        problems["received_by"] = say("Isi nama dan jabatan penerima, misalnya Ani Contoh, staf HRD")
    if problems:
        raise Invalid(problems)
    nota.received_on, nota.received_by = received_on, " ".join(received_by.split())[:200]
    calendar, settings = load_calendar(), office_settings()
    for finding in case.findings:
        finding.deadline_on = rules.finding_deadline(
            received_on, days=finding.deadline_days, day_type=finding.deadline_day_type, calendar=calendar
        )
    moved = []
    if settings.recheck_anchor == "received" and case.awaits_recheck and case.extended_on is None:
        before, due = case.effective_on, queries.foreseen_due(nota.issued_on, received_on=received_on)
        if before and due.effective_on != before:
            moved.append(("recheck", before, due.effective_on))
            CHART.move(case, "reschedule")
        case.schedule(due, settings.zone)
    case.updated_at = clock.now()
    record(
        "nota.received", by=by, case=case, received_on=received_on, received_by=nota.received_by,
        moved_from=moved[0][1] if moved else None, moved_to=moved[0][2] if moved else None,
    )  # fmt: skip
    return moved


def record_visit(
    case: Case,
    *,
    by: Actor,
    visited_on: date,
    outcome: str,
    workers_registered: int | None = None,
    fixed: Sequence[int] | None = None,
    note: str | None = None,
) -> Visit:
    """Record a visit and let the case go where its outcome leads.

    `fixed` are ids of findings found fixed; left out for a company that complied, it means all of them.
    """
    require(by, "case.visit", case)
    assert by.actor_id is not None and case.nota is not None
    day = today()
    _check_visit(case, visited_on, outcome, workers_registered, fixed, day)
    still_open = [each for each in case.findings if each.fixed_on is None]
    if outcome == "complied" and fixed is None:
        fixed = [each.id for each in still_open]
    now_fixed = [each for each in still_open if each.id in (fixed or ())] if outcome != "not_met" else []
    step = _visit_step(case, outcome, visited_on)
    CHART.move(
        case, step,
        StepFacts(
            today=day, on=visited_on, workers_registered=workers_registered,
            open_findings=[each.violation.code for each in still_open if each not in now_fixed],
        ),
    )  # fmt: skip
    for finding in now_fixed:
        finding.fixed_on = visited_on
    if workers_registered is not None and outcome != "not_met":
        case.workers_registered = workers_registered
    visit = Visit(
        case=case, visited_on=visited_on, outcome=outcome, workers_registered=workers_registered,
        note=note, by_id=by.actor_id, recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(visit)
    case.updated_at = clock.now()
    if step == "comply":
        case.resolved_on, case.next_step_at, case.unresolved_on = visited_on, None, None
    elif step == "fail":
        case.unresolved_on, case.next_step_at = visited_on, None
    record(
        "visit.recorded", by=by, case=case, visited_on=visited_on, outcome=outcome,
        workers_registered=workers_registered, workers_total=case.workers_total, early=step == "visit_early",
        fixed=[each.violation.code for each in now_fixed],
    )  # fmt: skip
    if step == "comply":
        record("case.resolved", by=by, case=case, on=visited_on, workers_registered=workers_registered)
    elif step == "fail":
        record("case.unresolved", by=by, case=case, on=visited_on)
    return visit


def _visit_step(case: Case, outcome: str, visited_on: date) -> str:
    if outcome == "not_met":
        return "visit_in_vain"
    if outcome == "complied":
        return "comply"
    if case.status == "unresolved":
        return "fail_again"
    early = case.effective_on is not None and visited_on < case.effective_on
    return "visit_early" if early else "fail"


def _check_visit(
    case: Case, visited_on: date, outcome: str, registered: int | None, fixed: Sequence[int] | None, day: date
) -> None:
    assert case.nota is not None
    problems: dict[str, Text] = {}
    if not case.nota.issued_on <= visited_on <= day:
        problems["visited_on"] = say(
            "Isi tanggal kunjungan antara {first} dan hari ini.", first=case.nota.issued_on
        )
    if outcome not in OUTCOMES:
        problems["outcome"] = say("Pilih hasil cek ulang.")
    if registered is not None and not 0 <= registered <= (case.workers_total or MOST_WORKERS):
        problems["workers_registered"] = say(
            "Isi angka antara 0 dan {total}, jumlah seluruh pekerja.", total=case.workers_total
        )
    if set(fixed or ()) - {each.id for each in case.findings}:
        problems["fixed"] = say("Temuan yang ditandai selesai bukan dari kasus ini.")
    if problems:
        raise Invalid(problems)


def accept_proof(case: Case, *, by: Actor | System, reason: str, proof: str) -> None:
    """Proof of compliance without a visit: every finding counts as fixed, every worker as registered."""
    require(by, "flag.lift", case)
    CHART.move(case, "accept_proof", StepFacts(today=today(), reason=reason))
    for finding in case.findings:
        finding.fixed_on = finding.fixed_on or today()
    case.workers_registered, case.resolved_on = case.workers_total, today()
    case.unresolved_on, case.updated_at = None, clock.now()
    record("case.resolved", by=by, case=case, reason=reason, on=case.resolved_on, proof=proof)


def withdraw_case(case: Case, *, by: Actor, reason: str) -> None:
    """Take the nota back: it should not have been issued. Every flag is lifted, the history stays."""
    require(by, "case.withdraw", case)
    CHART.move(case, "withdraw", StepFacts(today=today(), reason=reason))
    case.withdrawn_on, case.next_step_at, case.unresolved_on = today(), None, None
    case.updated_at = clock.now()
    record("case.withdrawn", by=by, case=case, reason=reason, on=case.withdrawn_on)


def reopen_case(case: Case, *, by: Actor, reason: str) -> None:
    """Open a closed case again: a withdrawn one with its own dates, a resolved one with a new period from today."""
    require(by, "case.reopen", case)
    was_resolved = case.resolved_on is not None
    CHART.move(case, "reopen", StepFacts(today=today(), reason=reason))
    case.resolved_on = case.withdrawn_on = None
    settings = office_settings()
    if was_resolved:
        case.extended_on = None
        for finding in case.findings:
            finding.fixed_on = None
        due = rules.recheck_due(
            today(), anchor="reopened", months=settings.recheck_months, calendar=load_calendar()
        )
    else:
        assert case.due_on and case.effective_on
        due = rules.DueDate(case.due_on, case.effective_on, tuple(case.why))
    case.schedule(due, settings.zone)
    case.escalated_on, case.updated_at = None, clock.now()
    record(
        "case.reopened", by=by, case=case, reason=reason, due_on=case.due_on, effective_on=case.effective_on
    )


def fall_due(case: Case, *, by: System = SYSTEM) -> None:
    """System only: the effective due day has come."""
    CHART.move(case, "fall_due", StepFacts(today=today(), on=today()))
    assert case.effective_on is not None
    case.next_step_at = clock.start_of(case.effective_on + timedelta(days=1), office_settings().zone)
    case.updated_at = clock.now()
    record("recheck.due", by=by, case=case, effective_on=case.effective_on)


def miss_recheck(case: Case, *, by: System = SYSTEM) -> None:
    """System only: the due day is over and no recheck shows compliance."""
    CHART.move(case, "miss", StepFacts(today=today()))
    case.next_step_at, case.updated_at = None, clock.now()
    record("recheck.missed", by=by, case=case, effective_on=case.effective_on)
