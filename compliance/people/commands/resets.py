"""The verbs of somebody who forgot their password: ask for a link by mail, set a new one with it.

Says to nobody who has an account.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound
from compliance.core.events import Subject, record
from compliance.core.outbox import post_message
from compliance.core.text import say
from compliance.people.commands.access import end_all, failed_too_often
from compliance.people.models import PasswordReset, SignInAttempt, User, new_secret, secret_hash
from compliance.people.passwords import hash_password, password_problem
from compliance.people.queries import find_user, live_reset
from compliance.policy import SYSTEM, open_to_strangers, system_only
from compliance.web.mailroom import secret_of

LINK_LASTS = timedelta(hours=1)
MOST_LINKS = 3
MOST_LINKS_FROM_ONE_ADDRESS = 20


@open_to_strangers
def ask_for_reset(*, email: str, came_from: str) -> bool:
    """Mail a link to `email` if somebody who may sign in has that address; False when too many were
    asked for.

    Strangers learn nothing: each question counts, whether or not there is such a person. The mail
    waits in the outbox with a seed only; the link is made of it when it leaves, and the store knows its hash.
    """
    email = email.strip().lower()[:254]
    limits = {f"reset:{email}": MOST_LINKS, f"reset-from:{came_from}": MOST_LINKS_FROM_ONE_ADDRESS}
    if failed_too_often(limits):
        return False
    now = clock.now()
    db.session.add_all(SignInAttempt(who=who, at=now) for who in limits)
    user = find_user(email)
    if user is not None and user.active:
        seed, until = new_secret(), now + LINK_LASTS
        db.session.add(
            PasswordReset(
                user_id=user.id, secret_hash=secret_hash(secret_of(seed)), expires_at=until
            )
        )
        post_message(
            "user.reset_asked",
            key=f"reset:{seed[:12]}",
            channel="email",
            address=user.email,
            language=user.language,
            data={"name": user.name, "seed": seed, "until": until},
        )
        record(
            "user.reset_asked",
            by=SYSTEM,
            subject=Subject("user", user.id),
            email=user.email,
            name=user.name,
        )
    return True


@open_to_strangers
def reset_password(secret: str, *, password: str) -> User:
    """A new password by whoever holds the link; every session of the person ends, and no other link
    works any more.

    Hashes before it writes: nobody waits for the store meanwhile. Raises Invalid, and NotFound
    when the link was used, is over, or never was one.
    """
    reset = live_reset(secret)
    if reset is None:
        raise NotFound(say("Tautan ini tidak berlaku lagi."))
    if problem := password_problem(password, email=reset.user.email):
        raise Invalid({"password": problem})
    reset_id, user_id = reset.id, reset.user_id
    db.session.rollback()
    hashed, now = hash_password(password), clock.now()
    mine = sa.update(PasswordReset).where(
        PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None)
    )
    used = db.session.scalars(mine.values(used_at=now).returning(PasswordReset.id)).all()
    if reset_id not in used:
        raise NotFound(say("Tautan ini tidak berlaku lagi."))
    user = db.session.get_one(User, user_id)
    user.password_hash = hashed
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.who == f"email:{user.email}"))
    end_all(user, tokens=False)
    record(
        "user.password_reset",
        by=user,
        subject=Subject("user", user.id),
        email=user.email,
        name=user.name,
    )
    return user


@system_only
def forget_resets() -> dict[str, int]:
    """Drop links that are over since a day."""
    old = sa.delete(PasswordReset).where(PasswordReset.expires_at < clock.now() - timedelta(days=1))
    return {"links": len(db.session.execute(old.returning(PasswordReset.id)).all())}
