"""The verbs about the whole store: let nothing be written, let people write again, note a backup."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import Subject, record
from compliance.core.numbering import Counter
from compliance.core.outbox import HELD, Message
from compliance.core.parsing import clean_line
from compliance.core.read_only import (
    LONGEST_BECAUSE,
    ReadOnlyMode,
    ReadOnlyRow,
    despite_read_only,
    read_only_mode,
    writers_of_before,
)
from compliance.core.stamp import replace_stamp
from compliance.office.settings import today
from compliance.people.models import ApiToken, PasswordReset, SignIn
from compliance.policy import SYSTEM, system_only
from compliance.store.models import LastBackup
from compliance.store.rules import NUMBERED_ALWAYS, NumbersAfter
from compliance.store.tables import go_on_counting, last_given, plain_tables

WHOLE_STORE = Subject("store")
DROPPED = "Dropped: held since a restore, and not let go by a person"
_WAIT_SECONDS = 60.0
_LOOK_SECONDS = 0.2


@system_only
def put_up_read_only(because: str | None = None) -> ReadOnlyMode:
    """Let nothing be written from now on, in any process; answers the mode, also when it was on already."""
    because = (clean_line(because) or "")[:LONGEST_BECAUSE] or None
    with despite_read_only(), transaction():
        if (mode := read_only_mode()) is None:
            mode = ReadOnlyMode(clock.now(), because)
            record("store.read_only", by=SYSTEM, subject=WHOLE_STORE, reason=because)
            db.session.add(ReadOnlyRow(id=1, since=mode.since, because=mode.because))
            replace_stamp(db.session())
    return mode


def wait_for_writers(seconds: float = _WAIT_SECONDS) -> int:
    """Wait until all transactions have ended that are open now; answers how many have not after so long."""
    waited_for, until = writers_of_before(), time.monotonic() + seconds
    while waited_for and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
        waited_for &= writers_of_before()
    return len(waited_for)


@system_only
def take_off_read_only() -> bool:
    """Let people write again; answers whether they could not."""
    with despite_read_only(), transaction():
        mode = read_only_mode()
        if mode is not None:
            db.session.execute(sa.delete(ReadOnlyRow))
            replace_stamp(db.session())
            record("store.writable", by=SYSTEM, subject=WHOLE_STORE, since=mode.since)
    return mode is not None


@system_only
def note_backup(name: str, *, size: int, made_at: datetime, last_event_id: int) -> bool:
    """Let everybody know of a complete backup; False while nothing may be written: then nobody is told."""
    if read_only_mode() is not None:
        db.session.rollback()
        return False
    with transaction():
        facts = {"name": name, "size": size, "made_at": made_at, "last_event_id": last_event_id}
        db.session.merge(LastBackup(id=1, **facts))
    return True


@dataclass(frozen=True)
class Finished:
    """What followed a restore: sessions ended, tokens revoked, links void, mails held, counters moved."""

    sessions: int
    tokens: int
    links: int
    mails: int
    counters: Mapping[str, int]


@system_only
def finish_restore(
    made_at: datetime, *, last_event_id: int, numbers: NumbersAfter, keep_tokens: bool
) -> Finished:
    """What must not happen after a restore is prevented, told in the log, and people may write again.

    Nobody knows which sessions, tokens and links were ended after the backup: all of them end. Mails that
    waited then may have left since: they wait for a person. Numbers given since are not given again.
    """
    now = clock.now()
    with despite_read_only(), transaction():
        sessions = _change(sa.update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now))
        tokens = 0
        if not keep_tokens:
            tokens = _change(
                sa.update(ApiToken).where(ApiToken.revoked_at.is_(None)).values(revoked_at=now)
            )
        links = _change(
            sa.update(PasswordReset).where(PasswordReset.used_at.is_(None)).values(used_at=now)
        )
        waiting = sa.update(Message).where(
            Message.channel == "email", Message.next_try_at.is_not(None)
        )
        mails = _change(waiting.values(held_at=now))
        counters = _go_on_behind(made_at, numbers)
        done = Finished(sessions, tokens, links, mails, counters)
        _change(sa.delete(ReadOnlyRow))
        replace_stamp(db.session())
        record(
            "store.restored",
            by=SYSTEM,
            subject=WHOLE_STORE,
            made_at=made_at,
            last_event=last_event_id,
            sessions_ended=sessions,
            tokens_revoked=tokens,
            mails_held=mails,
            counters=dict(counters),
        )
    return done


def _change(statement: sa.Update | sa.Delete) -> int:
    """Change rows in the session's transaction; how many those were."""
    return db.session.connection().execute(statement).rowcount


def _go_on_behind(made_at: datetime, numbers: NumbersAfter) -> dict[str, int]:
    """Move every counter, and the ids of rows, behind what may have been given since; the counters."""
    year = today().year
    years = {year, made_at.year}
    known = {
        (row.name, row.year): row.last
        for row in db.session.execute(sa.select(Counter.name, Counter.year, Counter.last))
    }
    names = {*NUMBERED_ALWAYS, *numbers.last, *(name for name, _year in known)}
    moved = {}
    for name in sorted(names):
        for each in sorted(years):
            last = numbers.go_on_behind(name, known.get((name, each), 0))
            if last > known.get((name, each), 0):
                db.session.merge(Counter(name=name, year=each, last=last))
            if each == year:
                moved[name] = last
    connection = db.session.connection()
    db.session.flush()
    for table in plain_tables():
        given = last_given(table, connection)
        if given is not None and numbers.left_out:
            go_on_counting(table, given + numbers.left_out, connection)
    return moved


def held_mails() -> list[tuple[str, int]]:
    """What kinds of mails wait for a person since a restore, and how many of each."""
    kinds = sa.select(Message.kind, sa.func.count()).where(sa.text(HELD)).group_by(Message.kind)
    return [(row[0], row[1]) for row in db.session.execute(kinds.order_by(Message.kind))]


@system_only
def release_mails(*, drop: bool = False) -> int:
    """Let the mails leave that are held since a restore, or give them up; how many those were."""
    now = clock.now()
    values = (
        {"held_at": None, "next_try_at": None, "given_up_at": now, "error": DROPPED}
        if drop
        else {"held_at": None, "next_try_at": now, "attempts": 0}
    )
    with transaction():
        count = _change(sa.update(Message).where(sa.text(HELD)).values(values))
        if count:
            record(
                "store.mails_released",
                by=SYSTEM,
                subject=WHOLE_STORE,
                count=count,
                dropped=drop,
            )
    return count
