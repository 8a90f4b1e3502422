"""What is written of reading: after the answer, many at once, and lost without harm when the store
is locked.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask

from compliance.core.after import MOST_KEPT, Notes, note
from compliance.core.db import BUSY_TIMEOUT_MS, db, is_postgresql
from compliance.people.models import SignIn, SignInAttempt
from compliance.people.sessions import SEEN
from tests.queries import queries


def seen_at() -> datetime:
    """When the last session was last seen; the store is free again afterwards."""
    found = db.session.scalars(
        sa.select(SignIn.last_seen_at).order_by(SignIn.id.desc()).limit(1)
    ).one()
    db.session.rollback()
    return found


def test_when_a_session_was_last_seen_is_written_after_the_answer(app, at, browser) -> None:
    ina = browser("ina")
    began = seen_at()
    at("2026-11-30 09:09")
    ina.get("/field")
    assert seen_at() == began, "every ten minutes at most"
    at("2026-11-30 09:11")
    with queries() as asked:
        ina.get("/field")
    assert len(asked.about("UPDATE sign_ins")) == 1
    assert "UPDATE sign_ins" in asked[-1], "nothing of the answer waits for it"
    assert seen_at() == datetime(2026, 11, 30, 1, 11, tzinfo=UTC)


def a_note(notes: Notes, sign_in: int = 1, *, day: int = 1) -> None:
    at = datetime(2027, 1, day, tzinfo=UTC)
    notes.keep(SEEN, sign_in, {"sign_in_id": sign_in, "at": at, "until": at})


def test_notes_are_written_together_and_of_the_same_thing_only_the_last(app, browser) -> None:
    browser("ina")
    sign_in = db.session.scalars(sa.select(SignIn.id)).one()
    db.session.rollback()
    notes = Notes(db.engine, every_seconds=60)
    notes.write_if_due()
    a_note(notes, sign_in, day=1)
    a_note(notes, sign_in, day=2)
    with queries() as seen:
        notes.write_if_due()
        a_note(notes, sign_in, day=3)
        notes.write_if_due()
    assert len(seen.about("UPDATE sign_ins")) == 1, "the third waits for the next writing"
    assert seen_at().day == 2
    notes.write()
    assert seen_at().day == 3


def test_notes_that_count_are_written_once_with_their_sum(app) -> None:
    notes = Notes(db.engine, every_seconds=60)
    refused = sa.insert(SignInAttempt).values(who=sa.bindparam("count"))
    for number in (1, 2, 4):
        values = {"count": number, "at": datetime(2027, 1, number, tzinfo=UTC)}
        notes.keep(refused, "the same", values, count=True)
    notes.write()
    [row] = db.session.execute(sa.select(SignInAttempt.who, SignInAttempt.at)).all()
    assert (int(row.who), row.at.day) == (7, 4)


def test_many_notes_are_written_at_once_and_more_than_many_are_lost(app) -> None:
    notes = Notes(db.engine, every_seconds=60)
    notes.write_if_due()
    for number in range(MOST_KEPT + 5):
        a_note(notes, number)
    assert len(notes.kept) == MOST_KEPT
    notes._written_at = time.monotonic()
    notes.write_if_due()
    assert notes.kept == {}


def test_a_locked_store_loses_the_note_and_nobody_waits_or_hears_of_it(
    app: Flask, at, browser
) -> None:
    ina = browser("ina")
    began = seen_at()
    at("2026-11-30 10:00")
    writer = db.engine.connect()
    with writer.begin():
        if is_postgresql():
            writer.execute(sa.text("LOCK TABLE sign_ins IN SHARE ROW EXCLUSIVE MODE"))
        asked_at = time.monotonic()
        assert ina.get("/field").status == 200
        waited = time.monotonic() - asked_at
    writer.close()
    assert seen_at() == began
    assert waited < BUSY_TIMEOUT_MS / 1000 / 2
    assert app.extensions["patuh_after"].kept == {}


def test_a_connection_that_waited_only_a_moment_waits_as_long_as_others_again(app) -> None:
    if is_postgresql():
        return
    notes = Notes(db.engine)
    a_note(notes)
    notes.write()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_TIMEOUT_MS


def test_a_failing_note_fails_nothing(app) -> None:
    notes = Notes(db.engine)
    notes.keep(sa.update(sa.table("no_such_table")).values({"x": 1}), "x", {})
    notes.write()
    assert notes.kept == {}


def test_a_note_belongs_to_the_application_that_keeps_it(app: Flask) -> None:
    then = datetime(2027, 1, 1, tzinfo=UTC)
    note(SEEN, "contoh", sign_in_id=0, at=then, until=then)
    assert (SEEN, "contoh") in app.extensions["patuh_after"].kept
