"""Admin pages about people: who works with Patuh, in which role, with which sessions and tokens.

An admin never sees a password or a token: people set the one with a link from their mailbox, and make the
other on their account page.
"""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, request

from compliance.admin import queries as queries
from compliance.admin.failures import meaning_of
from compliance.admin.forms import NewUserForm, UserForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.events import Subject, expect_nothing_since, last_id
from compliance.core.text import say
from compliance.letters.rules import nip_doubt
from compliance.people.commands import accounts
from compliance.people.commands import users as commands
from compliance.people.commands.access import end_other_sessions
from compliance.people.commands.resets import send_link
from compliance.people.models import User
from compliance.people.queries import address_settles_at, link_mail, live_tokens_of, load_user
from compliance.people.readings.queries import lists_saved_by
from compliance.people.sessions import (
    asks_again,
    asks_again_to_write,
    signed_in,
    this_sign_in,
)
from compliance.policy import ROLES, require
from compliance.web.answering import done, go, refusals_on, show, tell
from compliance.web.pages import keyset, page_size

CASES_SHOWN = 20
"""How many open cases are named before somebody leaves them behind; the rest are counted."""


@blueprint.get("")
def front() -> Response:
    return go("admin.users")


@blueprint.get("/users")
def users() -> Response:
    typed, role, size = request.args.get("q", ""), request.args.get("role", ""), page_size()
    rows = queries.list_users(
        signed_in(), typed=typed, role=role, after=request.args.get("after"), size=size
    )
    page = keyset(rows, size=size, cursor=queries.USERS_BY_NAME.cursor)
    return show("admin/users.html", page=page, roles=ROLES, typed=typed, role=role)


@blueprint.route("/users/new", methods=["GET", "POST"])
@asks_again
def new_user() -> Response:
    by = signed_in()
    require(by, "user.manage")
    asked = {name: request.args.get(name, "") for name in ("role", "office")}
    form = NewUserForm(queries.offices(), data=asked)
    if form.validate_on_submit():
        with refusals_on(form):
            user = commands.add_user(
                by=by,
                email=form.email.data or "",
                name=form.name.data or "",
                role=form.role.data or "",
                office=form.chosen_office,
                phone=form.phone.data,
                language=form.language.data or "id",
            )
            return _link_sent(user, send_link(user, by=by))
    return show("admin/user_new.html", form)


@blueprint.route("/users/<int:id>", methods=["GET", "POST"])
@asks_again_to_write
def user(id: int) -> Response:
    by = signed_in()
    user, subject = load_user(by, id), Subject("user", id)
    form = UserForm(queries.offices(), user, data={"version": last_id("user.changed", subject)})
    if form.validate_on_submit():
        expect_nothing_since(form.seen_version, "user.changed", subject)
        if not form.sure.data and (page := _cases_left_behind(user, form)):
            return page
        with refusals_on(form):
            commands.change_user(
                user,
                by=by,
                name=form.name.data or "",
                role=form.role.data or "",
                office=form.chosen_office,
                phone=form.phone.data,
                active=form.active.data,
                email=form.email.data,
            )
            commands.change_titles(
                user,
                by=by,
                nip=form.nip.data,
                rank=form.rank.data,
                position=form.position.data,
            )
            if doubt := nip_doubt(user.nip):
                tell(doubt, "caution")
            return done(say("Data {name} disimpan.", name=user.name), "admin.user", id=id)
    return show(
        "admin/user.html",
        form,
        user=user,
        tokens=live_tokens_of(user),
        saved=lists_saved_by(id, by=by),
        standing=queries.standing_of(user),
        mail=link_mail(user),
        settles_at=address_settles_at(user),
        mail_leaves=bool(current_app.config["MAIL_URL"]),
        meaning_of=meaning_of,
    )


def _cases_left_behind(user: User, form: UserForm) -> Response | None:
    """What the change leaves behind, to be seen before it is made; None when it leaves nothing."""
    stays = form.active.data and form.role.data in queries.HOLDERS
    standing = queries.standing_of(user)
    if stays or not standing.open_cases or user.id == signed_in().id:
        return None
    cases = queries.open_cases_of(user, limit=CASES_SHOWN)
    return show("admin/user_leaving.html", form, user=user, standing=standing, cases=cases)


@blueprint.post("/users/<int:id>/link")
@asks_again
def send_user_link(id: int) -> Response:
    """Mail the person a link by which they set their password."""
    by = signed_in()
    user = load_user(by, id)
    return _link_sent(user, send_link(user, by=by))


def _link_sent(user: User, until: datetime) -> Response:
    """The page of the person, which says what became of the mail."""
    sentence = say(
        "Surel untuk {name} dibuat. Tautannya berlaku satu kali, sampai {until}.",
        name=user.name,
        until=until,
    )
    return done(sentence, "admin.user", id=user.id)


@blueprint.post("/users/<int:id>/sign-out")
@asks_again
def sign_out_user(id: int) -> Response:
    by = signed_in()
    user = load_user(by, id)
    end_other_sessions(user, by=by, keep=this_sign_in() if user.id == by.id else None)
    return done(say("Semua sesi {name} diakhiri.", name=user.name), "admin.user", id=id)


@blueprint.post("/tokens/<int:id>/revoke")
@asks_again
def revoke_token(id: int) -> Response:
    by = signed_in()
    token = queries.load_token(by, id)
    accounts.revoke_token(token, by=by)
    return done(say("Token {label} dicabut.", label=token.label), "admin.user", id=token.user_id)
