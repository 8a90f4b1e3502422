"""`flask audit verify` proves what it says: what somebody with the database's keys does is named."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.audit.jobs import (
    LogAltered,
    seal_event_log,
    verify_event_log,
    verify_whole_event_log,
)
from compliance.cases.models import Case
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.events import Event, EventHead
from compliance.core.keys import SealKeys, seal_keys, use_seal_keys
from compliance.core.outbox import Message
from compliance.core.seals import seals_file
from tests.factories import a_case, a_company, a_visit
from tests.intruder import behind_the_back, seal_anew, verified

SEALS = "events_are_never_changed"


def head() -> str:
    """The seal of the last event, as it is written down."""
    end = db.session.get_one(EventHead, 1)
    return f"{end.last_id}:{end.last_hash}"


def by_sql(statement: str) -> None:
    with transaction():
        db.session.execute(sa.text(statement))
    db.session.remove()


# what somebody does to the log


def test_a_log_that_was_sealed_anew_without_the_key_is_noticed(app: Flask) -> None:
    a_case()
    seal_anew("UPDATE events SET actor_name = 'Orang Lain' WHERE id = 1")
    code, text = verified(app)
    assert code == 1
    assert "event 1: the key did not seal this" in text
    assert "altered" not in text


def test_an_event_sealed_by_its_hash_alone_behind_one_with_the_key_is_noticed(app: Flask) -> None:
    a_case()
    end = db.session.get_one(EventHead, 1).last_id
    behind_the_back(f"UPDATE events SET mac = NULL WHERE id = {end}")
    code, text = verified(app)
    assert code == 1
    assert f"event {end}: not sealed by a key, though earlier ones are" in text


def test_a_log_of_before_the_key_verifies_and_says_up_to_where(app: Flask) -> None:
    a_case()
    end = db.session.get_one(EventHead, 1).last_id
    behind_the_back("UPDATE events SET mac = NULL")
    a_company()
    code, text = verified(app)
    assert code == 0, text
    assert f"events 1 to {end} by their hashes alone, event {end + 1} by the key" in text


def test_a_seal_kept_elsewhere_tells_a_log_that_was_written_anew_with_its_marks_taken_away(
    app: Flask,
) -> None:
    a_case()
    kept = head()
    assert verified(app, "--seal", kept)[0] == 0
    seal_anew("UPDATE events SET actor_name = 'Orang Lain' WHERE id = 1", keep_macs=False)
    assert verified(app)[0] == 0
    code, text = verified(app, "--seal", kept)
    assert code == 1
    assert f"event {kept.partition(':')[0]}: not the one of which a seal was kept" in text


def test_a_seal_kept_elsewhere_tells_that_the_end_of_the_log_was_cut_off(app: Flask) -> None:
    a_company()
    end = db.session.get_one(EventHead, 1).last_id
    kept = head()
    before = db.session.get_one(Event, end - 1).hash
    behind_the_back(
        f"DELETE FROM events WHERE id = {end}",
        f"UPDATE event_head SET last_id = {end - 1}, last_hash = '{before}'",
    )
    assert verified(app)[0] == 0, "whole in itself"
    code, text = verified(app, "--seal", kept)
    assert code == 1
    assert f"event {end}: a seal was kept of it, and it is not in the log" in text


def test_seals_are_read_from_files_and_what_is_none_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    file.write_text(f"# dari surel\n\n{head()} # 2026-11-30 01:00Z\n")
    code, text = verified(app, "--seals", str(file), "--seal", head())
    assert (code, "2 seals kept elsewhere agree" in text) == (0, True), text
    file.write_text("1:abc\n")
    code, text = verified(app, "--seals", str(file))
    assert code == 2
    assert "kept.txt line 1: '1:abc' is no seal" in text
    assert verified(app, "--seals", str(tmp_path / "none"))[0] == 2
    assert verified(app, "--seal", "abc")[0] == 2


@pytest.mark.parametrize("how", ["dropped", "switched off", "emptied", "added"])
def test_a_trigger_that_is_not_as_the_migrations_made_it_is_named(app: Flask, how: str) -> None:
    assert verified(app)[0] == 0
    if is_postgresql():
        statements = {
            "dropped": [f"DROP TRIGGER {SEALS} ON events"],
            "switched off": [f"ALTER TABLE events DISABLE TRIGGER {SEALS}"],
            "emptied": [
                "CREATE OR REPLACE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RETURN NEW; END $$"
            ],
            "added": [
                "CREATE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
                "CREATE TRIGGER harmless BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION harmless()",
            ],
        }[how]
    else:
        empty = f"CREATE TRIGGER {SEALS} BEFORE UPDATE ON events WHEN 0 BEGIN SELECT 1; END"
        statements = {
            "dropped": [f"DROP TRIGGER {SEALS}"],
            "switched off": [f"DROP TRIGGER {SEALS}"],
            "emptied": [f"DROP TRIGGER {SEALS}", empty],
            "added": ["CREATE TRIGGER harmless AFTER INSERT ON events BEGIN SELECT 1; END"],
        }[how]
    for statement in statements:
        by_sql(statement)
    code, text = verified(app)
    assert code == 1
    assert f"trigger {'harmless' if how == 'added' else SEALS}: " in text
    with pytest.raises(LogAltered):
        verify_event_log()


# what time does


def test_every_night_a_seal_goes_into_a_file_and_to_the_admins(
    app: Flask, at: Callable[[str], None]
) -> None:
    a_company()
    kept, file = head(), seals_file()
    assert seal_event_log() == {"seals": 1}
    assert seal_event_log() == {"seals": 0}
    kept += f":{seal_keys().current}"
    assert file.read_text() == f"{kept} # 2026-11-30 01:00Z\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    mails = db.session.scalars(sa.select(Message).where(Message.kind == "log.sealed")).all()
    assert [mail.data["seal"] for mail in mails] == [kept]
    assert verified(app, "--seals", str(file))[0] == 0
    at("2026-12-01")
    a_company()
    assert seal_event_log() == {"seals": 1}
    assert len(file.read_text().splitlines()) == 2


def test_the_nightly_walk_compares_the_kept_seals_and_an_altered_log_gets_none(app: Flask) -> None:
    a_company()
    seal_event_log()
    file = seals_file()
    seal_anew("UPDATE events SET actor_name = 'Orang Lain' WHERE id = 1", keep_macs=False)
    with pytest.raises(LogAltered, match=r"a seal was kept \(.*seals.txt line 1\)"):
        verify_event_log()
    with pytest.raises(LogAltered, match="a seal was kept"):
        seal_event_log()
    assert "a seal was kept" in verified(app)[1], "the file of the job is read without being named"
    behind_the_back("UPDATE events SET actor_name = 'Lagi' WHERE id = 1")
    with pytest.raises(LogAltered):
        seal_event_log()
    assert len(file.read_text().splitlines()) == 1


def test_the_nightly_look_reads_the_cases_of_new_events_only_and_the_weekly_one_all(
    app: Flask,
) -> None:
    old, new = a_case().id, None
    verify_event_log()
    new = a_case().id
    by_sql(f"UPDATE cases SET effective_on = '2028-01-01' WHERE id = {old}")
    verify_event_log()
    with pytest.raises(LogAltered, match="due on 2028-01-01"):
        verify_whole_event_log()
    by_sql(f"UPDATE cases SET effective_on = '2028-01-01' WHERE id = {new}")
    a_visit(db.session.get_one(Case, new), "not_met", note="tutup")
    with pytest.raises(LogAltered, match="due on 2028-01-01"):
        verify_event_log()


# the key


def test_marks_that_are_taken_from_the_whole_log_are_noticed_by_a_kept_seal_of_before(
    app: Flask,
) -> None:
    """The seal fits: what was rewritten came after it. It says that a key was in use."""
    a_case()
    seal_event_log()
    kept = seals_file().read_text().partition(" ")[0]
    a_company()
    end = db.session.get_one(EventHead, 1).last_id
    seal_anew(f"UPDATE events SET actor_name = 'Orang Lain' WHERE id = {end}", keep_macs=False)
    wrong = f"events 1 to {end}: not sealed by a key, though a kept seal says that one sealed event"
    for options in ((), ("--seals", str(seals_file())), ("--seal", kept)):
        code, text = verified(app, *options)
        assert code == 1
        assert wrong in text
    for job in (verify_event_log, verify_whole_event_log, seal_event_log):
        with pytest.raises(LogAltered, match="a kept seal says"):
            job()
    seals_file().unlink()
    assert verified(app, "--seal", kept)[0] == 1, "from a mail"


@pytest.fixture
def keys(app: Flask) -> Iterator[Callable[..., str]]:
    """Seal with these keys from now on; answers the id of the first."""
    before = seal_keys()

    def use(*keys: str) -> str:
        use_seal_keys(SealKeys(keys))
        return seal_keys().current

    yield use
    use_seal_keys(before)


def test_a_key_that_was_replaced_verifies_what_it_sealed_and_a_lost_one_must_be_named(
    app: Flask, keys: Callable[..., str]
) -> None:
    first = keys("k" * 40)
    behind_the_back("UPDATE events SET mac = NULL")
    a_company()
    assert keys("n" * 40, "k" * 40) != first
    a_company()
    a_company()
    code, text = verified(app)
    assert (code, f"by the key {first}" in text) == (0, True), text
    keys("n" * 40)
    code, text = verified(app)
    assert code == 1
    assert f"sealed by the key {first}, which is not here" in text
    keys("n" * 40, f"lost:{first}")
    assert verified(app)[0] == 0
    end = db.session.get_one(EventHead, 1).last_id
    behind_the_back(f"UPDATE events SET mac = '{first}:{'0' * 32}' WHERE id = {end}")
    code, text = verified(app)
    assert code == 1
    assert f"event {end}: sealed by the key {first}, which is said to be lost" in text


def test_marks_of_a_lost_key_on_the_whole_log_are_noticed_by_a_seal_of_todays_key(
    app: Flask, keys: Callable[..., str]
) -> None:
    old = keys("o" * 40)
    behind_the_back("UPDATE events SET mac = NULL")
    a_company()
    keys("k" * 40, f"lost:{old}")
    a_company()
    seal_event_log()
    assert verified(app)[0] == 0
    a_company()
    end = db.session.get_one(EventHead, 1).last_id
    seal_anew(f"UPDATE events SET actor_name = 'Orang Lain' WHERE id = {end}")
    behind_the_back(f"UPDATE events SET mac = '{old}:{'0' * 32}'")
    code, text = verified(app)
    assert code == 1
    assert f"events 1 to {end}: sealed by the key {old}, which is said to be lost" in text


def test_events_that_an_older_version_wrote_during_the_upgrade_are_let_stand_once_named(
    app: Flask, keys: Callable[..., str]
) -> None:
    keys("k" * 40)
    behind_the_back("UPDATE events SET mac = NULL")
    a_company()
    a_company()
    end = db.session.get_one(EventHead, 1).last_id
    behind_the_back(f"UPDATE events SET mac = NULL WHERE id = {end}")
    assert f"write plain:{end} beside the key" in verified(app)[1]
    keys("k" * 40, f"plain:{end}")
    assert verified(app)[0] == 0
