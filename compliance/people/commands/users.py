"""The verbs on users: add one, change one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotAllowed, Taken
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_email, clean_line, too_long
from compliance.core.text import LANGUAGES, Text, say
from compliance.office.models import Office
from compliance.office.succession.queries import ended_office
from compliance.people.commands.access import end_all, end_links
from compliance.people.models import User
from compliance.people.passwords import hash_password, password_problem
from compliance.policy import ROLES, SYSTEM, Actor, System, command, system_only

LONGEST_PHONE, LONGEST_NIP, LONGEST_TITLE = 40, 30, 100


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
    """A new person. A licensing officer needs a licensing office. Raises Invalid, Taken.

    An admin gives no `password`: the person sets it with the link of the invitation (commands/resets.py).
    """
    if password is not None and by is not SYSTEM:
        raise NotAllowed()
    problems = _user_problems(name, role, office, language, phone)
    try:
        email = clean_email(email)
    except Invalid as refusal:
        problems.update(refusal.errors)
    if password is not None and (problem := password_problem(password, email=email, name=name)):
        problems["password"] = problem
    if problems:
        raise Invalid(problems)
    _refuse_taken(email)
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
    email: str | None = None,
) -> None:
    """Change who a person is to the office; without `email` their address stays. Raises Invalid, Taken.

    Taking somebody's access away ends their sessions and tokens at once. Another address ends the links that
    were mailed to the old one, and for a day none goes to the new one (`address_settles_at`).
    """
    problems = _user_problems(name, role, office, user.language, phone)
    try:
        email = user.email if email is None else clean_email(email)
    except Invalid as refusal:
        problems.update(refusal.errors)
    if by.actor_id == user.id and (not active or role != user.role):
        problems["active" if not active else "role"] = say(
            "Anda tidak dapat mencabut akses Anda sendiri."
        )
    if problems:
        raise Invalid(problems)
    before = _known_of(user)
    if email is not None and email != user.email:
        _refuse_taken(email)
        user.email, user.email_changed_at = email, clock.now()
        end_links(user)
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


@system_only
def move_people(office: Office, *, to: Office, by: System = SYSTEM) -> None:
    """Whoever works for an office that has ended works for its successor from now on."""
    working = sa.select(User).where(User.office_id == office.id, User.active).order_by(User.id)
    for user in db.session.scalars(working).all():
        user.office = to
        record(
            "user.changed",
            by=by,
            subject=Subject("user", user.id),
            email=user.email,
            name=user.name,
            before={"office": office.code},
            after={"office": to.code},
        )


@command("user.manage", about=None)
def change_titles(
    user: User, *, by: Actor, nip: str | None, rank: str | None, position: str | None
) -> None:
    """What stands under a person's signature: NIP, rank (pangkat) and position (jabatan). Raises Invalid."""
    titles = {"nip": nip, "rank": rank, "position": position}
    new = {name: clean_line(typed) for name, typed in titles.items()}
    limits = {"nip": LONGEST_NIP, "rank": LONGEST_TITLE, "position": LONGEST_TITLE}
    problems = {
        name: reason for name, most in limits.items() if (reason := too_long(new[name], most))
    }
    if problems:
        raise Invalid(problems)
    before = {name: getattr(user, name) for name in new if getattr(user, name) != new[name]}
    if not before:
        return
    user.nip, user.rank, user.position = new["nip"], new["rank"], new["position"]
    record(
        "user.changed",
        by=by,
        subject=Subject("user", user.id),
        email=user.email,
        name=user.name,
        before=before,
        after={name: new[name] for name in before},
    )


def _refuse_taken(email: str) -> None:
    owner = db.session.scalar(sa.select(User).where(User.email == email))
    if owner is not None:
        raise Taken(
            say("Alamat {email} sudah dipakai {name}.", email=email, name=owner.name), field="email"
        )


def _known_of(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
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
    elif office is not None and office.has_ended:
        problems["office"] = ended_office(office.id)
    if language not in LANGUAGES:
        problems["language"] = say("Bahasa yang dikenal: id, en.")
    return problems
