"""Pages on which somebody records that a company closed, went bankrupt or moved, and revokes it."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from compliance.companies.circumstances.commands import record_circumstance, revoke_circumstance
from compliance.companies.circumstances.forms import CircumstanceForm, RevokeForm
from compliance.companies.circumstances.queries import load_circumstance, load_company_to_change
from compliance.companies.circumstances.rules import CIRCUMSTANCES
from compliance.companies.models import Company
from compliance.companies.queries import expect_company_version
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.people.sessions import signed_in
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import read_day
from compliance.web.pages import own_page

blueprint = Blueprint("circumstances", __name__)


def _company(id: int) -> Company:
    return load_company_to_change(signed_in(), id, for_update=request.method == "POST")


def _back(company: Company) -> str:
    """The page that sent us here, else the company's."""
    return own_page(request.args.get("next")) or url_for("companies.show", id=company.id)


@blueprint.route("/companies/<int:id>/circumstance", methods=["GET", "POST"])
def new(id: int) -> Response:
    """The company closed, went bankrupt or moved; a visit that met nobody leads here."""
    company = _company(id)
    kind = request.args.get("kind")
    asked = {
        "kind": kind if kind in CIRCUMSTANCES else None,
        "since_on": read_day(request.args.get("since", "")),
        "version": str(company.version),
    }
    form = CircumstanceForm(data=asked)
    if form.is_submitted():
        expect_company_version(company, form.seen_version)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            made = record_circumstance(company, form.facts(), by=signed_in())
            sentence = say("Dicatat: {what}.", what=made.said)
            return done(sentence, _back(company))
    return show("companies/circumstance.html", form, company=company, back=_back(company))


@blueprint.route("/companies/<int:id>/circumstances/<int:circumstance_id>", methods=["GET", "POST"])
def revoke(id: int, circumstance_id: int) -> Response:
    """It was a mistake, or is over."""
    company = _company(id)
    circumstance, form = load_circumstance(company, circumstance_id), RevokeForm()
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            revoke_circumstance(
                circumstance, company=company, by=signed_in(), reason=form.reason.data
            )
            return done(say("Dibatalkan: {what}.", what=circumstance.said), _back(company))
    return show(
        "companies/circumstance_revoke.html",
        form,
        company=company,
        circumstance=circumstance,
        back=_back(company),
    )
