"""The verbs of signing in and out, and the limits on guessing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from threading import BoundedSemaphore, Lock
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.core import clock
from compliance.core.db import db, is_postgresql
from compliance.core.errors import Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import typed_email
from compliance.core.read_only import read_only_mode
from compliance.core.text import say
from compliance.office.settings import office_settings
from compliance.people.factors.models import RememberedDevice
from compliance.people.factors.queries import is_remembered, needs_factor
from compliance.people.factors.rules import SIGN_IN_WAITS
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
from compliance.people.queries import end_when_used
from compliance.people.rules import is_unused
from compliance.policy import OWN, Actor, command, open_to_strangers, system_only

ATTEMPTS_ALLOWED = 5


ATTEMPTS_ALLOWED_FROM_ONE_ADDRESS = 50


GUESSES = 20


ATTEMPT_WINDOW = timedelta(minutes=15)


SHORT_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 16, 32, 60))
"""A minute at most: strangers who guess at an account slow its owner down on a new device, and never shut
them out.
"""


LONG_PAUSES = (*SHORT_PAUSES, *(timedelta(minutes=minutes) for minutes in (2, 4, 8, 15)))


class LockedAccount(Refusal):
    """The password is right, and the account was not used for too long."""


class TooOften(Refusal):
    """Too many tries; `pause` is how long to wait for the next."""

    status = 429

    def __init__(self, pause: timedelta) -> None:
        seconds = max(1, ceil(pause.total_seconds()))
        super().__init__(
            say("Terlalu banyak percobaan. Tunggu {count} detik, lalu coba lagi.", count=seconds)
        )
        self.seconds = seconds


STRANGERS_AT_ONCE = 3
"""So many threads of a process may be busy with sign-ins from unknown devices; one of them hashes."""
_room, _turn = BoundedSemaphore(STRANGERS_AT_ONCE), Lock()


@contextmanager
def turn_to_sign_in(*, known_device: bool) -> Iterator[None]:
    """Hash for one stranger after the other, and let few of them wait: a password costs a tenth of a second
    and 64 MB, and addresses to try from can be had in any number.

    A device on which the person signed in before does not wait for strangers. Raises TooOften.
    """
    if known_device:
        yield
        return
    db.session.rollback()  # who waits locks nothing in the store
    if not _room.acquire(blocking=False):
        raise TooOften(SHORT_PAUSES[0])
    try:
        with _turn:
            yield
    finally:
        _room.release()


@open_to_strangers
def reserve_attempt(*, email: str, came_from: str, known_device: bool) -> list[int]:
    """Count one more try before its password is looked at, so that many at once are many. Answers what was
    counted.

    After a few tries there is a pause before each, twice as long as the last. A device on which the person
    signed in before is counted by itself, so that nobody else's tries hold it up. Raises TooOften.
    """
    many, who = (ATTEMPTS_ALLOWED_FROM_ONE_ADDRESS, LONG_PAUSES), f"email:{typed_email(email)}"
    if known_device:
        return reserve_tries({f"known-{who}": many})
    return reserve_tries({f"from:{came_from}": many, who: (ATTEMPTS_ALLOWED, SHORT_PAUSES)})


@open_to_strangers
def reserve_tries(limits: Mapping[str, tuple[int, Sequence[timedelta]]]) -> list[int]:
    """Count one more try of each, in a transaction of its own, unless there must be a pause first; answers
    what was counted.

    A limit is how many tries are free, and the pauses after them, of which the last one stays. Raises
    TooOften.
    """
    now = clock.now()
    if _nothing_is_counted():
        return []
    with Session(db.engine) as own, own.begin():
        if is_postgresql():  # on SQLite there is one writer at a time
            for key in sorted(limits):
                own.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
        tries = own.execute(
            sa.select(SignInAttempt.who, sa.func.count(), sa.func.max(SignInAttempt.at))
            .where(SignInAttempt.who.in_(limits), SignInAttempt.at > now - ATTEMPT_WINDOW)
            .group_by(SignInAttempt.who)
        )
        for key, count, last_at in tries:
            free, pauses = limits[key]
            if count < free:
                continue
            wait = last_at + pauses[min(count - free, len(pauses) - 1)] - now
            if wait > timedelta():
                raise TooOften(wait)
        reserved = [SignInAttempt(who=key, at=now) for key in limits]
        own.add_all(reserved)
        own.flush()
        return [attempt.id for attempt in reserved]


def too_many_guesses(*, came_from: str) -> bool:
    """Whether this network address asked too often, in the last quarter of an hour, for codes that
    do not exist.
    """
    return failed_too_often({f"code:{came_from}": GUESSES})


@open_to_strangers
def count_guess(*, came_from: str) -> None:
    """Count a code that does not exist, in a transaction of its own, for the page only reads."""
    if _nothing_is_counted():
        return
    with Session(db.engine) as own, own.begin():
        own.add(SignInAttempt(who=f"code:{came_from}", at=clock.now()))


def _nothing_is_counted() -> bool:
    """Whether nothing may be written now. Ends the transaction: a count has one of its own."""
    paused = read_only_mode() is not None
    db.session.rollback()
    return paused


def failed_too_often(limits: Mapping[str, int]) -> bool:
    """Whether one of these was counted as often as it may be in the last quarter of an hour."""
    counts = db.session.execute(
        sa.select(SignInAttempt.who, sa.func.count())
        .where(SignInAttempt.who.in_(limits), SignInAttempt.at > clock.now() - ATTEMPT_WINDOW)
        .group_by(SignInAttempt.who)
    )
    return any(count >= limits[key] for key, count in counts)


@open_to_strangers
def sign_in(
    *,
    email: str,
    password: str,
    came_from: str,
    device: str,
    reserved: Sequence[int] = (),
    remembered_by: Mapping[int, str] = MappingProxyType({}),
) -> tuple[SignIn, str] | None:
    """Open a session; answers it with its secret, or None for a wrong pair. The session of somebody with a
    second factor waits for that, unless the browser is remembered: `remembered_by` holds its secrets by
    person.

    What was `reserved` for the try stays counted unless the pair is right. Uses a separate transaction, so
    that the store is not locked while a password is hashed. Raises LockedAccount for a right pair whose
    account was not used for too long.
    """
    email = typed_email(email)
    user = db.session.scalar(sa.select(User).where(User.email == email))
    known = user.password_hash if user else None
    db.session.rollback()
    right = verify_password(known, password)
    if user is None or not right or not user.active:
        return None
    forgotten = sa.or_(
        SignInAttempt.id.in_(reserved),
        SignInAttempt.who.in_((f"email:{email}", f"known-email:{email}")),
    )
    db.session.execute(sa.delete(SignInAttempt).where(forgotten))
    _refuse_unused(user)
    if user.factor_since is None:
        return open_session(user, device=device, confirmed_at=clock.now())
    if is_remembered(user.id, remembered_by.get(user.id)):
        return open_session(user, device=device, confirmed_at=None)
    return _wait_for_factor(user, device=device)


def _refuse_unused(user: User) -> None:
    days = office_settings().unused_days
    if is_unused(last_used_at=user.last_used_at, now=clock.now(), most_days=days):
        raise LockedAccount(
            say(
                "Akun ini dikunci karena lebih dari {count} hari tidak dipakai. Tekan Lupa kata"
                " sandi: tautan ke surel Anda membukanya lagi.",
                count=days,
            )
        )


@system_only
def open_session(user: User, *, device: str, confirmed_at: datetime | None) -> tuple[SignIn, str]:
    """A session of somebody who proved who they are, with its secret. A part of other verbs."""
    now = clock.now()
    until = end_when_used(began_at=now, used_at=now)
    opened = _new_session(user, device=device, until=until)
    opened[0].confirmed_at, user.last_used_at = confirmed_at, now
    if user.factor_since is None and user.factor_asked_at is None and needs_factor(user.role):
        user.factor_asked_at = now
    record("user.signed_in", by=user, subject=Subject("user", user.id))
    return opened


def _wait_for_factor(user: User, *, device: str) -> tuple[SignIn, str]:
    opened = _new_session(user, device=device, until=clock.now() + SIGN_IN_WAITS)
    opened[0].awaits_factor = True
    return opened


def _new_session(user: User, *, device: str, until: datetime) -> tuple[SignIn, str]:
    secret, now = new_secret(), clock.now()
    session = SignIn(
        user=user,
        secret_hash=secret_hash(secret),
        device=device[:200],
        created_at=now,
        last_seen_at=now,
        expires_at=until,
    )
    db.session.add(session)
    return session, secret


@command("user.manage", about=None, owner="user_id")
def end_session(session: SignIn, *, by: Actor) -> None:
    """Sign out one browser: one's own, or as an admin somebody's."""
    session.ended_at = session.ended_at or clock.now()


@command(OWN, owner="user_id")
def extend_session(session: SignIn, *, by: Actor) -> None:
    """Somebody who is still at work goes on, as by any other use of the session."""
    session.last_seen_at = clock.now()
    session.expires_at = end_when_used(began_at=session.created_at, used_at=session.last_seen_at)


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
def end_links(user: User) -> None:
    """Make the mailed links of a person worthless. A part of other verbs."""
    links = sa.update(PasswordReset).where(
        PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
    )
    db.session.execute(links.values(used_at=clock.now()))


@system_only
def end_remembered(user: User) -> None:
    """Every browser of a person is asked for the second factor again. A part of other verbs."""
    devices = sa.update(RememberedDevice).where(
        RememberedDevice.user_id == user.id, RememberedDevice.ended_at.is_(None)
    )
    db.session.execute(devices.values(ended_at=clock.now()))


@system_only
def end_all(user: User, *, keep: SignIn | None = None, tokens: bool = True) -> None:
    """End a person's sessions but `keep`, their mailed links and their tokens. A part of other verbs."""
    now = clock.now()
    end_links(user)
    sessions = sa.update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if keep is not None:
        sessions = sessions.where(SignIn.id != keep.id)
    db.session.execute(sessions.values(ended_at=now))
    end_remembered(user)
    if tokens:
        db.session.execute(
            sa.update(ApiToken)
            .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
            .values(revoked_at=now)
        )
