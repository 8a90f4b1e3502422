"""The verbs on users: add one, change one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Taken
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_email, clean_line, too_long
from compliance.core.text import LANGUAGES, Text, say
from compliance.office.models import Office
from compliance.people.commands.access import (
    end_all,
)
from compliance.people.models import User
from compliance.people.passwords import hash_password, password_problem
from compliance.policy import ROLES, Actor, System, command

LONGEST_PHONE = 40


@command("user.manage", about=None)
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
        raise Taken(
            say("Alamat {email} sudah dipakai {name}.", email=email, name=owner.name), field="email"
        )
    user = User(
        email=email,
        name=clean_line(name) or "",
        role=role,
        office=office,
        phone=clean_line(phone),
        language=language,
        password_hash=hash_password(password) if password else None,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    record(
        "user.added",
        by=by,
        subject=Subject("user", user.id),
        email=email,
        name=user.name,
        role=role,
    )
    return user


@command("user.manage", about=None)
def change_user(
    user: User,
    *,
    by: Actor,
    name: str,
    role: str,
    office: Office | None,
    phone: str | None,
    active: bool,
) -> None:
    """Change who a person is to the office.

    Taking somebody's access away ends their sessions and tokens at once.
    """
    problems = _user_problems(name, role, office, user.language, phone)
    if by.actor_id == user.id and (not active or role != user.role):
        problems["active" if not active else "role"] = say(
            "Anda tidak dapat mencabut akses Anda sendiri."
        )
    if problems:
        raise Invalid(problems)
    before = _known_of(user)
    user.name, user.role, user.office, user.active = clean_line(name) or "", role, office, active
    user.phone = clean_line(phone)
    after = _known_of(user)
    changed = [fact for fact in after if after[fact] != before[fact]]
    if not active:
        end_all(user)
    if changed:
        record(
            "user.changed",
            by=by,
            subject=Subject("user", user.id),
            email=user.email,
            name=user.name,
            before={fact: before[fact] for fact in changed},
            after={fact: after[fact] for fact in changed},
        )


def _known_of(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "office": user.office.code if user.office else None,
        "phone": user.phone,
        "active": user.active,
    }


def _user_problems(
    name: str, role: str, office: Office | None, language: str, phone: str | None
) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if reason := too_long(phone, LONGEST_PHONE):
        problems["phone"] = reason
    if not 1 <= len(clean_line(name) or "") <= 200:
        problems["name"] = say("Isi nama, misalnya Ina Contoh")
    if role not in ROLES:
        problems["role"] = say("Peran yang dikenal: {roles}.", roles=", ".join(ROLES))
    if role == "licensing" and (office is None or office.kind != "licensing"):
        problems["office"] = say("Petugas perizinan harus punya kantor perizinan.")
    if language not in LANGUAGES:
        problems["language"] = say("Bahasa yang dikenal: id, en.")
    return problems
