"""Pages of the counter: the check, its receipt, the history of checks, and what was decided after one."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request, url_for

from compliance.cases.queries import questions_on
from compliance.companies.queries import load_company
from compliance.core import clock
from compliance.core.errors import Invalid
from compliance.core.parsing import clean_line
from compliance.core.text import say
from compliance.licensing import clearance
from compliance.licensing.checks import commands, queries
from compliance.licensing.checks.queries import CheckFilter
from compliance.licensing.checks.rules import Answer, decide_by, word_of
from compliance.licensing.clearance import CompanyAsked
from compliance.licensing.codes import shown_code
from compliance.licensing.exports import CHECK_COLUMNS
from compliance.licensing.forms import CheckForm, DecisionForm
from compliance.licensing.models import DECISIONS, LEVELS, LicenceCheck
from compliance.licensing.views.blueprint import blueprint
from compliance.office.queries import permit_kinds_of
from compliance.office.settings import office_settings, today
from compliance.people.sessions import signed_in
from compliance.policy import may, require, scope
from compliance.web.answering import done, go, refusals_on, show
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, page_size
from compliance.web.qr import qr
from compliance.web.requests import only_reads


@blueprint.route("/check", methods=["GET", "POST"])
def check() -> Response:
    """The one box. A question is a record of its own, so it is posted and leads to its receipt.

    A link may bring along what is to be `asked`; it stands in the box, and nothing is recorded yet.
    """
    require(signed_in(), "check.make")
    form = CheckForm()
    if not form.is_submitted() and "asked" in request.args:
        form.asked.data = request.args["asked"]
    if form.validate_on_submit():
        with refusals_on(form):
            about = _company_asked(form)
            if about.candidates:
                asked = clearance.clean_question(form.question)
                return go(".choose", asked=asked, permit_kind=form.permit_kind.data or None)
            if only_reads():
                return _not_kept(form, about)
            made = commands.make_check(
                form.question,
                about.company,
                by=signed_in(),
                permit_kind=form.permit_kind.data,
            )
            return go(".receipt", receipt=made.receipt)
        if choice := _choice(form, form.among.data or ""):
            return choice
    return show("licensing/check.html", form, **_kinds(form))


def _not_kept(form: CheckForm, about: CompanyAsked) -> Response:
    """The answer of this moment, while nothing may be written: it has no receipt, and the page says so."""
    answer = queries.answer_not_kept(
        form.question, about.company, by=signed_in(), permit_kind=form.permit_kind.data
    )
    return show(
        "licensing/not_kept.html",
        answer=answer,
        asked=clearance.clean_question(form.question),
        levels=LEVELS,
        numbers=clearance.shown_numbers(answer.company) if answer.company else [],
        twins=clearance.twins_of(answer.company) if answer.company else [],
        answered_at=clock.now(),
        **_kinds(form),
    )


def _kinds(form: CheckForm) -> dict[str, Any]:
    """The kinds of permit that the reader's office keeps, and the one that was chosen."""
    return {"kinds": permit_kinds_of(signed_in().office_id), "chosen_kind": form.permit_kind.data}


def _company_asked(form: CheckForm) -> CompanyAsked:
    """The company that was chosen from a list, or the one that the question is about. Raises Invalid."""
    if form.none.data:
        return clearance.nobody_asked(form.question, near=signed_in().region_code)
    if form.chosen_id is not None:
        return CompanyAsked(load_company(signed_in(), form.chosen_id))
    return clearance.find_company_asked(form.question, near=signed_in().region_code)


@blueprint.get("/check/choose")
def choose() -> Response:
    """Several companies fit, or one is only nearly named: the officer chooses."""
    require(signed_in(), "check.make")
    form = CheckForm(formdata=None, data={"permit_kind": request.args.get("permit_kind", "")})
    return _choice(form, request.args.get("asked", "")) or go(".check")


def _choice(form: CheckForm, question: str) -> Response | None:
    """The page that lists the companies that `question` may mean; None when there is nothing to choose."""
    try:
        about = clearance.find_company_asked(question, near=signed_in().region_code)
    except Invalid:
        return None
    if not about.candidates:
        return None
    return show(
        "licensing/choose.html",
        form,
        about=about,
        question=clearance.clean_question(question),
        **_kinds(form),
    )


@blueprint.get("/check/history")
def history() -> Response:
    """The checks that one may see, the newest first."""
    by, wanted, size = signed_in(), _checks_wanted(), page_size()
    checks = queries.checks_of(by, wanted, after=request.args.get("after"), limit=size + 1)
    page = keyset(checks, size=size, cursor=queries.NEWEST_CHECK_FIRST.cursor)
    return show(
        "licensing/history.html",
        page=page,
        wanted=wanted,
        decisions=DECISIONS,
        word_of=word_of,
        decide_by=decide_by,
        today=today(),
        everybody=scope(by, "check.read") == "all",
    )


@blueprint.get("/check/history.csv")
def history_file() -> Response:
    """The history as a file, all of it."""
    by = signed_in()
    require(by, "list.export")
    name = say("{id}", id="riwayat-cek", en="checks")
    return csv_file(name, today(), CHECK_COLUMNS, queries.checks_for_file(by, _checks_wanted()))


def _checks_wanted() -> CheckFilter:
    """The checks that the address asks for."""
    return CheckFilter(
        q=(clean_line(request.args.get("q")) or "")[: clearance.LONGEST_ASKED] or None,
        decided={"yes": True, "no": False}.get(request.args.get("decided", "")),
    )


@blueprint.get("/check/<receipt>")
def receipt(receipt: str) -> Response:
    check = queries.load_check(signed_in(), receipt)
    return _receipt("licensing/receipt.html", check, DecisionForm.on(check))


@blueprint.get("/check/<receipt>/print")
def print_receipt(receipt: str) -> Response:
    return _receipt("licensing/print.html", queries.load_check(signed_in(), receipt))


def _receipt(template: str, check: LicenceCheck, form: DecisionForm | None = None) -> Response:
    """The answer as it was given, whatever has changed since."""
    by, answer = signed_in(), Answer.restored(check.answer)
    case_ids = [case.id for case in answer.cases] if may(by, "case.ask") else []
    code = shown_code(check.code)
    return show(
        template,
        form,
        check=check,
        answer=answer,
        decisions=DECISIONS,
        levels=LEVELS,
        code=code,
        qr=qr,
        kinds=permit_kinds_of(by.office_id) if form else (),
        numbers=clearance.shown_numbers(answer.company) if answer.company else [],
        twins=clearance.twins_of(answer.company) if answer.company and form else [],
        office_name=office_settings().office_name,
        questions=questions_on(case_ids, by) if case_ids else [],
        address=current_app.config["PATUH_BASE_URL"] + url_for("verify.show", code=code),
    )


@blueprint.post("/check/<receipt>/decision")
def decide(receipt: str) -> Response:
    """Say what became of the application after the check."""
    check = queries.load_check(signed_in(), receipt, action="check.decide", for_update=True)
    form = DecisionForm.on(check)
    form.validate()
    decision = form.decision.data or ""
    with refusals_on(form):
        commands.decide_check(
            check,
            by=signed_in(),
            decision=decision,
            application=form.application.data,
            note=form.note.data,
        )
        return done(
            say("Keputusan dicatat. {decision}.", decision=DECISIONS[decision]),
            ".receipt",
            receipt=receipt,
        )
    return _receipt("licensing/receipt.html", check, form)
