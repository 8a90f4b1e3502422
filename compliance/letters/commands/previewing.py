"""A nota that was not issued yet, as its paper: the facts that were stated stand in for its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from compliance.cases.approvals.rules import SecondNotaFacts
from compliance.cases.models import Case, Violation
from compliance.cases.queries import foreseen_due
from compliance.cases.rules import NotaFacts
from compliance.core.errors import Refusal
from compliance.core.parsing import clean_line, lines_as_one
from compliance.core.text import say
from compliance.letters.commands.making import letter_facts
from compliance.letters.queries import wording_on
from compliance.letters.rendering import render
from compliance.licensing.codes import new_code
from compliance.office.settings import office_settings
from compliance.office.signatories.queries import signatory_on


def first_nota_pdf(case: Case, facts: NotaFacts, violations: Mapping[str, Violation]) -> bytes:
    """Nota I as these facts would issue it. Nothing is kept. Raises Refusal, LayoutRefused, OSError."""
    settings, day = office_settings(), facts.issued_on
    if day is None or any(one.violation not in violations for one in facts.findings):
        raise Refusal(say("Temuan atau tanggal nota ini tidak berlaku lagi; periksa dulu notanya."))
    findings = [
        SimpleNamespace(
            **{
                **vars(finding),
                "violation": violations[finding.violation],
                "deadline_days": finding.deadline_days or settings.finding_days,
                "deadline_day_type": settings.finding_day_type,
                "deadline_on": None,
                "fixed_on": None,
            },
            id=None,
        )
        for finding in facts.findings
    ]
    nota = SimpleNamespace(
        kind="I",
        number=facts.nota_number,
        inspector=case.inspector,
        inspector_id=case.inspector_id,
        inspected_on=facts.inspected_on,
        issued_on=day,
        received_on=None,
        company_name=case.company.name,
        workers_total=facts.workers_total,
        workers_registered=facts.workers_registered,
        place=lines_as_one(facts.place),
        met=clean_line(facts.met),
    )
    due = foreseen_due(day).effective_on
    stand_in = _stand_in(case, nota, findings, effective_on=due, second_nota=None)
    return _pdf("nota_1", stand_in, day, facts.nota_number)


def second_nota_pdf(case: Case, facts: SecondNotaFacts) -> bytes:
    """The same of Nota II."""
    settings = office_settings()
    second = SimpleNamespace(
        kind="II",
        number=facts.number,
        inspector_id=case.inspector_id,
        issued_on=facts.issued_on,
        received_on=None,
        deadline_on=None,
        deadline_days=facts.days or settings.second_nota_days,
        deadline_day_type=settings.finding_day_type,
    )
    stand_in = _stand_in(
        case, case.nota, case.findings, effective_on=case.effective_on, second_nota=second
    )
    return _pdf("nota_2", stand_in, facts.issued_on, facts.number)


def _stand_in(case: Case, nota: Any, findings: Any, **more: Any) -> Any:
    return SimpleNamespace(
        id=case.id,
        number=case.number,
        company=case.company,
        company_id=case.company_id,
        region_code=case.region_code or case.company.region_code,
        inspector=case.inspector,
        nota=nota,
        findings=findings,
        warned_of=[
            one for one in findings if one.fixed_on is None and not one.violation.special_note
        ],
        **more,
    )


def _pdf(kind: str, case: Any, day: date, number: str | None) -> bytes:
    facts = letter_facts(
        kind,
        company=case.company,
        case=case,
        options={},
        wording=wording_on(kind, day),
        day=day,
        signing=(signatory_on(case.region_code or "", day), day),
    )
    noon = datetime.combine(day, time(12), office_settings().zone)
    shown = {**facts, "number": number, "preview": True}
    return render("letter", shown, code=new_code(), issued_at=noon)
