"""The store keeps its promises: instants in UTC, readers that cannot write, writers that wait for
each other.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, is_postgresql, transaction
from compliance.core.jobs import Beat
from compliance.core.numbering import Counter, next_serial
from compliance.core.outbox import Message

WITA = timezone(timedelta(hours=8))


def a_beat(at: datetime) -> None:
    with transaction():
        db.session.add(Beat(id=1, at=at, process="contoh"))
    db.session.remove()


def test_a_naive_instant_is_refused(app) -> None:
    with pytest.raises(sa.exc.StatementError, match="needs a time zone"):
        a_beat(datetime(2026, 11, 30, 9))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Beat)) == 0


def test_a_naive_instant_finds_nothing_either(app) -> None:
    with pytest.raises(sa.exc.StatementError, match="needs a time zone"):
        db.session.scalars(sa.select(Beat).where(Beat.at > datetime(2026, 11, 30, 9))).all()


def test_an_aware_instant_comes_back_in_utc_to_the_microsecond(app) -> None:
    a_beat(datetime(2026, 11, 30, 0, 30, 0, 123456, tzinfo=WITA))
    kept = db.session.get_one(Beat, 1).at
    assert kept == datetime(2026, 11, 29, 16, 30, 0, 123456, tzinfo=UTC)
    assert kept.utcoffset() == timedelta(0)


def test_instants_are_compared_whatever_zone_they_are_asked_in(app) -> None:
    a_beat(datetime(2026, 11, 30, 0, 30, tzinfo=WITA))
    for moment, later in (
        (datetime(2026, 11, 30, 0, 29, tzinfo=WITA), 1),
        (datetime(2026, 11, 29, 16, 31, tzinfo=UTC), 0),
    ):
        assert db.session.scalar(sa.select(sa.func.count()).where(Beat.at > moment)) == later


def test_no_instant_stays_none(app) -> None:
    assert db.session.scalars(sa.select(Message.read_at)).all() == []
    assert db.session.scalar(sa.select(sa.cast(None, Beat.at.type))) is None


def test_what_a_get_request_changes_cannot_reach_the_store(app) -> None:
    with app.test_request_context("/help", method="GET"):
        app.preprocess_request()
        db.session.add(Counter(name="contoh", year=2026, last=1))
        with pytest.raises(RuntimeError, match="a GET never writes"):
            db.session.flush()
        db.session.rollback()
    db.session.remove()
    assert db.session.scalars(sa.select(Counter)).all() == []


def test_a_get_request_that_only_reads_waits_for_no_writer(app: Flask) -> None:
    stranger = app.test_client()
    with transaction():
        next_serial("contoh", 2026)
        answers: list[int] = []
        reader = threading.Thread(target=lambda: answers.append(stranger.get("/help").status_code))
        reader.start()
        reader.join(8)
        assert answers == [200]


def test_two_writers_wait_for_each_other_instead_of_failing(app: Flask) -> None:
    """The second writer reads first: on SQLite a transaction that turns from reading to writing
    would fail at once.
    """
    asked, failures = threading.Event(), []

    def write() -> None:
        with app.app_context():
            asked.set()
            try:
                with transaction():
                    db.session.scalars(sa.select(Counter)).all()
                    next_serial("contoh", 2026)
            except Exception as failure:
                failures.append(failure)

    second = threading.Thread(target=write)
    with transaction():
        assert next_serial("contoh", 2026) == 1
        second.start()
        asked.wait(5)
        second.join(0.3)
        assert second.is_alive(), "it waits"
    second.join(8)
    assert failures == []
    assert db.session.scalars(sa.select(Counter.last)).one() == 2


def test_sqlite_keeps_a_log_for_readers_and_minds_foreign_keys(app) -> None:
    if is_postgresql():
        return
    pragmas = {
        name: db.session.scalar(sa.text(f"PRAGMA {name}"))
        for name in ("journal_mode", "foreign_keys", "busy_timeout")
    }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_committed_record_survives_a_power_cut(app) -> None:
    """SQLite syncs at each commit (FULL is 2); PostgreSQL does so by default, which is a setting of
    its server.
    """
    if is_postgresql():
        return
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
