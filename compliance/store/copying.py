"""Copies the store, row by row, into an empty one at the same migration, and proves that both are equal.

How far it came stands in the target, in a table of its own that goes away at the end, written in the
transaction of the rows: what was killed goes on exactly where it was. The source is in read-only mode all
the while.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from compliance.core.db import db
from compliance.core.events import EventHead
from compliance.core.read_only import read_only_mode
from compliance.core.stamp import Stamp
from compliance.core.text import from_json, to_json
from compliance.core.walk import snapshot
from compliance.policy import system_only
from compliance.store.dumping import engine_on
from compliance.store.proving import Advance, differences_of_stores, faults_within
from compliance.store.queries import migration_of, newest_migration
from compliance.store.rules import (
    NOT_EMPTY,
    NOT_EQUAL,
    NOT_READ_ONLY,
    OTHER_MIGRATION,
    OUT_OF_REACH,
    CannotMove,
)
from compliance.store.tables import PlainTable, go_on_counting, last_given, plain_tables

FILLED_BY_UPGRADE = ("event_head", "holidays", "offices", "schema_floors", "stamps", "violations")
"""Tables in which `flask db upgrade` leaves rows; they give way to those of the source."""
_PROGRESS = sa.Table(
    "copy_progress",
    sa.MetaData(),
    sa.Column("name", sa.String(60), primary_key=True),  # a table, or SOURCE
    sa.Column("last", sa.Text),  # the key of the last row, or which source it is
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
)
_SOURCE = "-"
_NEVER_WAIT_LONG = (
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)


class Copying:
    """One copy of the application's store into another."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.tables = plain_tables()
        self.target = self._open_target()
        self.resumed = False

    def _open_target(self) -> Engine:
        url = make_url(self.address)
        if url.render_as_string(False) == db.engine.url.render_as_string(False):
            raise CannotMove("the target is the store itself")
        if url.drivername == "sqlite" and not Path(url.database or "").exists():
            raise CannotMove(_no_tables(), code=OTHER_MIGRATION)
        engine = engine_on(url)
        if url.drivername == "sqlite":  # keys are looked at in the end: a row may name a later one
            sa.event.listen(engine, "connect", _without_keys)
        return engine

    def look(self) -> None:
        """See whether it can be done, and how far an earlier copy came. Raises CannotMove."""
        if read_only_mode() is None:
            raise CannotMove(
                "people may write to the store: give `flask store read-only on` first",
                code=NOT_READ_ONLY,
            )
        db.session.rollback()
        newest = newest_migration()
        with db.engine.connect().execution_options(read_only=True) as connection:
            here = migration_of(connection)
        if here != newest:
            raise CannotMove(
                f"this store is at migration {here}, Patuh needs {newest}: flask db upgrade",
                code=OTHER_MIGRATION,
            )
        try:
            with self.target.connect() as connection:
                self._look_at_target(connection, here)
        except sa.exc.OperationalError as error:
            line = str(error.orig).strip().splitlines()[0]
            raise CannotMove(f"the target cannot be reached: {line}", code=OUT_OF_REACH) from None

    def _look_at_target(self, connection: sa.Connection, here: str | None) -> None:
        there = migration_of(connection)
        if there is None:
            raise CannotMove(_no_tables(), code=OTHER_MIGRATION)
        if there != here:
            raise CannotMove(
                f"the target is at migration {there}, this store at {here}", code=OTHER_MIGRATION
            )
        if sa.inspect(connection).has_table(_PROGRESS.name):
            begun = _PROGRESS.select().where(_PROGRESS.c.name == _SOURCE)
            if connection.execute(begun).one().last != _identity():
                raise CannotMove(
                    "people wrote to the store since this copy began: begin again with an empty target",
                    code=NOT_EMPTY,
                )
            self.resumed = True
            return
        for table in self.tables:
            rows = 0 if table.name in FILLED_BY_UPGRADE else table.count(connection)
            if rows:
                raise CannotMove(
                    f"the target is not empty: table {table.name} has {rows} rows", code=NOT_EMPTY
                )

    def rows_in_all(self) -> int:
        """How many rows the source has."""
        with snapshot() as source:
            _take_time(source)
            return sum(table.count(source) for table in self.tables)

    @system_only
    def copy(self, advance: Advance) -> None:
        """Copy what is not there yet. Raises CannotMove for a row that the target does not take."""
        if not self.resumed:
            self._begin()
        with snapshot() as source:
            _take_time(source)
            for table in self.tables:
                try:
                    self._copy_table(table, source, advance)
                except sa.exc.DBAPIError as error:
                    line = str(error.orig).strip().splitlines()[0]
                    raise CannotMove(f"table {table.name}: {line}") from None
            with self.target.begin() as target:
                for table in self.tables:
                    go_on_counting(table, last_given(table, source), target)
        self._finish()

    def _begin(self) -> None:
        with self.target.begin() as target:
            _PROGRESS.create(target)
            rows = [{"name": table.name, "rows": 0, "done": False} for table in self.tables]
            rows.append({"name": _SOURCE, "rows": 0, "done": False})
            target.execute(_PROGRESS.insert(), rows)
            known = _PROGRESS.update().where(_PROGRESS.c.name == _SOURCE)
            target.execute(known.values(last=_identity()))
            for table in reversed(self.tables):
                if table.name in FILLED_BY_UPGRADE:
                    table.empty(target)
                if target.dialect.name == "postgresql":
                    for key in table.keys_into_itself:
                        target.execute(sa.schema.DropConstraint(key))

    def _copy_table(self, table: PlainTable, source: sa.Connection, advance: Advance) -> None:
        own = _PROGRESS.c.name == table.name
        with self.target.connect() as target:
            state = target.execute(_PROGRESS.select().where(own)).one()
        advance(state.rows)
        last, copied, done = _key_of_text(state.last), state.rows, state.done
        while not done:
            rows = table.rows_behind(source, last)
            done = len(rows) < table.rows_at_once
            last = table.key_of(rows[-1]) if rows else last
            with self.target.begin() as target:
                told = _PROGRESS.update().where(own, _PROGRESS.c.rows == copied)
                values = {"last": _text_of_key(last), "rows": copied + len(rows), "done": done}
                if target.execute(told.values(values)).rowcount != 1:
                    raise CannotMove("another copy is writing to this target")
                if rows:
                    table.write(target, rows)
            copied += len(rows)
            advance(len(rows))

    def _finish(self) -> None:
        """Put back what was taken off for the copy, and let the target know its sizes."""
        with self.target.begin() as target:
            known = sa.inspect(target)
            for table in self.tables if target.dialect.name == "postgresql" else ():
                there = {key["name"] for key in known.get_foreign_keys(table.name)}
                for key in table.keys_into_itself:
                    if key.name not in there:
                        target.execute(sa.schema.AddConstraint(key))
        with self.target.begin() as target:
            target.exec_driver_sql("ANALYZE")

    @system_only
    def prove(self, advance: Advance) -> int:
        """Compare both stores, row by row, and walk the event log of the target; answers its last event.

        Raises CannotMove with the first things that are not equal.
        """
        with snapshot() as source, self.target.connect() as target:
            _take_time(source)
            faults = [*differences_of_stores(source, target, advance), *faults_within(target)]
            last_id = target.scalar(sa.select(EventHead.last_id)) or 0
        if faults:
            lines = "\n".join(faults[:20])
            raise CannotMove(f"the target is not equal:\n{lines}", code=NOT_EQUAL)
        with self.target.begin() as target:
            _PROGRESS.drop(target)
        return last_id


def _no_tables() -> str:
    return "the target has no tables: give `DATABASE_URL=… flask db upgrade` first, for the target"


def _without_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _take_time(connection: sa.Connection) -> None:
    """Let one reading last as long as it takes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_NEVER_WAIT_LONG)


def _identity() -> str:
    """Which source it is, and in which state: another one after anything was written."""
    head = db.session.execute(sa.select(EventHead.last_id, EventHead.last_hash)).one()
    stamp = db.session.scalars(sa.select(Stamp.value)).one()
    db.session.rollback()
    return f"{stamp} {head.last_id} {head.last_hash}"


def _text_of_key(key: Sequence[Any] | None) -> str | None:
    return None if key is None else json.dumps([to_json(part) for part in key])


def _key_of_text(text: str | None) -> list[Any] | None:
    return None if text is None else [from_json(part) for part in json.loads(text)]
