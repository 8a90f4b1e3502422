"""A raw connection to either store: autocommit, statements with `?`, `begin` and `commit` by hand."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

Row = tuple[Any, ...]
Rows = list[Any]


class Raw:
    """One connection of the raw driver. Commits are durable, unless the environment says RELAXED=1."""

    def __init__(self, url: str) -> None:
        relaxed = os.environ.get("RELAXED") == "1"
        self.is_postgresql = url.startswith("postgresql")
        if self.is_postgresql:
            address = url.replace("postgresql+psycopg", "postgresql")
            options = f"-c timezone=UTC -c synchronous_commit={'off' if relaxed else 'on'}"
            self.connection: Any = psycopg.connect(address, autocommit=True, options=options)
        else:
            file = url.removeprefix("sqlite:///")
            self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            level = "NORMAL" if relaxed else "FULL"
            for pragma in (
                "journal_mode=WAL",
                f"synchronous={level}",
                "busy_timeout=10000",
                "foreign_keys=ON",
            ):
                self.connection.execute(f"PRAGMA {pragma}")
        self._written: dict[str, str] = {}

    def _in_its_words(self, statement: str) -> str:
        if not self.is_postgresql:
            return statement
        if statement not in self._written:
            self._written[statement] = statement.replace("?", "%s")
        return self._written[statement]

    def run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Send one statement; the cursor that comes back has its rows."""
        return self.connection.execute(self._in_its_words(statement), values)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        rows: Rows = self.run(statement, values).fetchall()
        return rows

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        return self.run(statement, values).fetchone()

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row."""
        return self.one(statement, values)[0]

    def many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Send one statement for many rows."""
        if self.is_postgresql:
            with self.connection.cursor() as cursor:
                cursor.executemany(self._in_its_words(statement), rows)
        else:
            self.connection.executemany(statement, rows)

    def begin(self) -> None:
        self.connection.execute("BEGIN" if self.is_postgresql else "BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


def among(count: int) -> str:
    """As many marks as there are values, for `IN (…)`."""
    return ", ".join("?" * count)
