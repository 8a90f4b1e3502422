"""The verbs about people: add, change, sign in and out, passwords, tokens, offices. The only writers here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from compliance.core import clock
from compliance.core.db import db, hold_table
from compliance.core.errors import Invalid, NotAllowed, Taken
from compliance.core.events import expect_nothing_since, record
from compliance.core.outbox import Message
from compliance.core.text import LANGUAGES, Text, say
from compliance.people.models import ApiToken, Office, SignIn, SignInAttempt, User, new_secret, secret_hash
from compliance.people.passwords import hash_password, password_problem, verify_password
from compliance.people.settings import Setting, changed_settings, forget_settings
from compliance.policy import ROLES, Actor, System, require

SESSION_HOURS = 12
LONGEST_PHONE = 40
ATTEMPTS = 5
ATTEMPTS_FROM_ONE_PLACE = 50
GUESSES = 20
LONGEST_TOKEN_DAYS = 3650
OFFICE_FACTS = {"name": 200, "legal_basis": 500, "address": 500, "phone": 40, "email": 254}
"""What may be changed about an office, and how many letters each holds."""
ATTEMPT_WINDOW = timedelta(minutes=15)


def clean_email(typed: str) -> str:
    """The address in its comparable form. Raises Invalid."""
    try:
        return validate_email(
            typed.strip(), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        raise Invalid({"email": say("Tulis alamat surel yang lengkap, misalnya nama@contoh.go.id")}) from None


def add_user(
    *,
    by: Actor | System,
    email: str,
    name: str,
    role: str,
    office: Office | None = None,
    phone: str | None = None,
    password: str | None = None,
    language: str = "id",
) -> User:
    """A new person. A licensing officer needs a licensing office. Raises Invalid, Taken."""
    require(by, "user.manage")
    problems = _user_problems(name, role, office, language, phone)
    try:
        email = clean_email(email)
    except Invalid as refusal:
        problems.update(refusal.errors)
    if password is not None and (problem := password_problem(password, email=email)):
        problems["password"] = problem
    if problems:
        raise Invalid(problems)
    owner = db.session.scalar(sa.select(User).where(User.email == email))
    if owner is not None:
        raise Taken(say("Alamat {email} sudah dipakai {name}.", email=email, name=owner.name), field="email")
    user = User(
        email=email, name=" ".join(name.split()), role=role, office=office, phone=_written(phone), language=language,
        password_hash=hash_password(password) if password else None, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(user)
    db.session.flush()
    record("user.added", by=by, subject=f"user:{user.id}", email=email, name=user.name, role=role)
    return user


def change_user(
    user: User, *, by: Actor, name: str, role: str, office: Office | None, phone: str | None, active: bool
) -> None:
    """Change who a person is to the office. Taking somebody's access away ends their sessions and tokens at once."""
    require(by, "user.manage")
    problems = _user_problems(name, role, office, user.language, phone)
    if by.actor_id == user.id and (not active or role != user.role):
        problems["active" if not active else "role"] = say("Anda tidak dapat mencabut akses Anda sendiri.")
    if problems:
        raise Invalid(problems)
    before = _known_of(user)
    user.name, user.role, user.office, user.active = " ".join(name.split()), role, office, active
    user.phone = _written(phone)
    after = _known_of(user)
    changed = [fact for fact in after if after[fact] != before[fact]]
    if not active:
        end_all(user)
    if changed:
        record(
            "user.changed", by=by, subject=f"user:{user.id}", email=user.email, name=user.name,
            before={fact: before[fact] for fact in changed}, after={fact: after[fact] for fact in changed},
        )  # fmt: skip


def _written(typed: str | None) -> str | None:
    return (typed or "").strip() or None


def _known_of(user: User) -> dict[str, Any]:
    return {
        "name": user.name, "role": user.role, "office": user.office.code if user.office else None,
        "phone": user.phone, "active": user.active,
    }  # fmt: skip


def _user_problems(
    name: str, role: str, office: Office | None, language: str, phone: str | None
) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if len(phone or "") > LONGEST_PHONE:
        problems["phone"] = say("Paling panjang {most} huruf.", most=LONGEST_PHONE)
    if not 1 <= len(name.strip()) <= 200:
        problems["name"] = say("Isi nama, misalnya Ina Contoh")
    if role not in ROLES:
        problems["role"] = say("Peran yang dikenal: {roles}.", roles=", ".join(ROLES))
    if role == "licensing" and (office is None or office.kind != "licensing"):
        problems["office"] = say("Petugas perizinan harus punya kantor perizinan.")
    if language not in LANGUAGES:
        problems["language"] = say("Bahasa yang dikenal: id, en.")
    return problems


def set_password(user: User, *, by: Actor | System, password: str, keep: SignIn | None = None) -> None:
    """A new password, by its owner or by an admin. Every other session of the person ends."""
    if by.actor_id != user.id:
        require(by, "user.manage")
    if problem := password_problem(password, email=user.email):
        raise Invalid({"password": problem})
    user.password_hash = hash_password(password)
    end_all(user, keep=keep, tokens=False)
    record("user.password_changed", by=by, subject=f"user:{user.id}", email=user.email, name=user.name)


def change_password(
    user: User, *, by: Actor, current: str, password: str, keep: SignIn | None = None
) -> None:
    """A new password by its owner, who proves with the current one that it is them; other sessions end.

    A wrong current password is counted, and after five of them nothing is tried any more for a while. Begins a
    transaction of its own: nobody waits for the store while a password is hashed. Raises Invalid.
    """
    if by.actor_id != user.id:
        require(by, "user.manage")
    guesses = f"password:{user.id}"
    if failed_too_often({guesses: ATTEMPTS}):
        raise Invalid({"current": say("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi.")})
    known = user.password_hash
    db.session.rollback()
    if not verify_password(known, current):
        db.session.add(SignInAttempt(who=guesses, at=clock.now()))
        raise Invalid({"current": say("Kata sandi sekarang tidak cocok. Periksa, lalu coba lagi.")})
    set_password(user, by=by, password=password, keep=keep)


def change_account(
    user: User, *, by: Actor, language: str, wants_email: bool | None = None, shortcuts: bool | None = None
) -> None:
    """A person's own preferences; None leaves one as it is. Anyone may change their own, nobody another's."""
    if by.actor_id != user.id:
        require(by, "user.manage")
    if language not in LANGUAGES:
        raise Invalid({"language": say("Bahasa yang dikenal: id, en.")})
    user.language = language
    user.wants_email = user.wants_email if wants_email is None else wants_email
    user.shortcuts = user.shortcuts if shortcuts is None else shortcuts


def too_many_attempts(*, email: str, came_from: str) -> bool:
    """Whether this address, or this network address, failed too often in the last quarter of an hour."""
    who = {f"email:{email.strip().lower()[:254]}": ATTEMPTS, f"from:{came_from}": ATTEMPTS_FROM_ONE_PLACE}
    return failed_too_often(who)


def too_many_guesses(*, came_from: str) -> bool:
    """Whether this network address asked too often, in the last quarter of an hour, for codes that do not exist."""
    return failed_too_often({f"code:{came_from}": GUESSES})


def count_guess(*, came_from: str) -> None:
    """Count a code that does not exist. Open to strangers; in a transaction of its own, for the page only reads."""
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


def sign_in(*, email: str, password: str, came_from: str, device: str) -> tuple[SignIn, str] | None:
    """Open a session; answers it with its secret, or None for a wrong pair. Open to strangers.

    The failure is counted against the address and against where it came from. Begins a transaction of its own:
    nobody waits for the store while a password is hashed.
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
        user=user, secret_hash=secret_hash(secret), device=device[:200], created_at=now, last_seen_at=now,
        expires_at=now + timedelta(hours=SESSION_HOURS),
    )  # fmt: skip
    db.session.add(session)
    record("user.signed_in", by=user, subject=f"user:{user.id}")
    return session, secret


def end_session(session: SignIn, *, by: Actor) -> None:
    """Sign out one browser: one's own, or as an admin somebody's."""
    if by.actor_id != session.user_id:
        require(by, "user.manage")
    session.ended_at = session.ended_at or clock.now()


def extend_session(session: SignIn, *, by: Actor) -> None:
    """Somebody who is still at work goes on: the session lasts as long as a new one would from now."""
    if by.actor_id != session.user_id:
        raise NotAllowed()
    session.expires_at = clock.now() + timedelta(hours=SESSION_HOURS)


def end_other_sessions(user: User, *, by: Actor, keep: SignIn | None = None) -> None:
    """Sign out a person's every browser but `keep`. Tokens stay: each is revoked by itself."""
    if by.actor_id != user.id:
        require(by, "user.manage")
    end_all(user, keep=keep, tokens=False)
    record("user.signed_out", by=by, subject=f"user:{user.id}", email=user.email, name=user.name)


def add_token(user: User, *, by: Actor | System, label: str, days: int | None = None) -> str:
    """A bearer token that acts as `user`; the secret is answered once and kept only as a hash."""
    if by.actor_id != user.id:
        require(by, "user.manage")
    problems: dict[str, Text] = {}
    if not label.strip():
        problems["label"] = say("Beri token nama, misalnya Sistem perizinan Kota Kupang")
    if days is not None and not 1 <= days <= LONGEST_TOKEN_DAYS:
        problems["days"] = say("Isi masa berlaku antara 1 dan {most} hari.", most=LONGEST_TOKEN_DAYS)
    if problems:
        raise Invalid(problems)
    secret, now = "patuh_" + new_secret(), clock.now()
    db.session.add(
        ApiToken(
            user=user, label=label.strip()[:100], secret_hash=secret_hash(secret), created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
    )  # fmt: skip
    record(
        "token.added",
        by=by,
        subject=f"user:{user.id}",
        email=user.email,
        name=user.name,
        label=label.strip()[:100],
    )
    return secret


def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """Make a token worthless at once."""
    if by.actor_id != token.user_id:
        require(by, "user.manage")
    if token.revoked_at is not None:
        return
    token.revoked_at = clock.now()
    record("token.revoked", by=by, subject=f"user:{token.user_id}", name=token.user.name, label=token.label)


def mark_read(message: Message, *, by: Actor) -> None:
    """A person has read a message of their own; nobody can for another."""
    if message.user_id != by.actor_id:
        raise NotAllowed()
    message.read_at = message.read_at or clock.now()


def mark_all_read(*, by: Actor, up_to: int) -> None:
    """A person has read all their own messages up to the one with the id `up_to`; what came later stays unread."""
    db.session.execute(
        sa.update(Message)
        .where(
            Message.user_id == by.actor_id,
            Message.id <= up_to,
            sa.text("channel = 'inbox' AND read_at IS NULL"),
        )
        .values(read_at=clock.now())
    )


def change_office(office: Office, *, by: Actor, **facts: Any) -> None:
    """Change what is known of an office: name, legal_basis, address, phone, email."""
    require(by, "office.manage")
    new = {field: _written(facts.get(field)) for field in OFFICE_FACTS}
    problems = {
        field: say("Paling panjang {most} huruf.", most=most)
        for field, most in OFFICE_FACTS.items()
        if len(new[field] or "") > most
    }
    if new["name"] is None:
        problems["name"] = say("Isi nama kantor.")
    if new["email"] is not None:
        try:
            new["email"] = clean_email(new["email"])
        except Invalid as refusal:
            problems.update(refusal.errors)
    if problems:
        raise Invalid(problems)
    before = {field: getattr(office, field) for field in new if new[field] != getattr(office, field)}
    for field in before:
        setattr(office, field, new[field])
    if before:
        after = {field: getattr(office, field) for field in before}
        record(
            "office.changed",
            by=by,
            subject=f"office:{office.code}",
            name=office.name,
            before=before,
            after=after,
        )


def change_settings(
    values: Mapping[str, Any], *, by: Actor, seen: int | None = None, cases: int | None = None
) -> bool:
    """Decide anew what the office decides; answers whether anything changed. Dates given already stay as they are.

    `seen` is the last settings.changed event the form knew; `cases` how many open cases the caller moves with it.
    Raises Invalid, Stale.
    """
    require(by, "settings.manage")
    hold_table(Setting)
    forget_settings()
    expect_nothing_since(seen, "settings.changed")
    before, after = changed_settings(values)
    for key, value in after.items():
        db.session.merge(Setting(key=key, value=value, changed_at=clock.now()))
    forget_settings()
    if after:
        record("settings.changed", by=by, subject="settings", before=before, after=after, cases=cases)
    return bool(after)


def forget_old_sign_ins() -> dict[str, int]:
    """System only: drop attempts older than a day and sessions that ended or expired a month ago."""
    now = clock.now()
    old = now - timedelta(days=30)
    attempts = sa.delete(SignInAttempt).where(SignInAttempt.at < now - timedelta(days=1))
    sessions = sa.delete(SignIn).where(sa.or_(SignIn.expires_at < old, SignIn.ended_at < old))
    return {
        "attempts": len(db.session.execute(attempts.returning(SignInAttempt.id)).all()),
        "sessions": len(db.session.execute(sessions.returning(SignIn.id)).all()),
    }


def end_all(user: User, *, keep: SignIn | None = None, tokens: bool = True) -> None:
    """End a person's every session but `keep`, and their tokens. Part of other verbs, which have asked already."""
    now = clock.now()
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
