"""Lists as csv files: all rows of the list as it was filtered on the screen, streamed from one
statement in constant memory.

For Excel as Indonesian offices have it: UTF-8 with a byte order mark, and semicolons between the
cells, because where the comma is the decimal sign a double click splits a file at semicolons only.
(A `sep=` line would do the same, but makes Excel ignore the mark.) The separator does not follow
the reader's language: a file that goes from one desk to another must not change. Days are written
2027-03-18, instants 2027-03-18 09:32 in the office's zone; text that a spreadsheet would run is
guarded, and long numbers are grouped in fours, so that no digit is lost.

The transaction of a request ends before the first row of a file is read. So a file has a separate
connection with a read-only transaction. It sends one statement, reads it with a cursor, and rolls
back when the last row was sent or the reader hung up. One statement is one snapshot on both stores,
nothing is written, and on SQLite writers do not wait for readers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app
from sqlalchemy.engine import Engine

from compliance.core.cells import safe_cell
from compliance.core.db import db
from compliance.core.lists import Rows
from compliance.core.text import Text
from compliance.web.formatting import in_language, language, render_text

ROWS_AT_ONCE = 500
SEPARATOR = ";"
LONGEST_SAFE_NUMBER = 11
"""Excel takes digits for a number: it drops leading noughts, writes more than eleven as a power,
forgets those after the fifteenth."""


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, and what it holds for a row.

    Texts are written in the reader's language.
    """

    heading: Text
    value: Callable[[Any], object]


def csv_file(name: Text, day: date, columns: Sequence[Column], query: Rows) -> Response:
    """The rows that `query` finds, as a file to be downloaded, called after the list and the office's `day`.

    `query` must be one statement that brings everything along: the columns ask the store nothing.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    zone: ZoneInfo = app.extensions["patuh_zone"]()
    reader = db.engine.execution_options(read_only=True)
    response = Response(
        _pieces(app, reader, query, columns, zone=zone, code=language()),
        content_type="text/csv; charset=utf-8",
    )
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"patuh-{render_text(name)}-{day}.csv"
    )
    return response


def _pieces(
    app: Flask, reader: Engine, query: Rows, columns: Sequence[Column], *, zone: ZoneInfo, code: str
) -> Iterator[bytes]:
    """The file, some hundred rows at a time.

    Between two pieces it holds a connection and nothing of a request.
    """
    with app.app_context(), in_language(code):
        headings = _lines([[render_text(column.heading) for column in columns]])
    yield ("\N{BYTE ORDER MARK}" + headings).encode()
    with reader.connect() as connection:
        for rows in connection.execute(
            query, execution_options={"yield_per": ROWS_AT_ONCE}
        ).partitions():
            with app.app_context(), in_language(code):
                lines = _lines(
                    [[_cell(column.value(row), zone) for column in columns] for row in rows]
                )
            yield lines.encode()


def _lines(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=SEPARATOR).writerows(rows)
    return out.getvalue()


def _cell(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if (
        isinstance(value, str)
        and value.isdecimal()
        and (value[0] == "0" or len(value) > LONGEST_SAFE_NUMBER)
    ):
        return " ".join(value[at : at + 4] for at in range(0, len(value), 4))
    return safe_cell(render_text(value) if isinstance(value, Text) else value)
