"""A list is read in a process of its own (core/child), which ends when the file takes too much memory, time
or room.

The child writes the rows into a file without a name. They are walked through from there, one after the other.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from compliance.core.child import TookTooMuch, in_child
from compliance.core.text import Text, say
from compliance.imports.kinds import COMPANY_LIST
from compliance.imports.reading import spreadsheet
from compliance.imports.reading.cells import Unread
from compliance.imports.reading.limits import LARGEST_UNZIPPED, MB, BadSheet, Line, too_much
from compliance.imports.reading.spreadsheet import Sheet, content_of

MOST_MEMORY = 768 * MB
"""Beyond what this process has when the child begins. The largest honest lists take half of it."""
MOST_SECONDS = 60
"""Less than an import is claimed for (imports/commands/claims)."""
_PIECE = MB
_one_at_a_time = threading.Lock()
"""So that the files of several people together take no more memory than one."""


def read_in_child(
    source: str | Path | bytes,
    *,
    filename: str,
    known: Mapping[str, str] = COMPANY_LIST.field_of,
    sheet: str | None = None,
) -> Sheet:
    """The same as `spreadsheet.read`, which is done in a child. Raises BadSheet."""
    content = content_of(source, filename)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (it stays open for as long as its rows are wanted)

    def read() -> dict[str, Any]:
        try:
            found = spreadsheet.read(content, filename=filename, known=known, sheet=sheet)
            return _stored(found, file, filename)
        except BadSheet as refusal:
            return {"refused": refusal.reason.stored()}

    until = time.monotonic() + MOST_SECONDS
    if not _one_at_a_time.acquire(timeout=MOST_SECONDS):
        raise BadSheet(say("Patuh sedang membaca berkas lain. Coba lagi sebentar lagi"))
    try:
        answer = in_child(
            read,
            seconds=until - time.monotonic(),
            memory=MOST_MEMORY,
            keep=frozenset({file.fileno()}),
        )
    except TookTooMuch:
        raise too_much(filename) from None
    finally:
        _one_at_a_time.release()
    if "refused" in answer:
        raise BadSheet(Text.restored(answer["refused"]))
    problems = {int(row): Text.restored(why) for row, why in answer.pop("problems").items()}
    headers, others = tuple(answer.pop("headers")), tuple(answer.pop("others"))
    return Sheet(
        headers=headers,
        others=others,
        problems=problems,
        lines=lambda: _lines(file),
        content=content,
        **answer,
    )


def _stored(sheet: Sheet, file: IO[bytes], filename: str) -> dict[str, Any]:
    """What there is to know about a sheet, as JSON, its rows written to `file`. Raises BadSheet."""
    size = 0
    for number, cells, _problem in sheet.lines():
        line = json.dumps([number, list(map(_stored_cell, cells))]).encode() + b"\n"
        size += len(line)
        if size > LARGEST_UNZIPPED:
            raise too_much(filename)
        file.write(line)
    file.flush()
    return {
        "headers": sheet.headers,
        "count": sheet.count,
        "fields": dict(sheet.fields),
        "name": sheet.name,
        "others": sheet.others,
        "problems": {row: why.stored() for row, why in sheet.problems.items()},
    }


def _lines(file: IO[bytes]) -> Iterator[Line]:
    """The rows in `file`. Several may walk through it at a time."""
    at, rest = 0, b""
    while piece := os.pread(file.fileno(), _PIECE, at):
        at += len(piece)
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number, cells = json.loads(line)
            yield number, list(map(_restored_cell, cells)), None


def _stored_cell(cell: str) -> str | list[Any]:
    return [cell, cell.reason.stored()] if isinstance(cell, Unread) else cell


def _restored_cell(cell: str | list[Any]) -> str:
    return cell if isinstance(cell, str) else Unread(cell[0], Text.restored(cell[1]))
