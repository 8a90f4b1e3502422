"""The queue of those who write to SQLite: who came first writes first, across threads and processes.

SQLite itself gives the lock to whoever happens to ask at the right moment, so that under many writers one of
them waits until it gives up. A writer takes a ticket from a file beside the database and keeps a lock on its
number while it waits. It is its turn when no lower number is locked any more. The kernel lets go of the locks
of a process that dies. The queue only puts in order: that there is one writer at a time is SQLite's own lock.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_POLL_SECONDS = 0.002
"""Between two looks whether it is one's turn, and between two tries of a waiting writer."""
_LOCK = struct.Struct("hhqqi4x")  # type, whence, start, length, process
_COUNTER = struct.Struct("q")
_FIRST_TICKET = 16
"""The byte that the first ticket locks. Byte 0 is locked while a ticket is taken."""
_KNOWN = hasattr(fcntl, "F_OFD_SETLK")
"""Whether locks belong to open files and not to processes, as Linux offers it. Elsewhere nobody queues."""


@contextmanager
def turn_to_write(path: Path, *, until: float) -> Iterator[None]:
    """Wait until all who came before are done, or until this instant of the monotonic clock."""
    if not _KNOWN:
        yield
        return
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        ticket = _take_ticket(file)
        while _somebody_before(file, ticket) and time.monotonic() < until:
            time.sleep(LOCK_POLL_SECONDS)
        yield
        _lock(file, fcntl.F_UNLCK, ticket)  # also where a child process still has the file open
    finally:
        os.close(file)


def _take_ticket(file: int) -> int:
    _lock(file, fcntl.F_WRLCK, 0, wait=True)
    (last,) = _COUNTER.unpack(os.pread(file, _COUNTER.size, 0).ljust(_COUNTER.size, b"\0"))
    ticket = max(int(last) + 1, _FIRST_TICKET)
    os.pwrite(file, _COUNTER.pack(ticket), 0)
    _lock(file, fcntl.F_WRLCK, ticket)
    _lock(file, fcntl.F_UNLCK, 0)
    return ticket


def _lock(file: int, kind: int, byte: int, *, wait: bool = False) -> None:
    how = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
    fcntl.fcntl(file, how, _LOCK.pack(kind, os.SEEK_SET, byte, 1, 0))


def _somebody_before(file: int, ticket: int) -> bool:
    before = _LOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, _FIRST_TICKET, ticket - _FIRST_TICKET, 0)
    if ticket == _FIRST_TICKET:
        return False  # a length of nought would mean: up to the end of the file
    kind = _LOCK.unpack(fcntl.fcntl(file, fcntl.F_OFD_GETLK, before))[0]
    return bool(kind != fcntl.F_UNLCK)
