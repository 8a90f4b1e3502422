"""A nota as the PDF that it would be, before it is issued: of a draft, a form, one that waits for approval.

Nothing is kept, and no number is taken: the paper has a blank for it and is marked as a draft.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Response, make_response

from compliance.cases.approvals.queries import load_submission
from compliance.cases.approvals.rules import SecondNotaFacts, nota_facts_of, second_facts_of
from compliance.cases.commands.second_nota import second_nota_problems
from compliance.cases.nota.draft import Draft
from compliance.cases.nota.queries import load_draft
from compliance.cases.queries import load_case, violations_on
from compliance.cases.second_nota.forms import SecondNotaForm
from compliance.cases.workflow import CHART, StepFacts
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.letters.commands.previewing import first_nota_pdf, second_nota_pdf
from compliance.letters.rendering import LayoutRefused
from compliance.letters.views.blueprint import blueprint
from compliance.letters.views.pages import not_set
from compliance.office.settings import today
from compliance.people.sessions import signed_in


@blueprint.get("/notas/<uuid:draft_key>/preview.pdf")
def draft_as_nota(draft_key: uuid.UUID) -> Response:
    """The draft of an inspector as the nota that it would be. Refused while something is missing."""
    case = load_draft(signed_in(), str(draft_key))
    draft = Draft(case, today=today())
    if draft.problems():
        raise Refusal(say("Lengkapi dulu draf nota ini; lalu notanya dapat dilihat sebagai PDF."))
    try:
        return _shown(first_nota_pdf(case, draft.facts(), draft.violations))
    except LayoutRefused as refused:
        raise Refusal(not_set(refused)) from None


@blueprint.post("/cases/<number>/second-nota/preview.pdf")
def second_nota_as_typed(number: str) -> Response:
    """The form of Nota II as the nota that it would be. Refused for what would not be issued."""
    case, form = load_case(signed_in(), number=number, action="case.issue"), SecondNotaForm()
    if (reason := CHART.refusal(case, "issue_second", StepFacts(today=today()))) is not None:
        raise Refusal(reason)
    if not form.validate():
        raise Refusal(say("Lengkapi dulu isian Nota II; lalu notanya dapat dilihat sebagai PDF."))
    facts = SecondNotaFacts(form.issued_on.data, form.days.data, form.number.data or None)
    if problems := second_nota_problems(case, **vars(facts)):
        raise Refusal(next(iter(problems.values())))
    try:
        return _shown(second_nota_pdf(case, facts))
    except LayoutRefused as refused:
        raise Refusal(not_set(refused)) from None


@blueprint.get("/approvals/<int:id>/preview.pdf")
def submission_as_nota(id: int) -> Response:
    """A nota that waits for approval as it would be issued today."""
    submission, day = load_submission(signed_in(), id), today()
    try:
        if submission.kind == "II":
            second = replace(second_facts_of(submission.facts), issued_on=day)
            return _shown(second_nota_pdf(submission.case, second))
        facts = replace(nota_facts_of(submission.facts), issued_on=day)
        return _shown(first_nota_pdf(submission.case, facts, violations_on(day)))
    except LayoutRefused as refused:
        raise Refusal(not_set(refused)) from None


def _shown(pdf: bytes) -> Response:
    response = make_response(pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="konsep-nota.pdf"'
    return response
