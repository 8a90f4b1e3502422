"""The outbox: messages are rows, written in the transaction of their act and delivered after the commit.

An inbox message is delivered by the commit itself. A mail is claimed by a conditional UPDATE that also leases
it, sent outside any transaction, and retried with growing pauses; after the last try, or when the server
refuses it for good, it is given up, the page of the jobs shows it, and the office is told. One that is held
since a restore waits until a person lets it leave. A message has a unique key, so the same fact reaches a
reader only once. When one act concerns many cases, each reader gets one message that lists them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from compliance.core import clock
from compliance.core.db import (
    PAUSE_SECONDS,
    Model,
    PatuhSession,
    db,
    index_where,
    insert_into,
    transaction,
)
from compliance.core.mail import is_final
from compliance.core.text import from_json, to_json

log = structlog.get_logger()
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
DELIVERY_LEASE = timedelta(minutes=5)
MESSAGES_KEPT = timedelta(days=400)
"""How long a message that was delivered is kept."""
DELIVERED = (
    "next_try_at IS NULL AND given_up_at IS NULL AND (channel = 'email' OR read_at IS NOT NULL)"
)
UNTOLD = "given_up_at IS NOT NULL AND refusal_told_at IS NULL"
"""Mails that cannot be delivered, of which nobody was told yet."""
HELD = "held_at IS NOT NULL"
MESSAGES_DROPPED_AT_ONCE = 500
MOST_LISTED = 50
"""How many cases one message names; the rest are counted."""


class Message(Model):
    """Something that must reach one person (`user_id`) or one mailbox (`address`), by one channel."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('inbox', 'email')", name="channel"),
        sa.CheckConstraint("channel <> 'inbox' OR user_id IS NOT NULL", name="inbox_has_reader"),
        sa.CheckConstraint("channel <> 'email' OR address IS NOT NULL", name="email_has_address"),
        index_where(
            "ix_messages_unread", "user_id", "id", where="channel = 'inbox' AND read_at IS NULL"
        ),
        sa.Index("ix_messages_user_id_id", "user_id", "id"),
        sa.Index("ix_messages_case_id_id", "case_id", "id"),
        sa.Index("ix_messages_kind_id", "kind", "id"),
        index_where("ix_messages_next_try_at", "next_try_at", where="next_try_at IS NOT NULL"),
        index_where("ix_messages_given_up_at", "given_up_at", where="given_up_at IS NOT NULL"),
        index_where("ix_messages_refusal_untold", "id", where=UNTOLD),
        index_where("ix_messages_held", "id", where=HELD),
        index_where("ix_messages_delivered_created_at", "created_at", where=DELIVERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    channel: Mapped[str] = mapped_column(sa.String(10))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    address: Mapped[str | None] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(2), default="id")
    case_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    refusal_told_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)

    def fact(self, name: str) -> Any:
        """The fact `name` as it was recorded: dates as dates, sentences as Texts; None when absent."""
        return from_json(self.data.get(name))


def post_message(
    kind: str,
    *,
    key: str,
    channel: str,
    user_id: int | None = None,
    address: str | None = None,
    language: str = "id",
    case_id: int | None = None,
    data: Mapping[str, Any],
) -> None:
    """Put one message into the outbox; the same `key` and recipient a second time is quietly the
    same message.

    Written just before the commit, with all others of the transaction.
    """
    session, now = db.session(), clock.now()
    if session.in_nested_transaction():
        raise RuntimeError(f"{kind}: a message belongs to its transaction, not to a savepoint")
    if not session.in_transaction():
        session.begin()  # so that a rollback has something to roll back, and forgets the message
    session.info.setdefault("outbox", []).append(
        {
            "key": f"{key}:{channel}:{user_id or address}",
            "kind": kind,
            "channel": channel,
            "user_id": user_id,
            "address": address,
            "language": language,
            "case_id": case_id,
            "data": {name: to_json(fact) for name, fact in data.items() if fact is not None},
            "created_at": now,
            "attempts": 0,
            "next_try_at": now if channel == "email" else None,
            "sent_at": now if channel == "inbox" else None,
        }
    )


def gather(
    kind: str,
    *,
    key: str,
    channel: str,
    case_id: int,
    about: Mapping[str, Any],
    user_id: int,
    address: str | None = None,
    language: str = "id",
    data: Mapping[str, Any],
) -> None:
    """Post a message about one case, joined with equal messages of this transaction about other cases.

    Equal are messages of the same kind to the same reader with the same `data`. A single case is
    posted with its own facts (`about`). Several cases become one message without a case, which holds
    their facts as `cases` and their number as `count`.
    """
    common = json.dumps({name: to_json(fact) for name, fact in data.items()}, sort_keys=True)
    alike = (kind, channel, user_id, address, language, common)
    case = {name: to_json(fact) for name, fact in about.items() if fact is not None}
    db.session().info.setdefault("gathered", {}).setdefault(alike, []).append((key, case_id, case))


@sa_event.listens_for(
    PatuhSession, "before_commit", insert=True
)  # before the lock on the log's head is taken
def _write_messages(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is released; the transaction goes on
    _post_gathered(session)
    if messages := session.info.pop("outbox", None):
        session.flush()
        insert = insert_into(Message).on_conflict_do_nothing(index_elements=["key"])
        session.connection().execute(insert, messages)


def _post_gathered(session: Session) -> None:
    for alike, cases in session.info.pop("gathered", {}).items():
        kind, channel, user_id, address, language, common = alike
        (key, case_id, about), count = cases[0], len(cases)
        if count > 1:
            key, case_id = f"{key}+{count - 1}", None
            about = {"cases": [facts for _key, _id, facts in cases[:MOST_LISTED]], "count": count}
        post_message(
            kind,
            key=key,
            channel=channel,
            user_id=user_id,
            address=address,
            language=language,
            case_id=case_id,
            data={**json.loads(common), **about},
        )


@sa_event.listens_for(PatuhSession, "after_soft_rollback")
def _forget_gathered(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # the whole transaction, not a savepoint in it
        session.info.pop("gathered", None)
        session.info.pop("outbox", None)


def deliver_due(send: Callable[[Message], None], *, limit: int = 200) -> dict[str, int]:
    """Send the mails whose time has come; answers how many were sent, will be retried, were given up."""
    counts = {"sent": 0, "retried": 0, "given_up": 0}
    due = db.session.execute(
        sa.select(Message.id, Message.next_try_at)
        .where(
            Message.next_try_at.is_not(None),
            Message.next_try_at <= clock.now(),
            Message.held_at.is_(None),
        )
        .order_by(Message.next_try_at)
        .limit(limit)
    ).all()
    db.session.rollback()
    for message_id, seen in due:
        with transaction():
            claimed = db.session.execute(
                sa.update(Message)
                .where(Message.id == message_id, Message.next_try_at == seen)
                .values(next_try_at=clock.now() + DELIVERY_LEASE, attempts=Message.attempts + 1)
                .returning(Message.id)
            ).scalar_one_or_none()
        if claimed is not None:
            counts[_deliver(message_id, send)] += 1
    return counts


def _deliver(message_id: int, send: Callable[[Message], None]) -> str:
    message = db.session.get_one(Message, message_id)
    db.session.expunge(message)
    db.session.rollback()
    try:
        send(message)
    except Exception as failure:
        log.warning(
            "message not sent", message=message_id, attempt=message.attempts, error=str(failure)
        )
        outcome = {"error": f"{type(failure).__name__}: {failure}"[:2000]}
        if is_final(failure) or message.attempts > len(PAUSES):
            change: dict[str, Any] = {**outcome, "next_try_at": None, "given_up_at": clock.now()}
            word = "given_up"
        else:
            change = {**outcome, "next_try_at": clock.now() + PAUSES[message.attempts - 1]}
            word = "retried"
    else:
        change, word = {"next_try_at": None, "sent_at": clock.now(), "error": None}, "sent"
    with transaction():
        db.session.execute(sa.update(Message).where(Message.id == message_id).values(**change))
    return word


def drop_delivered() -> dict[str, int]:
    """Drop messages of more than 400 days ago that were sent or read, a few hundred at a time.

    Messages that were never read or could not be delivered stay, and so do the events behind all messages.
    """
    dropped = 0
    old = (
        sa.select(Message.id)
        .where(sa.text(DELIVERED), Message.created_at < clock.now() - MESSAGES_KEPT)
        .order_by(Message.created_at)
        .limit(MESSAGES_DROPPED_AT_ONCE)
    )
    while True:
        with transaction():
            ids = db.session.scalars(old).all()
            db.session.execute(sa.delete(Message).where(Message.id.in_(ids)))
        dropped += len(ids)
        if len(ids) < MESSAGES_DROPPED_AT_ONCE:
            return {"messages": dropped}
        time.sleep(PAUSE_SECONDS)
