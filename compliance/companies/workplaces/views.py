"""Pages of a company's workplaces: add one, change it, take it away."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField, TextAreaField

from compliance.companies.forms import regencies_to_choose, shown_district
from compliance.companies.models import Company
from compliance.companies.queries import load_company
from compliance.companies.workplaces.commands import (
    WorkplaceFacts,
    add_workplace,
    change_workplace,
    remove_workplace,
)
from compliance.companies.workplaces.queries import load_workplace
from compliance.core.text import Text, say
from compliance.people.sessions import signed_in
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import CountField, Form

blueprint = Blueprint("workplaces", __name__)


class WorkplaceForm(Form):
    """What is typed about a workplace."""

    name = StringField()
    region_code = SelectField(choices=[], validate_choice=False)
    district_code = StringField()
    address = TextAreaField()
    workers_total = CountField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region_code.choices = regencies_to_choose(say("Pilih kabupaten atau kota"))

    def facts(self) -> WorkplaceFacts:
        return WorkplaceFacts(
            self.name.data or "",
            self.region_code.data or "",
            self.district_code.data,
            self.address.data or "",
            self.workers_total.data,
        )


@blueprint.route("/companies/<int:id>/workplaces/new", methods=["GET", "POST"])
def new(id: int) -> Response:
    """A further workplace of the company."""
    company = _company(id)
    form = WorkplaceForm(data={"region_code": company.region_code})
    if form.validate_on_submit():
        with refusals_on(form):
            added = add_workplace(company, form.facts(), by=signed_in())
            return _done(company, say("{name} ditambahkan.", name=added.name))
    return show("companies/workplace.html", form, company=company, name=None)


@blueprint.route("/companies/<int:id>/workplaces/<int:workplace_id>", methods=["GET", "POST"])
def edit(id: int, workplace_id: int) -> Response:
    """Change a workplace, or take it away."""
    company = _company(id)
    workplace = load_workplace(company, workplace_id)
    known = {fact.name: getattr(workplace, fact.name) for fact in fields(WorkplaceFacts)}
    known["district_code"] = shown_district(workplace.district_code)
    form = WorkplaceForm(data=known)
    if request.method == "POST" and request.form.get("choice") == "remove":
        remove_workplace(company, workplace, by=signed_in())
        return _done(company, say("{name} dihapus.", name=workplace.name))
    if form.validate_on_submit():
        with refusals_on(form):
            change_workplace(company, workplace, form.facts(), by=signed_in())
            return _done(company, say("Perubahan disimpan."))
    return show("companies/workplace.html", form, company=company, name=workplace.name)


def _company(id: int) -> Company:
    return load_company(
        signed_in(), id, action="company.write", for_update=request.method == "POST"
    )


def _done(company: Company, sentence: Text) -> Response:
    return done(sentence, "companies.show", id=company.id, _anchor="workplaces")
