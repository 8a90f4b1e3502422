"""The queue of SQLite's writers: first come, first served, and nobody waits in vain."""

from __future__ import annotations

import struct
import threading
import time
from collections import Counter as Tally
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, is_postgresql, transaction
from compliance.core.numbering import Counter, next_serial
from compliance.core.queue import turn_to_write
from tests.journeys.processes import until

WRITERS = 16


def tickets(queue: Path) -> int:
    """How many tickets were taken."""
    return struct.unpack("q", queue.read_bytes())[0] if queue.exists() else 0


def test_who_came_first_writes_first(app: Flask) -> None:
    if is_postgresql():
        return
    queue, order = Path(f"{db.engine.url.database}.queue"), []

    def write(number: int) -> None:
        with app.app_context(), transaction():
            next_serial("contoh", 2026)
            order.append(number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with transaction():
        next_serial("contoh", 2026)
        for writer in writers:
            before = tickets(queue)
            writer.start()
            assert until(lambda before=before: tickets(queue) > before, seconds=5)
    for writer in writers:
        writer.join(10)
    assert order == list(range(WRITERS))


def test_sixteen_writers_all_write_and_none_waits_long(app: Flask) -> None:
    done: Tally[int] = Tally()
    waits, failures, end = [], [], time.monotonic() + 1

    def write(number: int) -> None:
        with app.app_context():
            while time.monotonic() < end:
                begun = time.monotonic()
                try:
                    with transaction():
                        next_serial("contoh", 2026)
                except Exception as failure:
                    failures.append(failure)
                waits.append(time.monotonic() - begun)
                done[number] += 1

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)
    assert failures == []
    assert db.session.scalars(sa.select(Counter.last)).one() == done.total()
    assert max(waits) < 2
    if not is_postgresql():
        assert max(done.values()) <= 2 * min(done.values())


def test_a_writer_that_gives_up_keeps_nobody_waiting(tmp_path: Path) -> None:
    queue = tmp_path / "a.queue"
    with turn_to_write(queue, until=time.monotonic()):
        begun = time.monotonic()
        with turn_to_write(queue, until=begun + 0.1):
            assert time.monotonic() - begun >= 0.1  # it waited for its turn, and then no longer
    begun = time.monotonic()
    with turn_to_write(queue, until=begun + 5):
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize("content", [b"", b"\0", b"x"])
def test_a_file_of_tickets_that_is_cut_off_begins_anew(tmp_path: Path, content: bytes) -> None:
    queue = tmp_path / "a.queue"
    queue.write_bytes(content)
    begun = time.monotonic()
    for _ in range(3):
        with turn_to_write(queue, until=begun + 5):
            pass
    assert time.monotonic() - begun < 1
