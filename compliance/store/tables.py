"""The tables of the store as plain columns, the same on SQLite and PostgreSQL: read and written whole.

JSON is handed on as the text that it is stored as, so that nothing of it changes on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.keyset import Keyset
from compliance.policy import system_only

ROWS_COPIED_AT_ONCE = 2000
LARGE_ROWS_AT_ONCE = 10
"""Of a table that holds whole files."""

PlainRow = Mapping[str, Any]


@dataclass(frozen=True)
class PlainTable:
    """One table of the models."""

    model: sa.Table

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def rows_at_once(self) -> int:
        holds_files = any(isinstance(column.type, sa.LargeBinary) for column in self.model.c)
        return LARGE_ROWS_AT_ONCE if holds_files else ROWS_COPIED_AT_ONCE

    @property
    def counted_column(self) -> str | None:
        """The column whose numbers the store gives by itself."""
        column = self.model.autoincrement_column
        return None if column is None else column.name

    @property
    def keys_into_itself(self) -> list[sa.ForeignKeyConstraint]:
        """The foreign keys by which a row names another row of this table, perhaps a later one.

        Those of a copy: what drops a constraint takes it out of what its table is made of.
        """
        alike = self.model.to_metadata(sa.MetaData())
        own = f"{self.name}."
        return [
            key
            for key in alike.foreign_key_constraints
            if key.elements[0].target_fullname.startswith(own)
        ]

    @cached_property
    def _plain(self) -> sa.TableClause:
        columns = (sa.column(c.name, _plain_type(c.type)) for c in self.model.c)
        return sa.table(self.name, *columns)

    @cached_property
    def _order(self) -> Keyset:
        columns: Any = [self._plain.c[column.name] for column in self.model.primary_key.columns]
        return Keyset(*columns)

    def all_rows(self, connection: sa.Connection) -> Iterator[Sequence[Any]]:
        """Every row, in no order, one after the other."""
        found = connection.execution_options(yield_per=self.rows_at_once).execute(self._select())
        for some in found.partitions():
            yield from some

    def rows_behind(
        self, connection: sa.Connection, last: Sequence[Any] | None
    ) -> Sequence[PlainRow]:
        """Some rows behind the key `last`, in the order of the key."""
        query = self._select().order_by(*self._order.order).limit(self.rows_at_once)
        if last is not None:
            query = query.where(self._order.beyond(tuple(last)))
        return [row._asdict() for row in connection.execute(query)]

    def key_of(self, row: PlainRow) -> list[Any]:
        return [row[column.name] for column in self.model.primary_key.columns]

    def count(self, connection: sa.Connection) -> int:
        return connection.scalar(sa.select(sa.func.count()).select_from(self._plain)) or 0

    def write(self, connection: sa.Connection, rows: Sequence[PlainRow]) -> None:
        """Insert rows as they were read."""
        postgresql = connection.dialect.name == "postgresql"
        values = {}
        for column in self.model.c:
            value: Any = sa.bindparam(f"v_{column.name}", type_=_plain_type(column.type))
            if postgresql and isinstance(column.type, sa.JSON):
                value = sa.cast(value, sa.JSON)
            values[column.name] = value
        insert = self._plain.insert().values(values)
        connection.execute(insert, [{f"v_{k}": v for k, v in row.items()} for row in rows])

    def empty(self, connection: sa.Connection) -> None:
        connection.execute(self._plain.delete())

    def _select(self) -> sa.Select[Any]:
        """JSON as text on both stores: SQLite keeps a JSON that is a number as a number."""
        return sa.select(
            *(
                sa.cast(self._plain.c[column.name], sa.Text).label(column.name)
                if isinstance(column.type, sa.JSON)
                else self._plain.c[column.name]
                for column in self.model.c
            )
        )


def _plain_type(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if isinstance(kind, sa.JSON) else kind


def plain_tables() -> list[PlainTable]:
    """All tables of the models, those first that others name in their foreign keys."""
    return [PlainTable(table) for table in db.metadata.sorted_tables]


def last_given(table: PlainTable, connection: sa.Connection) -> int | None:
    """The last number that the store gave to a row of a table; None when it gave none."""
    column = table.counted_column
    if column is None:
        return None
    if connection.dialect.name == "postgresql":
        last: int | None = connection.scalar(
            sa.text(
                "SELECT last_value FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename)"
                " = pg_get_serial_sequence(:name, :column)"
            ),
            {"name": table.name, "column": column},
        )
        return last
    found = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    given: int | None = connection.scalar(found, {"name": table.name})
    return given or None


@system_only
def go_on_counting(table: PlainTable, last: int | None, connection: sa.Connection) -> None:
    """Let a store give numbers to rows behind `last`; from the first one on when that is None."""
    column = table.counted_column
    if column is None:
        return
    if connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, column)
        connection.execute(sa.select(sa.func.setval(sequence, last or 1, last is not None)))
        return
    names = {"name": table.name, "last": last}
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), names)
    if last is not None:
        insert = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        connection.execute(insert, names)
