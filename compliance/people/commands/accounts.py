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
from compliance.office.settings import served_province
from compliance.people.commands.access import (
    ATTEMPT_WINDOW,
    ATTEMPTS_ALLOWED,
    TooOften,
    end_all,
    reserve_tries,
)
from compliance.people.models import ApiToken, SignIn, SignInAttempt, User, new_secret, secret_hash
from compliance.people.passwords import hash_password, password_problem, verify_password
from compliance.policy import OWN, SYSTEM, Actor, System, command, system_only

TOO_MANY_GUESSES = say("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi.")


@command(OWN, owner="id")
def set_password(user: User, *, by: Actor, password: str, keep: SignIn | None = None) -> None:
    """A new password of one's own; nobody sets another's. Every other session of the person ends.

    Guesses at the old one do not hold up the new one.
    """
    if problem := password_problem(password, email=user.email, name=user.name):
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


@command(OWN, owner="id")
def change_password(
    user: User, *, by: Actor, current: str, password: str, keep: SignIn | None = None
) -> None:
    """Change one's own password, given the current one; all other sessions end. Raises Invalid."""
    confirm_password(user, by=by, current=current)
    set_password(user, by=by, password=password, keep=keep)


@command(OWN, owner="id")
def confirm_password(user: User, *, by: Actor, current: str) -> None:
    """Refuse whoever sits at somebody's open page and does not know the password.

    A try is counted before the password is looked at, so that many at once are many; after five wrong ones no
    further is allowed for a while. Uses separate transactions, so that the store is not locked while a
    password is hashed. Raises Invalid.
    """
    known = user.password_hash
    try:
        reserved = reserve_tries({f"password:{user.id}": (ATTEMPTS_ALLOWED, (ATTEMPT_WINDOW,))})
    except TooOften:
        raise Invalid({"current": TOO_MANY_GUESSES}) from None
    if not verify_password(known, current):
        raise Invalid({"current": say("Kata sandi sekarang tidak cocok. Periksa, lalu coba lagi.")})
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.id.in_(reserved)))


@command(OWN, owner="id")
def change_account(
    user: User,
    *,
    by: Actor,
    language: str,
    wants_email: bool | None = None,
    shortcuts: bool | None = None,
    dense: bool | None = None,
) -> None:
    """A person's own preferences; None leaves one as it is. Nobody changes another's."""
    if language not in LANGUAGES:
        raise Invalid({"language": say("Bahasa yang dikenal: id, en.")})
    user.language = language
    user.wants_email = user.wants_email if wants_email is None else wants_email
    user.shortcuts = user.shortcuts if shortcuts is None else shortcuts
    user.dense = user.dense if dense is None else dense


TOKEN_DAYS = 365
LONGEST_TOKEN_DAYS = 3650


@command(OWN, owner="id")
def add_token(user: User, *, by: Actor, label: str, days: int | None = TOKEN_DAYS) -> str:
    """A bearer token of one's own: it acts as `user` for so many days, a year when nobody says.

    The secret is answered once and kept only as a hash. Nobody makes a token that acts as another person.
    """
    return _new_token(user, by=by, label=label, days=days)


@system_only
def add_token_at_console(user: User, *, label: str, days: int | None = TOKEN_DAYS) -> str:
    """The same for whoever runs the server, who could do anything there. The log says that it came from the
    console, and the person is told.
    """
    return _new_token(user, by=SYSTEM, label=label, days=days)


def _new_token(user: User, *, by: Actor | System, label: str, days: int | None) -> str:
    days = TOKEN_DAYS if days is None else days
    problems: dict[str, Text] = {}
    if not label.strip():
        problems["label"] = say(
            "Beri token nama, misalnya Sistem perizinan {place}",
            place=served_province().example.name,
        )
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
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
            expires_at=now + timedelta(days=days),
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
