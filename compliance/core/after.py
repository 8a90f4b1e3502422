"""Notes, such as when a session was last seen or what was refused, are written after the response was sent.

A GET's own transaction never writes. A note waits in the memory of the process and is written together with
others, on a separate connection. A note may be lost, but it never slows down or fails a response.
"""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Hashable
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app

from compliance.core.db import brief_transaction, db
from compliance.core.read_only import ROW_SINCE

log = structlog.get_logger()
EVERY_SECONDS = 2.0
MOST_KEPT = 200
WAIT_MS = 100
_of_all_apps: weakref.WeakSet[Notes] = weakref.WeakSet()


Statement = sa.Update | sa.Insert


class Notes:
    """The notes of one process that are not written yet; of the same thing only the last one counts, or how
    many there were (`count`).
    """

    def __init__(self, engine: sa.Engine, *, every_seconds: float = EVERY_SECONDS) -> None:
        self.engine = engine
        self.every_seconds = every_seconds
        self.kept: dict[Hashable, tuple[Statement, dict[str, Any]]] = {}
        self._written_at = -every_seconds
        self._lock = threading.Lock()

    def keep(
        self, statement: Statement, key: Hashable, values: dict[str, Any], *, count: bool = False
    ) -> None:
        """Keep a note for later. When the store did not take any for long, further ones are lost.

        With `count`, the value `count` of the notes of the same thing is summed up.
        """
        with self._lock:
            before = self.kept.get(key)
            if before is None and len(self.kept) >= MOST_KEPT:
                return
            if count and before is not None:
                values = {**values, "count": before[1]["count"] + values["count"]}
                statement = before[0]
            self.kept[key] = (statement, values)

    def write_if_due(self) -> None:
        """Write what waits, unless that was done a moment ago and only little waits."""
        rested = time.monotonic() - self._written_at >= self.every_seconds
        if self.kept and (rested or len(self.kept) >= MOST_KEPT):
            self.write()

    def write(self) -> None:
        """Write what waits, in one transaction that gives up soon. Never raises for the store's sake.

        While nothing may be written it is lost.
        """
        with self._lock:
            kept, self.kept = self.kept, {}
            self._written_at = time.monotonic()
        rows: dict[Statement, list[dict[str, Any]]] = {}
        for statement, values in kept.values():
            rows.setdefault(statement, []).append(values)
        if not rows:
            return
        try:
            with brief_transaction(self.engine, wait_ms=WAIT_MS) as connection:
                if connection.scalar(ROW_SINCE) is not None:
                    return
                for statement, many in rows.items():
                    connection.execute(statement, many)
        except sa.exc.SQLAlchemyError as error:
            log.info("notes of reading are lost", count=len(kept), error=type(error).__name__)


def note(statement: sa.Update, key: Hashable, **values: Any) -> None:
    """Note something of reading: `statement` will run with `values`, once for the last note with
    this `key`.
    """
    notes: Notes = current_app.extensions["patuh_after"]
    notes.keep(statement, (statement, key), values)


def count_note(note_key: Hashable, statement: sa.Insert, **values: Any) -> None:
    """Note one more of the same thing: `statement` will run once, with the last `values` and the sum of
    `count`.
    """
    notes: Notes = current_app.extensions["patuh_after"]
    notes.keep(statement, note_key, values, count=True)


def install(app: Flask) -> None:
    """Write notes after answers, and what is left when the process ends."""
    with app.app_context():
        notes = app.extensions["patuh_after"] = Notes(db.engine)
    _of_all_apps.add(notes)

    @app.after_request
    def write_when_sent(response: Response) -> Response:
        if notes.kept:
            response.call_on_close(notes.write_if_due)
        return response


@atexit.register
def write_what_is_left() -> None:
    """Write the notes of a process that ends."""
    for notes in _of_all_apps:
        notes.write()
