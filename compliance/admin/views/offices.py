"""Admin pages about offices: what they are called, on which regulation they act, how they are reached."""

from __future__ import annotations

from flask import Response

from compliance.admin import queries as queries
from compliance.admin.forms import OfficeEndForm, OfficeForm, PermitKindForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, expect_nothing_since, last_id
from compliance.core.text import Text, say
from compliance.office.commands import change_office, drop_permit_kind, keep_permit_kind
from compliance.office.models import Office
from compliance.office.queries import kept_office, permit_kinds_of
from compliance.office.setting_names import DAY_TYPES
from compliance.office.settings import today
from compliance.office.succession.commands import end_office, end_problems, keep_office, no_end
from compliance.office.succession.queries import ended_office, may_follow
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
        successor=kept_office(office.successor_id),
        ended=ended_office(office.id) if office.has_ended else None,
    )


@blueprint.route("/offices/<code>/end", methods=["GET", "POST"])
def end(code: str) -> Response:
    """An office closes, merges into another or takes another name: first what follows is shown."""
    by = signed_in()
    office, form = queries.load_office(by, code), OfficeEndForm()
    if (refusal := no_end(office)) is not None:
        raise Refusal(refusal)
    form.offer(may_follow(office))
    if form.validate_on_submit():
        with refusals_on(form):
            if problems := end_problems(office, **form.typed):
                raise Invalid(problems)
            successor = form.typed["successor"]
            if not form.confirmed.data:
                follows = queries.what_ends(office, successor)
                return show(
                    "admin/office_end_confirm.html",
                    form,
                    office=office,
                    successor=successor,
                    follows=follows,
                    today=today(),
                )
            if form.confirmed.data != "no":
                end_office(office, by=by, **form.typed)
                return done(_said_of(office), "admin.offices")
    return show("admin/office_end.html", form, office=office)


def _said_of(office: Office) -> Text:
    if office.has_ended:
        return say("{name} berakhir; tugas dan petugasnya sudah berpindah.", name=office.name)
    return say(
        "{name} berakhir {day}. Kedua kantor diberi tahu.", name=office.name, day=office.ended_on
    )


@blueprint.post("/offices/<code>/keep")
def keep(code: str) -> Response:
    """The office does not end after all."""
    by = signed_in()
    office = queries.load_office(by, code)
    keep_office(office, by=by)
    return done(say("{name} tidak jadi berakhir.", name=office.name), ".office", code=code)


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
