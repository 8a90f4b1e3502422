"""`flask store copy`: the whole store in the other kind of store, equal, and cut off without harm."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from compliance import create_app
from compliance.companies.search.panels import matching_companies
from compliance.core.db import db, transaction
from compliance.core.numbering import next_serial
from compliance.people.commands.accounts import add_token_at_console
from compliance.store import tables
from compliance.store.commands import put_up_read_only, take_off_read_only
from compliance.store.copying import Copying
from compliance.store.proving import differences_of_stores, faults_within
from compliance.store.rules import CannotMove
from tests.conftest import a_config
from tests.factories import a_case, a_company, user
from tests.house.source import ROOT
from tests.journeys.processes import environment
from tests.store.conftest import Run

EngineOf = Callable[[str], Engine]


def some_work() -> None:
    """Companies and cases, a company whose number is gone, one that names a later one."""
    case, later = a_case(), a_company("PT Dipindah")
    with transaction():
        add_token_at_console(user("lia"), label="loket")
        db.session.execute(
            sa.text("UPDATE companies SET merged_into_id = :later WHERE id = :id"),
            {"later": later.id, "id": case.company_id},
        )
        db.session.execute(
            sa.text("INSERT INTO sign_in_attempts (who, at) VALUES ('x', '2026-11-30 01:00:00+00')")
            if db.engine.dialect.name == "postgresql"
            else sa.text(
                "INSERT INTO sign_in_attempts (who, at) VALUES ('x', '2026-11-30 01:00:00.000000')"
            )
        )
        db.session.execute(sa.text("DELETE FROM sign_in_attempts"))


def test_it_is_equal_there_and_back_and_people_go_on_there(
    app: Flask, run: Run, other_target: str, engine_of: EngineOf, store, tmp_path, request
) -> None:
    some_work()
    run("store", "read-only", "on")
    copied = run("store", "copy", other_target)
    assert copied.exit_code == 0, copied.output
    assert "equal on both sides" in copied.stdout
    # and back, into a third store of the first kind
    kind = "sqlite_target" if store.name == "sqlite" else "postgresql_target"
    back_url = request.getfixturevalue(kind)
    there = create_app(a_config(other_target, tmp_path))
    with there.app_context():
        back = there.test_cli_runner().invoke(args=["store", "copy", back_url])
        assert back.exit_code == 0, back.output
        db.session.remove()
    third = create_app(a_config(back_url, tmp_path)).app_context()
    third.push()
    with db.engine.connect() as other:
        third.pop()
        with db.engine.connect() as here:
            assert list(differences_of_stores(here, other, lambda _: None)) == []
    # people go on in the copy: its counters, sequences and search are its own
    with there.app_context():
        take_off_read_only()
        company = a_company("PT Sesudah Pindah", nib="new")
        with there.test_request_context():
            hits = matching_companies(user("ina"), "Sesudah Pinda", 5)
        assert hits[0].address == f"/companies/{company.id}"
        with transaction():
            assert next_serial("case", 2026) == 2
        with db.engine.connect() as connection:
            assert list(faults_within(connection)) == []
        db.session.remove()
        db.engine.dispose()


def test_what_cannot_be_copied_is_refused_in_one_line(
    app: Flask, run: Run, other_target: str, engine_of: EngineOf, tmp_path: Path
) -> None:
    def refused(*words: str) -> tuple[int, str]:
        result = run("store", "copy", *words)
        assert len(result.stderr.splitlines()) == 1, result.stderr
        return result.exit_code, result.stderr

    code, line = refused(other_target)
    assert code == 3 and "flask store read-only on" in line
    put_up_read_only()
    code, line = refused("sqlite:////nowhere/there.sqlite3")
    assert code == 5 and "db upgrade" in line
    code, line = refused("postgresql+psycopg://patuh@127.0.0.1:1/patuh")
    assert code == 6 and "cannot be reached" in line
    code, line = refused(db.engine.url.render_as_string(False))
    assert code == 1 and "the store itself" in line
    code, line = refused("mysql://x")
    assert code == 1 and "must begin with" in line
    target = engine_of(other_target)
    with target.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    code, line = refused(other_target)
    assert code == 5 and "0001" in line
    with target.begin() as connection:
        newest = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{newest}'"))
        connection.execute(sa.text("INSERT INTO counters (name, year, last) VALUES ('x', 2026, 1)"))
    code, line = refused(other_target)
    assert code == 4 and "table counters has 1 rows" in line


KILLED = """
import os, signal, sys
from compliance.store import tables
tables.ROWS_COPIED_AT_ONCE = 3
write, left = tables.PlainTable.write, int(os.environ["KILLED_AFTER"])
def watched(self, connection, rows):
    global left
    write(self, connection, rows)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
tables.PlainTable.write = watched
from flask.cli import main
sys.argv = ["flask", "store", "copy", os.environ["TARGET"]]
main()
"""


@pytest.mark.processes
def test_killed_on_the_way_it_goes_on_exactly_where_it_was(
    app: Flask,
    run: Run,
    database: str,
    other_target: str,
    engine_of: EngineOf,
    tmp_path,
    monkeypatch,
) -> None:
    some_work()
    put_up_read_only()
    db.session.remove()
    for after in ("5", "40"):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED],
            cwd=ROOT,
            env=environment(database, tmp_path, TARGET=other_target, KILLED_AFTER=after),
            capture_output=True,
            text=True,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    target = engine_of(other_target)
    with target.connect() as connection:
        done = connection.scalar(sa.text("SELECT sum(rows) FROM copy_progress"))
        assert done > 0
    monkeypatch.setattr(tables, "ROWS_COPIED_AT_ONCE", 3)
    copied = run("store", "copy", other_target)
    assert copied.exit_code == 0, copied.output
    assert not sa.inspect(target).has_table("copy_progress")


def test_a_copy_that_began_before_people_wrote_again_does_not_go_on(
    app: Flask, run: Run, other_target: str, monkeypatch
) -> None:
    put_up_read_only()
    with monkeypatch.context() as patch:
        patch.setattr(Copying, "prove", cut_off)
        assert run("store", "copy", other_target).exit_code == 1
    take_off_read_only()
    a_company()
    put_up_read_only()
    again = run("store", "copy", other_target)
    assert again.exit_code == 4 and "people wrote to the store since" in again.stderr


def cut_off(*_: object) -> int:
    raise CannotMove("cut off")


def test_a_target_that_was_changed_behind_the_copy_is_not_equal(
    app: Flask, run: Run, other_target: str, monkeypatch
) -> None:
    some_work()
    put_up_read_only()
    copy = Copying.copy

    def tampered(self: Copying, advance: Callable[[int], None]) -> None:
        copy(self, advance)
        with self.target.begin() as connection:
            connection.execute(sa.text("UPDATE companies SET name = 'PT Lain'"))

    monkeypatch.setattr(Copying, "copy", tampered)
    refused = run("store", "copy", other_target)
    assert refused.exit_code == 7
    assert "table companies:" in refused.stderr and "not the same" in refused.stderr
