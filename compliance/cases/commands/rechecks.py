"""The verbs of a recheck: record a visit, accept proof, and the two steps that time makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import OUTCOMES, Case, Finding, Visit
from compliance.cases.queries import DueCase
from compliance.cases.rules import MOST_WORKERS
from compliance.cases.workflow import CHART, UNRESOLVED, StepFacts
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import record, record_many
from compliance.core.text import Text, say
from compliance.office.settings import office_settings, today
from compliance.policy import SYSTEM, Actor, System, command, system_only


@command("case.visit")
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
    assert by.actor_id is not None
    _check_visit(case, visited_on, outcome, workers_registered, fixed)
    now_fixed, still_open = _sort_findings(case, outcome, fixed)
    step = _visit_step(case, outcome, visited_on)
    open_codes = [finding.violation.code for finding in still_open]
    CHART.move(
        case,
        step,
        StepFacts(
            today=today(),
            on=visited_on,
            workers_registered=workers_registered,
            open_findings=open_codes,
        ),
    )
    visit = Visit(
        case=case,
        visited_on=visited_on,
        outcome=outcome,
        workers_registered=workers_registered,
        note=note,
        by_id=by.actor_id,
        recorded_at=clock.now(),
    )
    db.session.add(visit)
    _write_outcome(case, visit, step, now_fixed)
    _tell_of_visit(case, visit, step, now_fixed, by=by)
    return visit


def _sort_findings(
    case: Case, outcome: str, fixed: Sequence[int] | None
) -> tuple[list[Finding], list[Finding]]:
    """The findings that the visit found fixed, and those that stay open after it."""
    unfixed = [finding for finding in case.findings if finding.fixed_on is None]
    if outcome == "not_met":
        return [], unfixed
    if outcome == "complied" and fixed is None:
        return unfixed, []
    ids = set(fixed or ())
    now_fixed = [finding for finding in unfixed if finding.id in ids]
    return now_fixed, [finding for finding in unfixed if finding.id not in ids]


def _write_outcome(case: Case, visit: Visit, step: str, now_fixed: Sequence[Finding]) -> None:
    """Write into the case and its findings what the visit found."""
    for finding in now_fixed:
        finding.fixed_on = visit.visited_on
    if visit.workers_registered is not None and visit.outcome != "not_met":
        case.workers_registered = visit.workers_registered
    if step == "comply":
        case.resolved_on, case.next_step_at, case.unresolved_on = visit.visited_on, None, None
    elif step == "fail":
        case.unresolved_on, case.next_step_at = visit.visited_on, None
    case.updated_at = clock.now()


def _tell_of_visit(
    case: Case, visit: Visit, step: str, now_fixed: Sequence[Finding], *, by: Actor
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
        fixed=[finding.violation.code for finding in now_fixed],
    )
    if step == "comply":
        record(
            "case.resolved",
            by=by,
            case=case,
            on=visit.visited_on,
            workers_registered=visit.workers_registered,
        )
    elif step == "fail":
        record("case.unresolved", by=by, case=case, on=visit.visited_on)


def _visit_step(case: Case, outcome: str, visited_on: date) -> str:
    if outcome == "not_met":
        return "visit_in_vain"
    if outcome == "complied":
        return "comply"
    if case.status == UNRESOLVED:
        return "fail_again"
    early = case.effective_on is not None and visited_on < case.effective_on
    return "visit_early" if early else "fail"


def _check_visit(
    case: Case, visited_on: date, outcome: str, registered: int | None, fixed: Sequence[int] | None
) -> None:
    assert case.nota is not None
    problems: dict[str, Text] = {}
    if not case.nota.issued_on <= visited_on <= today():
        problems["visited_on"] = say(
            "Isi tanggal kunjungan antara {first} dan hari ini.", first=case.nota.issued_on
        )
    if outcome not in OUTCOMES:
        problems["outcome"] = say("Pilih hasil cek ulang.")
    if registered is not None and not 0 <= registered <= (case.workers_total or MOST_WORKERS):
        problems["workers_registered"] = say(
            "Isi angka antara 0 dan {total}, jumlah seluruh pekerja.", total=case.workers_total
        )
    if set(fixed or ()) - {finding.id for finding in case.findings}:
        problems["fixed"] = say("Temuan yang ditandai selesai bukan dari kasus ini.")
    if problems:
        raise Invalid(problems)


@command("flag.lift")
def accept_proof(case: Case, *, by: Actor | System, reason: str, proof: str) -> None:
    """Proof of compliance without a visit: every finding counts as fixed, every worker as registered."""
    CHART.move(case, "accept_proof", StepFacts(today=today(), reason=reason))
    for finding in case.findings:
        finding.fixed_on = finding.fixed_on or today()
    case.workers_registered, case.resolved_on = case.workers_total, today()
    case.unresolved_on, case.updated_at = None, clock.now()
    record("case.resolved", by=by, case=case, reason=reason, on=case.resolved_on, proof=proof)


@system_only
def fall_due(cases: Sequence[DueCase], *, by: System = SYSTEM) -> None:
    """The effective due day of these cases has come. Their rows must be locked by the caller."""
    facts, zone = StepFacts(today=today(), on=today()), office_settings().zone
    for effective_on, due in groupby(cases, key=lambda case: case.effective_on):
        same_day = list(due)
        moved = CHART.move_all(same_day, "fall_due", facts)
        _write(
            same_day, **moved, next_step_at=clock.start_of(effective_on + timedelta(days=1), zone)
        )
    acts = [{"case": case, "effective_on": case.effective_on} for case in cases]
    record_many("recheck.due", acts, by=by)


@system_only
def miss_rechecks(cases: Sequence[DueCase], *, by: System = SYSTEM) -> None:
    """The due day is over and no recheck shows compliance. The rows must be locked by the caller."""
    moved = CHART.move_all(cases, "miss", StepFacts(today=today()))
    _write(cases, **moved, next_step_at=None)
    acts = [{"case": case, "effective_on": case.effective_on} for case in cases]
    record_many("recheck.missed", acts, by=by)


def _write(cases: Sequence[DueCase], **columns: Any) -> None:
    """Set the same columns of all `cases` in one UPDATE."""
    db.session.execute(
        sa.update(Case)
        .where(Case.id.in_([case.id for case in cases]))
        .values(**columns, version=Case.version + 1, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
