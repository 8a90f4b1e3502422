"""A workbook as sheets of cells: xlsx, xls or ods, measured before it is parsed.

Refuses what would unpack or spread out beyond the memory of a small server, and what a password locks.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from compliance.imports.reading.cells import Marks, marks_of, shown
from compliance.imports.reading.compound import COMPOUND_FILE, measured_compound
from compliance.imports.reading.limits import BadSheet, Line, broken
from compliance.imports.reading.measured import measured_zip

LONGEST_SHEET_NAME = 255
_BROKEN = (
    *(
        CalamineError,
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        struct.error,
    ),
    *(RuntimeError, EOFError, OSError, LookupError, ValueError),
)


@dataclass(frozen=True)
class Workbook:
    """A workbook that may be opened. `sheets` are the names of those that people see."""

    sheets: tuple[str, ...]
    _book: CalamineWorkbook
    _content: bytes
    _filename: str

    def rows(self, sheet: str, *, as_shown: bool = True) -> CellRows:
        """The rows of one sheet, which is held in memory. Raises BadSheet.

        `as_shown`: with what the values alone do not say, which takes another look at the sheet.
        """
        with _refusals(self._filename):
            marks = marks_of(self._content, sheet) if as_shown else Marks()
            return CellRows(self._book.get_sheet_by_name(sheet), marks)


class CellRows:
    """The rows of a sheet; each call begins at the first. A cell merged over several rows fills them all."""

    def __init__(self, sheet: CalamineSheet, marks: Marks) -> None:
        self._sheet = sheet
        self._marks = marks
        self.left = (sheet.start or (0, 0))[1]
        """How many empty columns stand before the first that is read."""

    def __call__(self) -> Iterator[Line]:
        merged = self._merged_down()
        if not merged:
            for at, row in enumerate(self._sheet.iter_rows(), 1):
                yield at, self._shown(at, row), None
            return
        standing: dict[int, tuple[int, str]] = {}  # column → last row of the merged cell, its text
        for at, row in enumerate(self._sheet.iter_rows()):
            cells = self._shown(at + 1, row)
            if any(cells):
                for column, (last, text) in standing.items():
                    if at <= last and column < len(cells):
                        cells[column] = cells[column] or text
            while merged and merged[0][0] <= at:
                _, column, last = merged.popleft()
                if column < len(cells):
                    standing[column] = (last, cells[column])
            yield at + 1, cells, None

    def _shown(self, number: int, row: list[Any]) -> list[str]:
        """The cells of a row as people see them."""
        marked = self._marks.of_row(number, self.left + 1)
        if marked:
            return [shown(cell, marked.get(at)) for at, cell in enumerate(row)]
        return [shown(cell) for cell in row]

    def _merged_down(self) -> deque[tuple[int, int, int]]:
        """First row, column and last row of the cells that are merged over several rows, in order."""
        return deque(
            sorted(
                (top, left - self.left, bottom)
                for (top, left), (bottom, _) in self._sheet.merged_cell_ranges or ()
                if bottom > top and left >= self.left
            )
        )


def open_workbook(data: bytes, filename: str) -> Workbook:
    """The workbook in a file that begins like one. Raises BadSheet."""
    measured = measured_compound if data.startswith(COMPOUND_FILE) else measured_zip
    with _refusals(filename):
        content = measured(data, filename)
        book = load_workbook(io.BytesIO(content))
        sheets = tuple(
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
            and sheet.visible == SheetVisibleEnum.Visible
            and len(sheet.name) <= LONGEST_SHEET_NAME
            and "\0" not in sheet.name
        )
    if not sheets:
        raise broken(filename)
    return Workbook(sheets, book, content, filename)


@contextmanager
def _refusals(filename: str) -> Iterator[None]:
    """What a parser raises, as a refusal in one sentence."""
    try:
        yield
    except BadSheet:
        raise
    except BaseException as failure:
        if isinstance(failure, _BROKEN) or type(failure).__name__ == "PanicException":
            raise broken(filename) from failure
        raise
