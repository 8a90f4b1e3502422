"""The provinces in their stores: built once per size, kept under benchmarks/data, copied for every run.

A kept province is used again while the migrations and the programs that make it are unchanged. Its copy is
written to by the programs that are measured, and is thrown away.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.bare.store import Raw
from benchmarks.environment import ROOT
from benchmarks.filling import PROVINCE, Contents, fill_postgresql, fill_sqlite
from benchmarks.measuring import cpu_of_family
from benchmarks.postgres import PostgreSQLServer

DATA = ROOT / "benchmarks" / "data"


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
    """Where the provinces, and other contents, of one kind of store are kept."""

    version: str

    def copy(self, size: int, contents: Contents) -> Store: ...


class Stores:
    """All stores of a run: each is built or taken from the shelf when it is first asked for."""

    def __init__(self, stack: ExitStack, data: Path = DATA) -> None:
        self._stack, self._data = stack, data
        self._shelves: dict[str, Shelf] = {}
        self._copies: dict[tuple[str, int, str], Store] = {}

    def get(self, kind: str, size: int, contents: Contents = PROVINCE) -> Store:
        key = kind, size, contents.name
        if key not in self._copies:
            self._copies[key] = self._shelf(kind).copy(size, contents)
        return self._copies[key]

    def version(self, kind: str) -> str:
        return self._shelf(kind).version

    def _shelf(self, kind: str) -> Shelf:
        if kind not in self._shelves:
            shelf = SQLiteShelf if kind == "sqlite" else PostgreSQLShelf
            self._shelves[kind] = shelf(self._stack, self._data)
        return self._shelves[kind]


class SQLiteShelf:
    """Files `NAME-SIZE-EDITION.sqlite3`."""

    version = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, stack: ExitStack, data: Path) -> None:
        self._data, self._stack = data, stack
        data.mkdir(parents=True, exist_ok=True)
        for left in data.glob("at-work-*"):
            if not Path(f"/proc/{left.name.split('-')[2]}").exists():  # of a run that was killed
                shutil.rmtree(left)
        prefix = f"at-work-{os.getpid()}-"
        self._work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix, dir=data)))

    def copy(self, size: int, contents: Contents) -> Store:
        name = f"{contents.name}-{size}"
        kept = self._data / f"{name}-{contents.edition}.sqlite3"
        if not kept.exists():
            for old in self._data.glob(f"{name}-*.sqlite3*"):
                old.unlink()
            making = self._work / f"{name}.making"
            fill_sqlite(making, size, contents)
            making.rename(kept)
        file = self._work / f"{name}.sqlite3"
        shutil.copyfile(kept, file)
        store = Store("sqlite", size, f"sqlite:///{file}", self.version)
        self._stack.callback(store.raw.close)
        return store


class PostgreSQLShelf:
    """Databases `NAME_SIZE_EDITION` of one server."""

    def __init__(self, stack: ExitStack, data: Path) -> None:
        self._stack, self.server = stack, PostgreSQLServer(data / "postgresql")
        stack.callback(self.server.stop)
        self.version = f"PostgreSQL {self.server.execute('SHOW server_version')[0][0]}"
        for name in self._names():
            if name.startswith(("at_work_", "making_")):
                self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _names(self) -> list[str]:
        return [str(name) for (name,) in self.server.execute("SELECT datname FROM pg_database")]

    def copy(self, size: int, contents: Contents) -> Store:
        name = f"{contents.name}_{size}"
        kept, working = f"{name}_{contents.edition}", f"at_work_{name}"
        if kept not in self._names():
            for old in self._names():
                if old.startswith(f"{name}_"):
                    self.server.execute(f"DROP DATABASE {old}")
            making = f"making_{name}"
            self.server.execute(f"CREATE DATABASE {making}")
            fill_postgresql(self.server.url(making), size, contents)
            self.server.execute(f"ALTER DATABASE {making} RENAME TO {kept}")
        self.server.execute(f"CREATE DATABASE {working} TEMPLATE {kept} STRATEGY FILE_COPY")
        store = Store("postgresql", size, self.server.url(working), self.version, self.server)
        self._stack.callback(self.server.execute, f"DROP DATABASE {working} WITH (FORCE)")
        self._stack.callback(store.raw.close)
        return store
