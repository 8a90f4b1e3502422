"""The verbs of a recheck besides its visit: accept proof, and the two steps that time makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.cases.queries import DueCase
from compliance.cases.workflow import CHART, StepFacts
from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import record, record_many
from compliance.core.text import Text
from compliance.office.settings import office_settings, today
from compliance.policy import SYSTEM, Actor, System, command, system_only


@command("flag.lift")
def accept_proof(
    case: Case, *, by: Actor | System, reason: str, proof: str | Text, proof_id: int | None = None
) -> None:
    """Proof of compliance without a visit: all findings count as fixed; nobody counted the workers.

    `proof` is its sentence; `proof_id` names the proof of membership that came as fields.
    """
    CHART.move(case, "accept_proof", StepFacts(today=today(), reason=reason))
    for finding in case.findings:
        finding.fixed_on = finding.fixed_on or today()
    case.resolved_on, case.updated_at = today(), clock.now()
    case.unresolved_on = case.next_visit_on = None
    record(
        "case.resolved",
        by=by,
        case=case,
        reason=reason,
        on=case.resolved_on,
        proof=proof,
        proof_id=proof_id,
    )


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
