"""A workbook as rows of cells, measured before it is parsed.

Refuses what would unpack or spread out beyond the memory of a small server.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from xml.parsers import expat

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from compliance.core.text import say
from compliance.imports.reading.limits import (
    LARGEST_UNZIPPED,
    MB,
    ROWS_BEFORE_HEADER,
    BadSheet,
    Cells,
    neither,
    refuse_beyond,
)

_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError)
_BOAST = re.compile(
    rb"""[cC]ount\s*=\s*["'][^"'<]{8}"""
)  # calamine sets room aside for a declared count
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def workbook_rows(data: bytes, filename: str) -> Callable[[], Iterator[Cells]]:
    """A walk over the rows of the first visible sheet; may be begun again. Raises BadSheet."""
    try:
        book = load_workbook(_measured(data, filename))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        sheet = book.get_sheet_by_name(names[0])
    except BadSheet:
        raise
    except (CalamineError, expat.ExpatError, *_BROKEN_ZIP, LookupError, ValueError) as broken:
        raise BadSheet(
            say(
                "Berkas {filename} rusak atau terkunci kata sandi. Buka di Excel, lalu simpan "
                "ulang sebagai xlsx",
                filename=filename,
            )
        ) from broken

    def walk() -> Iterator[Cells]:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [_text(cell) for cell in cells]

    return walk


def _measured(data: bytes, filename: str) -> io.BytesIO:
    """A workbook of only the parts that were unpacked and measured here; calamine sees nothing else.

    A zip may lie about its sizes. Two cells may span a sheet of 17 thousand million, which ends the process.
    """
    measured = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(measured, "w") as kept:
        parts = {part.filename: part for part in packed.infolist()}
        if not {"[Content_Types].xml", "xl/workbook.xml"} <= parts.keys():
            raise neither(filename)
        if sum(part.file_size for part in packed.infolist()) > LARGEST_UNZIPPED:
            raise BadSheet(
                say(
                    "Isi berkas {filename} lebih besar dari {limit} MB. Bagi menjadi beberapa berkas",
                    filename=filename,
                    limit=LARGEST_UNZIPPED // MB,
                )
            )
        for name, part in parts.items():
            if name.endswith((".xml", ".rels")):
                content = packed.read(part)
                if b"sheetData" in content:
                    rows, columns = _extent(content)
                    refuse_beyond(rows - ROWS_BEFORE_HEADER, columns, filename)
                if _BOAST.search(content):
                    raise ValueError(f"{name} declares more than it can hold")
                kept.writestr(name, content)
    measured.seek(0)
    return measured


def _extent(xml: bytes) -> tuple[int, int]:
    """The last row and the last column of a worksheet that hold a value. Raises ExpatError or ValueError."""
    row = column = at = rows = columns = 0

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, at, rows, columns
        tag = name.rpartition(":")[2]
        if tag == "c":
            at, column = row, column + 1
            if "r" in attributes:
                address = _ADDRESS.fullmatch(attributes["r"])
                if address is None:
                    raise ValueError(attributes["r"])
                at, column = int(address[2]), _column(address[1])
        elif tag in ("v", "is"):
            rows, columns = max(rows, at), max(columns, column)
        elif tag == "row":
            row, column = int(attributes.get("r", row + 1)), 0

    def doctype(*_: object) -> None:
        raise ValueError("a worksheet has no document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(xml, True)
    return rows, columns


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _text(cell: object) -> str:
    """A cell as people read it: 9120001234567.0 is a number without a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return str(cell).replace("_x000D_", "").strip()
