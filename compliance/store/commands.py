"""The verbs of an operator about the whole store: let nothing be written, and let people write again."""

from __future__ import annotations

import time

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import Subject, record
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
from compliance.policy import SYSTEM, system_only

WHOLE_STORE = Subject("store")
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
