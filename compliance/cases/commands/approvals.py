"""The verbs of a nota that waits: submit it, take it back, send it back, approve it.

Where the office wants approval, an inspector's nota waits for a supervisor who is none of its inspectors. Its
number, its conveyance and every clock begin with the approval, which issues it from the facts that were
submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from compliance.cases import queries, rules
from compliance.cases.approvals.models import APPROVED, SENT_BACK, TAKEN_BACK, Submission
from compliance.cases.approvals.queries import inspectors_of, open_submission
from compliance.cases.approvals.rules import (
    OWN_NOTA,
    SecondNotaFacts,
    about_company,
    changed_company,
    kept,
    nota_facts_of,
    second_facts_of,
    typed_of,
)
from compliance.cases.commands.nota import free_number, issue_nota, needs_approval
from compliance.cases.commands.second_nota import issue_second_nota, second_nota_problems
from compliance.cases.models import Case, Nota, Violation
from compliance.cases.rules import LONGEST_TEXTS, NotaFacts
from compliance.cases.workflow import CHART, StepFacts
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import record
from compliance.core.parsing import clean_lines, needed_reason
from compliance.office.settings import today
from compliance.policy import SYSTEM, Actor, System, command, system_only


@command("case.issue")
def issue_or_submit(
    case: Case, *, by: Actor, facts: NotaFacts, violations: Mapping[str, Violation] | None = None
) -> Nota | None:
    """Issue Nota I, or let it wait where the office wants approval: then None.

    Raises what `issue_nota` raises, in both cases.
    """
    if not needs_approval(case, by=by, inspected_on=facts.inspected_on):
        return issue_nota(case, by=by, facts=facts, violations=violations)
    day = today()
    known = queries.violations_on(facts.issued_on or day) if violations is None else violations
    problems = rules.nota_problems(
        facts, today=day, scale=case.company.scale, known=frozenset(known)
    )
    if problems:
        raise Invalid(problems)
    free_number(facts.nota_number, field="nota_number")
    if refusal := CHART.refusal(case, "issue"):
        raise Refusal(refusal)
    case.draft = case.draft or typed_of(facts)
    _submit(case, "I", facts, by=by)
    return None


@command("case.issue")
def issue_or_submit_second(case: Case, *, by: Actor, facts: SecondNotaFacts) -> Nota | None:
    """Issue Nota II, or let it wait where the office wants approval: then None."""
    inspected_on = case.nota.inspected_on if case.nota is not None else None
    if not needs_approval(case, by=by, inspected_on=inspected_on):
        return issue_second_nota(
            case, by=by, issued_on=facts.issued_on, days=facts.days, number=facts.number
        )
    CHART.move(case, "issue_second", StepFacts(today=today()))
    problems = second_nota_problems(
        case, issued_on=facts.issued_on, days=facts.days, number=facts.number
    )
    if problems:
        raise Invalid(problems)
    free_number(facts.number, field="number")
    _submit(case, "II", facts, by=by)
    return None


def _submit(case: Case, kind: str, facts: NotaFacts | SecondNotaFacts, *, by: Actor) -> None:
    """Keep the facts, and let the nota wait."""
    assert by.actor_id is not None
    CHART.move(case, "submit")
    case.submitted_at = case.updated_at = clock.now()
    submission = Submission(
        case_id=case.id,
        kind=kind,
        facts=kept(facts),
        about=about_company(case.company),
        submitted_at=case.submitted_at,
        submitted_by_id=by.actor_id,
    )
    db.session.add(submission)
    db.session.flush()
    record("nota.submitted", by=by, case=case, nota_kind=kind, submission=submission.id)


@command("case.issue")
def take_back_nota(case: Case, *, by: Actor) -> None:
    """The inspector wants to change a nota that waits: nothing waits any more."""
    submission = _close(case, "take_back", TAKEN_BACK, by=by)
    record("nota.taken_back", by=by, case=case, nota_kind=submission.kind)


@command("nota.approve")
def send_back_nota(case: Case, *, by: Actor, reason: str | None) -> None:
    """Send a nota that waits back to its inspector, who reads why. Raises Invalid without a reason."""
    why = needed_reason(reason, most=LONGEST_TEXTS["note"], lines=True)
    submission = _close(case, "send_back", SENT_BACK, by=by, reason=why)
    record("nota.sent_back", by=by, case=case, nota_kind=submission.kind, reason=submission.reason)


@command("nota.approve")
def approve_nota(case: Case, *, by: Actor) -> Nota:
    """Approve a nota that waits: it is issued today, from its facts, all or nothing.

    Raises Refusal for each of its inspectors, and when the company changed since; what issuing raises, too.
    """
    waiting = open_submission(case)
    if by.actor_id == case.inspector_id or (
        waiting is not None and by.actor_id in (waiting.submitted_by_id, *inspectors_of(waiting))
    ):
        raise Refusal(OWN_NOTA)
    if waiting is not None and (changed := changed_company(waiting.about, case.company)):
        raise Refusal(changed)
    submission = _close(case, "approve", APPROVED, by=by)
    nota = _issue(case, submission, by=by, on=today())
    record(
        "nota.approved",
        by=by,
        case=case,
        nota_kind=nota.kind,
        number=nota.number,
        case_number=case.number,
    )
    return nota


@system_only
def stop_waiting(case: Case, *, by: System = SYSTEM) -> None:
    """The case was closed: a Nota II that waited is not issued any more."""
    submission = open_submission(case)
    if submission is None:
        return
    submission.outcome, submission.closed_at, case.submitted_at = TAKEN_BACK, clock.now(), None
    record("nota.taken_back", by=by, case=case, nota_kind=submission.kind)


def _issue(case: Case, submission: Submission, *, by: Actor, on: date) -> Nota:
    if submission.kind == "II":
        second = second_facts_of(submission.facts)
        return issue_second_nota(case, by=by, issued_on=on, days=second.days, number=second.number)
    return issue_nota(case, by=by, facts=replace(nota_facts_of(submission.facts), issued_on=on))


def _close(
    case: Case, step: str, outcome: str, *, by: Actor, reason: str | None = None
) -> Submission:
    """End the waiting, one way or another."""
    CHART.move(case, step, StepFacts(today=today(), reason=reason))
    submission = open_submission(case)
    assert submission is not None
    submission.outcome, submission.reason = outcome, clean_lines(reason)
    submission.closed_at = case.updated_at = clock.now()
    submission.closed_by_id, case.submitted_at = by.actor_id, None
    db.session.flush()
    return submission
