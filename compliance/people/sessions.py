"""Signed-in browsers: Flask-Login over our own session rows, so that a session can be ended from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeSerializer

from compliance.core import after, clock
from compliance.core.keyset import read_id
from compliance.core.slots import Slot
from compliance.core.text import Text, say
from compliance.office.settings import office_settings
from compliance.people.begun_forms import begun_by_another, refused_to_other
from compliance.people.factors.queries import factor_due_at, lacks_factor
from compliance.people.factors.rules import DEVICE_REMEMBERED, PROOF_LASTS
from compliance.people.models import SignIn, User, secret_hash
from compliance.people.queries import end_when_used, find_user, known_session, live_session
from compliance.people.rules import why_expired
from compliance.people.saved_forms import give_back, hold_what_was_sent, page_of_the_form, sent_here
from compliance.policy import open_to_strangers
from compliance.web.answering import go
from compliance.web.errors import for_program, http_error
from compliance.web.pages import home_of, own_page
from compliance.web.requests import write_or_refuse
from compliance.web.security import cookie_name, only_over_https
from compliance.web.security_log import note_refusal

COOKIE = "patuh_session"
KNOWN_COOKIE = "patuh_known"
REMEMBERED_COOKIE = "patuh_remembered_"
"""And the id of a person who is not asked for the second factor on this device."""
MOST_KNOWN = 5
"""So many people may be known on one device."""
COOKIE_DAYS = 60
"""Longer than any session, so that a form that comes too late is still known for whose it is."""
SEEN_EVERY = timedelta(minutes=10)
SEEN = (
    sa.update(SignIn)
    .where(SignIn.id == sa.bindparam("sign_in_id"))
    .values(last_seen_at=sa.bindparam("at"), expires_at=sa.bindparam("until"))
)
login_manager = LoginManager()
OPEN_ENDPOINTS: Slot[str] = Slot()
"""The short list of what strangers may open (house law 4). The API has a guard of its own, api/auth.py."""
WITHOUT_FACTOR: Slot[str] = Slot()
"""What somebody may still open whose time to set up a second factor is over."""


def install(app: Flask) -> None:
    """Know who asks, and refuse strangers everything that is not on the short list."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(_load_user)
    app.jinja_env.globals.update(
        seconds_left=seconds_left,
        can_go_on=can_go_on,
        sent_here=sent_here,
        factor_due=factor_due,
    )
    app.before_request(_stop_strangers)
    app.register_error_handler(CSRFError, _open_again)
    app.after_request(_confirm_arrival)


def _load_user(asked: Request) -> User | None:
    """The person whose session the browser's cookie opens."""
    secret = asked.cookies.get(cookie_name(COOKIE))
    session = live_session(secret) if secret else None
    g.sign_in = session
    if session is not None:
        g.asker_id = session.user_id
        _note_last_use(session)
    return session.user if session else None


def _stop_strangers() -> Response | None:
    """Send a stranger to the sign-in page, which leads back to the page they wanted or to what they typed."""
    endpoint = request.endpoint
    if endpoint is None or for_program():
        return None
    if endpoint in OPEN_ENDPOINTS:
        write_or_refuse()
        return None
    known = current_user.is_authenticated
    write_or_refuse()
    if known:
        if (beginner := begun_by_another()) is not None:
            return refused_to_other(beginner)
        if lacks_factor(signed_in()) and endpoint not in WITHOUT_FACTOR:
            return current_app.make_response(redirect(url_for("factors.index")))
        g.admitted = True
        if (saved := read_id(request.args.get("held"))) is not None:
            give_back(saved, by=signed_in())
        return None
    if request.method == "GET":
        return _to_sign_in(request.full_path.rstrip("?"))
    return _to_sign_in(
        hold_what_was_sent(request.cookies.get(cookie_name(COOKIE), "")) or page_of_the_form()
    )


def _open_again(error: CSRFError) -> Response:
    """Open the form again whose token went with the cookies: what was typed is not lost, signed in or not."""
    note_refusal("refused.csrf", user_id=current_user.id if current_user.is_authenticated else None)
    if request.endpoint in OPEN_ENDPOINTS:
        return http_error(error)
    if current_user.is_authenticated and (beginner := begun_by_another()) is not None:
        return refused_to_other(beginner)
    back = hold_what_was_sent(request.cookies.get(cookie_name(COOKIE), ""))
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
    """Note that a session is in use, every ten minutes at most; written after the answer. So it goes on."""
    if clock.now() - session.last_seen_at > SEEN_EVERY:
        after.note(SEEN, session.id, sign_in_id=session.id, at=clock.now(), until=_end_of(session))


def _end_of(session: SignIn) -> datetime:
    """When the session ends that this request uses."""
    now = clock.now()
    if now - session.last_seen_at <= SEEN_EVERY:
        return session.expires_at
    return end_when_used(began_at=session.created_at, used_at=now)


def why_ended() -> Text | None:
    """Why the session is over whose cookie this browser still has; None when there is none, or it lives."""
    session = known_session(request.cookies.get(cookie_name(COOKIE), ""))
    if session is None:
        return None
    if session.ended_at is not None:
        return say(
            "Sesi berakhir karena diakhiri dari tempat lain: di halaman Akun, oleh admin, atau"
            " karena kata sandi diganti."
        )
    if session.expires_at > clock.now():
        return None
    return why_expired(
        began_at=session.created_at, used_at=session.last_seen_at, ended_at=session.expires_at
    )


def knows_device(email: str) -> bool:
    """Whether the person with this address signed in before in this browser, with the password of today."""
    user = find_user(email)
    return user is not None and _mark_of(user) in _known_here()


def _known_here() -> list[str]:
    signed = request.cookies.get(cookie_name(KNOWN_COOKIE), "")
    try:
        return [str(mark) for mark in _marks().loads(signed)]
    except BadData:
        return []


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="people known on a device")


def _mark_of(user: User) -> str:
    """Another one after each change of the password, so that a change forgets every device."""
    return secret_hash(f"{user.id} {user.password_hash}")[:16]


def remember_device(response: Response, user: User) -> None:
    """Let the browser know, for a year, that `user` signed in on it."""
    others = [mark for mark in _known_here() if mark != _mark_of(user)]
    response.set_cookie(
        cookie_name(KNOWN_COOKIE),
        _marks().dumps([*others, _mark_of(user)][-MOST_KNOWN:]),
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=only_over_https(),
    )


def forget_session(response: Response) -> None:
    """Take the cookie of its session from the browser."""
    response.delete_cookie(
        cookie_name(COOKIE), httponly=True, samesite="Lax", secure=only_over_https()
    )


def remember(response: Response, secret: str) -> None:
    """Give the browser the cookie of its session."""
    response.set_cookie(
        cookie_name(COOKIE),
        secret,
        max_age=COOKIE_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=only_over_https(),
    )


def remembered_here() -> Mapping[int, str]:
    """The secrets by which this browser is remembered, by the person whose second factor it spares."""
    begins, found = cookie_name(REMEMBERED_COOKIE), {}
    for name, secret in request.cookies.items():
        if name.startswith(begins) and (id := read_id(name.removeprefix(begins))) is not None:
            found[id] = secret
    return found


def remember_without_factor(response: Response, user: User, secret: str) -> None:
    """Let the browser be spared the person's second factor for a while."""
    response.set_cookie(
        cookie_name(f"{REMEMBERED_COOKIE}{user.id}"),
        secret,
        max_age=int(DEVICE_REMEMBERED.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=only_over_https(),
    )


def after_sign_in(role: str) -> Response:
    """On to the page that was wanted before somebody signed in, else to the first page of their role."""
    target = own_page(request.args.get("next"))
    if target is None or urlsplit(target).path in ("/", "/login"):
        target = home_of(role)
    return go(target)


def asks_again(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view answer only somebody who proved in the last quarter of an hour who they are: by their
    second factor, or by their password when they have none. What was typed is not lost meanwhile.
    """

    @wraps(view)
    def ask_first(*args: Any, **kwargs: Any) -> Response:
        confirmed_at = this_sign_in().confirmed_at
        if confirmed_at is not None and clock.now() - confirmed_at <= PROOF_LASTS:
            return view(*args, **kwargs)
        back = request.full_path.rstrip("?")
        if request.method == "POST":
            back = hold_what_was_sent(request.cookies.get(cookie_name(COOKIE), "")) or (
                page_of_the_form() or "/"
            )
        return go("factors.confirm", next=back)

    return ask_first


def asks_again_to_write(view: Callable[..., Response]) -> Callable[..., Response]:
    """The same for what is sent to a view; its page may be read without."""
    strict = asks_again(view)

    @wraps(view)
    def ask_writers(*args: Any, **kwargs: Any) -> Response:
        return (view if request.method == "GET" else strict)(*args, **kwargs)

    return ask_writers


def factor_due() -> datetime | None:
    """Until when the person who reads this page must set up a second factor; None when need not."""
    return factor_due_at(signed_in()) if current_user.is_authenticated else None


def seconds_left() -> int | None:
    """How long the session this page is shown in still lasts; None for a stranger."""
    session: SignIn | None = g.get("sign_in")
    return int((_end_of(session) - clock.now()).total_seconds()) if session is not None else None


def can_go_on() -> bool:
    """Whether the session this page is shown in can be extended: not beyond its limit in days."""
    session = this_sign_in()
    return _end_of(session) < session.created_at + timedelta(days=office_settings().session_days)


def this_sign_in() -> SignIn:
    """The session this request came by."""
    found: SignIn = g.sign_in
    return found


def signed_in() -> User:
    """The person who asks; only for pages behind the guard."""
    user: Any = current_user._get_current_object()
    assert isinstance(user, User)
    return user
