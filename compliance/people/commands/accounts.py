"""The verbs on an account: password, preferences, tokens, messages read."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import Subject, record
from compliance.core.outbox import Message
from compliance.core.text import LANGUAGES, Text, say
from compliance.people.commands.access import (
    ATTEMPTS_ALLOWED,
    end_all,
    failed_too_often,
)
from compliance.people.models import ApiToken, SignIn, SignInAttempt, User, new_secret, secret_hash
from compliance.people.passwords import hash_password, password_problem, verify_password
from compliance.policy import OWN, Actor, System, command


@command("user.manage", about=None, owner="id")
def set_password(
    user: User, *, by: Actor | System, password: str, keep: SignIn | None = None
) -> None:
    """A new password, by its owner or by an admin. Every other session of the person ends.

    Guesses at the old one do not hold up the new one.
    """
    if problem := password_problem(password, email=user.email):
        raise Invalid({"password": problem})
    user.password_hash = hash_password(password)
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.who == f"email:{user.email}"))
    end_all(user, keep=keep, tokens=False)
    record(
        "user.password_changed",
        by=by,
        subject=Subject("user", user.id),
        email=user.email,
        name=user.name,
    )


@command("user.manage", about=None, owner="id")
def change_password(
    user: User, *, by: Actor, current: str, password: str, keep: SignIn | None = None
) -> None:
    """Change one's own password, given the current one; all other sessions end.

    A wrong current password is counted, and after five of them no further try is allowed for a while.
    Uses a separate transaction, so that the store is not locked while a password is hashed. Raises
    Invalid.
    """
    guesses = f"password:{user.id}"
    if failed_too_often({guesses: ATTEMPTS_ALLOWED}):
        raise Invalid(
            {"current": say("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi.")}
        )
    known = user.password_hash
    db.session.rollback()
    if not verify_password(known, current):
        db.session.add(SignInAttempt(who=guesses, at=clock.now()))
        raise Invalid({"current": say("Kata sandi sekarang tidak cocok. Periksa, lalu coba lagi.")})
    set_password(user, by=by, password=password, keep=keep)


@command("user.manage", about=None, owner="id")
def change_account(
    user: User,
    *,
    by: Actor,
    language: str,
    wants_email: bool | None = None,
    shortcuts: bool | None = None,
) -> None:
    """A person's own preferences; None leaves one as it is. Anyone may change their own, nobody another's."""
    if language not in LANGUAGES:
        raise Invalid({"language": say("Bahasa yang dikenal: id, en.")})
    user.language = language
    user.wants_email = user.wants_email if wants_email is None else wants_email
    user.shortcuts = user.shortcuts if shortcuts is None else shortcuts


LONGEST_TOKEN_DAYS = 3650


@command("user.manage", about=None, owner="id")
def add_token(user: User, *, by: Actor | System, label: str, days: int | None = None) -> str:
    """A bearer token that acts as `user`; the secret is answered once and kept only as a hash."""
    problems: dict[str, Text] = {}
    if not label.strip():
        problems["label"] = say("Beri token nama, misalnya Sistem perizinan Kota Kupang")
    if days is not None and not 1 <= days <= LONGEST_TOKEN_DAYS:
        problems["days"] = say(
            "Isi masa berlaku antara 1 dan {most} hari.", most=LONGEST_TOKEN_DAYS
        )
    if problems:
        raise Invalid(problems)
    secret, now = "patuh_" + new_secret(), clock.now()
    db.session.add(
        ApiToken(
            user=user,
            label=label.strip()[:100],
            secret_hash=secret_hash(secret),
            created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
    )
    record(
        "token.added",
        by=by,
        subject=Subject("user", user.id),
        email=user.email,
        name=user.name,
        label=label.strip()[:100],
    )
    return secret


@command("user.manage", about=None, owner="user_id")
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """Make a token worthless at once."""
    if token.revoked_at is not None:
        return
    token.revoked_at = clock.now()
    record(
        "token.revoked",
        by=by,
        subject=Subject("user", token.user_id),
        name=token.user.name,
        label=token.label,
    )


@command(OWN, owner="user_id")
def mark_read(message: Message, *, by: Actor) -> None:
    """A person has read a message of their own; nobody can for another."""
    message.read_at = message.read_at or clock.now()


@command(OWN, about=None)
def mark_all_read(*, by: Actor, up_to: int) -> None:
    """A person has read all their own messages up to the one with the id `up_to`; what came later
    stays unread.
    """
    db.session.execute(
        sa.update(Message)
        .where(
            Message.user_id == by.actor_id,
            Message.id <= up_to,
            sa.text("channel = 'inbox' AND read_at IS NULL"),
        )
        .values(read_at=clock.now())
    )
