"""The verbs about people: add, change, sign in and out, passwords, tokens, offices. The only writers here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Taken
from compliance.core.events import record
from compliance.core.text import LANGUAGES, Text, say
from compliance.people.models import ApiToken, Office, SignIn, SignInAttempt, User, new_secret, secret_hash
from compliance.people.passwords import hash_password, password_problem, verify_password
from compliance.policy import ROLES, Actor, System, require

SESSION_HOURS = 12
ATTEMPTS = 5
ATTEMPTS_FROM_ONE_PLACE = 50
ATTEMPT_WINDOW = timedelta(minutes=15)


def clean_email(typed: str) -> str:
    """The address in its comparable form. Raises Invalid."""
    try:
        return validate_email(typed.strip(), check_deliverability=False, test_environment=True).normalized.lower()
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
    email = clean_email(email)
    problems = _user_problems(name, role, office, language)
    if password is not None and (problem := password_problem(password, email=email)):
        problems["password"] = problem
    if problems:
        raise Invalid(problems)
    owner = db.session.scalar(sa.select(User).where(User.email == email))
    if owner is not None:
        raise Taken(say("Alamat {email} sudah dipakai {name}.", email=email, name=owner.name), field="email")
    user = User(
        email=email, name=" ".join(name.split()), role=role, office=office, phone=phone or None, language=language,
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
    problems = _user_problems(name, role, office, user.language)
    if by.actor_id == user.id and (not active or role != user.role):
        problems["active" if not active else "role"] = say("Anda tidak dapat mencabut akses Anda sendiri.")
    if problems:
        raise Invalid(problems)
    before = {"name": user.name, "role": user.role, "office": user.office_id, "active": user.active}
    user.name, user.role, user.office, user.phone, user.active = " ".join(name.split()), role, office, phone, active
    db.session.flush()
    after = {"name": user.name, "role": user.role, "office": user.office_id, "active": user.active}
    if not active:
        _end_all(user)
    record("user.changed", by=by, subject=f"user:{user.id}", email=user.email, before=before, after=after)


def _user_problems(name: str, role: str, office: Office | None, language: str) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if not 1 <= len(name.strip()) <= 200:
        problems["name"] = say("Isi nama, misalnya Ina Contoh")
    if role not in ROLES:
        problems["role"] = say("Peran yang dikenal: {roles}.", roles=", ".join(ROLES))
    if role == "licensing" and (office is None or office.kind != "licensing"):
        problems["office"] = say("Petugas perizinan harus punya kantor PTSP.")
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
    _end_all(user, keep=keep, tokens=False)
    record("user.password_changed", by=by, subject=f"user:{user.id}", email=user.email)


def change_account(user: User, *, by: Actor, language: str, wants_email: bool) -> None:
    """A person's own preferences. Anyone may change their own, nobody another's."""
    if by.actor_id != user.id:
        require(by, "user.manage")
    if language not in LANGUAGES:
        raise Invalid({"language": say("Bahasa yang dikenal: id, en.")})
    user.language, user.wants_email = language, wants_email


def too_many_attempts(*, email: str, came_from: str) -> bool:
    """Whether this address, or this network address, failed too often in the last quarter of an hour."""
    who = {f"email:{email.strip().lower()[:254]}": ATTEMPTS, f"from:{came_from}": ATTEMPTS_FROM_ONE_PLACE}
    counts = db.session.execute(
        sa.select(SignInAttempt.who, sa.func.count())
        .where(SignInAttempt.who.in_(who), SignInAttempt.at > clock.now() - ATTEMPT_WINDOW)
        .group_by(SignInAttempt.who)
    )
    return any(count >= who[key] for key, count in counts)


def sign_in(*, email: str, password: str, came_from: str, device: str) -> tuple[SignIn, str] | None:
    """Open a session; answers it with its secret, or None for a wrong pair. Open to strangers.

    The failure is counted against the address and against where it came from.
    """
    email = email.strip().lower()[:254]
    user = db.session.scalar(sa.select(User).where(User.email == email))
    right = verify_password(user.password_hash if user else None, password)
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


def add_token(user: User, *, by: Actor | System, label: str, days: int | None = None) -> str:
    """A bearer token that acts as `user`; the secret is answered once and kept only as a hash."""
    if by.actor_id != user.id:
        require(by, "user.manage")
    if not label.strip() or (days is not None and not 1 <= days <= 3650):
        raise Invalid({"label": say("Beri token nama, dan masa berlaku antara 1 dan 3650 hari.")})
    secret, now = "patuh_" + new_secret(), clock.now()
    db.session.add(
        ApiToken(
            user=user, label=label.strip()[:100], secret_hash=secret_hash(secret), created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
    )  # fmt: skip
    record("token.added", by=by, subject=f"user:{user.id}", email=user.email, label=label.strip()[:100])
    return secret


def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """Make a token worthless at once."""
    if by.actor_id != token.user_id:
        require(by, "user.manage")
    token.revoked_at = token.revoked_at or clock.now()
    record("token.revoked", by=by, subject=f"user:{token.user_id}", label=token.label)


def change_office(office: Office, *, by: Actor, **facts: Any) -> None:
    """Change what is known of an office: name, legal_basis, address, phone, email."""
    require(by, "office.manage")
    if not (facts.get("name") or "").strip():
        raise Invalid({"name": say("Isi nama kantor.")})
    if facts.get("email"):
        facts["email"] = clean_email(facts["email"])
    before = {}
    for field in ("name", "legal_basis", "address", "phone", "email"):
        value = (facts.get(field) or "").strip() or None
        if value != getattr(office, field):
            before[field] = getattr(office, field)
            setattr(office, field, value)
    if before:
        after = {field: getattr(office, field) for field in before}
        record("office.changed", by=by, subject=f"office:{office.code}", name=office.name, before=before, after=after)


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


def _end_all(user: User, *, keep: SignIn | None = None, tokens: bool = True) -> None:
    now = clock.now()
    sessions = sa.update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if keep is not None:
        sessions = sessions.where(SignIn.id != keep.id)
    db.session.execute(sessions.values(ended_at=now))
    if tokens:
        db.session.execute(
            sa.update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
        )
