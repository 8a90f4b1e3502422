"""Whether two stores are equal, and whether one is whole in itself: what a copy and a restore end with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from compliance.core.walk import Walk
from compliance.policy import system_only
from compliance.store.tables import PlainTable, last_given, plain_tables

Advance = Callable[[int], None]
"""Says that so many rows more are done."""


@dataclass(frozen=True)
class Sum:
    """What a table holds: how many rows, the sum of their hashes, and the last number given to a row.

    The order of the rows does not matter; each store sorts texts in its own way.
    """

    rows: int
    hashes: str
    last_given: int | None


def sum_of(table: PlainTable, connection: sa.Connection, advance: Advance) -> Sum:
    """The sum of one table."""
    rows = total = told = 0
    for row in table.all_rows(connection):
        total += int.from_bytes(sha256(repr(tuple(row)).encode()).digest(), "big")
        rows += 1
        if rows % table.rows_at_once == 0:
            advance(table.rows_at_once)
            told = rows
    advance(rows - told)
    return Sum(rows, f"{total:x}", last_given(table, connection))


def differences_of_stores(
    one: sa.Connection, other: sa.Connection, advance: Advance
) -> Iterator[str]:
    """One line for each table that is not the same in both stores."""
    for table in plain_tables():
        here, there = sum_of(table, one, advance), sum_of(table, other, advance)
        if here.rows != there.rows:
            yield f"table {table.name}: {here.rows} rows here, {there.rows} there"
        elif here.hashes != there.hashes:
            yield f"table {table.name}: {here.rows} rows, and they are not the same"
        elif here.last_given != there.last_given:
            yield f"table {table.name}: the next number would be given anew"


@system_only
def faults_within(connection: sa.Connection) -> Iterator[str]:
    """One line for each thing that is wrong in a store by itself: its keys, its search, its event log.

    On SQLite the connection must be one that may write.
    """
    if connection.dialect.name == "sqlite":
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            yield f"table {row[0]}: row {row[1]} names a row of {row[2]} that is not there"
        yield from _search_faults(connection)
    else:
        unproven = connection.execute(_UNPROVEN_KEYS).scalars()
        yield from (f"foreign key {name}: not proven" for name in unproven)
    yield from Walk().faults_in(connection)


_UNPROVEN_KEYS = sa.text(
    "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
)
_COMPARE_SEARCH = "INSERT INTO name_search(name_search, rank) VALUES ('integrity-check', 1)"
"""It writes nothing: SQLite compares the search of names with the names, and fails where they differ."""


def _search_faults(connection: sa.Connection) -> Iterator[str]:
    try:
        connection.exec_driver_sql(_COMPARE_SEARCH)
    except sa.exc.DatabaseError as error:
        yield f"name_search: not as the names are ({error.orig})"
