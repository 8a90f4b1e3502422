"""What somebody typed into a form that arrived after their session had ended: held, and given back
when they return.

It is held for that person alone, a day long, without passwords. No other site can put words into
somebody's form this way: the cookie that says whose form it is is SameSite=Lax, so no browser sends
it along with another site's POST; and what carries none of our tokens, or says that it comes from
elsewhere, is not held.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import sqlalchemy as sa
from flask import g, request
from werkzeug.datastructures import MultiDict

from compliance.core import clock
from compliance.core.db import db
from compliance.core.keyset import is_id
from compliance.people.models import HeldForm, User
from compliance.people.queries import known_session
from compliance.policy import OWN, command, open_to_strangers, system_only
from compliance.web.pages import own_page

FORMS_KEPT = timedelta(days=1)
MOST_BYTES = 64 * 1024
MOST_FORMS = 5
SECRET = frozenset({"password", "current", "again"})
"""The names of all password fields; a test compares them with the forms."""
NOT_TYPED = frozenset({"csrf_token", "next", "version", "go", "then", "up_to"})
"""What forms carry along by themselves."""


def hold_what_was_sent(cookie: str) -> str | None:
    """Hold the form that this request brings too late; answers where it opens again, None when
    nothing is held.
    """
    known, page = known_session(cookie), page_of_the_form()
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "cross-site",
        "same-site",
    )
    if (
        known is None
        or page is None
        or request.files
        or not from_here
        or "csrf_token" not in request.form
    ):
        return None
    held = hold_form(known.user, page=page, typed=request.form.to_dict(flat=False))
    return f"{page}{'&' if '?' in page else '?'}held={held.id}" if held is not None else None


@open_to_strangers
def hold_form(user: User, *, page: str, typed: Mapping[str, list[str]]) -> HeldForm | None:
    """Hold what `user` typed on `page`; None when they typed nothing, or far too much. Only the
    latest few are kept.

    A stranger is known by the cookie of a session that ended, and gets nothing back without signing in.
    """
    content = {
        name: values
        for name, values in typed.items()
        if name not in SECRET | {"csrf_token", "next"}
    }
    written = json.dumps(content)
    if not content.keys() - NOT_TYPED or len(written) > MOST_BYTES or "\\u0000" in written:
        return None
    newest = sa.select(HeldForm.id).where(HeldForm.user_id == user.id).order_by(HeldForm.id.desc())
    spared = db.session.scalars(newest.limit(MOST_FORMS - 1)).all()
    db.session.execute(
        sa.delete(HeldForm).where(HeldForm.user_id == user.id, HeldForm.id.not_in(spared))
    )
    held = HeldForm(user_id=user.id, page=page, typed=content, at=clock.now())
    db.session.add(held)
    db.session.flush()
    return held


@command(OWN, about=None)
def give_back(id: int, *, by: User) -> None:
    """Let this request's page show what `by` typed on it before; once it is sent, nothing is held
    any more.
    """
    held = db.session.get(HeldForm, id) if is_id(id) else None
    if held is None or held.user_id != by.id or unquote(urlsplit(held.page).path) != request.path:
        return
    if request.method == "GET":
        g.given_back = MultiDict(held.typed)
    elif request.method == "POST":
        db.session.delete(held)


def page_of_the_form() -> str | None:
    """Where the form stands that was sent: at its own address, else on the page it was sent from;
    None if nowhere.
    """
    came = urlsplit(request.referrer or "")
    sent_from = f"{unquote(came.path)}?{came.query}" if came.netloc == request.host else None
    page = own_page(request.full_path) or own_page(sent_from)
    if page is None:
        return None
    path, _mark, query = page.partition("?")
    rest = urlencode([(name, value) for name, value in parse_qsl(query, True) if name != "held"])
    return f"{path}?{rest}" if rest else path


@system_only
def forget_held_forms() -> dict[str, int]:
    """Drop what nobody came back for within a day."""
    old = sa.delete(HeldForm).where(HeldForm.at < clock.now() - FORMS_KEPT)
    return {"held": len(db.session.execute(old.returning(HeldForm.id)).all())}
