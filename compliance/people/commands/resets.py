"""The verbs on mailed links, by which people set their first password or a new one: ask for a link, send
one, set the password with it.

Only the mailbox of the person gets the link: no admin sees it, and no stranger learns whether a mail
address has an account.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound, Refusal
from compliance.core.events import Subject, record
from compliance.core.outbox import post_message
from compliance.core.parsing import typed_email
from compliance.core.text import say
from compliance.people.commands.access import (
    ATTEMPT_WINDOW,
    TooOften,
    end_all,
    end_links,
    reserve_tries,
)
from compliance.people.models import PasswordReset, SignInAttempt, User, new_secret, secret_hash
from compliance.people.passwords import hash_password, password_problem
from compliance.people.queries import address_settles_at, find_user, live_reset
from compliance.policy import SYSTEM, Actor, System, command, open_to_strangers, system_only
from compliance.web.mailroom import secret_of

LINK_LASTS = timedelta(hours=1)
SENT_LINK_LASTS = timedelta(days=1)
"""A link that an admin sends, or that the console prints: its reader did not sit and wait for it."""
INVITATION_LASTS = timedelta(days=7)
MOST_LINKS = 3
MOST_LINKS_FROM_ONE_ADDRESS = 20


@open_to_strangers
def ask_for_reset(*, email: str, came_from: str) -> bool:
    """Mail a link to `email` if somebody who may sign in has that address; False when too many were
    asked for.

    A stranger learns nothing: each request counts, whether or not the address has an account. The mail
    in the outbox holds only a seed; the link is derived from it on sending, and the store has its hash.
    """
    email = typed_email(email)
    limits = {f"reset:{email}": MOST_LINKS, f"reset-from:{came_from}": MOST_LINKS_FROM_ONE_ADDRESS}
    try:
        reserve_tries({who: (most, (ATTEMPT_WINDOW,)) for who, most in limits.items()})
    except TooOften:
        return False
    user, now = find_user(email), clock.now()
    if user is None or not user.active:
        return True
    if (settles_at := address_settles_at(user)) is not None:
        _post(
            user,
            "user.reset_asked",
            key=f"settles:{user.id}:{now:%Y%m%d%H%M}",
            not_before=settles_at,
        )
        return True
    _mail_link(user, "user.reset_asked", by=SYSTEM, until=now + LINK_LASTS)
    record("user.reset_asked", by=SYSTEM, **_about(user))
    return True


@command("user.manage", about=None)
def send_link(user: User, *, by: Actor | System) -> datetime:
    """Mail a person the link by which they set their password: an invitation when they have none yet.
    Earlier links stop working. Answers until when it works.

    Raises Refusal when they may not sign in, or when their address was changed less than a day ago: the
    owner of the account can object first.
    """
    if not user.active:
        raise Refusal(say("{name} tidak boleh masuk; tautan tidak dikirim.", name=user.name))
    if (settles_at := address_settles_at(user)) is not None:
        raise Refusal(
            say(
                "Alamat surel {name} baru diganti. Tautan baru dapat dikirim sesudah {instant}, supaya"
                " pemilik akun sempat membantah.",
                name=user.name,
                instant=settles_at,
            )
        )
    end_links(user)
    if user.password_hash is None:
        until = clock.now() + INVITATION_LASTS
        _mail_link(user, "user.invited", by=by, until=until)
        record("user.invited", by=by, **_about(user))
    else:
        until = clock.now() + SENT_LINK_LASTS
        _mail_link(user, "user.link_sent", by=by, until=until)
        record("user.link_sent", by=by, **_about(user))
    return until


@system_only
def print_link(user: User) -> str:
    """The secret of such a link, for whoever runs the server to hand over where mail does not work.

    The log says that it came from the console, and the person is told.
    """
    end_links(user)
    secret = new_secret()
    _add_link(user, secret, until=clock.now() + SENT_LINK_LASTS)
    record("user.link_printed", by=SYSTEM, **_about(user))
    return secret


def _about(user: User) -> dict[str, Any]:
    return {"subject": Subject("user", user.id), "email": user.email, "name": user.name}


def _mail_link(user: User, kind: str, *, by: Actor | System, until: datetime) -> None:
    seed = new_secret()
    _add_link(user, secret_of(seed), until=until)
    _post(user, kind, key=f"reset:{seed[:12]}", by=by.actor_name, seed=seed, until=until)


def _add_link(user: User, secret: str, *, until: datetime) -> None:
    db.session.add(
        PasswordReset(user_id=user.id, secret_hash=secret_hash(secret), expires_at=until)
    )


def _post(user: User, kind: str, *, key: str, **facts: Any) -> None:
    post_message(
        kind,
        key=key,
        channel="email",
        user_id=user.id,
        address=user.email,
        language=user.language,
        data={"name": user.name, "always": True, **facts},
    )


@open_to_strangers
def reset_password(secret: str, *, password: str) -> User:
    """Set a new password with the link from the mail. All sessions and tokens of the user end, and their
    other links stop working: who had the account until now has nothing left of it.

    Hashes before it writes, so that the store is not locked meanwhile. Raises Invalid, and NotFound
    when the link was used, has expired, or never existed.
    """
    reset = live_reset(secret)
    if reset is None:
        raise NotFound(say("Tautan ini tidak berlaku lagi."))
    if problem := password_problem(password, email=reset.user.email, name=reset.user.name):
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
    user.password_hash, user.last_used_at = hashed, now
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.who == f"email:{user.email}"))
    end_all(user)
    record("user.password_reset", by=user, **_about(user))
    return user


@system_only
def forget_resets() -> dict[str, int]:
    """Delete links that expired more than a day ago."""
    old = sa.delete(PasswordReset).where(PasswordReset.expires_at < clock.now() - timedelta(days=1))
    return {"links": len(db.session.execute(old.returning(PasswordReset.id)).all())}
