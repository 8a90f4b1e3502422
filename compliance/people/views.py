"""Pages about oneself: sign in and out, language, account, inbox, help."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, make_response, request
from flask_login import current_user

from compliance.core import clock
from compliance.core.db import reading
from compliance.core.errors import NotFound
from compliance.core.keyset import LARGEST_ID
from compliance.core.read_only import refuse_writing
from compliance.core.text import LANGUAGES, say
from compliance.office.settings import office_settings
from compliance.people import accessibility as statement
from compliance.people import hints, queries
from compliance.people.abbreviations import ABBREVIATIONS, abbreviations_in
from compliance.people.commands import access, accounts
from compliance.people.commands import resets as reset_commands
from compliance.people.commands.access import (
    ATTEMPT_WINDOW,
    LockedAccount,
    TooOften,
    reserve_attempt,
    sign_in,
    turn_to_sign_in,
)
from compliance.people.commands.accounts import (
    change_account,
    change_password,
    mark_all_read,
    mark_read,
)
from compliance.people.forms import (
    ForgotForm,
    LoginForm,
    PasswordForm,
    PreferencesForm,
    ResetForm,
    TokenForm,
)
from compliance.people.rules import device_name
from compliance.people.saved_forms import carried_along
from compliance.people.sessions import (
    COOKIE,
    after_sign_in,
    can_go_on,
    forget_session,
    knows_device,
    remember,
    remember_device,
    remembered_here,
    seconds_left,
    signed_in,
    this_sign_in,
    why_ended,
)
from compliance.policy import ROLES
from compliance.web.addresses import came_from
from compliance.web.answering import done, go, refusals_on, show
from compliance.web.formatting import in_language, render_text
from compliance.web.forms import Form
from compliance.web.mailroom import link_label, link_of, write_message
from compliance.web.pages import home_of, keyset, own_page, page_size
from compliance.web.requests import keep_writes, only_reads
from compliance.web.security import cookie_name, only_over_https
from compliance.web.security_log import note_refusal

blueprint = Blueprint("people", __name__)
blueprint.add_app_template_global(hints.hint_for)
blueprint.add_app_template_global(abbreviations_in)


def _leads_to_a_saved_form() -> bool:
    """Whether signing in leads back to a saved form."""
    return "held" in parse_qs(urlsplit(request.args.get("next", "")).query)


@blueprint.get("/")
def home() -> Response:
    return go(home_of(signed_in().role))


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Response:
    if current_user.is_authenticated:
        return after_sign_in(signed_in().role)
    form = LoginForm()
    if not form.validate_on_submit():
        return show("people/login.html", form, held=_leads_to_a_saved_form(), ended=why_ended())
    email, password = form.email.data or "", form.password.data or ""
    known = knows_device(email)
    try:
        with turn_to_sign_in(known_device=known):
            reserved = reserve_attempt(email=email, came_from=came_from(), known_device=known)
            opened = sign_in(
                email=email,
                password=password,
                came_from=came_from(),
                device=request.user_agent.string,
                reserved=reserved,
                remembered_by=remembered_here(),
            )
    except TooOften as refusal:
        return _too_often("people/login.html", form, refusal, email=email)
    except LockedAccount as refusal:
        form.whole = (refusal.reason,)
        return show("people/login.html", form)
    if opened is None:
        note_refusal("sign_in.failed", user_id=_known(email))
        form.whole = (say("Surel atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."),)
        return show("people/login.html", form)
    session, secret = opened
    if session.awaits_factor:
        response = go("factors.second", next=own_page(request.args.get("next")))
        remember(response, secret)
        return response
    response = after_sign_in(session.user.role)
    remember(response, secret)
    remember_device(response, session.user)
    return response


@blueprint.route("/forgot-password", methods=["GET", "POST"])
def forgot_password() -> Response:
    """Ask for a link by mail. The answer is the same whether or not somebody has that address."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return show("people/forgot.html", form)
    email = form.email.data or ""
    if not reset_commands.ask_for_reset(email=email, came_from=came_from()):
        return _too_often("people/forgot.html", form, email=email)
    sentence = say(
        "Bila alamat itu dikenal, surel dengan tautan sudah dikirim ke sana. Tautannya berlaku satu"
        " jam."
    )
    return done(sentence, "people.login")


@blueprint.route("/reset-password/<secret>", methods=["GET", "POST"])
def reset_password(secret: str) -> Response:
    """Set a new password with the link from the mail."""
    reset, form = queries.live_reset(secret), ResetForm()
    if reset is None:
        return show("people/reset_over.html", status=410)
    email = reset.user.email
    if form.validate_on_submit():
        with refusals_on(form, NotFound):  # another browser was faster
            reset_commands.reset_password(secret, password=form.password.data or "")
            return done(
                say("Kata sandi diganti. Masuk dengan kata sandi yang baru."), "people.login"
            )
    return show("people/reset.html", form, 422 if form.problems else 200, email=email)


@blueprint.post("/logout")
def logout() -> Response:
    if not only_reads():  # then the session goes on, and this browser forgets it
        access.end_session(this_sign_in(), by=signed_in())
    response = go("people.login", next=own_page(request.form.get("next")))
    forget_session(response)
    return response


@blueprint.post("/language/<code>")
def choose_language(code: str) -> Response:
    """Change the language of this browser, and of the person when one is signed in; the same page
    comes back.
    """
    page = own_page(request.form.get("next")) or "/"
    if current_user.is_authenticated:
        page = carried_along(signed_in(), page)
    response = go(page)
    if code in LANGUAGES:
        _remember_language(response, code)
        if current_user.is_authenticated:
            refuse_writing()
            user = signed_in()
            change_account(user, by=user, language=code)
    return response


@blueprint.post("/account/density")
def choose_density() -> Response:
    """Close the rows of all lists up on wide screens, or part them again; the same page comes back."""
    user = signed_in()
    change_account(user, by=user, language=user.language, dense=bool(request.form.get("dense")))
    return go(own_page(request.form.get("next")) or "/")


@blueprint.app_template_global()
def paper_head() -> dict[str, Any]:
    """What a printed page says above its title: the office of its reader, and when it was made."""
    office = signed_in().office
    return {"office": office.name if office else office_settings().office_name, "at": clock.now()}


def _remember_language(response: Response, code: str) -> None:
    response.set_cookie(
        "language", code, max_age=365 * 86400, samesite="Lax", secure=only_over_https()
    )


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Response:
    user = signed_in()
    form = PreferencesForm(obj=user)
    if not form.validate_on_submit():
        return show(
            "people/account.html",
            form,
            user=user,
            role=ROLES[user.role],
            this=this_sign_in(),
            sessions=queries.live_sessions_of(user),
            tokens=queries.live_tokens_of(user),
            device_name=device_name,
            limits=office_settings(),
        )
    change_account(
        user,
        by=user,
        language=form.language.data,
        wants_email=form.wants_email.data,
        shortcuts=form.shortcuts.data,
        dense=form.dense.data,
    )
    with in_language(user.language):  # the one just chosen, in which the next page is written
        response = done(say("Pilihan Anda disimpan."), "people.account")
    _remember_language(response, user.language)
    return response


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> Response:
    user, form = signed_in(), PasswordForm()
    if form.validate_on_submit():
        with refusals_on(form):
            change_password(
                user,
                by=user,
                current=form.current.data or "",
                password=form.password.data or "",
                keep=this_sign_in(),
            )
            return done(say("Kata sandi diganti. Sesi lain sudah diakhiri."), "people.account")
        keep_writes()  # a right guess is counted no more
        _note_guess(form)
    return show("people/password.html", form)


def _note_guess(form: PasswordForm | TokenForm) -> None:
    """Note that somebody at an open page did not know the password, or was slowed down."""
    if render_text(accounts.TOO_MANY_GUESSES) in form.current.errors:
        note_refusal("slowed")
    elif form.current.errors:
        note_refusal("password.wrong")


@blueprint.post("/account/sessions/<int:id>/end")
def end_session(id: int) -> Response:
    user = signed_in()
    session = queries.load_own_session(user, id)
    access.end_session(session, by=user)
    return done(say("Sesi diakhiri."), "people.account")


@blueprint.post("/account/session/extend")
def extend_session() -> Response:
    """Go on, as by opening a page; the page's script asks, and is told how many seconds the session lasts,
    and whether it can be extended once more.
    """
    access.extend_session(this_sign_in(), by=signed_in())
    response = make_response({"seconds": seconds_left(), "more": can_go_on()})
    remember(response, request.cookies[cookie_name(COOKIE)])
    return response


@blueprint.post("/account/sessions/end-others")
def end_other_sessions() -> Response:
    user = signed_in()
    access.end_other_sessions(user, by=user, keep=this_sign_in())
    return done(say("Semua sesi lain sudah diakhiri."), "people.account")


@blueprint.route("/account/tokens/new", methods=["GET", "POST"])
def new_token() -> Response:
    """Make a token of one's own. The answer to the POST is the only place where the secret ever stands."""
    user, form = signed_in(), TokenForm(data={"days": accounts.TOKEN_DAYS})
    if form.validate_on_submit():
        with refusals_on(form):
            accounts.confirm_password(user, by=user, current=form.current.data or "")
            label, days = form.label.data or "", form.days.data
            secret = accounts.add_token(user, by=user, label=label, days=days)
            return show("people/token_added.html", status=201, secret=secret)
        keep_writes()  # a right guess is counted no more
        _note_guess(form)
    return show("people/token_new.html", form, user=user)


@blueprint.post("/account/tokens/<int:id>/revoke")
def revoke_token(id: int) -> Response:
    user = signed_in()
    token = queries.load_own_token(user, id)
    accounts.revoke_token(token, by=user)
    return done(say("Token {label} dicabut.", label=token.label), "people.account")


@blueprint.post("/account/hints/<name>")
def put_hint_away(name: str) -> Response:
    hints.put_away(name, by=signed_in())
    return go(own_page(request.form.get("next")) or "/")


@blueprint.post("/account/hints")
def bring_hints_back() -> Response:
    hints.bring_back(by=signed_in())
    return done(say("Petunjuk tampil lagi di setiap halaman."), "people.account")


@blueprint.get("/inbox")
def inbox() -> Response:
    after, size = request.args.get("after"), page_size()
    rows = queries.inbox_of(signed_in(), after=after, limit=size + 1)
    page = keyset(rows, size=size, cursor=queries.inbox_cursor)
    letters = [(message, write_message(message)) for message in page.rows]
    return show(
        "people/inbox.html", page=page, letters=letters, link_label=link_label, first=not after
    )


@blueprint.post("/inbox/<int:id>/read")
def read_message(id: int) -> Response:
    """Mark one message as read; on the way to its case when asked to open that."""
    user = signed_in()
    message = queries.load_own_message(user, id)
    mark_read(message, by=user)
    link = link_of(message) if request.form.get("then") == "open" else None
    return go(link or own_page(request.form.get("next")) or "people.inbox")


@blueprint.post("/inbox/read")
def read_all_messages() -> Response:
    newest = request.form.get("up_to", 0, int)
    mark_all_read(by=signed_in(), up_to=min(newest, LARGEST_ID))
    return done(say("Semua pesan ditandai sudah dibaca."), "people.inbox")


@blueprint.get("/help")
def help_page() -> Response:
    settings = office_settings()
    return show(
        "people/help.html",
        office=settings.office_name,
        contact=settings.office_contact,
        roles=ROLES,
        abbreviations=ABBREVIATIONS,
    )


@blueprint.get("/accessibility")
def accessibility() -> Response:
    settings = office_settings()
    return show(
        "people/accessibility.html",
        office=settings.office_name,
        contact=settings.office_contact,
        principles=statement.by_principle(),
        with_result=statement.with_result,
        results=statement.RESULTS,
        methods=statement.METHODS,
        reviewed_on=statement.REVIEWED_ON,
    )


def _known(email: str) -> int | None:
    """The account with this mail address. What was typed is never kept: it may be a password."""
    with reading():
        user = queries.find_user(email)
        return user.id if user else None


def _too_often(
    template: str, form: Form, refusal: TooOften | None = None, *, email: str
) -> Response:
    note_refusal("slowed", user_id=_known(email))
    form.whole = (
        refusal.reason
        if refusal
        else say("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."),
    )
    response = show(template, form, 429)
    seconds = refusal.seconds if refusal else int(ATTEMPT_WINDOW.total_seconds())
    response.headers["Retry-After"] = str(seconds)
    return response
