"""Admin pages about offices: what they are called, on which regulation they act, how they are reached."""

from __future__ import annotations

from flask import Response

from compliance.admin import queries as queries
from compliance.admin.forms import OfficeForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.events import Subject, expect_nothing_since, last_id
from compliance.core.text import say
from compliance.office.commands import change_office
from compliance.people.sessions import signed_in
from compliance.reference.regions import find_region
from compliance.web.answering import done, refusals_on, show


@blueprint.get("/offices")
def offices() -> Response:
    return show("admin/offices.html", offices=queries.list_offices(signed_in()))


@blueprint.route("/offices/<code>", methods=["GET", "POST"])
def office(code: str) -> Response:
    by = signed_in()
    office, subject = queries.load_office(by, code), Subject("office", code)
    form = OfficeForm(obj=office, data={"version": last_id("office.changed", subject)})
    if form.validate_on_submit():
        expect_nothing_since(form.seen_version, "office.changed", subject)
        with refusals_on(form):
            change_office(
                office,
                by=by,
                name=form.name.data,
                legal_basis=form.legal_basis.data,
                address=form.address.data,
                phone=form.phone.data,
                email=form.email.data,
            )
            return done(say("Data {name} disimpan.", name=office.name), "admin.offices")
    people = queries.active_people_in(office)
    return show(
        "admin/office.html",
        form,
        office=office,
        region=find_region(office.region_code),
        people=people,
    )
