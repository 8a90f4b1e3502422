"""Fills an empty store: migrated by the application, written by executemany or COPY.

Whatever the tables of today ask for must be in `tables.COLUMNS`: a mandatory column that is not given stops
the build, and with it the benchmarks in the suite.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg

from benchmarks.bare.store import Raw
from benchmarks.environment import ROOT
from benchmarks.province import PASSWORD, TOKEN, Province, Row, people
from benchmarks.tables import COLUMNS
from benchmarks.working import Worker

MAKERS = ("tables.py", "province.py", "filling.py", "bare/seal.py")
VIOLATIONS = "SELECT id FROM violations WHERE code IN ('JS-01', 'JS-02', 'JS-04') ORDER BY id"
WITH_SEQUENCES = """SELECT table_name FROM information_schema.columns
 WHERE table_schema = 'public' AND column_name = 'id' AND column_default LIKE 'nextval%'"""


Written = Iterator[tuple[str, list[Row]]]


@dataclass(frozen=True)
class Contents:
    """What a store is filled with: a name for it, the programs that make it, and its rows.

    `rows` migrates the empty store at a URL and yields what is to be written into it, table by table.
    """

    name: str
    rows: Callable[[str, int], Iterator[Written]]
    makers: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=lambda: COLUMNS, hash=False)

    @property
    def edition(self) -> str:
        return edition(self.makers)


@cache
def edition(more: tuple[str, ...] = ()) -> str:
    """What the kept stores depend on: the migrations and the programs that make them, as a short hash."""
    sources = [
        *sorted((ROOT / "migrations" / "versions").glob("*.py")),
        *(ROOT / "benchmarks" / name for name in (*MAKERS, *more)),
    ]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def fill_sqlite(file: Path, size: int, contents: Contents) -> None:
    """Make a new database file with a province, or other contents, in it."""
    url = f"sqlite:///{file}"
    for rows in contents.rows(url, size):
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for table, many in rows:
            columns = contents.columns[table].split()
            marks, names = ", ".join("?" * len(columns)), ", ".join(f'"{name}"' for name in columns)
            connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", many)
        connection.execute("COMMIT")
        connection.close()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(
        "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;"
    )
    connection.close()


def fill_postgresql(url: str, size: int, contents: Contents) -> None:
    """Fill a new, empty database with a province, or other contents."""
    address = url.replace("+psycopg", "")
    for rows in contents.rows(url, size):
        with psycopg.connect(
            address, options="-c timezone=UTC -c synchronous_commit=off"
        ) as connection:
            connection.execute("SET session_replication_role = replica")  # look no foreign key up
            for table, many in rows:
                names = ", ".join(f'"{name}"' for name in contents.columns[table].split())
                with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as stream:
                    for row in many:
                        stream.write_row(row)
    with psycopg.connect(address, autocommit=True) as connection:
        for (table,) in connection.execute(WITH_SEQUENCES).fetchall():
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"
            )
        connection.execute("VACUUM (FREEZE, ANALYZE)")
        connection.execute("CHECKPOINT")


def filling(url: str, size: int) -> Iterator[Written]:
    """The rows of a province for the empty store at `url`, table by table; the caller writes them.

    The store is migrated first, and the administrator added by the application's own command: all others have
    that password, and the log goes on behind that event. The answer that past checks hold is one that the
    application gave.
    """
    with ExitStack() as stack:
        worker = migrated(url, stack)
        raw = Raw(url)
        stack.callback(raw.close)
        password_hash = raw.value("SELECT password_hash FROM users")
        offices = {code: id for id, code in raw.rows("SELECT id, code FROM offices")}
        violations = [id for (id,) in raw.rows(VIOLATIONS)]
        last_id, last_hash = raw.one("SELECT last_id, last_hash FROM event_head")
        province = Province(
            size,
            violations=violations,
            office_id=offices["ptsp-53.71"],
            last_event=last_id,
            last_hash=last_hash,
        )
        yield iter(people(offices, password_hash).items())
        answer = ""
        for rows in province.chunks():
            checks = rows.pop("licence_checks", [])
            yield ((table, many) for table, many in rows.items() if many)
            answer = answer or _first_answer(raw, worker)
            yield iter([("licence_checks", [(*row[:6], answer, *row[7:]) for row in checks])])
        raw.run(
            "UPDATE event_head SET last_id = ?, last_hash = ?",
            (province.last_event, province.sealed),
        )


PROVINCE = Contents("province", filling)


def migrated(url: str, stack: ExitStack) -> Worker:
    """Bring an empty store to the tables of today, with an administrator; the process that did it."""
    worker = Worker(url, stack)
    worker.run("db", "upgrade")
    person = (
        "admin@bench.example",
        "--name",
        "admin Contoh",
        "--role",
        "admin",
        "--password-stdin",
    )
    worker.run("user", "add", *person, typed=f"{PASSWORD}\n")
    return worker


def _first_answer(raw: Raw, worker: Worker) -> str:
    """What the application answers about a company, as it keeps it; the check itself is taken away again."""
    worker.post("/api/v1/clearance", {"nib": "9100000000001"}, TOKEN)
    answer = raw.value("SELECT CAST(answer AS text) FROM licence_checks")
    raw.run("DELETE FROM licence_checks")
    raw.run("DELETE FROM counters")
    return str(answer)
