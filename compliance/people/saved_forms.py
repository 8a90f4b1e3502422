"""Saved forms: a form that arrives after its user's session has ended is saved, and given back after
the next sign-in.

It is saved for that user alone, for a day, without passwords. No other site can fill in a form this
way: the cookie that says whose form it is is SameSite=Lax, so no browser sends it along with a POST
of another site. A request without our token, or that says that it comes from another site, is not saved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import sqlalchemy as sa
from flask import g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from compliance.core import clock
from compliance.core.db import db
from compliance.core.keyset import is_id
from compliance.people.models import SavedForm, User
from compliance.people.queries import known_session
from compliance.policy import OWN, command, open_to_strangers, system_only
from compliance.web.pages import own_page

FORMS_KEPT = timedelta(days=1)
MOST_BYTES = 64 * 1024
MOST_FORMS = 5
SECRET = frozenset({"password", "current", "again", "passphrase"})
"""The names of all password fields; a test compares them with the forms."""
NOT_TYPED = frozenset(
    {"csrf_token", "next", "version", "go", "then", "up_to", "challenge", "credential", "enrolment"}
    | {"factor_code"}
)
"""What forms carry along by themselves, and codes that are good for a moment."""


def hold_what_was_sent(cookie: str) -> str | None:
    """Save the form that this request brings too late. Returns the address where it opens again, None
    when nothing was saved.
    """
    known, page = known_session(cookie), page_of_the_form()
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "cross-site",
        "same-site",
    )
    if (
        known is None
        or page is None
        or any(file.filename for file in request.files.values())  # files are not kept
        or not from_here
        or "csrf_token" not in request.form
    ):
        return None
    saved = save_form(known.user, page=page, typed=request.form.to_dict(flat=False))
    return f"{page}{'&' if '?' in page else '?'}held={saved.id}" if saved is not None else None


TYPED = "typed-"
"""How the form that changes the language names what was typed on its page."""


def sent_here() -> list[tuple[str, str]]:
    """What was sent to this page and is shown on it again, to be carried through a change of language."""
    try:
        sent = list(request.form.items(multi=True)) if request.method == "POST" else []
    except (RequestEntityTooLarge, ClientDisconnected):
        return []
    return [(name, value) for name, value in sent if name not in SECRET | {"csrf_token", "next"}]


def carried_along(user: User, page: str) -> str:
    """The page in the other language, with what was typed on it."""
    typed = {
        name.removeprefix(TYPED): values
        for name, values in request.form.lists()
        if name.startswith(TYPED)
    }
    saved = save_form(user, page=page, typed=typed) if typed else None
    return page if saved is None else f"{page}{'&' if '?' in page else '?'}held={saved.id}"


@open_to_strangers
def save_form(user: User, *, page: str, typed: Mapping[str, list[str]]) -> SavedForm | None:
    """Save what `user` typed on `page`; None when they typed nothing, or far too much. Only the latest
    MOST_FORMS of a user are kept.

    The caller may be a stranger: an ended session's cookie says who typed. Only signing in gives it back.
    """
    content = {
        name: values
        for name, values in typed.items()
        if name not in SECRET | {"csrf_token", "next"}
    }
    written = json.dumps(content)
    if not content.keys() - NOT_TYPED or len(written) > MOST_BYTES or "\\u0000" in written:
        return None
    newest = (
        sa.select(SavedForm.id).where(SavedForm.user_id == user.id).order_by(SavedForm.id.desc())
    )
    spared = db.session.scalars(newest.limit(MOST_FORMS - 1)).all()
    db.session.execute(
        sa.delete(SavedForm).where(SavedForm.user_id == user.id, SavedForm.id.not_in(spared))
    )
    saved = SavedForm(user_id=user.id, page=page, typed=content, at=clock.now())
    db.session.add(saved)
    db.session.flush()
    return saved


@command(OWN, about=None)
def give_back(id: int, *, by: User) -> None:
    """Let this request's page show what `by` typed on it before. Once the form is sent, the saved one
    is deleted.
    """
    saved = db.session.get(SavedForm, id) if is_id(id) else None
    if (
        saved is None
        or saved.user_id != by.id
        or unquote(urlsplit(saved.page).path) != request.path
    ):
        return
    if request.method == "GET":
        g.given_back = MultiDict(saved.typed)
    elif request.method == "POST":
        db.session.delete(saved)


def page_of_the_form() -> str | None:
    """The page of the form that was sent: its own address, else the page that it was sent from; None
    when neither is a page of ours.
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
def forget_saved_forms() -> dict[str, int]:
    """Delete the saved forms that are older than a day."""
    old = sa.delete(SavedForm).where(SavedForm.at < clock.now() - FORMS_KEPT)
    return {"held": len(db.session.execute(old.returning(SavedForm.id)).all())}
