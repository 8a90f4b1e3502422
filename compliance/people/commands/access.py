"""The verbs of signing in and out, and the limits on guessing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import Subject, record
from compliance.people.models import (
    ApiToken,
    PasswordReset,
    SignIn,
    SignInAttempt,
    User,
    new_secret,
    secret_hash,
)
from compliance.people.passwords import verify_password
from compliance.policy import OWN, Actor, command, open_to_strangers, system_only

SESSION_HOURS = 12


ATTEMPTS_ALLOWED = 5


ATTEMPTS_ALLOWED_FROM_ONE_ADDRESS = 50


GUESSES = 20


ATTEMPT_WINDOW = timedelta(minutes=15)


def too_many_attempts(*, email: str, came_from: str) -> bool:
    """Whether this address, or this network address, failed too often in the last quarter of an hour."""
    who = {
        f"email:{email.strip().lower()[:254]}": ATTEMPTS_ALLOWED,
        f"from:{came_from}": ATTEMPTS_ALLOWED_FROM_ONE_ADDRESS,
    }
    return failed_too_often(who)


def too_many_guesses(*, came_from: str) -> bool:
    """Whether this network address asked too often, in the last quarter of an hour, for codes that
    do not exist.
    """
    return failed_too_often({f"code:{came_from}": GUESSES})


@open_to_strangers
def count_guess(*, came_from: str) -> None:
    """Count a code that does not exist, in a transaction of its own, for the page only reads."""
    db.session.rollback()
    with Session(db.engine) as own, own.begin():
        own.add(SignInAttempt(who=f"code:{came_from}", at=clock.now()))


def failed_too_often(limits: Mapping[str, int]) -> bool:
    """Whether one of these was counted as often as it may be in the last quarter of an hour."""
    counts = db.session.execute(
        sa.select(SignInAttempt.who, sa.func.count())
        .where(SignInAttempt.who.in_(limits), SignInAttempt.at > clock.now() - ATTEMPT_WINDOW)
        .group_by(SignInAttempt.who)
    )
    return any(count >= limits[key] for key, count in counts)


@open_to_strangers
def sign_in(*, email: str, password: str, came_from: str, device: str) -> tuple[SignIn, str] | None:
    """Open a session; answers it with its secret, or None for a wrong pair.

    A failure is counted for the mail address and for the network address. Uses a separate transaction,
    so that the store is not locked while a password is hashed.
    """
    email = email.strip().lower()[:254]
    user = db.session.scalar(sa.select(User).where(User.email == email))
    known = user.password_hash if user else None
    db.session.rollback()
    right = verify_password(known, password)
    if user is None or not right or not user.active:
        db.session.add(SignInAttempt(who=f"email:{email}", at=clock.now()))
        db.session.add(SignInAttempt(who=f"from:{came_from}", at=clock.now()))
        return None
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.who == f"email:{email}"))
    secret, now = new_secret(), clock.now()
    session = SignIn(
        user=user,
        secret_hash=secret_hash(secret),
        device=device[:200],
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=SESSION_HOURS),
    )
    db.session.add(session)
    record("user.signed_in", by=user, subject=Subject("user", user.id))
    return session, secret


@command("user.manage", about=None, owner="user_id")
def end_session(session: SignIn, *, by: Actor) -> None:
    """Sign out one browser: one's own, or as an admin somebody's."""
    session.ended_at = session.ended_at or clock.now()


@command(OWN, owner="user_id")
def extend_session(session: SignIn, *, by: Actor) -> None:
    """Somebody who is still at work goes on: the session lasts as long as a new one would from now."""
    session.expires_at = clock.now() + timedelta(hours=SESSION_HOURS)


@command("user.manage", about=None, owner="id")
def end_other_sessions(user: User, *, by: Actor, keep: SignIn | None = None) -> None:
    """Sign out a person's every browser but `keep`. Tokens stay: each is revoked by itself."""
    end_all(user, keep=keep, tokens=False)
    record(
        "user.signed_out", by=by, subject=Subject("user", user.id), email=user.email, name=user.name
    )


@system_only
def forget_old_sign_ins() -> dict[str, int]:
    """Drop attempts older than a day and sessions that ended or expired a month ago."""
    now = clock.now()
    old = now - timedelta(days=30)
    attempts = sa.delete(SignInAttempt).where(SignInAttempt.at < now - timedelta(days=1))
    sessions = sa.delete(SignIn).where(sa.or_(SignIn.expires_at < old, SignIn.ended_at < old))
    return {
        "attempts": len(db.session.execute(attempts.returning(SignInAttempt.id)).all()),
        "sessions": len(db.session.execute(sessions.returning(SignIn.id)).all()),
    }


@system_only
def end_all(user: User, *, keep: SignIn | None = None, tokens: bool = True) -> None:
    """End a person's sessions but `keep`, their mailed links and their tokens. A part of other verbs."""
    now = clock.now()
    links = sa.update(PasswordReset).where(
        PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
    )
    db.session.execute(links.values(used_at=now))
    sessions = sa.update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if keep is not None:
        sessions = sessions.where(SignIn.id != keep.id)
    db.session.execute(sessions.values(ended_at=now))
    if tokens:
        db.session.execute(
            sa.update(ApiToken)
            .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
            .values(revoked_at=now)
        )
