"""Every `flask` command on a store that is not as it should be: one line that says what to do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import click
import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from compliance import create_app
from compliance.core import db as store_of
from compliance.core.db import db, is_postgresql
from compliance.core.schema import REVISIONS
from compliance.web.commandline import Command
from tests.conftest import a_config
from tests.house.source import ROOT
from tests.journeys.processes import environment
from tests.stores import LOCKED_OUT, SQLiteStore

Where = Callable[[ExitStack], str]
"""Makes the trouble that lasts until the stack is closed; answers the address of the store."""


def leaves(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that can be called, with its words."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from leaves(command, *path, name)
        else:
            yield (*path, name), command


def of_patuh() -> dict[str, click.Command]:
    app = create_app(a_config("sqlite:////dev/null/x.sqlite3", Path("mail")), pages=False)
    return {" ".join(words): command for words, command in leaves(app.cli) if words[0] != "db"}


COMMANDS = of_patuh()
ON_ANY_STORE = {"doctor", "restore"}
"""Commands that say what is wrong, or work where nothing is yet; they have tests of their own."""


def arguments(command: click.Command) -> list[str]:
    """As little as the command can be called with."""
    words: list[str] = []
    for each in command.params:
        if not each.required:
            continue
        if isinstance(each.type, click.Path):
            word = str(ROOT / "README.md" if each.type.file_okay else ROOT)
        elif isinstance(each.type, click.DateTime):
            word = "2026-11-30"
        elif isinstance(each.type, click.Choice):
            word = str(each.type.choices[0])
        else:
            word = "1"
        words += [each.opts[0], word] if isinstance(each, click.Option) else [word]
    if any(each.name == "yes" for each in command.params):
        words += ["--yes", "--province", "16"]
    return words


def test_every_command_is_one_that_looks_at_the_store_first() -> None:
    assert {name for name, command in COMMANDS.items() if not isinstance(command, Command)} == set()
    for name, command in COMMANDS.items():
        assert isinstance(command, Command)
        assert command.any_store == (name in ON_ANY_STORE), name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as Patuh made it, to be spoiled in copies."""
    folder = tmp_path_factory.mktemp("made")
    make_store(folder / "made.sqlite3")
    return folder


def make_store(file: Path) -> None:
    with closing_at_once(sqlite3.connect(file)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        made.execute("INSERT INTO alembic_version VALUES (?)", (REVISIONS[-1],))
        made.commit()


def no_tables(made: Path, _stack: ExitStack) -> str:
    return f"sqlite:///{made}/new.sqlite3"


def at(revision: str) -> Callable[[Path, ExitStack], str]:
    def spoil(made: Path, _stack: ExitStack) -> str:
        file = made / f"at-{revision}.sqlite3"
        with sqlite3.connect(file) as store:
            store.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num)")
            store.execute("DELETE FROM alembic_version")
            store.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        return f"sqlite:///{file}"

    return spoil


def locked(made: Path, stack: ExitStack) -> str:
    """Another process has it for itself alone, as a tool does that repairs it."""
    file = (
        Path(mkdtemp(dir=made)) / "locked.sqlite3"
    )  # one of its own: the last one may still be open
    make_store(file)
    other = stack.enter_context(closing_at_once(sqlite3.connect(file)))
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM alembic_version")
    return f"sqlite:///{file}"


@contextmanager
def closing_at_once(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


def something_else(made: Path, _stack: ExitStack) -> str:
    (made / "picture.sqlite3").write_bytes(b"\x89PNG" * 2000)
    return f"sqlite:///{made}/picture.sqlite3"


def away(made: Path, _stack: ExitStack) -> str:
    return f"sqlite:///{made}"


def no_folder(_made: Path, _stack: ExitStack) -> str:
    return "sqlite:////dev/null/patuh.sqlite3"


def server_away(_made: Path, _stack: ExitStack) -> str:
    return "postgresql://patuh@127.0.0.1:9/patuh"


TROUBLES: dict[str, tuple[Callable[[Path, ExitStack], str], str]] = {
    "no tables": (no_tables, "the database has no tables of Patuh yet: run flask db upgrade"),
    "behind": (at("0031"), f"is at migration 0031 and this Patuh needs {REVISIONS[-1]}: run flask"),
    "ahead": (at("9999"), "at migration 9999, which this Patuh"),
    "locked": (locked, "the database is locked by others"),
    "no database": (something_else, "cannot be reached: file is not a database"),
    "away": (away, "cannot be reached: unable to open database file"),
    "no folder": (no_folder, "cannot be reached: unable to open database file"),
    "server away": (server_away, "cannot be reached: connection failed: connection to server at"),
}


@pytest.fixture(scope="module", params=list(TROUBLES))
def troubled(
    request: pytest.FixtureRequest, made: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str]]:
    spoil, said = TROUBLES[request.param]
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_of, "BUSY_TIMEOUT_MS", 20)
        url = spoil(made, stack)
        yield create_app(a_config(url, tmp_path_factory.mktemp("mail")), pages=False), said


def told_in_one_line(result: Result, said: str) -> None:
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    lines = result.output.strip().splitlines()
    assert len(lines) == 1, result.output
    assert lines[0].startswith("Error: ")
    assert said in lines[0]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ON_ANY_STORE])
def test_a_command_says_in_one_line_what_is_wrong_with_the_store(
    troubled: tuple[Flask, str], name: str
) -> None:
    app, said = troubled
    words = [*name.split(), *arguments(COMMANDS[name])]
    told_in_one_line(app.test_cli_runner().invoke(args=words), said)


def test_flask_db_says_in_one_line_why_it_cannot_upgrade(troubled: tuple[Flask, str]) -> None:
    app, said = troubled
    if "run flask" not in said:  # else this is what it is for
        told_in_one_line(app.test_cli_runner().invoke(args=["db", "upgrade"]), said)


def test_a_person_who_only_wants_help_gets_it_on_any_store(troubled: tuple[Flask, str]) -> None:
    app, _said = troubled
    for name in COMMANDS:
        helped = app.test_cli_runner().invoke(args=[*name.split(), "--help"])
        assert (helped.exit_code, helped.output[:6]) == (0, "Usage:")


def test_a_command_that_cannot_write_because_another_one_does_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_postgresql():
        return  # one writer keeps no other away
    monkeypatch.setattr(store_of, "BUSY_TIMEOUT_MS", 20)
    db.session.remove()
    with db.engine.connect() as other, other.begin():
        words = ["user", "add", "x@contoh.example", "--name", "X", "--role", "admin"]
        told_in_one_line(
            app.test_cli_runner().invoke(args=words), "the database is locked by others"
        )


@pytest.mark.usefixtures("database")
def test_on_postgresql_it_says_so_too(store: Any, tmp_path: Path) -> None:
    """A wrong password, a table that somebody holds, and no tables at all."""
    if isinstance(store, SQLiteStore):
        pytest.skip("nobody signs in to a file")
    address = sa.make_url(store.url)
    wrong = address.set(username=LOCKED_OUT, password="wrong")
    empty = address.set(database="postgres")

    def says(url: sa.URL) -> Result:
        config = a_config(url.render_as_string(False), tmp_path)
        return create_app(config, pages=False).test_cli_runner().invoke(args=["jobs", "list"])

    told_in_one_line(says(wrong), f'password authentication failed for user "{LOCKED_OUT}"')
    told_in_one_line(says(empty), "the database has no tables of Patuh yet")
    with psycopg.connect(store.url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store_of, "LOCK_TIMEOUT_MS", 50)
            told_in_one_line(says(address), "the database is locked by others")


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
@pytest.mark.parametrize("words", ["scheduler", "jobs run deliver_messages", "db upgrade"])
def test_as_a_process_it_prints_the_same_line_and_nothing_else(tmp_path: Path, words: str) -> None:
    url = "postgresql://patuh@127.0.0.1:9/patuh"
    ended = subprocess.run(
        [sys.executable, "-m", "flask", *words.split()],
        cwd=ROOT,
        env=environment(url, tmp_path, PATUH_EMBED_SCHEDULER="1"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("Error: the database cannot be reached: connection failed")


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_scheduler_beside_the_web_process_is_silent_while_a_new_store_is_made(
    tmp_path: Path,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"],
        cwd=ROOT,
        env=environment(f"sqlite:///{tmp_path}/new.sqlite3", tmp_path, PATUH_EMBED_SCHEDULER="1"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    first, *_, last = ended.stdout.splitlines()
    assert first == "  0001  The first tables"
    assert last == f"from an empty database to {REVISIONS[-1]}: {len(REVISIONS)} migrations"
