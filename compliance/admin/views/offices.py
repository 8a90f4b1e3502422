"""Admin pages about offices: what they are called, on which regulation they act, how they are reached."""

from __future__ import annotations

from flask import Response

from compliance.admin import queries as queries
from compliance.admin.forms import OfficeForm, PermitKindForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.events import Subject, expect_nothing_since, last_id
from compliance.core.text import say
from compliance.office.commands import change_office, drop_permit_kind, keep_permit_kind
from compliance.office.queries import permit_kinds_of
from compliance.office.setting_names import DAY_TYPES
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
                membership_basis=form.membership_basis.data,
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


@blueprint.route("/offices/<code>/permits", methods=["GET", "POST"])
def permits(code: str) -> Response:
    """The kinds of permit that a licensing office issues, each with the time that its own rule gives."""
    by = signed_in()
    office, form = queries.load_office(by, code), PermitKindForm()
    if form.validate_on_submit():
        with refusals_on(form):
            keep_permit_kind(
                office,
                by=by,
                name=form.name.data or "",
                days=form.days.data,
                day_type=form.day_type.data or "",
                legal_basis=form.legal_basis.data,
            )
            return done(say("Jenis izin disimpan."), ".permits", code=code)
    return show(
        "admin/permits.html",
        form,
        office=office,
        kinds=permit_kinds_of(office.id),
        day_types=DAY_TYPES,
    )


@blueprint.post("/offices/<code>/permits/<int:id>/drop")
def drop_permit(code: str, id: int) -> Response:
    by = signed_in()
    drop_permit_kind(queries.load_office(by, code), kind_id=id, by=by)
    return done(say("Jenis izin dihapus dari daftar."), ".permits", code=code)
