"""Pages on which a licensing officer asks the inspector, and on which the inspector answers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.cases.models import Case
from compliance.cases.queries import load_case, questions_on
from compliance.core.errors import Invalid, NotFound
from compliance.licensing import commands, queries
from compliance.licensing.forms import AnswerForm, QuestionForm
from compliance.people.sessions import signed_in
from compliance.policy import require

blueprint = Blueprint("questions", __name__)


@blueprint.route("/check/<receipt>/ask/<number>", methods=["GET", "POST"])
def ask_from_receipt(receipt: str, number: str) -> ResponseReturnValue:
    """About a case that the asker's own receipt names, wherever its company lies."""
    require(signed_in(), "case.ask")
    check = queries.load_check(signed_in(), receipt)
    named = next((each["id"] for each in check.answer["cases"] if each["number"] == number), None)
    return _ask(named, page=url_for("licensing.receipt", receipt=receipt))


@blueprint.route("/flags/<int:id>/ask", methods=["GET", "POST"])
def ask_from_flag(id: int) -> ResponseReturnValue:
    """About the case behind a flag."""
    require(signed_in(), "case.ask")
    return _ask(queries.load_flag(signed_in(), id).case_id, page=url_for("licensing.flag", id=id))


def _ask(case_id: int | None, *, page: str) -> ResponseReturnValue:
    case = queries.load_case_to_ask(case_id, for_update=request.method == "POST")
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            commands.ask_inspector(case, by=signed_in(), question=form.question.data or "", page=page)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(
                _(
                    "Pertanyaan dikirim ke %(name)s. Jawabannya akan masuk ke kotak pesan Anda.",
                    name=case.inspector.name,
                )
            )
            return redirect(page, 303)
    shown = render_template("licensing/ask.html", case=case, form=form, back=page)
    return shown, 422 if form.is_submitted() else 200


@blueprint.route("/cases/<number>/questions/<int:id>", methods=["GET", "POST"])
def answer(number: str, id: int) -> ResponseReturnValue:
    """A question from a counter, and the box for its answer."""
    case = _case_to_answer(number)
    found = next((each for each in questions_on([case.id], signed_in()) if each.id == id), None)
    if found is None:
        raise NotFound()
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            commands.answer_question(case, question_id=id, by=signed_in(), answer=form.answer.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Jawaban dikirim ke %(name)s.", name=found.asked.actor_name))
            return redirect(url_for("cases.show", number=number), 303)
    shown = render_template("licensing/answer.html", case=case, question=found, form=form)
    return shown, 422 if form.is_submitted() else 200


def _case_to_answer(number: str) -> Case:
    return load_case(signed_in(), number=number, action="case.answer", for_update=request.method == "POST")
