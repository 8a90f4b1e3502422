"""Users, and how they prove who they are. Refuses two users with one mail address."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model
from compliance.core.text import LANGUAGES
from compliance.office.models import Office
from compliance.policy import ROLES


class User(UserMixin, Model):
    """A person who works with Patuh, in one role, at one office. Also the actor of what they do."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint(f"role IN {tuple(ROLES)}", name="role"),
        sa.CheckConstraint(
            "role <> 'licensing' OR office_id IS NOT NULL", name="licensing_has_office"
        ),
        sa.CheckConstraint(f"language IN {LANGUAGES}", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(20), index=True)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offices.id"), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    nip: Mapped[str | None] = mapped_column(sa.String(30))
    rank: Mapped[str | None] = mapped_column(sa.String(100))
    position: Mapped[str | None] = mapped_column(sa.String(100))
    language: Mapped[str] = mapped_column(sa.String(2), default="id")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    wants_email: Mapped[bool] = mapped_column(default=True)
    shortcuts: Mapped[bool] = mapped_column(default=True)
    dense: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    hints_seen: Mapped[list[Any]] = mapped_column(default=list, server_default=sa.text("'[]'"))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    email_changed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    factor_since: Mapped[datetime | None]
    factor_asked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office | None] = relationship(lazy="joined")
    __mapper_args__ = {"version_id_col": version}

    @property
    def actor_id(self) -> int:
        return self.id

    @property
    def actor_name(self) -> str:
        return self.name

    @property
    def region_code(self) -> str | None:
        return self.office.region_code if self.office else None


class SignIn(Model):
    """One browser in which somebody is signed in; the cookie holds the secret, the row only its hash.

    `awaits_factor`: the password was right and the second factor is asked; such a row opens nothing.
    `confirmed_at` is when the person last proved in it who they are.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    device: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    awaits_factor: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    confirmed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SignInAttempt(Model):
    """A failed sign-in or a guessed code, counted against an address and against where it came from."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (sa.Index("ix_sign_in_attempts_who_at", "who", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]


class SavedForm(Model):
    """A form that arrived after its user's session had ended, with its page. Kept for a day.

    `typed` holds the values of each field by its name, never a password.
    """

    __tablename__ = "held_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    page: Mapped[str] = mapped_column(sa.Text)
    typed: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PasswordReset(Model):
    """A link by which somebody sets their first password, or a new one, once; the row holds only its hash."""

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class ApiToken(Model):
    """A bearer token that acts as its user; shown once, kept as a hash."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(100))
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SavedView(Model):
    """A list as somebody narrowed and sorted it, under a name of theirs; `query` is that part of
    its address.
    """

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("owner_id", "list", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    list: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000))
    shared: Mapped[bool] = mapped_column(default=False)

    owner: Mapped[User] = relationship()


def new_secret() -> str:
    """A random secret of 256 bits, safe in a header or a cookie."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What the store keeps of a random secret. (Passwords go through argon2 instead.)"""
    return sha256(secret.encode()).hexdigest()
