"""Who asks: the bearer token of each request, and an end to guessing.

Refuses a missing or wrong token with 401; after twenty wrong ones from one place in a quarter of an hour with
429. A right token is never held back by somebody else's wrong ones.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, g, request
from sqlalchemy.orm import Session

from compliance.core import clock
from compliance.core.channels import Origin, come_from
from compliance.core.db import db
from compliance.core.read_only import read_only_mode
from compliance.core.text import say
from compliance.people.commands.access import ATTEMPT_WINDOW
from compliance.people.models import SignInAttempt, User
from compliance.people.queries import Caller, caller_with, owner_of_token
from compliance.people.sessions import OPEN_ENDPOINTS
from compliance.policy import open_to_strangers
from compliance.web.addresses import came_from
from compliance.web.problems import problem
from compliance.web.requests import write_or_refuse
from compliance.web.security_log import note_refusal

WRONG_TOKENS = 20


def know_the_caller() -> Response | None:
    """Remember whose token this request bears, or answer why it goes no further."""
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return _refuse(
            say("Kirim token Anda: Authorization: Bearer <token>."), 'Bearer realm="patuh"'
        )
    bearer = caller_with(secret.strip())
    if bearer is not None:
        g.caller, g.asker_id = bearer, bearer.id
        come_from(Origin("api", bearer.token_id, bearer.token_label))
        write_or_refuse()
        return None
    owner_id = owner_of_token(secret.strip())
    note_refusal("token.ended" if owner_id is not None else "token.wrong", user_id=owner_id)
    if not _count_wrong_token(f"token:{came_from()}"):
        note_refusal("slowed", user_id=owner_id)
        wait = {"Retry-After": str(int(ATTEMPT_WINDOW.total_seconds()))}
        return problem(429, say("Terlalu banyak token yang salah. Tunggu 15 menit."), headers=wait)
    reason = say("Token ini tidak dikenal, sudah dicabut, atau sudah kedaluwarsa.")
    return _refuse(reason, 'Bearer realm="patuh", error="invalid_token"')


def caller() -> Caller:
    """The person whose token this request bears."""
    bearer: Caller = g.caller
    return bearer


def calling_user() -> User:
    """The same person as an entity, for the few commands that write about them."""
    return db.session.get_one(User, caller().id)


def _refuse(reason: object, challenge: str) -> Response:
    return problem(401, reason, headers={"WWW-Authenticate": challenge})


@open_to_strangers
def _count_wrong_token(who: str) -> bool:
    """Count one more wrong token from `who`, in a transaction of its own; False when there were too
    many already.
    """
    now = clock.now()
    recent = sa.select(sa.func.count()).where(
        SignInAttempt.who == who, SignInAttempt.at > now - ATTEMPT_WINDOW
    )
    if (db.session.scalar(recent) or 0) >= WRONG_TOKENS:
        return False
    if read_only_mode() is not None:
        return True
    db.session.rollback()  # the count must neither wait for this request's transaction nor end with it
    with Session(db.engine) as own, own.begin():
        own.add(SignInAttempt(who=who, at=now))
    return True
