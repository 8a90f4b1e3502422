"""The pages of the first start. While nobody works here every page leads to them; afterwards they lead to the
sign-in page. The code is printed where the server was started, when somebody first opens them.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

import click
from flask import Blueprint, Flask, Response, current_app, g, redirect, request, session, url_for
from werkzeug.datastructures import FileStorage

from compliance.admin import queries
from compliance.admin.commands.setup import LARGEST_LIST, Newcomer, read_people
from compliance.admin.first_start import commands
from compliance.admin.first_start.forms import (
    DECIDED_FIRST,
    CodeForm,
    FirstPeopleForm,
    FirstSettingsForm,
    ProvinceForm,
    offices_form,
)
from compliance.admin.first_start.rules import code_of
from compliance.core.calendar import national_days_off
from compliance.core.errors import Invalid
from compliance.core.text import say
from compliance.licensing.codes import shown_code
from compliance.office.settings import served_province, today
from compliance.people.commands.access import TooOften
from compliance.reference.regions import find_region
from compliance.web.addresses import came_from
from compliance.web.answering import done, go, refusals_on, show
from compliance.web.errors import for_program
from compliance.web.uploads import takes_file

blueprint = Blueprint("first_start", __name__, url_prefix="/setup")
FIRST_STEPS = {
    "first_start.province": say("Provinsi"),
    "first_start.offices": say("{id}", id="Kantor", en="Offices"),
    "first_start.settings": say("Surat, nomor, dan kalender"),
    "first_start.people": say("Orang pertama"),
}
ALSO_OPEN = (
    "people.choose_language",
    "people.accessibility",
    "offline.offline",
    "offline.worker",
    "health.healthz",
    "health.readyz",
    "health.beatz",
    "metrics.show",
    "assets.serve",
)
BEGUN, ENTERED, PRINTED = "patuh_begun", "first_start", "patuh_first_code_printed"


def install(app: Flask) -> None:
    """While nobody works here, lead every page to the first one."""
    app.before_request(_lead_here)
    app.jinja_env.globals.update(first_steps=FIRST_STEPS)


def _lead_here() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or for_program() or endpoint in ALSO_OPEN or _begun():
        return None
    if endpoint.startswith("first_start."):
        return None
    return current_app.make_response(redirect(url_for("first_start.code"), 303))


def _begun() -> bool:
    """Whether somebody works here: asked once a request until it is so, and never again."""
    if current_app.extensions.get(BEGUN):
        return True
    if "begun" not in g:
        g.begun = current_app.extensions[BEGUN] = commands.somebody_works_here()
    return bool(g.begun)


def _code() -> str:
    return code_of(str(current_app.secret_key))


def _print_code() -> None:
    """Print the code where the server was started, once a process."""
    if not current_app.extensions.get(PRINTED):
        current_app.extensions[PRINTED] = True
        address = current_app.config["PATUH_BASE_URL"]
        code = shown_code(_code())
        click.echo(
            f"\nPatuh: nobody works here yet. {address}/setup opens with the code {code}\n",
            err=True,
        )


def _behind_the_code(view: Any) -> Any:
    """A page for whoever entered the code, while nobody works here."""

    @wraps(view)
    def ask(*args: Any, **kwargs: Any) -> Response:
        if _begun():
            return go("people.login")
        if session.get(ENTERED) != _code():
            return go("first_start.code")
        answer: Response = view(*args, **kwargs)
        return answer

    return ask


@blueprint.route("", methods=["GET", "POST"])
def code() -> Response:
    """The code that the server printed."""
    if _begun():
        session.pop(ENTERED, None)
        return go("people.login")
    _print_code()
    if session.get(ENTERED) == _code():
        return go(".province")
    form = CodeForm()
    if form.validate_on_submit():
        with refusals_on(form, TooOften):
            commands.enter_code(form.code.data or "", code=_code(), came_from=came_from())
            session[ENTERED] = _code()
            return go(".province")
    return show("admin/first_start/code.html", form)


@blueprint.route("/province", methods=["GET", "POST"])
@_behind_the_code
def province() -> Response:
    """Which province this installation serves."""
    form = ProvinceForm(data={"province": commands.province_so_far()})
    if form.validate_on_submit():
        with refusals_on(form):
            commands.choose_province(form.province.data or "")
            return go(".offices")
    return show("admin/first_start/province.html", form)


@blueprint.route("/offices", methods=["GET", "POST"])
@_behind_the_code
def offices() -> Response:
    """What the offices call themselves."""
    listed = [each for each in queries.offices() if served_province().has_region(each.region_code)]
    form = offices_form(listed)
    fields = {office.code: form[f"office_{at}"] for at, office in enumerate(listed)}
    if form.validate_on_submit():
        names = {code: field.data or "" for code, field in fields.items()}
        contact = {name: form[name].data for name in ("address", "phone", "email")}
        with refusals_on(form):
            try:
                commands.name_offices(names, contact=contact)
            except Invalid as refusal:
                places = {code: field.short_name for code, field in fields.items()}
                told = {places.get(name, name): why for name, why in refusal.errors.items()}
                raise Invalid(told) from None
            return go(".settings")
    return show(
        "admin/first_start/offices.html", form, offices=listed, fields=fields, region_of=find_region
    )


@blueprint.route("/settings", methods=["GET", "POST"])
@_behind_the_code
def settings() -> Response:
    """The zone, the lines of letters, the patterns of numbers, and days off of its own."""
    form = FirstSettingsForm()
    if form.validate_on_submit():
        with refusals_on(form):
            values = {name: form[name].data for name in DECIDED_FIRST}
            commands.decide_first(values, days_off=form.days_off.data or "")
            return go(".people")
    year = today().year
    return show("admin/first_start/settings.html", form, year=year, days=national_days_off([year]))


@blueprint.route("/people", methods=["GET", "POST"])
@takes_file(largest=LARGEST_LIST)
@_behind_the_code
def people() -> Response:
    """The first admin, and a list of the first people."""
    form = FirstPeopleForm()
    if form.validate_on_submit():
        with refusals_on(form):
            if form.password.data != form.again.data:
                raise Invalid({"again": say("Kedua kata sandi tidak sama.")})
            commands.add_first_people(
                name=form.name.data or "",
                email=form.email.data or "",
                password=form.password.data or "",
                people=_listed(form.people.data),
            )
            session.pop(ENTERED, None)
            return done(say("Patuh siap dipakai. Masuk dengan akun admin tadi."), "people.login")
    return show("admin/first_start/people.html", form)


def _listed(file: FileStorage | None) -> list[Newcomer]:
    """The people of the csv that was sent. Raises Invalid."""
    if file is None or not file.filename:
        return []
    try:
        return read_people(file.read(), served_province())
    except Invalid as refusal:
        raise Invalid({"people": next(iter(refusal.errors.values()))}) from None
