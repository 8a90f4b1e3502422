"""The second factors of people: authenticator apps, passkeys, recovery codes, remembered devices."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model
from compliance.people.models import User


class Factor(Model):
    """A thing that somebody has: an authenticator app, or a passkey. A removed one stays as a row.

    `secret` is the encrypted secret of an app, `last_step` the time step of its newest code, so that no
    code is taken twice. `credential_id` and `public_key` are those of a passkey, in base64url.
    """

    __tablename__ = "factors"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('app', 'passkey')", name="kind"),
        sa.CheckConstraint("kind <> 'app' OR secret IS NOT NULL", name="app_has_a_secret"),
        sa.CheckConstraint(
            "kind <> 'passkey' OR (credential_id IS NOT NULL AND public_key IS NOT NULL)",
            name="passkey_has_a_key",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(60))
    secret: Mapped[str | None] = mapped_column(sa.Text)
    last_step: Mapped[int | None]
    credential_id: Mapped[str | None] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[str | None] = mapped_column(sa.Text)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class RecoveryCode(Model):
    """One of the codes that open an account once when its factors are lost; kept as a hash."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RememberedDevice(Model):
    """A browser that is not asked for the second factor for a while; its cookie holds the secret."""

    __tablename__ = "remembered_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    device: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FactorReset(Model):
    """An admin asks that somebody's lost factors are removed; another admin must agree."""

    __tablename__ = "factor_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
