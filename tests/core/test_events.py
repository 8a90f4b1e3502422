"""The log is whole, and whoever goes around its locks is noticed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from compliance.admin.audit.jobs import LogAltered, verify_event_log
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.events import GENESIS, Event, EventHead, Subject, record, seal
from compliance.core.walk import EventMark, Walk
from compliance.policy import SYSTEM
from tests.factories import a_case, a_company
from tests.intruder import behind_the_back, verified
from tests.queries import queries


def note(subject: str) -> None:
    with transaction():
        record("user.signed_out", by=SYSTEM, subject=subject)


def last_id() -> int:
    return db.session.scalars(sa.select(sa.func.max(Event.id))).one()


def test_an_untouched_log_is_said_to_be_fine(app) -> None:
    a_case()
    code, text = verified(app)
    assert code == 0, text
    assert f"{last_id()} events, unaltered" in text


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Orang Lain'",
        "at = '2026-01-01 00:00:00.000000'",
        "kind = 'user.added'",
        "actor_id = 1",
        "case_id = 1",
        "company_id = 1",
        "subject = 'lain'",
        "reason = 'lain'",
        "data = '{}'",
        "seen_version = 9",
        "hash = '" + "0" * 64 + "'",
    ],
)
def test_a_row_that_was_altered_is_noticed(app, change: str) -> None:
    with transaction():
        record("user.signed_out", by=SYSTEM, subject="contoh", note="contoh")
    changed = last_id()
    note("yang berikutnya")
    behind_the_back(f"UPDATE events SET {change} WHERE id = {changed}")
    code, text = verified(app)
    assert code == 1
    assert f"event {changed}: altered" in text


def test_a_row_that_was_removed_from_the_middle_is_noticed(app) -> None:
    note("pertama")
    removed = last_id()
    note("kedua")
    behind_the_back(f"DELETE FROM events WHERE id = {removed}")
    code, text = verified(app)
    assert code == 1
    assert f"event {removed}: missing" in text


def test_the_last_row_removed_is_noticed(app) -> None:
    note("terakhir")
    removed = last_id()
    behind_the_back(f"DELETE FROM events WHERE id = {removed}")
    code, text = verified(app)
    assert code == 1
    assert (
        f"event {removed} was the last one sealed, event {removed - 1} is the last one here" in text
    )


def test_all_rows_removed_are_noticed(app) -> None:
    behind_the_back("DELETE FROM events")
    code, text = verified(app)
    assert code == 1
    assert "event 0 is the last one here" in text


@pytest.mark.parametrize("where", ["before the first", "after the last"])
def test_a_row_that_was_put_in_by_hand_is_noticed(app, where: str) -> None:
    note("asli")
    new = 0 if where == "before the first" else last_id() + 1
    behind_the_back(
        "INSERT INTO events (id, at, kind, actor_name, data, hash)"
        f" SELECT {new}, at, kind, actor_name, data, hash FROM events WHERE id = {last_id()}"
    )
    code, text = verified(app)
    assert code == 1
    assert f"event {new}: altered" in text


def test_the_store_itself_refuses_to_change_or_remove_an_event(app) -> None:
    note("contoh")
    statements = ["UPDATE events SET reason = 'lain'", "DELETE FROM events"]
    for statement in [*statements, "TRUNCATE events"] if is_postgresql() else statements:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction():
            db.session.execute(sa.text(statement))
    assert verified(app)[0] == 0


def test_events_of_a_transaction_that_was_rolled_back_vanish_and_leave_no_gap(app) -> None:
    before = last_id()
    with pytest.raises(RuntimeError), transaction():  # noqa: PT012
        record("user.signed_out", by=SYSTEM, subject="tidak jadi")
        raise RuntimeError
    note("jadi")
    assert [
        (each.id, each.subject)
        for each in db.session.scalars(sa.select(Event).where(Event.id > before))
    ] == [(before + 1, "jadi")]


def test_an_event_outlives_a_savepoint_that_was_rolled_back_after_it(app) -> None:
    with transaction():
        record("user.signed_out", by=SYSTEM, subject="sebelum")
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(EventHead(id=1, last_id=0, last_hash=""))
        record("user.signed_out", by=SYSTEM, subject="sesudah")
    subjects = [each.subject for each in db.session.scalars(sa.select(Event).order_by(Event.id))]
    assert subjects[-2:] == ["sebelum", "sesudah"]
    assert verified(app)[0] == 0


def test_an_act_is_not_recorded_inside_a_savepoint(app) -> None:
    with transaction(), db.session.begin_nested(), pytest.raises(RuntimeError, match="savepoint"):
        record("user.signed_out", by=SYSTEM, subject="contoh")
    assert verified(app)[0] == 0


def test_a_released_savepoint_does_not_yet_seal_anything(app) -> None:
    before = last_id()
    with pytest.raises(RuntimeError), transaction():  # noqa: PT012
        record("user.signed_out", by=SYSTEM, subject="tidak jadi")
        with db.session.begin_nested():
            pass
        raise RuntimeError
    note("jadi")
    assert [
        each.subject for each in db.session.scalars(sa.select(Event).where(Event.id > before))
    ] == ["jadi"]


def test_commits_at_once_keep_the_chain_whole_and_the_ids_without_gaps(app) -> None:
    company_id, before = a_company().id, last_id()
    db.session.remove()

    def act(number: int) -> None:
        with app.app_context(), transaction():
            for step in range(3):
                record(
                    "company.changed", by=SYSTEM, company_id=company_id, subject=f"{number}:{step}"
                )
            if number % 4 == 3:
                db.session.rollback()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(20)))
    added = db.session.scalars(sa.select(Event).where(Event.id > before).order_by(Event.id)).all()
    assert [each.id for each in added] == list(range(before + 1, before + 46))
    subjects = [each.subject for each in added]
    acts = [subjects[place : place + 3] for place in range(0, 45, 3)]
    assert all(
        act == [f"{act[0].split(':')[0]}:{step}" for step in range(3)] for act in acts
    )  # each act stays together
    assert verified(app)[0] == 0


def test_who_writes_while_the_log_is_walked_neither_waits_nor_raises_a_false_alarm(app) -> None:
    note("contoh")
    failures: list[BaseException] = []

    def write() -> None:
        with app.app_context():
            try:
                note("sementara itu")
            except BaseException as failure:
                failures.append(failure)

    writer, walked = threading.Thread(target=write), threading.Event()

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM events" in statement:
            walked.set()
        if "FROM event_head" in statement and walked.is_set() and writer.ident is None:
            writer.start()
            writer.join(5)

    sa.event.listen(db.engine, "before_cursor_execute", meanwhile)
    try:
        code, text = verified(app)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", meanwhile)
    writer.join()
    assert failures == []
    assert code == 0, text


def test_a_subject_is_written_and_read_in_one_way() -> None:
    day = date(2026, 12, 25)
    for subject, written in (
        (Subject("user", 5), "user:5"),
        (Subject("office", "ptsp-53.71"), "office:ptsp-53.71"),
        (Subject("settings"), "settings"),
        (Subject("calendar", day), "calendar:2026-12-25"),
        (Subject("handover", "a:b"), "handover:a:b"),
    ):
        assert str(subject) == written == str(Subject.parse(written))
    assert Subject.parse("flag:17") == Subject("flag", "17") and Subject.parse("flag:17").id == 17


def marked() -> int:
    """Verify the whole log and mark it; the last event's id."""
    walk = Walk()
    assert list(walk.faults()) == []
    with transaction():
        walk.mark()
    return walk.last_id


def tail_faults() -> list[str]:
    db.session.remove()
    return list(Walk(tail_only=True).faults())


def test_after_a_mark_only_the_tail_is_walked(app) -> None:
    note("lama")
    mark = marked()
    note("baru")
    with queries() as seen:
        walk = Walk(tail_only=True)
        assert list(walk.faults()) == []
    assert walk.last_id == last_id() == mark + 1
    (walked,) = (each for each in seen.about("FROM events") if "ORDER BY" in each)
    assert "events.id >" in walked
    behind_the_back(f"UPDATE events SET reason = 'lain' WHERE id = {mark + 1}")
    assert [line.partition(":")[0] for line in tail_faults()] == [f"event {mark + 1}"]


def test_without_a_mark_the_nightly_walk_is_a_whole_one(app) -> None:
    note("pertama")
    first = last_id()
    note("kedua")
    behind_the_back(f"UPDATE events SET reason = 'lain' WHERE id = {first}")
    assert tail_faults()[0].startswith(f"event {first}: altered")


def test_what_was_altered_before_the_mark_is_noticed_by_the_whole_walk(app) -> None:
    note("lama")
    altered = last_id()
    note("baru")
    marked()
    behind_the_back(f"UPDATE events SET reason = 'lain' WHERE id = {altered}")
    assert tail_faults() == []
    code, text = verified(app)
    assert code == 1
    assert f"event {altered}: altered" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            f"UPDATE events SET hash = '{'1' * 64}' WHERE id = :id",
            "another one since it was verified and marked",
        ),
        ("DELETE FROM events WHERE id = :id", "gone since it was verified and marked"),
    ],
)
def test_a_mark_that_does_not_match_its_event_is_itself_a_finding(
    app, change: str, said: str
) -> None:
    note("ditandai")
    mark = marked()
    note("sesudahnya")
    behind_the_back(change, id=mark)
    assert f"event {mark}: {said}" in tail_faults()
    assert f"event {mark}: {said}" in verified(app)[1]


def test_a_log_that_was_sealed_anew_from_the_first_event_does_not_match_its_mark(app) -> None:
    """Whoever rewrites the whole chain with its head leaves a log that is whole in itself, but
    another one.
    """
    note("ditandai")
    mark = marked()
    with transaction():
        rows = db.session.scalars(sa.select(Event).order_by(Event.id)).all()
        db.session.expunge_all()
    rows[0].reason, previous = "lain", GENESIS
    changes = {}
    for event in rows:
        previous = changes[event.id] = seal(previous, event)
    behind_the_back(
        "UPDATE events SET reason = 'lain' WHERE id = 1",
        *(f"UPDATE events SET hash = '{value}' WHERE id = {id}" for id, value in changes.items()),
        f"UPDATE event_head SET last_hash = '{previous}'",
    )
    assert tail_faults()[0] == f"event {mark}: another one since it was verified and marked"
    assert verified(app)[0] == 1


def test_a_clean_walk_moves_the_mark_and_one_with_a_fault_leaves_it(app) -> None:
    note("pertama")
    mark = marked()
    note("kedua")
    assert verify_event_log() == {"verified": mark + 1}
    assert db.session.get_one(EventMark, 1).event_id == mark + 1
    note("ketiga")
    behind_the_back(f"UPDATE events SET reason = 'lain' WHERE id = {mark + 2}")
    with pytest.raises(LogAltered):
        verify_event_log()
    assert db.session.get_one(EventMark, 1).event_id == mark + 1
