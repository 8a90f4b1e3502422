"""The verb of Nota II: the last warning, when the time that Nota I granted is over and something is open.

It repeats no findings and moves no recheck. What follows its own time is the report of non-compliance.
"""

from __future__ import annotations

from datetime import date

from compliance.cases.commands.nota import number_for, refuse_unapproved
from compliance.cases.models import Case, Nota
from compliance.cases.rules import LONGEST_TEXTS
from compliance.cases.workflow import CHART, StepFacts
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import record
from compliance.core.parsing import too_long
from compliance.core.text import Text, say
from compliance.office.settings import office_settings, today
from compliance.policy import Actor, command


@command("case.issue")
def issue_second_nota(
    case: Case, *, by: Actor, issued_on: date, days: int | None = None, number: str | None = None
) -> Nota:
    """Issue Nota II. Its time is `days`, else as the office says, counted from its receipt.

    Raises Refusal where the chart does, Invalid for a day or a number of days that make no sense, Taken for
    a number that is in use.
    """
    inspected_on = case.nota.inspected_on if case.nota is not None else None
    refuse_unapproved(case, by=by, inspected_on=inspected_on)
    CHART.move(case, "issue_second", StepFacts(today=today()))
    first, settings = case.nota, office_settings()
    problems = second_nota_problems(case, issued_on=issued_on, days=days, number=number)
    if problems:
        raise Invalid(problems)
    assert first is not None and case.workers_total and case.workers_registered is not None
    nota = Nota(
        case=case,
        kind="II",
        number=number_for(number, issued_on, field="number"),
        inspector_id=case.inspector_id,
        inspected_on=first.inspected_on,
        issued_on=issued_on,
        company_name=case.company.name,
        workers_total=case.workers_total,
        workers_registered=case.workers_registered,
        deadline_days=days or settings.second_nota_days,
        deadline_day_type=settings.finding_day_type,
    )
    db.session.add(nota)
    case.updated_at = clock.now()
    db.session.flush()
    record(
        "nota.second_issued",
        by=by,
        case=case,
        number=nota.number,
        first_number=first.number,
        nota_kind=nota.kind,
        inspected_on=nota.inspected_on,
        issued_on=nota.issued_on,
        workers_total=nota.workers_total,
        workers_registered=nota.workers_registered,
        days=nota.deadline_days,
        day_type=nota.deadline_day_type,
    )
    return nota


def second_nota_problems(
    case: Case, *, issued_on: date, days: int | None, number: str | None
) -> dict[str, Text]:
    """What makes no sense in a Nota II of this day, by field."""
    limit = case.first_limit_on
    assert limit is not None  # the chart asked
    problems = {
        "issued_on": None
        if limit < issued_on <= today()
        else say("Isi tanggal sesudah batas waktu Nota I, {day}, sampai hari ini.", day=limit),
        "days": None
        if days is None or 1 <= days <= 365
        else say("Isi batas waktu antara 1 dan 365 hari."),
        "number": too_long(number, LONGEST_TEXTS["nota_number"]),
    }
    return {field: reason for field, reason in problems.items() if reason is not None}
