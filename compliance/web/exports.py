"""Lists as csv files, streamed: what was narrowed on the screen, whole, in constant memory and one read of the store.

For Excel as Indonesian offices have it: UTF-8 with a byte order mark, and semicolons between the cells, because
where the comma is the decimal sign a double click splits a file at semicolons only. (A `sep=` line would
do the same, but makes Excel ignore the mark.) The separator does not follow the reader's language: a file that goes
from one desk to another must not change. Days are written 2027-03-18, instants 2027-03-18 09:32 in the office's zone;
text that a spreadsheet would run is guarded, and long numbers are grouped in fours, so that no digit is lost.

A request's own transaction ends when its answer is ready to be sent, before the first row of a file is read. So a
file opens a read-only transaction of its own, asks one statement in it, reads that with a cursor, and rolls back when
the last row was sent or the reader hung up: one statement is one snapshot on both stores, nothing is ever
written, and on SQLite writers do not wait for readers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, stream_with_context

from compliance.core.cells import safe_cell
from compliance.core.db import db
from compliance.core.lists import Rows
from compliance.core.text import Text
from compliance.web.words import in_language, language, render_text

ROWS_AT_ONCE = 500
SEPARATOR = ";"
LONGEST_NUMBER = 11
"""Excel takes digits for a number: it drops leading noughts, writes more than eleven as a power, forgets those after the
fifteenth."""


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, and what it holds for a row. Texts are written in the reader's language."""

    heading: Text
    value: Callable[[Any], object]


def csv_file(name: Text, day: date, columns: Sequence[Column], query: Rows) -> Response:
    """The rows that `query` finds, as a file to be downloaded, called after the list and the office's `day`.

    `query` must be one statement that brings everything along: the columns ask the store nothing.
    """
    zone: ZoneInfo = current_app.extensions["patuh_zone"]()
    written = _chunks(query, columns, zone=zone, code=language())
    response = Response(stream_with_context(written), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"patuh-{render_text(name)}-{day}.csv")
    return response


def _chunks(query: Rows, columns: Sequence[Column], *, zone: ZoneInfo, code: str) -> Iterator[bytes]:
    """The file, some hundred rows at a time."""
    db.session.info["read_only"] = True
    try:
        with in_language(code):
            headings = [render_text(each.heading) for each in columns]
        yield ("\N{BYTE ORDER MARK}" + _lines([headings])).encode()
        result = db.session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
        for rows in result.partitions():
            with in_language(code):
                lines = [[_cell(each.value(row), zone) for each in columns] for row in rows]
            yield _lines(lines).encode()
    finally:
        db.session.rollback()


def _lines(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=SEPARATOR).writerows(rows)
    return out.getvalue()


def _cell(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str) and value.isdecimal() and (value[0] == "0" or len(value) > LONGEST_NUMBER):
        return " ".join(value[at : at + 4] for at in range(0, len(value), 4))
    return safe_cell(render_text(value) if isinstance(value, Text) else value)
