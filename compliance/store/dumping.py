"""The store as it was at one instant, in one file, while all go on writing; and such a file made a store.

SQLite by its backup interface, PostgreSQL by `pg_dump -Fc` and `pg_restore` of the machine.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from compliance.core.db import engine_options, tune
from compliance.core.events import EventHead
from compliance.store.queries import migration_of
from compliance.store.rules import CannotMove
from compliance.store.tables import plain_tables

OF_SQLITE, OF_POSTGRESQL = "store.sqlite3.gz", "store.pgdump"
LEFT_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file; it would play what is in there over a file that was put back."""


@dataclass(frozen=True)
class StoreContents:
    """What a store holds, as far as a manifest tells."""

    migration: str | None
    last_event_id: int
    last_event_hash: str
    rows: Mapping[str, int]


def store_contents(connection: sa.Connection) -> StoreContents:
    """What a store holds."""
    head = connection.execute(sa.select(EventHead.last_id, EventHead.last_hash)).one()
    rows = {table.name: table.count(connection) for table in plain_tables()}
    return StoreContents(migration_of(connection), head.last_id, head.last_hash, rows)


@contextmanager
def dump(engine: Engine, folder: Path) -> Iterator[tuple[Path, sa.Connection]]:
    """Write the store into a file in `folder`; with a connection that reads it as it is in that file."""
    if engine.dialect.name == "sqlite":
        with _dump_sqlite(Path(engine.url.database or ""), folder) as dumped:
            yield dumped
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.exec_driver_sql(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        )
        instant = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        file = folder / OF_POSTGRESQL
        _run_program(
            "pg_dump",
            "-Fc",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={instant}",
            f"--file={file}",
            url=engine.url,
        )
        yield file, connection


@contextmanager
def _dump_sqlite(store: Path, folder: Path) -> Iterator[tuple[Path, sa.Connection]]:
    copy, packed = folder / "store.sqlite3", folder / OF_SQLITE
    with closing(sqlite3.connect(store)) as living, closing(sqlite3.connect(copy)) as target:
        living.backup(target)  # in one step: other writers do not make it begin anew
        target.execute("PRAGMA journal_mode=DELETE")
    with copy.open("rb") as read, gzip.open(packed, "wb", compresslevel=1) as write:
        shutil.copyfileobj(read, write, 1024 * 1024)
    engine = sa.create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            yield packed, connection
    finally:
        engine.dispose()


def unpack_sqlite(packed: Path, store: Path) -> None:
    """Make the file of a SQLite store from a dump, and look through all of it. Raises CannotMove."""
    try:
        with gzip.open(packed, "rb") as read, store.open("xb") as write:
            shutil.copyfileobj(read, write, 1024 * 1024)
        with closing(sqlite3.connect(store)) as connection:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    except (OSError, EOFError, sqlite3.Error) as error:
        raise CannotMove(f"the store in the backup cannot be read: {error}") from None
    if problems != ["ok"]:
        raise CannotMove(f"the store in the backup is damaged: {problems[0]}")


def unpack_postgresql(dumped: Path, url: URL) -> None:
    """Fill an empty database from a dump, all of it or nothing. Raises CannotMove."""
    _run_program(
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        str(dumped),
        url=url,
        database=True,
    )


def engine_on(url: URL) -> Engine:
    """An engine for work that may take long, on any store."""
    options = engine_options(url.render_as_string(False))
    if url.drivername != "sqlite":
        options["connect_args"] = {"options": "-c statement_timeout=0 -c timezone=UTC"}
    engine = sa.create_engine(url, **options)
    tune(engine)
    return engine


def _run_program(name: str, *words: str, url: URL, database: bool = False) -> None:
    """Run a program of PostgreSQL; the password goes through its environment, where nobody reads it."""
    plain = url.set(drivername="postgresql", password=None).render_as_string(False)
    named: Sequence[str] = (f"--dbname={plain}",)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        ended = subprocess.run(
            [name, *named, *words], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise CannotMove(
            f"{name} is not installed: on Debian apt-get install postgresql-client"
        ) from None
    if ended.returncode:
        lines = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
        raise CannotMove(next((line for line in lines if "error" in line), lines[0]))
