"""The provinces as they stand in a store: built once per size, kept under benchmarks/data, copied for every run.

A kept province is used again while the migrations and the programs that make it are unchanged. Its copy is written to
by the programs that are measured, and is thrown away.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import psycopg

from benchmarks.bare.store import Raw
from benchmarks.measuring import cpu_of_family
from benchmarks.postgres import PostgreSQLServer
from benchmarks.province import COLUMNS, PASSWORD, Province, Row, people

ROOT = Path(__file__).parents[1]
DATA = ROOT / "benchmarks" / "data"
MAKERS = ("province.py", "stores.py", "postgres.py", "bare/seal.py")
ASK_ONCE = """
from benchmarks.clocked import app
from benchmarks.province import TOKEN
answer = app.test_client().post("/api/v1/clearance", json={"nib": "9100000000001"}, headers={"Authorization": f"Bearer {TOKEN}"})
assert answer.status_code == 201, answer.text
"""


@cache
def edition() -> str:
    """What the kept provinces depend on: the migrations and the programs that make them, in twelve letters."""
    sources = [*sorted((ROOT / "migrations" / "versions").glob("*.py")), *(ROOT / "benchmarks" / name for name in MAKERS)]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def environment(url: str, *, app: str = "benchmarks.clocked") -> dict[str, str]:
    """The environment of every process of the application that works on the store at `url`."""
    return {
        **os.environ, "DATABASE_URL": url, "SECRET_KEY": "a secret for benchmarks, long enough to be one",
        "PATUH_PASSWORD_COST": "low", "FLASK_APP": app, "MAIL_DIR": str(Path(tempfile.gettempdir()) / "patuh-bench-mail"),
    }  # fmt: skip


def flask(url: str, *words: str, typed: str = "", app: str = "benchmarks.clocked") -> str:
    """Run a `flask` command in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *words], cwd=ROOT, env=environment(url, app=app), input=typed, text=True,
        capture_output=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"flask {' '.join(words)}: {done.stdout}{done.stderr}"[-3000:])
    return done.stdout


@dataclass(eq=False)
class Store:
    """A copy of a province at work: its address, and a raw connection for whoever prepares or counts rows."""

    kind: str
    size: int
    url: str
    version: str
    server: PostgreSQLServer | None = None

    def __post_init__(self) -> None:
        self.raw = Raw(self.url)

    @property
    def name(self) -> str:
        return f"{self.kind} {self.size:,}"

    def cpu(self) -> float:
        """CPU seconds that the store's own processes have used; nothing for SQLite, which has none."""
        return cpu_of_family(self.server.process.pid) if self.server else 0.0

    def count(self, table: str) -> int:
        number: int = self.raw.value(f"SELECT count(*) FROM {table}")
        return number


class Shelf(Protocol):
    """Where the provinces of one kind of store are kept."""

    def copy(self, size: int) -> Store: ...


class Stores:
    """All stores of a run: each is built or taken from the shelf when it is first asked for."""

    def __init__(self, stack: ExitStack, data: Path = DATA) -> None:
        self._stack, self._data = stack, data
        self._shelves: dict[str, Shelf] = {}
        self._copies: dict[tuple[str, int], Store] = {}

    def get(self, kind: str, size: int) -> Store:
        if kind not in self._shelves:
            shelf = {"sqlite": SQLiteShelf, "postgresql": PostgreSQLShelf}[kind]
            self._shelves[kind] = shelf(self._stack, self._data)
        if (kind, size) not in self._copies:
            self._copies[kind, size] = self._shelves[kind].copy(size)
        return self._copies[kind, size]


class SQLiteShelf:
    """Files `SIZE-EDITION.sqlite3`."""

    def __init__(self, stack: ExitStack, data: Path) -> None:
        self._data, self._stack = data, stack
        data.mkdir(parents=True, exist_ok=True)
        self._work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="at-work-", dir=data)))

    def copy(self, size: int) -> Store:
        kept = self._data / f"{size}-{edition()}.sqlite3"
        if not kept.exists():
            for old in self._data.glob(f"{size}-*.sqlite3*"):
                old.unlink()
            self._build(size, kept)
        file = self._work / f"{size}.sqlite3"
        shutil.copyfile(kept, file)
        store = Store("sqlite", size, f"sqlite:///{file}", f"SQLite {sqlite3.sqlite_version}")
        self._stack.callback(store.raw.close)
        return store

    def _build(self, size: int, kept: Path) -> None:
        making = self._work / f"{size}.making"
        url = f"sqlite:///{making}"
        for rows in filling(url, size):
            connection = sqlite3.connect(making, isolation_level=None)
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("BEGIN")
            for table, many in rows:
                columns = COLUMNS[table].split()
                marks, names = ", ".join("?" * len(columns)), ", ".join(f'"{name}"' for name in columns)
                connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", many)
            connection.execute("COMMIT")
            connection.close()
        connection = sqlite3.connect(making, isolation_level=None)
        connection.executescript("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;")
        connection.close()
        making.rename(kept)


class PostgreSQLShelf:
    """Databases `province_SIZE_EDITION` of one server."""

    def __init__(self, stack: ExitStack, data: Path) -> None:
        self._stack, self.server = stack, PostgreSQLServer(data / "postgresql")
        stack.callback(self.server.stop)
        self.version = f"PostgreSQL {self.server.execute('SHOW server_version')[0][0]}"
        for name in self._names():
            if name.startswith(("at_work_", "making_")):
                self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _names(self) -> list[str]:
        return [str(name) for (name,) in self.server.execute("SELECT datname FROM pg_database")]

    def copy(self, size: int) -> Store:
        kept, working = f"province_{size}_{edition()}", f"at_work_{size}"
        if kept not in self._names():
            for old in self._names():
                if old.startswith(f"province_{size}_"):
                    self.server.execute(f"DROP DATABASE {old}")
            self._build(size, kept)
        self.server.execute(f"CREATE DATABASE {working} TEMPLATE {kept} STRATEGY FILE_COPY")
        store = Store("postgresql", size, self.server.url(working), self.version, self.server)
        self._stack.callback(self.server.execute, f"DROP DATABASE {working} WITH (FORCE)")
        self._stack.callback(store.raw.close)
        return store

    def _build(self, size: int, kept: str) -> None:
        making = f"making_{size}"
        self.server.execute(f"CREATE DATABASE {making}")
        url = self.server.url(making)
        address = url.replace("+psycopg", "")
        for rows in filling(url, size):
            with psycopg.connect(address, options="-c timezone=UTC -c synchronous_commit=off") as connection:
                connection.execute("SET session_replication_role = replica")  # foreign keys are not looked up row by row
                for table, many in rows:
                    names = ", ".join(f'"{name}"' for name in COLUMNS[table].split())
                    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as stream:
                        for row in many:
                            stream.write_row(row)
        with psycopg.connect(address, autocommit=True) as connection:
            for (table,) in connection.execute(
                "SELECT table_name FROM information_schema.columns WHERE column_name = 'id' AND column_default LIKE 'nextval%'"
            ).fetchall():
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 0) + 1, false) FROM {table}"
                )
            connection.execute("VACUUM (FREEZE, ANALYZE)")
            connection.execute("CHECKPOINT")
        self.server.execute(f"ALTER DATABASE {making} RENAME TO {kept}")


Written = Iterator[tuple[str, list[Row]]]


def filling(url: str, size: int) -> Iterator[Written]:
    """The rows of a province for the empty store at `url`, table by table; who asks writes them and asks for more.

    The store is migrated first, and the administrator added by the application's own command: all others have that
    password, and the log goes on behind that event. The answer that past checks hold is one that the application gave.
    """
    flask(url, "db", "upgrade")
    flask(url, "user", "add", "admin@bench.example", "--name", "admin Contoh", "--role", "admin", "--password-stdin",
          typed=f"{PASSWORD}\n")  # fmt: skip
    raw = Raw(url)
    password_hash = raw.value("SELECT password_hash FROM users")
    offices = {code: id for id, code in raw.rows("SELECT id, code FROM offices")}
    violations = [id for (id,) in raw.rows("SELECT id FROM violations WHERE code IN ('JS-01', 'JS-02', 'JS-04')")]
    last_id, last_hash = raw.one("SELECT last_id, last_hash FROM event_head")
    raw.close()
    province = Province(
        size, violations=violations, office_id=offices["ptsp-53.71"], last_event=last_id, last_hash=last_hash
    )
    yield iter(people(offices, password_hash).items())
    answer = ""
    for rows in province.chunks():
        checks = rows.pop("licence_checks", [])
        yield ((table, many) for table, many in rows.items() if many)
        answer = answer or _first_answer(url)
        yield iter([("licence_checks", [(*row[:6], answer, *row[7:]) for row in checks])])
    raw = Raw(url)
    raw.run("UPDATE event_head SET last_id = ?, last_hash = ?", (province.last_event, province.sealed))
    raw.close()


def _first_answer(url: str) -> str:
    """What the application answers about a company of the province, as it keeps it; the check itself is forgotten."""
    done = subprocess.run(
        [sys.executable, "-c", ASK_ONCE], cwd=ROOT, env=environment(url), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"the first check failed: {done.stderr}"[-3000:])
    raw = Raw(url)
    answer = raw.value("SELECT CAST(answer AS text) FROM licence_checks")
    raw.run("DELETE FROM licence_checks")
    raw.run("DELETE FROM counters")
    raw.close()
    return str(answer)
