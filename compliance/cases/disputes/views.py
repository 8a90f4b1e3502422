"""Pages on which a dispute about a case is recorded, followed and ended."""

from __future__ import annotations

from flask import Blueprint, Response, request

from compliance.cases.disputes.commands import change_dispute, record_dispute
from compliance.cases.disputes.forms import DisputeChangeForm, DisputeForm
from compliance.cases.disputes.models import DISPUTE_KINDS
from compliance.cases.disputes.queries import load_dispute
from compliance.cases.models import Case
from compliance.cases.queries import load_case
from compliance.core.text import say
from compliance.people.sessions import signed_in
from compliance.web.answering import done, refusals_on, show

blueprint = Blueprint("disputes", __name__)


def _case(number: str) -> Case:
    locked = request.method == "POST"
    return load_case(signed_in(), number=number, action="case.dispute", for_update=locked)


@blueprint.route("/cases/<number>/dispute", methods=["GET", "POST"])
def new(number: str) -> Response:
    """The company objects, appeals or sues."""
    case, form = _case(number), DisputeForm()
    if form.validate_on_submit():
        with refusals_on(form):
            record_dispute(
                case,
                by=signed_in(),
                kind=form.kind.data or "",
                filed_on=form.filed_on.data,
                number=form.number.data,
                stage=form.stage.data,
            )
            return done(
                say("Sengketa dicatat. Kantor perizinan membacanya pada cek."),
                "cases.show",
                number=number,
            )
    return show("cases/dispute.html", form, case=case)


@blueprint.route("/cases/<number>/disputes/<int:id>", methods=["GET", "POST"])
def change(number: str, id: int) -> Response:
    """Where a dispute stands, or how it ended."""
    case = _case(number)
    dispute, form = load_dispute(case, id), DisputeChangeForm()
    if not form.is_submitted():
        form.stage.data = dispute.stage
    if form.validate_on_submit():
        with refusals_on(form):
            change_dispute(
                dispute,
                case=case,
                by=signed_in(),
                stage=form.stage.data,
                outcome=form.outcome.data,
                ended_on=form.ended_on.data,
            )
            return done(say("Keadaan sengketa dicatat."), "cases.show", number=number)
    return show("cases/dispute_change.html", form, case=case, dispute=dispute, kinds=DISPUTE_KINDS)
