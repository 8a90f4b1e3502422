"""Reads of second factors: those of a person, who waits for theirs, what a browser is remembered by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.office.settings import office_settings
from compliance.people.factors.models import Factor, FactorReset, RecoveryCode, RememberedDevice
from compliance.people.factors.rules import FACTOR_ROLES, must_have_by
from compliance.people.models import SignIn, User, secret_hash
from compliance.policy import Actor


def live_factors(user_id: int) -> Sequence[Factor]:
    """The factors that somebody can use, the oldest first."""
    return db.session.scalars(
        sa.select(Factor)
        .where(Factor.user_id == user_id, Factor.removed_at.is_(None))
        .order_by(Factor.id)
    ).all()


def load_own_factor(user: User, id: int) -> Factor:
    """A factor of one's own. Raises NotFound."""
    factor = db.session.get(Factor, id)
    if factor is None or factor.user_id != user.id or factor.removed_at is not None:
        raise NotFound()
    return factor


def codes_left(user_id: int) -> int:
    """How many recovery codes somebody has not used yet."""
    unused = sa.select(sa.func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(unused) or 0


def live_devices(user_id: int) -> Sequence[RememberedDevice]:
    """The browsers that are not asked for somebody's second factor."""
    return db.session.scalars(
        sa.select(RememberedDevice)
        .where(
            RememberedDevice.user_id == user_id,
            RememberedDevice.ended_at.is_(None),
            RememberedDevice.expires_at > clock.now(),
        )
        .order_by(RememberedDevice.id)
    ).all()


def is_remembered(user_id: int, secret: str | None) -> bool:
    """Whether the browser with this secret is remembered for this person."""
    if not secret:
        return False
    hashed = secret_hash(secret)
    return any(device.secret_hash == hashed for device in live_devices(user_id))


def waiting_sign_in(secret: str) -> SignIn | None:
    """The sign-in behind a cookie whose password was right and that waits for the second factor."""
    session = db.session.scalar(
        sa.select(SignIn).where(SignIn.secret_hash == secret_hash(secret), SignIn.awaits_factor)
    )
    if session is None or session.ended_at is not None or session.expires_at <= clock.now():
        return None
    return session if session.user.active else None


def open_reset(user_id: int) -> FactorReset | None:
    """What an admin asked about somebody's lost factors and nobody answered yet."""
    return db.session.scalar(
        sa.select(FactorReset)
        .where(
            FactorReset.user_id == user_id,
            FactorReset.settled_at.is_(None),
            FactorReset.expires_at > clock.now(),
        )
        .order_by(FactorReset.id.desc())
        .limit(1)
    )


def may_settle(reset: FactorReset, *, by: Actor) -> bool:
    """Two people decide: neither the admin who asked nor the person whose factors they are."""
    return by.actor_id not in (reset.asked_by_id, reset.user_id)


def needs_factor(role: str) -> bool:
    """Whether the office wants a second factor of people in this role."""
    return role in FACTOR_ROLES[office_settings().second_factor_for]


def factor_due_at(user: User) -> datetime | None:
    """Until when this person must have set up a second factor; None for who has one or needs none."""
    settings = office_settings()
    return must_have_by(
        role=user.role,
        required_of=settings.second_factor_for,
        since=user.factor_since,
        asked_at=user.factor_asked_at,
        days=settings.second_factor_days,
    )


def lacks_factor(user: User) -> bool:
    """Whether the time is over in which this person had to set up a second factor."""
    if factor_due_at(user) is None or user.factor_asked_at is None:
        return False
    return user.factor_asked_at <= clock.now() - timedelta(
        days=office_settings().second_factor_days
    )
