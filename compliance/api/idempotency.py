"""The same POST twice is one act: what was answered under an Idempotency-Key is answered again,
word for word.

The key is claimed before anything is done and its answer is kept in the act's own transaction, so that of two
at once the second waits for the first. Refusals are not kept. Refuses the key of another request.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

import sqlalchemy as sa
from flask import Response, current_app, request
from pydantic import BaseModel
from sqlalchemy.dialects import postgresql, sqlite

from compliance.api.models import IdempotentAnswer
from compliance.core import clock
from compliance.core.db import db, is_postgresql
from compliance.core.errors import Invalid
from compliance.core.text import say
from compliance.people.queries import Caller
from compliance.policy import OWN, command

KEY_HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Location", "ETag", "Content-Language", "Retry-After")
_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?")


@command(OWN, about=None)
def once(body: BaseModel, act: Callable[[], Response], *, by: Caller) -> Response:
    """The answer of `act`; with a key that was answered before, that answer.

    Raises Invalid for a misused key.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return act()
    if not _KEY.fullmatch(key):
        raise Invalid(
            {KEY_HEADER: say("Kunci terdiri dari 1 sampai 255 huruf, angka, dan tanda ASCII.")}
        )
    claim, earlier = _claim(key, by=by.id, fingerprint=_fingerprint(body))
    if earlier is not None:
        return _say_again(earlier)
    response = act()
    answer = {
        "status": response.status_code,
        "headers": {
            name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
        },
        "body": json.loads(response.get_data()),
    }
    db.session.execute(
        sa.update(IdempotentAnswer).where(IdempotentAnswer.id == claim).values(answer)
    )
    return response


def _fingerprint(body: BaseModel) -> str:
    """Tells one request from another: the path and what the body says, however it is spaced or ordered."""
    return hashlib.sha256(f"{request.path}\n{body.model_dump_json()}".encode()).hexdigest()


def _claim(key: str, *, by: int, fingerprint: str) -> tuple[int | None, IdempotentAnswer | None]:
    """Our claim on the key, or the answer that was given under it.

    Waits for whoever is answering just now.
    """
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    unanswered = {
        "user_id": by,
        "key": key,
        "request_hash": fingerprint,
        "status": 0,
        "headers": {},
        "body": {},
        "created_at": clock.now(),
    }
    claim = db.session.scalar(
        insert(IdempotentAnswer)
        .values(unanswered)
        .on_conflict_do_nothing()
        .returning(IdempotentAnswer.id)
    )
    if claim is not None:
        return claim, None
    earlier = db.session.scalars(
        sa.select(IdempotentAnswer).where(
            IdempotentAnswer.user_id == by, IdempotentAnswer.key == key
        )
    ).one()
    if earlier.request_hash != fingerprint:
        raise Invalid({KEY_HEADER: say("Kunci ini sudah dipakai untuk permintaan lain.")})
    return None, earlier


def _say_again(earlier: IdempotentAnswer) -> Response:
    text = json.dumps(earlier.body, ensure_ascii=False, separators=(",", ":"))
    return current_app.response_class(
        text, earlier.status, earlier.headers, mimetype="application/json"
    )
