"""Reads of people: who bears this session or token, who works where, who must be told."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.people.models import ApiToken, Office, SignIn, User, secret_hash
from compliance.policy import Actor, require


def live_session(secret: str) -> SignIn | None:
    """The session behind a cookie, unless it ended, expired, or its user lost access."""
    found = db.session.scalar(sa.select(SignIn).where(SignIn.secret_hash == secret_hash(secret)))
    if found is None or found.ended_at is not None or found.expires_at <= clock.now() or not found.user.active:
        return None
    return found


def live_token(secret: str) -> ApiToken | None:
    """The token behind a bearer header, unless it was revoked, expired, or its user lost access."""
    found = db.session.scalar(sa.select(ApiToken).where(ApiToken.secret_hash == secret_hash(secret)))
    if found is None or found.revoked_at is not None or not found.user.active:
        return None
    if found.expires_at is not None and found.expires_at <= clock.now():
        return None
    return found


def find_user(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def load_user(by: Actor, id: int) -> User:
    """A user, for those who manage them."""
    require(by, "user.manage")
    user = db.session.get(User, id)
    if user is None:
        raise NotFound()
    return user


def find_office(code: str) -> Office | None:
    return db.session.scalar(sa.select(Office).where(Office.code == code))


def inspectors() -> Sequence[User]:
    """Everybody who may hold a case, by name."""
    return db.session.scalars(
        sa.select(User).where(User.active, User.role.in_(("inspector", "supervisor"))).order_by(User.name)
    ).all()


def in_role(*roles: str) -> Sequence[User]:
    """The active people in these roles."""
    return db.session.scalars(sa.select(User).where(User.active, User.role.in_(roles)).order_by(User.id)).all()


def licensing_offices(region_code: str) -> Sequence[Office]:
    """The licensing offices that answer for a region: the regency's own and the province's."""
    return db.session.scalars(
        sa.select(Office)
        .where(Office.kind == "licensing", Office.region_code.in_((region_code, region_code[:2])))
        .order_by(Office.code)
    ).all()
