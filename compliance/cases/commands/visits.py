"""The verbs of a visit: record what it found, and take the record back within ten minutes.

What was not counted or seen is not filled in. A hold ends only on proof (`reactions`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from compliance.cases.commands.drafts import save_draft, start_draft
from compliance.cases.models import NOT_MET_REASONS, OUTCOMES, Case, Finding, Visit
from compliance.cases.proofs.commands import keep_proof, problems_with
from compliance.cases.proofs.rules import ProofFacts
from compliance.cases.queries import violations_on
from compliance.cases.rules import LONGEST_TEXTS, MOST_WORKERS, VisitFacts
from compliance.cases.workflow import CHART, RECHECK_DUE, UNRESOLVED, StepFacts
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import record
from compliance.core.parsing import clean_lines, too_long
from compliance.core.text import Text, from_json, say, to_json
from compliance.office.settings import office_settings, today
from compliance.policy import Actor, command

UNDO_WITHIN = timedelta(minutes=10)
BEFORE = (
    "status",
    "workers_total",
    "workers_registered",
    "unresolved_on",
    "next_visit_on",
    "next_step_at",
    "escalated_on",
)
"""The columns of a case that a visit may change, kept for undoing it."""


@command("case.visit")
def record_visit(case: Case, *, by: Actor, facts: VisitFacts) -> Visit:
    """Record a visit and let the case go where its outcome leads.

    New findings become a draft nota of their own. Raises Invalid, also where a hold would end without proof.
    """
    assert by.actor_id is not None
    now_fixed, still_open = _sort_findings(case, facts)
    _check_visit(case, facts, now_fixed, by=by)
    step = _visit_step(case, facts)
    before = {name: to_json(getattr(case, name)) for name in BEFORE}
    before["fixed"] = [finding.id for finding in now_fixed]
    CHART.move(
        case,
        step,
        StepFacts(
            today=today(),
            on=facts.visited_on,
            workers_registered=facts.workers_registered,
            open_findings=[finding.violation.code for finding in still_open],
        ),
    )
    visit = Visit(
        case=case,
        visited_on=facts.visited_on,
        outcome=facts.outcome,
        workers_total=facts.workers_total,
        workers_registered=facts.workers_registered,
        not_met_reason=facts.not_met_reason,
        proof=None if isinstance(facts.proof, ProofFacts) else clean_lines(facts.proof),
        note=facts.note,
        before=before,
        by_id=by.actor_id,
        recorded_at=clock.now(),
    )
    db.session.add(visit)
    _write_outcome(case, visit, step, now_fixed, facts.next_visit_on)
    if isinstance(facts.proof, ProofFacts):
        keep_proof(facts.proof, case, now_fixed, sender=by, visit=visit)
    _draft_for_new_findings(case, facts.new_findings, by=by)
    _tell_of_visit(case, visit, step, now_fixed, facts, by=by)
    return visit


@command("case.visit")
def undo_visit(case: Case, *, by: Actor) -> Visit:
    """Take back the last visit, within ten minutes, by whoever recorded it: the case is as before.

    Raises Refusal when it is too late, or when something else was done to the case since.
    """
    if refusal := undo_refusal(case, by=by):
        raise Refusal(refusal)
    visit = case.visits_that_stand[-1]
    assert visit.before is not None
    before = {name: from_json(value) for name, value in visit.before.items()}
    CHART.move(case, _undo_step(before["status"]), StepFacts(today=today()))
    case.workers_total, case.workers_registered = (
        before["workers_total"],
        before["workers_registered"],
    )
    case.unresolved_on, case.next_visit_on = before["unresolved_on"], before["next_visit_on"]
    case.next_step_at, case.resolved_on = before["next_step_at"], None
    case.escalated_on = before.get("escalated_on")
    for escalation in case.escalations:
        if escalation.closed_at is not None and escalation.closed_at >= visit.recorded_at:
            escalation.closed_at = escalation.closed_by = None
    for finding in case.findings:
        if finding.id in before["fixed"]:
            finding.fixed_on = None
    visit.undone_at = case.updated_at = clock.now()
    record(
        "visit.undone",
        by=by,
        case=case,
        visited_on=visit.visited_on,
        outcome=visit.outcome,
        recorded_at=visit.recorded_at,
    )
    return visit


def _undo_step(status: str) -> str:
    """The step back to the status before the visit."""
    if status == UNRESOLVED:
        return "undo_to_unresolved"
    return "undo_to_recheck_due" if status == RECHECK_DUE else "undo_to_in_remedy"


def undo_refusal(case: Case, *, by: Actor) -> Text | None:
    """Why `by` cannot take the last visit back now; None when they can."""
    visit = case.visits_that_stand[-1] if case.visits_that_stand else None
    if visit is None or visit.before is None or visit.by_id != by.actor_id:
        return say("Tidak ada kunjungan Anda yang dapat dibatalkan pada kasus ini.")
    if clock.now() - visit.recorded_at > UNDO_WITHIN:
        return say("Kunjungan hanya dapat dibatalkan dalam sepuluh menit.")
    if case.updated_at != visit.recorded_at:
        return say("Kasus ini sudah berubah sesudah kunjungan itu; tidak dapat dibatalkan.")
    return None


def _sort_findings(case: Case, facts: VisitFacts) -> tuple[list[Finding], list[Finding]]:
    """The findings that the visit found fixed, and those that stay open after it."""
    unfixed = case.open_findings
    if facts.outcome == "not_met":
        return [], unfixed
    if _declares_all(facts):
        return unfixed, []
    ids = set(facts.fixed or ())
    now_fixed = [finding for finding in unfixed if finding.id in ids]
    return now_fixed, [finding for finding in unfixed if finding.id not in ids]


def _declares_all(facts: VisitFacts) -> bool:
    """Whether all findings are said to be fixed as a whole, none of them by itself."""
    return facts.outcome == "complied" and facts.fixed is None


def _write_outcome(
    case: Case, visit: Visit, step: str, now_fixed: Sequence[Finding], next_visit_on: date | None
) -> None:
    """Write into the case and its findings what the visit found."""
    for finding in now_fixed:
        finding.fixed_on = visit.visited_on
    if visit.outcome != "not_met":
        if visit.workers_total is not None:
            case.workers_total = visit.workers_total
        if visit.workers_registered is not None:
            case.workers_registered = visit.workers_registered
    if step == "comply":
        case.resolved_on, case.next_step_at, case.unresolved_on = visit.visited_on, None, None
    elif step == "fail":
        case.unresolved_on, case.next_step_at = visit.visited_on, None
    is_unresolved = case.status == UNRESOLVED
    case.next_visit_on = (next_visit_on or next_visit_day()) if is_unresolved else None
    case.updated_at = visit.recorded_at


def next_visit_day() -> date:
    """The working day on which an unresolved case is visited again, by the office's setting."""
    days = timedelta(days=office_settings().next_visit_days)
    return load_calendar().next_working(today() + days)[0]


def _draft_for_new_findings(case: Case, codes: Sequence[str], *, by: Actor) -> None:
    """A draft nota with the violations seen for the first time: the nota of this case is frozen."""
    if codes:
        draft = start_draft(case.company, by=by, draft_key=str(uuid.uuid4()))
        save_draft(draft, by=by, typed={"findings": {"findings": list(dict.fromkeys(codes))}})


def _tell_of_visit(
    case: Case,
    visit: Visit,
    step: str,
    now_fixed: Sequence[Finding],
    facts: VisitFacts,
    *,
    by: Actor,
) -> None:
    """Record the visit, and what became of the case by it."""
    record(
        "visit.recorded",
        by=by,
        case=case,
        visited_on=visit.visited_on,
        outcome=visit.outcome,
        workers_registered=visit.workers_registered,
        workers_total=case.workers_total,
        early=step == "visit_early",
        again=True if step == "fail_again" else None,
        fixed=[finding.violation.code for finding in now_fixed],
        declared_all=bool(now_fixed) and _declares_all(facts),
        not_met_reason=visit.not_met_reason,
        proof=visit.proven_by,
        proof_id=visit.membership.id if visit.membership else None,
        new_findings=list(facts.new_findings),
        next_visit_on=case.next_visit_on,
    )
    if step == "comply":
        record(
            "case.resolved",
            by=by,
            case=case,
            on=visit.visited_on,
            workers_registered=visit.workers_registered,
            proof=visit.proven_by,
            proof_id=visit.membership.id if visit.membership else None,
        )
    elif step == "fail":
        record("case.unresolved", by=by, case=case, on=visit.visited_on)


def _visit_step(case: Case, facts: VisitFacts) -> str:
    if facts.outcome == "not_met":
        return "visit_in_vain"
    if facts.outcome == "complied":
        return "comply"
    if case.status == UNRESOLVED:
        return "fail_again"
    early = case.effective_on is not None and facts.visited_on < case.effective_on
    return "visit_early" if early else "fail"


def _check_visit(case: Case, facts: VisitFacts, now_fixed: Sequence[Finding], *, by: Actor) -> None:
    assert case.nota is not None
    problems: dict[str, Text | None] = {
        "visited_on": None
        if case.nota.issued_on <= facts.visited_on <= today()
        else say("Isi tanggal kunjungan antara {first} dan hari ini.", first=case.nota.issued_on),
        "outcome": None if facts.outcome in OUTCOMES else say("Pilih hasil cek ulang."),
        **_worker_problems(case, facts),
        "not_met_reason": None
        if facts.not_met_reason in (None, *NOT_MET_REASONS)
        else say("Pilih sebabnya."),
        **_proof_problems(case, facts, now_fixed, by=by),
        "next_visit_on": None
        if facts.next_visit_on is None or facts.next_visit_on > today()
        else say("Kunjungan berikutnya harus sesudah hari ini."),
    }
    if set(facts.fixed or ()) - {finding.id for finding in case.findings}:
        problems["fixed"] = say("Temuan yang ditandai selesai bukan dari kasus ini.")
    known = violations_on(facts.visited_on) if facts.new_findings else {}
    if unknown := [code for code in facts.new_findings if code not in known]:
        problems["new_findings"] = say(
            "Kode pelanggaran {code} tidak berlaku pada tanggal nota.", code=", ".join(unknown)
        )
    refused = {field: reason for field, reason in problems.items() if reason is not None}
    if refused:
        raise Invalid(refused)


def _proof_problems(
    case: Case, facts: VisitFacts, now_fixed: Sequence[Finding], *, by: Actor
) -> Mapping[str, Text | None]:
    if isinstance(facts.proof, ProofFacts):
        return problems_with(facts.proof, case, now_fixed, sender=by)
    return {"proof": too_long(clean_lines(facts.proof), LONGEST_TEXTS["proof"])}


def _worker_problems(case: Case, facts: VisitFacts) -> dict[str, Text | None]:
    """What is wrong with the workers of today; there may be more of them than the nota counted."""
    total, registered = facts.workers_total, facts.workers_registered
    problems: dict[str, Text | None] = {}
    if total is not None and not 0 <= total <= MOST_WORKERS:
        problems["workers_total"] = say("Isi jumlah pekerja, misalnya 25")
    most = total if total is not None else case.workers_total or MOST_WORKERS
    if registered is not None and not 0 <= registered <= most:
        problems["workers_registered"] = say(
            "Isi angka antara 0 dan {total}, jumlah seluruh pekerja. Bila kini lebih banyak, isi juga"
            " jumlah seluruh pekerja.",
            total=most,
        )
    kept = case.workers_registered or 0
    if registered is None and total is not None and total < kept and facts.outcome != "not_met":
        problems["workers_registered"] = say("Isi jumlah pekerja yang kini terdaftar.")
    return problems
