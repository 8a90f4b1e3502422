"""The verbs that end a case or take it up again: withdraw, reopen."""

from __future__ import annotations

from compliance.cases import rules
from compliance.cases.models import Case
from compliance.cases.workflow import CHART, StepFacts
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.events import record
from compliance.office.settings import office_settings, today
from compliance.policy import Actor, command


@command("case.withdraw")
def withdraw_case(case: Case, *, by: Actor, reason: str) -> None:
    """Take the nota back: it should not have been issued. Every flag is lifted, the history stays."""
    CHART.move(case, "withdraw", StepFacts(today=today(), reason=reason))
    case.withdrawn_on, case.next_step_at, case.updated_at = today(), None, clock.now()
    case.unresolved_on = case.next_visit_on = None
    record("case.withdrawn", by=by, case=case, reason=reason, on=case.withdrawn_on)


@command("case.reopen")
def reopen_case(case: Case, *, by: Actor, reason: str) -> None:
    """Open a closed case again: a withdrawn one with its own dates, a resolved one with a new
    period from today.
    """
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
        "case.reopened",
        by=by,
        case=case,
        reason=reason,
        due_on=case.due_on,
        effective_on=case.effective_on,
    )
