"""Signed-in browsers: Flask-Login over our own session rows, so that a session can be ended from anywhere."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError

from compliance.core import after, clock
from compliance.core.keyset import read_id
from compliance.core.slots import Slot
from compliance.people.models import SignIn, User, new_secret
from compliance.people.queries import live_session
from compliance.people.saved_forms import give_back, hold_what_was_sent, page_of_the_form
from compliance.policy import open_to_strangers
from compliance.web.errors import for_program, http_error
from compliance.web.security import only_over_https

COOKIE = "patuh_session"
COOKIE_DAYS = 30
"""Longer than any session, so that a form that comes too late is still known for whose it is."""
SEEN_EVERY = timedelta(minutes=10)
SEEN = (
    sa.update(SignIn)
    .where(SignIn.id == sa.bindparam("sign_in_id"))
    .values(last_seen_at=sa.bindparam("at"))
)
login_manager = LoginManager()
OPEN_ENDPOINTS: Slot[str] = Slot()
"""The short list of what strangers may open (house law 4). The API has a guard of its own, api/auth.py."""


def install(app: Flask) -> None:
    """Know who asks, and refuse strangers everything that is not on the short list."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(_load_user)
    app.jinja_env.globals["seconds_left"] = seconds_left
    app.before_request(_stop_strangers)
    app.register_error_handler(CSRFError, _open_again)
    app.after_request(_confirm_arrival)


def _load_user(asked: Request) -> User | None:
    """The person whose session the browser's cookie opens."""
    secret = asked.cookies.get(COOKIE)
    session = live_session(secret) if secret else None
    g.sign_in = session
    if session is not None:
        _note_last_use(session)
    return session.user if session else None


def _stop_strangers() -> Response | None:
    """Send a stranger to the sign-in page, which leads back to the page they wanted or to what they typed."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS or for_program():
        return None
    if current_user.is_authenticated:
        g.admitted = True
        if (saved := read_id(request.args.get("held"))) is not None:
            give_back(saved, by=signed_in())
        return None
    if request.method == "GET":
        return _to_sign_in(request.full_path.rstrip("?"))
    return _to_sign_in(hold_what_was_sent(request.cookies.get(COOKIE, "")) or page_of_the_form())


def _open_again(error: CSRFError) -> Response:
    """Open the form again whose token went with the cookies: what was typed is not lost, signed in or not."""
    if request.endpoint in OPEN_ENDPOINTS:
        return http_error(error)
    back = hold_what_was_sent(request.cookies.get(COOKIE, ""))
    if back is None:
        return http_error(error)
    if current_user.is_authenticated:
        return current_app.make_response(redirect(back))
    return _to_sign_in(back)


def _to_sign_in(back: str | None) -> Response:
    return current_app.make_response(redirect(url_for("people.login", next=back)))


def _confirm_arrival(response: Response) -> Response:
    """Tell the browser's script that what was sent has arrived, so that it forgets its copy."""
    if request.method == "POST" and g.get("admitted") and 300 <= response.status_code < 400:
        path = quote(request.path, safe="")
        response.set_cookie("answered", path, max_age=600, samesite="Lax", secure=only_over_https())
    return response


@open_to_strangers
def _note_last_use(session: SignIn) -> None:
    """Note that a session is in use, every ten minutes at most; written after the answer."""
    if clock.now() - session.last_seen_at > SEEN_EVERY:
        after.note(SEEN, session.id, sign_in_id=session.id, at=clock.now())


def remember(response: Response, secret: str) -> None:
    """Give the browser the cookie of its session."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=only_over_https(),
    )


def seconds_left() -> int | None:
    """How long the session this page is shown in still lasts; None for a stranger."""
    session: SignIn | None = g.get("sign_in")
    return int((session.expires_at - clock.now()).total_seconds()) if session is not None else None


def this_sign_in() -> SignIn:
    """The session this request came by."""
    found: SignIn = g.sign_in
    return found


def signed_in() -> User:
    """The person who asks; only for pages behind the guard."""
    user: Any = current_user._get_current_object()
    assert isinstance(user, User)
    return user


def development_secret(path: Path) -> str:
    """A secret of this checkout's own, made once, so that sessions survive a restart in development."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(new_secret())
    return path.read_text().strip()
