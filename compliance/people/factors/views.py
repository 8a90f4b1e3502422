"""Pages of the second factor: at sign-in, before an act of weight, and on the account page."""

from __future__ import annotations

from flask import Blueprint, Response, request

from compliance.core.errors import Invalid
from compliance.core.text import Text, say
from compliance.people.commands.access import TooOften
from compliance.people.commands.accounts import confirm_password
from compliance.people.factors import commands, passkeys, queries
from compliance.people.factors.forms import (
    AppForm,
    PasskeyForm,
    PasswordAgainForm,
    ProofForm,
    SecondFactorForm,
)
from compliance.people.factors.proving import (
    carry_secret,
    new_challenge,
    passkey_options,
    passkeys_of,
    prove,
    read_challenge,
    read_secret,
    this_site,
)
from compliance.people.factors.rules import FACTOR_KINDS, app_address, new_app_secret
from compliance.people.models import SignIn, User
from compliance.people.rules import device_name
from compliance.people.sessions import (
    COOKIE,
    after_sign_in,
    asks_again,
    forget_session,
    remember,
    remember_device,
    remember_without_factor,
    signed_in,
    this_sign_in,
)
from compliance.web.answering import done, go, refusals_on, show
from compliance.web.pages import own_page
from compliance.web.qr import qr
from compliance.web.security import cookie_name
from compliance.web.security_log import note_refusal

blueprint = Blueprint("factors", __name__)


@blueprint.route("/login/second", methods=["GET", "POST"])
def second() -> Response:
    """The second step of signing in: the password was right."""
    waiting = queries.waiting_sign_in(request.cookies.get(cookie_name(COOKIE), ""))
    if waiting is None:
        return done(
            say("Masuk sekali lagi: langkah kedua menunggu paling lama sepuluh menit."),
            "people.login",
            next=own_page(request.args.get("next")),
        )
    form = SecondFactorForm()
    if form.validate_on_submit() and _proved(form, waiting, waiting.user):
        session, secret, remembered = commands.finish_sign_in(waiting, remember=form.remember.data)
        response = after_sign_in(session.user.role)
        remember(response, secret)
        remember_device(response, session.user)
        if remembered is not None:
            remember_without_factor(response, session.user, remembered)
        return response
    return _proof_page("people/factors/second.html", form, waiting, waiting.user)


@blueprint.post("/login/second/cancel")
def cancel() -> Response:
    """Back to the beginning, as another person or with another password."""
    response = go("people.login")
    forget_session(response)
    return response


@blueprint.route("/account/confirm", methods=["GET", "POST"])
def confirm() -> Response:
    """Prove once more who one is, before an act of weight."""
    user, session = signed_in(), this_sign_in()
    on = own_page(request.args.get("next")) or "/account"
    if user.factor_since is None:
        asked = PasswordAgainForm()
        if asked.validate_on_submit():
            with refusals_on(asked):
                confirm_password(user, by=user, current=asked.current.data or "")
                commands.confirm_session(session, by=user)
                return go(on)
            note_refusal("password.wrong")
        return show("people/factors/confirm.html", asked, options="", by_password=True)
    form = ProofForm()
    if form.validate_on_submit() and _proved(form, session, user):
        commands.confirm_session(session, by=user)
        return go(on)
    return _proof_page("people/factors/confirm.html", form, session, user, by_password=False)


def _proved(form: ProofForm, session: SignIn, user: User) -> bool:
    """Whether what was sent proves the second factor; else the form says why not."""
    user_id = user.id
    with refusals_on(form, TooOften):
        prove(form, session, user)
        return True
    note_refusal(
        "slowed" if form.refused_with == TooOften.status else "factor.wrong", user_id=user_id
    )
    return False


def _proof_page(
    template: str, form: ProofForm, session: SignIn, user: User, *, by_password: bool = False
) -> Response:
    options, form.challenge.data = passkey_options(session, user)
    form.credential.data = form.factor_code.data = ""
    return show(
        template,
        form,
        options=options,
        by_password=by_password,
        has_app=any(factor.kind == "app" for factor in queries.live_factors(user.id)),
    )


@blueprint.get("/account/factors")
def index() -> Response:
    user = signed_in()
    return show(
        "people/factors/index.html",
        factors=queries.live_factors(user.id),
        kinds=FACTOR_KINDS,
        codes=queries.codes_left(user.id),
        devices=queries.live_devices(user.id),
        device_name=device_name,
        due_at=queries.factor_due_at(user),
        overdue=queries.lacks_factor(user),
    )


@blueprint.route("/account/factors/app", methods=["GET", "POST"])
@asks_again
def add_app() -> Response:
    """Connect an authenticator app: a QR, and a code that shows that it was read."""
    user, form = signed_in(), AppForm()
    if form.validate_on_submit():
        with refusals_on(form):
            secret = read_secret(form.enrolment.data or "", user)
            codes = commands.add_app(
                user,
                by=user,
                name=form.name.data or "",
                secret=secret,
                code=form.factor_code.data or "",
            )
            return _added(say("Aplikasi autentikator terpasang."), codes)
    secret = _carried(form, user) or new_app_secret()
    form.enrolment.data = carry_secret(secret, user)
    address = app_address(secret, email=user.email, issuer="Patuh")
    return show("people/factors/app.html", form, secret=secret, image=qr(address))


def _carried(form: AppForm, user: User) -> str | None:
    """The secret of the page that was sent with a mistake: its QR was read already."""
    try:
        return read_secret(form.enrolment.data or "", user)
    except Invalid:
        return None


@blueprint.route("/account/factors/passkey", methods=["GET", "POST"])
@asks_again
def add_passkey() -> Response:
    """Add a passkey of this device or of a key that is plugged in."""
    user, session, form = signed_in(), this_sign_in(), PasskeyForm()
    if form.validate_on_submit():
        with refusals_on(form):
            challenge = read_challenge(form.challenge.data or "", session)
            made = passkeys.read_new_passkey(
                form.credential.data or "", site=this_site(), challenge=challenge
            )
            codes = commands.add_passkey(user, by=user, name=form.name.data or "", passkey=made)
            return _added(say("Kunci sandi terpasang."), codes)
    challenge, form.challenge.data = new_challenge(session)
    form.credential.data = ""
    options = passkeys.creation_options(
        this_site(),
        user_id=user.id,
        email=user.email,
        name=user.name,
        challenge=challenge,
        known=[str(factor.credential_id) for factor in passkeys_of(user)],
    )
    return show("people/factors/passkey.html", form, options=options)


def _added(sentence: Text, codes: list[str]) -> Response:
    """The recovery codes, on the only page where they ever stand; else back to the list."""
    if codes:
        return show("people/factors/codes.html", status=201, sentence=sentence, codes=codes)
    return done(sentence, "factors.index")


@blueprint.post("/account/factors/<int:id>/remove")
@asks_again
def remove_factor(id: int) -> Response:
    user = signed_in()
    factor = queries.load_own_factor(user, id)
    commands.remove_factor(factor, by=user)
    return done(say("{name} dihapus.", name=factor.name), "factors.index")


@blueprint.post("/account/factors/codes")
@asks_again
def new_codes() -> Response:
    user = signed_in()
    codes = commands.make_codes(user, by=user)
    return _added(say("Kode pemulihan baru dibuat; yang lama tidak berlaku lagi."), codes)


@blueprint.post("/account/factors/devices/forget")
def forget_devices() -> Response:
    user = signed_in()
    commands.forget_devices(user, by=user)
    return done(say("Semua peramban diminta faktor kedua lagi."), "factors.index")
