"""Forms that one person began and another one sends, in the same browser: nobody acts as somebody else.

The token of a form belongs to the person who was signed in when it was drawn. When another person signs in,
the browser's token is renewed; whose the earlier ones were stays in its signed session. A form with such a
token is refused, saved for the person who began it, and given back after they signed in.
"""

from __future__ import annotations

from flask import Response, current_app, g, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from compliance.core.db import db
from compliance.people.models import User
from compliance.people.saved_forms import page_of_the_form, save_form
from compliance.web.answering import show
from compliance.web.requests import keep_writes

TOKEN, WHOSE, EARLIER = "csrf_token", "token_of", "earlier_tokens"
MOST_EARLIER = 5
_KNOWN_BY = 12
"""By so many letters an earlier token is known."""


def begun_by_another() -> User | None:
    """Make the browser's token that of the person who is signed in. Answers who began the form that was sent,
    when that was another person.
    """
    whose, me = session.get(WHOSE), int(current_user.id)
    if whose is None:
        session[WHOSE] = me  # what was begun before anybody signed in is theirs
    elif whose != me:
        if (token := session.pop(TOKEN, None)) is not None:
            earlier = [*session.get(EARLIER, ()), [token[:_KNOWN_BY], whose]]
            session[EARLIER] = earlier[-MOST_EARLIER:]
        g.pop(TOKEN, None)
        session[WHOSE] = me
    return _beginner()


def _beginner() -> User | None:
    """Who began the form that this request sends; None for oneself, or when nobody knows."""
    sent = request.form.get(TOKEN) if request.method == "POST" else None
    if not sent or not current_user.is_authenticated:
        return None
    tokens = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        token = str(tokens.loads(sent))
    except BadData:
        return None
    earlier = dict(session.get(EARLIER, ()))
    whose = earlier.get(token[:_KNOWN_BY])
    return db.session.get(User, whose) if whose is not None and whose != current_user.id else None


def refused_to_other(beginner: User) -> Response:
    """Say who is signed in now, and save what was typed for the person who began it."""
    page, saved = page_of_the_form(), None
    if page is not None and not request.files:
        saved = save_form(beginner, page=page, typed=request.form.to_dict(flat=False))
        keep_writes()
    back = None
    if saved is not None:
        back = f"{page}{'&' if '?' in str(page) else '?'}held={saved.id}"
    return show("people/begun_by_another.html", status=409, beginner=beginner, page=page, back=back)
