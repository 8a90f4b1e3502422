"""The log of what was done: append-only, chained, the source of every timeline and of the audit.

`record` keeps an event until the commit, runs what follows from it at once, and seals all events of
the transaction under one lock just before the commit: ids without gaps, each row carrying the hash
of the one before, and the mark of a key that is not in the store. The store refuses UPDATE and DELETE
(triggers in the migrations); `walk` finds rows that were changed in spite of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, update_wrapper
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from compliance.core import clock
from compliance.core.channels import WithOrigin, current_origin, sealed_origin
from compliance.core.db import Model, PatuhSession, db, index_where
from compliance.core.errors import Stale
from compliance.core.keys import seal_keys
from compliance.core.text import from_json, to_json

GENESIS = "0" * 64


class By(Protocol):
    """Who acts: a person or the system."""

    @property
    def actor_id(self) -> int | None: ...
    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class Subject:
    """What an act was done to, when its case and company do not say it: "user:5", "office:ptsp-53",
    "settings".

    `key` says which thing of that kind: an id, a code or a day; empty where there is only one.
    """

    kind: str
    key: str | int | date = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key != "" else self.kind

    @classmethod
    def parse(cls, written: str) -> Subject:
        """The subject as an event keeps it."""
        kind, _, key = written.partition(":")
        return cls(kind, key)

    @property
    def id(self) -> int:
        """The key of something that is known by its id."""
        return int(str(self.key))


class Event(WithOrigin, Model):
    """One act. `data` holds the facts a reader needs; `seen_version` the case's version before the act.

    `mac` is the mark of the key on `hash`; None on events of before there was a key.
    """

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_case_id_id", "case_id", "id"),
        sa.Index("ix_events_company_id_id", "company_id", "id"),
        sa.Index("ix_events_kind_id", "kind", "id"),
        sa.Index("ix_events_actor_id_id", "actor_id", "id"),
        sa.Index("ix_events_channel_id", "channel", "id"),
        sa.Index("ix_events_at", "at"),
        index_where("ix_events_reason", "id", where="reason IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(60))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(sa.String(200))
    case_id: Mapped[int | None]
    company_id: Mapped[int | None]
    subject: Mapped[str | None] = mapped_column(sa.String(80))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    data: Mapped[dict[str, Any]]
    seen_version: Mapped[int | None]
    hash: Mapped[str] = mapped_column(sa.String(64))
    mac: Mapped[str | None] = mapped_column(sa.String(41))

    @property
    def about(self) -> Subject:
        """The subject, of an event of which every one has one."""
        assert self.subject is not None
        return Subject.parse(self.subject)

    def fact(self, name: str) -> Any:
        """The fact `name` as it was recorded: dates as dates, sentences as Texts; None when absent."""
        return from_json(self.data.get(name))


EVENT_COLUMNS = tuple(Event.__table__.columns.keys())


class EventHead(Model):
    """The one row that ends the chain: the last event's id and hash."""

    __tablename__ = "event_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(sa.BigInteger)
    last_hash: Mapped[str] = mapped_column(sa.String(64))


Reaction = Callable[[Event], None]


class for_many:
    """Marks a reaction that takes all events recorded at once, so that it reads and writes once for
    all of them.
    """

    def __init__(self, react: Callable[[Sequence[Event]], None]) -> None:
        self.react_to_all = react
        update_wrapper(self, react)

    def __call__(self, event: Event) -> None:
        self.react_to_all([event])


_reactions: Mapping[str, Iterable[Reaction]] = {}


def use_reactions(table: Mapping[str, Iterable[Reaction]]) -> None:
    """Name what follows which event; called once when the application is put together."""
    global _reactions
    _reactions = table


def record(
    kind: str,
    *,
    by: By,
    case: Any = None,
    company_id: int | None = None,
    subject: Subject | None = None,
    reason: str | None = None,
    **data: Any,
) -> Event:
    """Say that something was done, in the transaction that does it, and let follow what must follow.

    The act must be complete: it is flushed to the store here, before anything reacts to it. `case`
    gives the case, its company and the version the actor saw; `data` may hold dates, numbers and
    Texts.
    """
    event = _event(
        kind, by=by, case=case, company_id=company_id, subject=subject, reason=reason, **data
    )
    _keep(kind, [event])
    return event


def record_many(kind: str, acts: Iterable[Mapping[str, Any]], *, by: By) -> list[Event]:
    """`record` the same kind for many: each of `acts` holds what `record` would be given for it.

    One flush for all; a reaction marked `for_many` runs once, any other once for each event.
    """
    events = [_event(kind, by=by, **act) for act in acts]
    if events:
        _keep(kind, events)
    return events


def _event(
    kind: str,
    *,
    by: By,
    case: Any = None,
    company_id: int | None = None,
    subject: Subject | None = None,
    reason: str | None = None,
    **data: Any,
) -> Event:
    return Event(
        at=clock.now(),
        kind=kind,
        actor_id=by.actor_id,
        actor_name=by.actor_name,
        case_id=case.id if case is not None else None,
        company_id=case.company_id if case is not None else company_id,
        subject=str(subject) if subject is not None else None,
        reason=reason,
        data={name: to_json(fact) for name, fact in data.items() if fact is not None},
        seen_version=case.version if case is not None else None,
        **vars(current_origin()),
    )


def _keep(kind: str, events: Sequence[Event]) -> None:
    """Keep events for the commit and let follow what must follow."""
    if kind not in _reactions:
        raise LookupError(f"{kind}: an event needs a row in reactions.TABLE")
    session = db.session()
    if session.in_nested_transaction():
        raise RuntimeError(
            f"{kind}: an act belongs to its transaction, not to a savepoint that may be rolled back"
        )
    if not session.in_transaction():
        session.begin()  # so that a rollback has something to roll back, and forgets the events
    session.info.setdefault("events", []).extend(events)
    session.flush()
    for reaction in _reactions[kind]:
        if isinstance(reaction, for_many):
            reaction.react_to_all(events)
        else:
            for event in events:
                reaction(event)


def recorded_kinds() -> list[str]:
    """Every kind of event there is."""
    return list(_reactions)


def last_sealed() -> int:
    """The id of the last event of all."""
    return db.session.scalars(sa.select(EventHead.last_id)).one()


def sealed_since(seen: int, *begins: str) -> bool:
    """Whether anybody did anything of a kind that begins in one of these ways after the event with
    the id `seen`.
    """
    return db.session.connection().scalar(_since(begins), {"seen": seen}) is not None


@cache
def _since(begins: tuple[str, ...]) -> sa.Select[int]:
    kind = sa.or_(*(Event.kind.startswith(begin, autoescape=True) for begin in begins))
    return sa.select(Event.id).where(Event.id > sa.bindparam("seen"), kind).limit(1)


def last_id(kind: str, subject: Subject | None = None) -> int:
    """The id of the last event of `kind` (about `subject`), 0 when there is none: what a form
    carries as its version.
    """
    about = Event.subject == str(subject) if subject is not None else sa.true()
    return db.session.scalar(sa.select(sa.func.max(Event.id)).where(Event.kind == kind, about)) or 0


def expect_nothing_since(seen: int | None, kind: str, subject: Subject | None = None) -> None:
    """Refuse a form that was opened before another user's change, and show the change. Raises Stale."""
    if seen is None or seen >= last_id(kind, subject):
        return
    about = Event.subject == str(subject) if subject is not None else sa.true()
    raise Stale(
        db.session.scalars(
            sa.select(Event).where(Event.kind == kind, Event.id > seen, about).order_by(Event.id)
        ).all()
    )


def seal(previous: str, event: Event | sa.Row[Any]) -> str:
    """The hash of `event` following `previous`: SHA-256 over every column, hexadecimal."""
    content = [
        previous,
        event.id,
        event.at.isoformat(),
        event.kind,
        event.actor_id,
        event.actor_name,
        event.case_id,
        event.company_id,
        event.subject,
        event.reason,
        event.data,
        event.seen_version,
        *sealed_origin(event),
    ]
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be sealed")


@sa_event.listens_for(PatuhSession, "before_commit")
def _seal_events(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is released; the transaction goes on
    events: list[Event] = session.info.pop("events", [])
    if not events:
        return
    session.flush()
    head = (
        sa.select(EventHead.last_id, EventHead.last_hash).where(EventHead.id == 1).with_for_update()
    )
    last_id, last_hash = session.execute(head).one()
    keys = seal_keys()
    for event in events:
        event.id = last_id = last_id + 1
        event.hash = last_hash = seal(last_hash, event)
        event.mac = keys.sign(last_hash)
    session.connection().execute(
        sa.insert(Event),
        [{name: getattr(event, name) for name in EVENT_COLUMNS} for event in events],
    )
    session.connection().execute(
        sa.update(EventHead).where(EventHead.id == 1).values(last_id=last_id, last_hash=last_hash)
    )


@sa_event.listens_for(PatuhSession, "after_soft_rollback")
def _forget_events(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # the whole transaction, not a savepoint in it
        session.info.pop("events", None)
