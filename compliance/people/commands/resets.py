"""The verbs for a forgotten password: ask for a link by mail, set a new password with it.

Never shows a stranger whether a mail address has an account.
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

    A stranger learns nothing: each request counts, whether or not the address has an account. The mail
    in the outbox holds only a seed; the link is derived from it on sending, and the store has its hash.
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
    """Set a new password with the link from the mail. All sessions of the user end, and their other
    links stop working.

    Hashes before it writes, so that the store is not locked meanwhile. Raises Invalid, and NotFound
    when the link was used, has expired, or never existed.
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
    """Delete links that expired more than a day ago."""
    old = sa.delete(PasswordReset).where(PasswordReset.expires_at < clock.now() - timedelta(days=1))
    return {"links": len(db.session.execute(old.returning(PasswordReset.id)).all())}
