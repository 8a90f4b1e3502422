"""How many statements a block sends to the store, and which: `with queries() as seen: page =
tika.get("/queue")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from compliance.core.db import db, is_postgresql

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
OF_NOTES = ("SELECT", "SET LOCAL", "INSERT INTO READINGS")
"""Sent once the reader has the answer: no page waits for them."""


class Queries(list[str]):
    """The statements seen, in order, without those that frame a transaction or follow the answer."""

    def about(self, words: str) -> list[str]:
        """The statements that contain `words`, whatever their case."""
        return [each for each in self if words.casefold() in each.casefold()]

    def __str__(self) -> str:
        return "\n".join(
            f"{place}. {' '.join(each.split())[:300]}" for place, each in enumerate(self, start=1)
        )


@contextmanager
def queries() -> Iterator[Queries]:
    """Collect every statement sent within the block, on any connection, of this thread or another.

    For a page: `assert len(seen) <= 10, seen`, and the same number for 5 rows and for 80.
    """
    seen = Queries()

    def note(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        brief = "wait_ms" in connection.get_execution_options()  # core/after.py
        left_out = (*FRAME, *OF_NOTES) if brief else FRAME
        if not statement.lstrip().upper().startswith(left_out):
            seen.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)


def plans_of(ask: Callable[[], Any], *, small: bool = False) -> list[str]:
    """How the store goes about each statement that `ask` sends.

    PostgreSQL reads a small table whole whatever its indexes are, and does so or not by the day it
    last counted its rows: with `small` it is asked to use an index wherever one serves.
    """
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    explain = "EXPLAIN " if is_postgresql() else "EXPLAIN QUERY PLAN "
    connection = db.session.connection()
    if small and is_postgresql():
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [
        "\n".join(
            " ".join(map(str, row))
            for row in connection.exec_driver_sql(explain + statement, parameters)
        )
        for statement, parameters in sent
        if statement.startswith("SELECT")
    ]
