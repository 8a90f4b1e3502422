"""A walk through the event log: whether each event is as it was sealed, by its hash and by the key.

Reads one snapshot on a connection of its own, row by row: writers do not wait, their new events are no
faults, and memory stays small.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core import clock
from compliance.core.db import Model, db, is_postgresql
from compliance.core.events import GENESIS, Event, EventHead, seal
from compliance.core.guards import trigger_faults
from compliance.core.keys import seal_keys
from compliance.core.seals import Seal


class EventMark(Model):
    """One row: the last event up to which the log was verified, and the hash it had then."""

    __tablename__ = "event_marks"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


@contextmanager
def snapshot() -> Iterator[sa.Connection]:
    """A connection that reads the store as it is now, whatever is written meanwhile."""
    frozen: dict[str, Any] = (
        {"isolation_level": "REPEATABLE READ"} if is_postgresql() else {"read_only": True}
    )
    with db.engine.connect().execution_options(**frozen) as connection:
        yield connection


def verify(*, tail_only: bool = False) -> Iterator[str]:
    """Walk the log and yield one line for each thing that is not as it was sealed; see `Walk`."""
    return Walk(tail_only=tail_only).faults()


@dataclass(frozen=True)
class Span:
    """Events one after the other that are sealed alike: by a key, or (None) by their hashes alone."""

    key: str | None
    first: int
    last: int

    def __str__(self) -> str:
        return (
            f"event {self.first}"
            if self.first == self.last
            else f"events {self.first} to {self.last}"
        )


class Walk:
    """One walk through the log: the whole of it, or only what was sealed since the last mark.

    `seals` are those kept outside the store: behind them no event goes without the mark of a key. After it,
    `last_id` and `last_hash` say how far the log was walked, `spans` how it is sealed.
    """

    def __init__(self, *, tail_only: bool = False, seals: Sequence[Seal] = ()) -> None:
        self.tail_only = tail_only
        self.last_id, self.last_hash = 0, GENESIS
        self.last_key: str | None = None
        self.since = 0
        """Behind which event the walk began."""
        self.spans: list[Span] = []
        self.keys = seal_keys()
        self.keyed_since = min((seal.id for seal in seals if seal.key), default=None)
        """From which event on, at the latest, a key marked each."""
        self.current_since = min(
            (seal.id for seal in seals if seal.key == self.keys.current), default=None
        )
        """From which event on, at the latest, the key of today was in use: no lost one came back since."""

    def faults(self) -> Iterator[str]:
        """One line for each thing that is not as it was sealed, or not as it was when it was marked."""
        with snapshot() as connection:
            yield from self.faults_in(connection)

    def faults_in(self, connection: sa.Connection) -> Iterator[str]:
        """The same, in a snapshot that somebody else reads, too."""
        yield from trigger_faults(connection)
        before = yield from self._begin(connection)
        log = sa.select(*Event.__table__.columns).order_by(Event.id)
        if self.last_id:
            log = log.where(Event.id > self.last_id)
        rows = connection.execution_options(yield_per=1000).execute(log)
        for event in rows:
            expected = self.last_id + 1
            if event.id != expected:
                yield (
                    f"event {expected}: missing"
                    if event.id > expected
                    else f"event {event.id}: inserted"
                )
            if event.hash != seal(self.last_hash, event):
                yield f"event {event.id}: altered, or the one before it was altered or removed"
            if self._wrong_mac(event):
                yield f"event {event.id}: the key did not seal this"
            self._count(event)
            self.last_id, self.last_hash, self.last_key = event.id, event.hash, _key_of(event)
        yield from self._spans_that_are_wrong(before)
        head = connection.execute(sa.select(EventHead.last_id, EventHead.last_hash)).one()
        if tuple(head) != (self.last_id, self.last_hash):
            yield (
                f"end of the log: event {head.last_id} was the last one sealed,"
                f" event {self.last_id} is the last one here"
            )

    def _begin(self, connection: sa.Connection) -> Generator[str, None, str | None]:
        """Yield a line when the marked event is another one; answers by which key it was sealed when the
        walk begins behind it.
        """
        mark = connection.execute(sa.select(EventMark.event_id, EventMark.hash)).one_or_none()
        if mark is None:
            return None
        here = connection.execute(
            sa.select(Event.hash, Event.mac).where(Event.id == mark.event_id)
        ).one_or_none()
        if mark.event_id and (here is None or here.hash != mark.hash):
            change = "gone" if here is None else "another one"
            yield f"event {mark.event_id}: {change} since it was verified and marked"
        if not self.tail_only:
            return None
        self.since = self.last_id = mark.event_id
        self.last_hash = mark.hash
        self.last_key = None if here is None else _key_of(here)
        return self.last_key

    def _wrong_mac(self, event: sa.Row[Any]) -> bool:
        key = _key_of(event)
        return key in self.keys and not self.keys.agrees(event.hash, event.mac)

    def _count(self, event: sa.Row[Any]) -> None:
        """The event continues the last span, or begins a new one."""
        key = _key_of(event)
        if self.spans and self.spans[-1].key == key:
            self.spans[-1] = replace(self.spans[-1], last=event.id)
        else:
            self.spans.append(Span(key, event.id, event.id))

    def _spans_that_are_wrong(self, before: str | None) -> Iterator[str]:
        """Spans without a key behind ones with it, of a key that nobody has, and of a lost one that is back.

        `before` is the key of the event behind which the walk began.
        """
        seen = {before} if before is not None else set()
        for span in self.spans:
            keyed = seen or _reaches(span, self.keyed_since)
            if span.key is None and keyed and span.last > self.keys.plain_up_to:
                yield (
                    f"{span}: not sealed by a key, though earlier ones are. If an older version of Patuh"
                    f" wrote them while it was replaced, write plain:{span.last} beside the key"
                    if seen
                    else f"{span}: not sealed by a key, though a kept seal says that one sealed event"
                    f" {self.keyed_since}"
                )
            elif span.key in self.keys.lost and (
                ((span.key in seen or self.since) and span.key != before)
                or _reaches(span, self.current_since)
            ):
                yield f"{span}: sealed by the key {span.key}, which is said to be lost"
            elif (
                span.key is not None
                and span.key not in self.keys
                and span.key not in self.keys.lost
            ):
                yield (
                    f"{span}: sealed by the key {span.key}, which is not here. Put it back beside the"
                    f" new one; if it is lost for good, write lost:{span.key} beside it"
                )
            if span.key is not None:
                seen.add(span.key)

    @property
    def end(self) -> Seal:
        """The seal of the last event that was walked."""
        return Seal(self.last_id, self.last_hash, self.last_key)

    def mark(self) -> None:
        """Remember how far the log was found unaltered: the next nightly walk begins there."""
        db.session.merge(
            EventMark(id=1, event_id=self.last_id, hash=self.last_hash, at=clock.now())
        )


def _reaches(span: Span, since: int | None) -> bool:
    return since is not None and span.last >= since


def _key_of(event: sa.Row[*tuple[Any, ...]]) -> str | None:
    """The id of the key by which an event is sealed."""
    return None if event.mac is None else str(event.mac).partition(":")[0]
