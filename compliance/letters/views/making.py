"""Pages that make a letter: choose its kind, fill in what it asks, change a draft."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request

from compliance.cases.models import Case
from compliance.cases.next_action import next_action
from compliance.cases.queries import load_case
from compliance.companies.models import Company
from compliance.companies.queries import load_company
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.letters.commands.drafting import change_draft, draft_letter, expect_letter_of
from compliance.letters.forms import OptionsForm, letter_form, offered_choices
from compliance.letters.grounds import ground_refusal
from compliance.letters.kinds import LETTER_KINDS, LETTER_NAMES, MADE_BY_ACTS
from compliance.letters.models import Letter
from compliance.letters.options import OPTIONS, typed_options
from compliance.letters.queries import case_standing, expect_revision, letters_of, load_letter
from compliance.letters.steps import LETTER_STEPS
from compliance.letters.views.blueprint import blueprint
from compliance.letters.views.pages import expect_step, page_facts
from compliance.office.queries import licensing_offices
from compliance.office.settings import today
from compliance.people.queries import inspectors
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, refusals_on, show

TO_CHOOSE = tuple(kind for kind in LETTER_KINDS if kind not in MADE_BY_ACTS)
BEFORE_A_CASE = "spt"


@blueprint.get("/cases/<number>/letters/new")
def choose(number: str) -> Response:
    """The kinds of letters that can be made for a case, in the order of the road."""
    case = load_case(signed_in(), number=number, action="letter.draft")
    standing = case_standing(case)
    kinds = [(kind, LETTER_NAMES[kind], ground_refusal(kind, standing)) for kind in TO_CHOOSE]
    return show("letters/choose.html", case=case, kinds=kinds)


@blueprint.route("/cases/<number>/letters/new/<kind>", methods=["GET", "POST"])
def new(number: str, kind: str) -> Response:
    """What a letter of this kind asks."""
    if kind not in TO_CHOOSE:
        abort(404)
    case = load_case(
        signed_in(), number=number, action="letter.draft", for_update=request.method == "POST"
    )
    try:
        expect_letter_of(case, kind)
    except Refusal as refused:
        onward = next_action(case, by=signed_in(), today=today())
        return show("cases/refused.html", status=409, case=case, reason=refused.reason, next=onward)
    return _make(kind, company=case.company, case=case)


@blueprint.route("/companies/<int:id>/letters/new", methods=["GET", "POST"])
def order(id: int) -> Response:
    """An order to inspect a company that has no case yet."""
    company = load_company(signed_in(), id)
    require(signed_in(), "letter.draft")
    return _make(BEFORE_A_CASE, company=company, case=None)


def _make(kind: str, *, company: Company, case: Case | None) -> Response:
    form = _form(kind, company=company, case=case, data=_first_values(kind, case))
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            letter = draft_letter(
                kind,
                by=signed_in(),
                company=company,
                case=case,
                issued_on=form.issued_on.data,
                options=form.options,
            )
            return done(
                say("Konsep disimpan. Periksa pratinjaunya."), "letters.letter", id=letter.id
            )
    return show(
        "letters/form.html",
        form,
        company=company,
        case=case,
        name=LETTER_NAMES[kind],
        options=OPTIONS,
    )


def _first_values(kind: str, case: Case | None) -> dict[str, Any]:
    """What the case implies already."""
    values: dict[str, Any] = {"issued_on": today()}
    if case is not None and kind == "recheck_notice":
        values["visit_on"] = case.effective_on
    if case is not None and case.nota is not None and kind in ("ba", "ba_refusal"):
        name, _comma, position = (case.nota.met or "").partition(",")
        values |= {
            "held_on": case.nota.inspected_on,
            "place": case.nota.place,
            "met_name": name.strip(),
            "met_position": position.strip(),
        }
    return values


def _form(kind: str, *, company: Company, case: Case | None, data: dict[str, Any]) -> OptionsForm:
    offered = offered_choices(
        people=inspectors(),
        offices=licensing_offices((case or company).region_code or ""),
        letters=[one for one in letters_of(case) if one.holds] if case is not None else [],
    )
    return letter_form(kind, offered, data=data)


@blueprint.route("/letters/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Write a draft anew."""
    step = LETTER_STEPS["edit"]
    letter: Letter = load_letter(
        signed_in(), id, action=step.action, for_update=request.method == "POST"
    )
    expect_step(letter, step)
    values = {"issued_on": letter.issued_on, **typed_options(letter.options)}
    form = _form(letter.kind, company=letter.company, case=letter.case, data=values)
    if not form.is_submitted():
        form.version.data = str(letter.revision)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            expect_revision(letter, form.seen_version)
            kept = {name: letter.options[name] for name in letter.options.keys() - set(form.asked)}
            change_draft(
                letter,
                by=signed_in(),
                issued_on=form.issued_on.data,
                options={**kept, **form.options},
            )
            return done(say("Konsep disimpan. Periksa pratinjaunya."), "letters.letter", id=id)
    return show("letters/edit.html", form, options=OPTIONS, step=step, **page_facts(letter))
