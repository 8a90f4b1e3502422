"""Pages on which a licensing officer asks the inspector, and on which the inspector answers."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from compliance.cases.models import Case
from compliance.cases.queries import load_case, questions_on
from compliance.core.errors import NotFound
from compliance.core.text import say
from compliance.licensing import commands, queries
from compliance.licensing.checks.queries import load_check
from compliance.licensing.forms import AnswerForm, QuestionForm
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, refusals_on, show

blueprint = Blueprint("questions", __name__)


@blueprint.route("/check/<receipt>/ask/<number>", methods=["GET", "POST"])
def ask_from_receipt(receipt: str, number: str) -> Response:
    """About a case that the asker's own receipt names, wherever its company lies."""
    require(signed_in(), "case.ask")
    check = load_check(signed_in(), receipt)
    named = next((case["id"] for case in check.answer["cases"] if case["number"] == number), None)
    return _ask(named, page=url_for("licensing.receipt", receipt=receipt))


@blueprint.route("/flags/<int:id>/ask", methods=["GET", "POST"])
def ask_from_flag(id: int) -> Response:
    """About the case behind a flag."""
    require(signed_in(), "case.ask")
    return _ask(queries.load_flag(signed_in(), id).case_id, page=url_for("licensing.flag", id=id))


def _ask(case_id: int | None, *, page: str) -> Response:
    case = queries.load_case_to_ask(case_id, for_update=request.method == "POST")
    form = QuestionForm()
    if form.validate_on_submit():
        with refusals_on(form):
            commands.ask_inspector(
                case, by=signed_in(), question=form.question.data or "", page=page
            )
            sentence = say(
                "Pertanyaan dikirim ke {name}. Jawabannya akan masuk ke kotak pesan Anda.",
                name=case.inspector.name,
            )
            return done(sentence, page)
    return show("licensing/ask.html", form, case=case, back=page)


@blueprint.route("/cases/<number>/questions/<int:id>", methods=["GET", "POST"])
def answer(number: str, id: int) -> Response:
    """A question from a counter, and the box for its answer."""
    case = _case_to_answer(number)
    question = next((one for one in questions_on([case.id], signed_in()) if one.id == id), None)
    if question is None:
        raise NotFound()
    form = AnswerForm()
    if form.validate_on_submit():
        with refusals_on(form):
            commands.answer_question(
                case, question_id=id, by=signed_in(), answer=form.answer.data or ""
            )
            sentence = say("Jawaban dikirim ke {name}.", name=question.asked.actor_name)
            return done(sentence, "cases.show", number=number)
    return show("licensing/answer.html", form, case=case, question=question)


def _case_to_answer(number: str) -> Case:
    return load_case(
        signed_in(), number=number, action="case.answer", for_update=request.method == "POST"
    )
