"""Checks are no events; every hour an event seals those that are new, so that a later change is found out.

What is sealed of a check is what was asked and answered. The company it leads to may be merged into another
one, and the decision on it comes later with an event of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import PAUSE_SECONDS, db, reading, transaction
from compliance.core.events import Event, record
from compliance.licensing.models import LicenceCheck
from compliance.policy import SYSTEM, system_only

SEALED_AT_ONCE = 500
DECIDED_AT_ONCE = 500
MARK_LENGTH = 4
"""So many digits of the hash of each check tell which of them was altered; the digest proves that one was."""
SETTLED = timedelta(minutes=5)
"""A check of less than this ago is left for the next time: one with a smaller number may still be written."""
SEALED_WITHIN = timedelta(hours=2)
"""An older check that is not sealed is a fault: the job runs every hour."""
CHECKS_SEALED = "checks.sealed"
_SEALED = (
    LicenceCheck.id,
    LicenceCheck.receipt,
    LicenceCheck.code,
    LicenceCheck.asked,
    LicenceCheck.verdict,
    LicenceCheck.answer,
    LicenceCheck.checked_at,
    LicenceCheck.by_id,
    LicenceCheck.office_id,
)
_ROWS = sa.select(*_SEALED).order_by(LicenceCheck.id)


@system_only
def seal_checks() -> dict[str, int]:
    """Seal every check that is not sealed yet, some hundred with each event.

    Hashes are made before the transaction that records them: nobody waits for them.
    """
    sealed = 0
    while True:
        with reading():
            facts = _not_sealed()
        if facts is None:
            return {"sealed": sealed}
        with transaction():
            if last_sealed_check() == facts["after_id"]:  # else another process was first
                record(CHECKS_SEALED, by=SYSTEM, **facts)
                sealed += facts["count"]
        time.sleep(PAUSE_SECONDS)


def _not_sealed() -> dict[str, Any] | None:
    """The facts that seal the next checks; None when there are none to seal."""
    after_id, settled = last_sealed_check(), clock.now() - SETTLED
    rows = db.session.execute(_ROWS.where(LicenceCheck.id > after_id).limit(SEALED_AT_ONCE)).all()
    rows = list(takewhile(lambda row: row.checked_at <= settled, rows))
    if not rows:
        return None
    digest, marks = _digest(rows)
    return {
        "after_id": after_id,
        "last_id": rows[-1].id,
        "receipt": rows[-1].receipt,
        "count": len(rows),
        "digest": digest,
        "marks": marks,
    }


def last_sealed_check() -> int:
    """The id of the last check that is sealed; 0 when none is."""
    data = db.session.scalar(
        sa.select(Event.data).where(Event.kind == CHECKS_SEALED).order_by(Event.id.desc()).limit(1)
    )
    last: int = data["last_id"] if data else 0
    return last


def _digest(rows: Sequence[sa.Row[Any]]) -> tuple[str, str]:
    """One hash over all of the rows, and the first digits of the hash of each."""
    hashes = [_hash(row) for row in rows]
    return sha256(" ".join(hashes).encode()).hexdigest(), "".join(
        one[:MARK_LENGTH] for one in hashes
    )


def _hash(row: sa.Row[Any]) -> str:
    content = [*row[:6], row.checked_at.isoformat(), row.by_id, row.office_id]
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check_faults(connection: sa.Connection, *, since: int = 0) -> Iterator[str]:
    """One line for each check that is not as it was sealed or decided by the events behind `since`."""
    seals = connection.execution_options(yield_per=50).execute(
        sa.select(Event.id, Event.data)
        .where(Event.kind == CHECKS_SEALED, Event.id > since)
        .order_by(Event.id)
    )
    for event in seals:
        yield from _faults_of_seal(connection, event)
    yield from _left_unsealed(connection)
    yield from _faults_of_decisions(connection, since)
    if not since:
        yield from _decided_by_nobody(connection)


def _faults_of_seal(connection: sa.Connection, event: sa.Row[Any]) -> Iterator[str]:
    facts = [event.data.get(name) for name in ("after_id", "last_id", "count")]
    texts = [event.data.get(name) for name in ("digest", "marks", "receipt")]
    if not all(isinstance(fact, int) for fact in facts) or not all(texts):
        yield f"event {event.id}: its facts cannot be read"
        return
    (after_id, last_id, count), (digest, marks, receipt) = facts, texts
    between = _ROWS.where(LicenceCheck.id > after_id, LicenceCheck.id <= last_id)
    rows = connection.execute(between.limit(count + 1)).all()
    here, marks_here = _digest(rows)
    if here == digest:
        return
    if len(rows) != count:
        yield (
            f"checks up to {receipt}: event {event.id} sealed {count},"
            f" {'more' if len(rows) > count else len(rows)} are here"
        )
        return
    altered = [
        row.receipt
        for place, row in enumerate(rows)
        if _mark_at(marks, place) != _mark_at(marks_here, place)
    ]
    for number in altered or [f"one of those up to {receipt}"]:
        yield f"check {number}: altered since event {event.id} sealed it"


def _mark_at(marks: str, place: int) -> str:
    return marks[place * MARK_LENGTH : (place + 1) * MARK_LENGTH]


def _faults_of_decisions(connection: sa.Connection, since: int) -> Iterator[str]:
    decisions = connection.execution_options(yield_per=DECIDED_AT_ONCE).execute(
        sa.select(Event.id, Event.data)
        .where(Event.kind == "check.decided", Event.id > since)
        .order_by(Event.id)
    )
    for events in decisions.partitions():
        told = {str(event.data.get("receipt")): event for event in events}
        rows = connection.execute(
            sa.select(
                LicenceCheck.receipt,
                LicenceCheck.decision,
                LicenceCheck.verdict,
                LicenceCheck.application,
            ).where(LicenceCheck.receipt.in_(told))
        )
        here = {row.receipt: row for row in rows}
        for receipt, event in told.items():
            if receipt not in here:
                yield f"check {receipt}: gone, and event {event.id} says that it was decided"
                continue
            for column in ("decision", "verdict", "application"):
                found, said = getattr(here[receipt], column), event.data.get(column)
                if column in event.data and found != said:
                    yield f"check {receipt}: {column} is {found}, and by event {event.id} {said}"


def _decided_by_nobody(connection: sa.Connection) -> Iterator[str]:
    """Checks that bear a decision of which no event tells."""
    decided = sa.select(sa.literal("check:") + LicenceCheck.receipt).where(
        LicenceCheck.decision.is_not(None)
    )
    told = sa.select(Event.subject).where(Event.kind == "check.decided")
    for subject in connection.scalars(decided.except_(told)):
        yield f"check {subject.removeprefix('check:')}: decided, and no event tells of it"


def _left_unsealed(connection: sa.Connection) -> Iterator[str]:
    """Checks that no seal reaches: of a time to come, which hold up those behind them, and those held up."""
    now, last = clock.now(), _last_sealed_in(connection)
    mine = sa.select(LicenceCheck.receipt, LicenceCheck.checked_at)
    newer = mine.where(LicenceCheck.id > last).order_by(LicenceCheck.id).limit(1)
    if ahead := connection.execute(newer.where(LicenceCheck.checked_at > now + SETTLED)).first():
        yield (
            f"check {ahead.receipt}: made at {ahead.checked_at:%Y-%m-%d %H:%M}Z, which is to come;"
            " nothing behind it is sealed"
        )
    late = newer.where(LicenceCheck.checked_at < now - SEALED_WITHIN)
    if last and (left := connection.execute(late).first()):
        yield (
            f"check {left.receipt}: made at {left.checked_at:%Y-%m-%d %H:%M}Z and not sealed. If the"
            " scheduler stood still, run the job seal_checks"
        )


def _last_sealed_in(connection: sa.Connection) -> int:
    last = connection.scalar(
        sa.select(Event.data).where(Event.kind == CHECKS_SEALED).order_by(Event.id.desc()).limit(1)
    )
    return int(last["last_id"]) if last else 0


def checks_not_sealed(connection: sa.Connection) -> int:
    """How many checks are newer than the last seal of checks."""
    newer = sa.select(sa.func.count()).select_from(LicenceCheck)
    return connection.scalar(newer.where(LicenceCheck.id > _last_sealed_in(connection))) or 0
