"""Signed-in browsers: Flask-Login over our own session rows, so that a session can be ended from anywhere."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from sqlalchemy.orm import Session

from compliance.core import clock
from compliance.core.db import db
from compliance.people.models import SignIn, User, new_secret
from compliance.people.queries import live_session
from compliance.web.errors import for_program

COOKIE = "patuh_session"
SEEN_EVERY = timedelta(minutes=10)
login_manager = LoginManager()
OPEN_ENDPOINTS = frozenset(
    {"people.login", "people.choose_language", "people.help_page", "people.accessibility", "health.healthz", "health.readyz", "static", "bootstrap.static",
     "api.openapi"}
)  # fmt: skip
"""The short list of what strangers may open (house law 4). The API has a guard of its own, api/auth.py."""


def install(app: Flask) -> None:
    """Know who asks, and refuse strangers everything that is not on the short list."""
    login_manager.init_app(app)
    login_manager.session_protection = None

    @login_manager.request_loader
    def load(asked: Request) -> User | None:
        secret = asked.cookies.get(COOKIE)
        session = live_session(secret) if secret else None
        g.sign_in = session
        g.seen = (session.id, session.last_seen_at) if session else None
        return session.user if session else None

    @app.before_request
    def strangers_stop_here() -> Response | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN_ENDPOINTS or for_program():
            return None
        if current_user.is_authenticated:
            return None
        back = (
            request.full_path.rstrip("?") if request.method == "GET" else (request.referrer and request.path)
        )
        return current_app.make_response(redirect(url_for("people.login", next=back or None)))

    @app.teardown_request
    def seen(_error: BaseException | None) -> None:
        who: tuple[int, datetime] | None = g.pop("seen", None)
        if who is not None and clock.now() - who[1] > SEEN_EVERY:
            with Session(db.engine) as own, own.begin():
                own.execute(sa.update(SignIn).where(SignIn.id == who[0]).values(last_seen_at=clock.now()))


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
