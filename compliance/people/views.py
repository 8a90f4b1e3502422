"""Pages about oneself: sign in and out, language, account, inbox, help."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import PasswordField, StringField

from compliance.core.text import LANGUAGES, say
from compliance.people import commands
from compliance.people.models import User
from compliance.people.sessions import COOKIE, signed_in, this_sign_in
from compliance.web.forms import Form, Needed
from compliance.web.pages import home_of
from compliance.web.requests import keep_writes

blueprint = Blueprint("people", __name__)


class LoginForm(Form):
    email = StringField(validators=[Needed(say("Isi alamat surel Anda"))])
    password = PasswordField(validators=[Needed(say("Isi kata sandi"))])


def _safe_next(target: str | None) -> str | None:
    """The page to return to, only if it is one of ours."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and parts.path != "/login" else None


@blueprint.get("/")
def home() -> Response:
    return make_response(redirect(home_of(signed_in().role)))


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Response:
    if current_user.is_authenticated:
        return make_response(redirect(_safe_next(request.args.get("next")) or home_of(signed_in().role)))
    form = LoginForm()
    if not form.validate_on_submit():
        return make_response(render_template("people/login.html", form=form), 422 if form.is_submitted() else 200)
    came_from = request.remote_addr or "?"
    if commands.too_many_attempts(email=form.email.data or "", came_from=came_from):
        form.whole = (say("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."),)
        response = make_response(render_template("people/login.html", form=form), 429)
        response.headers["Retry-After"] = str(int(commands.ATTEMPT_WINDOW.total_seconds()))
        return response
    opened = commands.sign_in(
        email=form.email.data or "", password=form.password.data or "", came_from=came_from,
        device=request.user_agent.string,
    )  # fmt: skip
    if opened is None:
        keep_writes()
        form.whole = (say("Surel atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."),)
        return make_response(render_template("people/login.html", form=form), 422)
    session, secret = opened
    response = make_response(redirect(_safe_next(request.args.get("next")) or home_of(session.user.role)))
    response.set_cookie(
        COOKIE, secret, max_age=commands.SESSION_HOURS * 3600, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


@blueprint.post("/logout")
def logout() -> Response:
    commands.end_session(this_sign_in(), by=signed_in())
    response = make_response(redirect(url_for("people.login")))
    response.delete_cookie(COOKIE)
    return response


@blueprint.post("/language/<code>")
def choose_language(code: str) -> Response:
    """Change the language of this browser, and of the person when one is signed in; the same page comes back."""
    response = make_response(redirect(_safe_next(request.form.get("next")) or "/"))
    if code in LANGUAGES:
        response.set_cookie("language", code, max_age=365 * 86400, samesite="Lax", secure=request.is_secure)
        if current_user.is_authenticated:
            user: User = signed_in()
            commands.change_account(user, by=user, language=code, wants_email=user.wants_email)
    return response




@blueprint.get("/inbox")
def inbox() -> str:
    return render_template("people/inbox.html")


@blueprint.get("/account")
def account() -> str:
    return render_template("people/account.html")


@blueprint.get("/help")
def help_page() -> str:
    return render_template("people/help.html")
