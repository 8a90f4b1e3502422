"""Pages of escalations: those that wait and those answered, and the answer to one."""

from __future__ import annotations

from flask import Blueprint, Response

from compliance.cases.commands.team import answer_escalation
from compliance.cases.forms import ReasonForm
from compliance.cases.views import case_for_step, step_page
from compliance.core.text import Text, say
from compliance.office.settings import today
from compliance.people.sessions import signed_in
from compliance.team.escalations import queries
from compliance.web.answering import show

blueprint = Blueprint("escalations", __name__)


@blueprint.get("/escalations")
def index() -> Response:
    """What was asked of the supervisors, and what they answered."""
    by = signed_in()
    return show(
        "team/escalations.html",
        waiting=queries.open_escalations(by),
        answered=queries.answered_escalations(by),
        today=today(),
    )


@blueprint.route("/cases/<number>/escalation", methods=["GET", "POST"])
def answer(number: str) -> Response:
    """Answer one; the answer closes it."""
    case, form = case_for_step("escalation", number), ReasonForm()
    asked = case.open_escalation

    def act() -> Text:
        answer_escalation(case, by=signed_in(), answer=form.reason.data or "")
        return say("Jawaban dikirim dan eskalasi ditutup.")

    return step_page("escalation", case, form, act, asked=asked)
