"""Reads of users: by session or token, by role and office, and who must get a message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from compliance.core import clock
from compliance.core.db import db, read_rows
from compliance.core.errors import NotFound, OutOfScope
from compliance.core.keyset import is_id, read_cursor, write_cursor
from compliance.core.outbox import Message
from compliance.core.parsing import typed_email
from compliance.core.stamp import CURRENT, know_stamp
from compliance.office.models import Office
from compliance.office.settings import office_settings
from compliance.people.models import ApiToken, PasswordReset, SignIn, User, secret_hash
from compliance.people.rules import session_end
from compliance.policy import Actor, require
from compliance.reference.regions import province_of

Mine = TypeVar("Mine", SignIn, ApiToken, Message)


@dataclass(frozen=True)
class CallerOffice:
    """The office of somebody who calls the API."""

    id: int
    code: str
    name: str
    region_code: str
    legal_basis: str | None
    membership_basis: str | None


@dataclass(frozen=True)
class Caller:
    """The person whom a bearer token acts for, as an actor: a plain row, not an entity."""

    token_id: int
    token_label: str
    id: int
    name: str
    role: str
    office: CallerOffice | None

    @property
    def actor_id(self) -> int:
        return self.id

    @property
    def actor_name(self) -> str:
        return self.name

    @property
    def office_id(self) -> int | None:
        return self.office.id if self.office else None

    @property
    def region_code(self) -> str | None:
        return self.office.region_code if self.office else None


_SIGN_IN = sa.select(SignIn, CURRENT).where(SignIn.secret_hash == sa.bindparam("secret_hash"))
_TOKEN = (
    sa.select(
        ApiToken.id.label("token_id"),
        ApiToken.label.label("token_label"),
        ApiToken.revoked_at,
        ApiToken.expires_at,
        User.id,
        User.name,
        User.role,
        User.active,
        User.office_id,
        Office.code,
        Office.name.label("office_name"),
        Office.region_code,
        Office.legal_basis,
        Office.membership_basis,
        CURRENT,
    )
    .join(User, User.id == ApiToken.user_id)
    .outerjoin(Office, Office.id == User.office_id)
    .where(ApiToken.secret_hash == sa.bindparam("secret_hash"))
)


def known_session(secret: str) -> SignIn | None:
    """The session behind a cookie, also when it has ended or expired; None when its user lost access, and
    while the second factor is still asked.
    """
    row = db.session.execute(_SIGN_IN, {"secret_hash": secret_hash(secret)}).one_or_none()
    if row is None:
        return None
    know_stamp(row.stamp)
    session: SignIn = row[0]
    return session if session.user.active and not session.awaits_factor else None


def live_session(secret: str) -> SignIn | None:
    """The session behind a cookie, unless it ended, expired, or its user lost access."""
    session = known_session(secret)
    if session is None or session.ended_at is not None or session.expires_at <= clock.now():
        return None
    return session


def end_when_used(*, began_at: datetime, used_at: datetime) -> datetime:
    """When a session that began and was used then ends, by the limits in force."""
    settings = office_settings()
    return session_end(
        began_at=began_at,
        used_at=used_at,
        idle_hours=settings.session_idle_hours,
        most_days=settings.session_days,
    )


def caller_with(secret: str) -> Caller | None:
    """Whom the token in a bearer header acts for, unless it was revoked, expired, or its user lost access."""
    row = next(iter(read_rows(_TOKEN, secret_hash=secret_hash(secret))), None)
    if row is None or row.revoked_at is not None or not row.active:
        return None
    if row.expires_at is not None and row.expires_at <= clock.now():
        return None
    know_stamp(row.stamp)
    office = None
    if row.office_id is not None:
        office = CallerOffice(
            row.office_id,
            row.code,
            row.office_name,
            row.region_code,
            row.legal_basis,
            row.membership_basis,
        )
    return Caller(row.token_id, row.token_label, row.id, row.name, row.role, office)


def owner_of_token(secret: str) -> int | None:
    """Whose token this is or was; None when nobody ever had it."""
    return db.session.scalar(
        sa.select(ApiToken.user_id).where(ApiToken.secret_hash == secret_hash(secret))
    )


def live_reset(secret: str) -> PasswordReset | None:
    """The link that sets a new password, unless it was used, is over, or its user lost access."""
    reset = db.session.scalar(
        sa.select(PasswordReset).where(PasswordReset.secret_hash == secret_hash(secret))
    )
    if (
        reset is None
        or reset.used_at is not None
        or reset.expires_at <= clock.now()
        or not reset.user.active
    ):
        return None
    return reset


ADDRESS_SETTLES = timedelta(days=1)
"""So long after an account that somebody uses got another mail address, no link is sent to that address."""


def address_settles_at(user: User) -> datetime | None:
    """From when on a link for a new password may go to this person's address; None when it may now.

    An account that never had a password or a token is nobody's yet: its address may be put right at any
    time. A token that is over counts, too: whoever revokes it must not gain by it.
    """
    if user.email_changed_at is None or user.email_changed_at <= clock.now() - ADDRESS_SETTLES:
        return None
    had_token = sa.exists().where(ApiToken.user_id == user.id)
    if user.password_hash is None and not db.session.scalar(sa.select(had_token)):
        return None
    return user.email_changed_at + ADDRESS_SETTLES


def link_mail(user: User) -> Message | None:
    """The mail that took the newest link to this person."""
    return db.session.scalar(
        sa.select(Message)
        .where(Message.user_id == user.id, Message.kind.in_(LINK_MAILS))
        .order_by(Message.id.desc())
        .limit(1)
    )


LINK_MAILS = ("user.invited", "user.link_sent", "user.reset_asked")


def find_user(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == typed_email(email)))


def people_of(*, everybody: bool) -> Sequence[User]:
    """Who may work with Patuh, by mail address; with `everybody` also whose access was taken away."""
    query = sa.select(User).order_by(User.email)
    return db.session.scalars(query if everybody else query.where(User.active)).all()


def load_user(by: Actor, id: int) -> User:
    """A user, for those who manage them."""
    require(by, "user.manage")
    user = db.session.get(User, id) if is_id(id) else None
    if user is None:
        raise NotFound()
    return user


def users_by_id(ids: Collection[int]) -> dict[int, User]:
    """These people, by id. One read."""
    return {user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(ids)))}


def inspectors() -> Sequence[User]:
    """Everybody who may hold a case, by name."""
    return db.session.scalars(
        sa.select(User)
        .where(User.active, User.role.in_(("inspector", "supervisor")))
        .order_by(User.name)
    ).all()


def in_role(*roles: str) -> Sequence[User]:
    """The active people in these roles."""
    return db.session.scalars(
        sa.select(User).where(User.active, User.role.in_(roles)).order_by(User.id)
    ).all()


def licensing_officers(region_codes: Collection[str]) -> list[tuple[Office, list[User]]]:
    """The licensing offices that answer for these regions or their provinces, with their active
    officers. One read.
    """
    codes = {*region_codes, *map(province_of, region_codes)}
    works_there = sa.and_(User.office_id == Office.id, User.active, User.role == "licensing")
    rows = db.session.execute(
        sa.select(Office, User)
        .outerjoin(User, works_there)
        .where(
            Office.kind == "licensing",
            Office.region_code.in_(codes),
            Office.handed_over_at.is_(None),
        )
        .options(contains_eager(User.office))
        .order_by(Office.code, User.id)
    )
    staffed: dict[Office, list[User]] = {}
    for office, officer in rows:
        officers = staffed.setdefault(office, [])
        if officer is not None:
            officers.append(officer)
    return list(staffed.items())


def live_sessions_of(user: User) -> Sequence[SignIn]:
    """Where a person is signed in now, the last used first."""
    return db.session.scalars(
        sa.select(SignIn)
        .where(
            SignIn.user_id == user.id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
            SignIn.awaits_factor.is_(False),
        )
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    ).all()


def live_tokens_of(user: User) -> Sequence[ApiToken]:
    """The tokens that act for a person now, the newest first."""
    not_over = sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > clock.now())
    return db.session.scalars(
        sa.select(ApiToken)
        .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None), not_over)
        .order_by(ApiToken.id.desc())
    ).all()


def live_tokens(*, of: User | None = None) -> Sequence[ApiToken]:
    """The tokens that work, of one person or of everybody, in the order in which they were made."""
    query = sa.select(ApiToken).where(
        ApiToken.revoked_at.is_(None),
        sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > clock.now()),
    )
    if of is not None:
        query = query.where(ApiToken.user_id == of.id)
    return db.session.scalars(query.order_by(ApiToken.id)).all()


def load_own_session(by: User, id: int) -> SignIn:
    """One of the asker's own sessions. Raises NotFound."""
    return _own(by, SignIn, id)


def load_own_token(by: User, id: int) -> ApiToken:
    """One of the asker's own tokens. Raises NotFound."""
    return _own(by, ApiToken, id)


def load_own_message(by: User, id: int) -> Message:
    """One message in the asker's own inbox. Raises NotFound."""
    message = _own(by, Message, id)
    if message.channel != "inbox":
        raise NotFound()
    return message


def _own(by: User, kind: type[Mine], id: int) -> Mine:
    row = db.session.get(kind, id) if is_id(id) else None
    if row is None:
        raise NotFound()
    if row.user_id != by.id:
        raise OutOfScope()
    return row


def inbox_of(by: User, *, after: str | None, limit: int) -> list[Message]:
    """A person's messages, unread first, then newest first.

    `after` is the `inbox_cursor` of the row before.
    """
    part, last_id = read_cursor(after, sa.String(), Message.id.type) or (None, None)
    mine = (
        sa.select(Message)
        .where(Message.user_id == by.id, sa.text("channel = 'inbox'"))
        .order_by(Message.id.desc())
    )
    rows: list[Message] = []
    for name, condition in (("unread", "read_at IS NULL"), ("read", "read_at IS NOT NULL")):
        if (part, name) == ("read", "unread") or len(rows) == limit:
            continue
        query = mine.where(sa.text(condition)).limit(limit - len(rows))
        if part == name and last_id is not None:
            query = query.where(Message.id < last_id)
        rows += db.session.scalars(query)
    return rows


def inbox_cursor(message: Message) -> str:
    """The cursor of a message in the order of an inbox."""
    return write_cursor("read" if message.read_at else "unread", message.id)
