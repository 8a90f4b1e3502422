"""A packed workbook (xlsx, ods), measured and packed anew with only the parts that were measured.

A zip may lie about its sizes, and two cells may span a sheet of 17 thousand million, which ends the process
that makes room for them. So the parser sees only what was unpacked and measured here. What honest programs
write in odd ways is put right: paths with backslashes, counts beyond reason, a blank cell far below the
table.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.parsers import expat

from compliance.core.text import say
from compliance.imports.reading.cells import column_number
from compliance.imports.reading.headers import column_letters
from compliance.imports.reading.limits import (
    LARGEST_UNZIPPED,
    MB,
    MOST_CELLS,
    ROWS_BEFORE_HEADER,
    BadSheet,
    locked,
    neither,
    parse_in_pieces,
    refuse_beyond,
    too_large,
)

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_BOAST = re.compile(rb"""[cC]ount\s*=\s*["'][^"'<]{8}""")
"""A declared count of eight digits and more, for which calamine would set room aside; or a text like one."""
_BOASTED = re.compile(rb"""([cC]ount\s*=\s*["'])[^"'<]{8,}""")
_TAG = re.compile(rb"""<[^\s<>"'/]+(?:\s+[^\s<>"'=]+\s*=\s*(?:"[^"]*"|'[^']*'))+""")
_LARGEST_HONEST_COUNT = 7  # digits
_FAR = 10_000  # rows without a value, below which a cell is no longer taken for a part of the table
_MOST_STRAY = 20


def measured_zip(data: bytes, filename: str) -> bytes:
    """The same workbook of measured parts. Raises BadSheet, or what a broken zip or XML raises."""
    measured = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(measured, "w") as kept:
        parts = {part.filename.replace("\\", "/"): part for part in packed.infolist()}
        is_ods = "content.xml" in parts and "META-INF/manifest.xml" in parts
        if not is_ods and not (
            "[Content_Types].xml" in parts and parts.keys() & {"xl/workbook.xml", "workbook.xml"}
        ):
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
            if not name.endswith((".xml", ".rels")) and name != "mimetype":
                continue
            content = packed.read(part)
            if is_ods:
                if name == "META-INF/manifest.xml" and b"encryption-data" in content:
                    raise locked(filename)
                if name == "content.xml":
                    _measure_ods(content, filename)
            else:
                if b"sheetData" in content:
                    content = _measured_sheet(content, packed, parts, filename)
                if _BOAST.search(content):
                    content = _without_boasts(content)
            kept.writestr(name, content)
    return measured.getvalue()


def _without_boasts(xml: bytes) -> bytes:
    """The same part, counts beyond reason made nought: they say nothing that the cells do not.

    Raises ValueError when one is left.
    """
    xml = _TAG.sub(lambda tag: _BOASTED.sub(rb"\g<1>0", tag[0]), xml)

    def element(_name: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if name.lower().endswith("count") and len(value) > _LARGEST_HONEST_COUNT:
                raise ValueError(f"{name} declares more than a sheet can hold")

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = _no_doctype
    parse_in_pieces(parser, xml)
    return xml


def _measured_sheet(
    content: bytes,
    packed: zipfile.ZipFile,
    parts: Mapping[str, zipfile.ZipInfo],
    filename: str,
) -> bytes:
    """A worksheet without the blank cells far below its table. Raises BadSheet when it is too large."""
    extent = _SheetExtent(content)
    few = 0 < len(extent.stray) <= _MOST_STRAY
    if few and not any(_stray_texts(extent.stray, packed, parts)):
        _refuse_sheet(extent.table_rows, extent.table_columns, filename)
        return content[: extent.cut] + content[extent.end :]
    try:
        _refuse_sheet(extent.rows, extent.columns, filename)
    except BadSheet:
        if not few:
            raise
        _refuse_sheet(extent.table_rows, extent.table_columns, filename)
        raise BadSheet(
            say(
                "Berkas {filename} berisi sel {cell} jauh di bawah tabelnya. Kosongkan sel itu di Excel, "
                "lalu simpan lagi",
                filename=filename,
                cell=extent.stray[0][0],
            )
        ) from None
    return content


def _refuse_sheet(rows: int, columns: int, filename: str) -> None:
    refuse_beyond(rows - ROWS_BEFORE_HEADER, columns, filename)


class _SheetExtent:
    """The last row and the last column of a worksheet that hold a value, and of its table alone.

    `stray` are the cells below the table, after many empty rows: address, type and text of each; their rows
    are the bytes from `cut` to `end`. Raises ExpatError or ValueError.
    """

    def __init__(self, xml: bytes) -> None:
        self.rows = self.columns = self.table_rows = self.table_columns = 0
        self.stray: list[tuple[str, str, str]] = []
        self.cut = self.end = 0
        self._row = self._column = self._at = self._row_begins = 0
        self._type = ""
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.EndElementHandler = self._ended
        parser.StartDoctypeDeclHandler = _no_doctype
        parse_in_pieces(parser, xml)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._at, self._column = self._row, self._column + 1
            self._type = attributes.get("t", "")
            if "r" in attributes:
                address = _ADDRESS.fullmatch(attributes["r"])
                if address is None:
                    raise ValueError(attributes["r"])
                self._at, self._column = int(address[2]), column_number(address[1])
        elif tag in ("v", "is"):
            self._value()
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            self._row_begins = self._parser.CurrentByteIndex

    def _value(self) -> None:
        self.rows, self.columns = max(self.rows, self._at), max(self.columns, self._column)
        if not self.stray and self._at - self.table_rows <= _FAR:
            self.table_rows = max(self.table_rows, self._at)
            self.table_columns = max(self.table_columns, self._column)
        elif len(self.stray) <= _MOST_STRAY:
            self.cut = self.cut or self._row_begins
            self.stray.append((f"{column_letters(self._column)}{self._at}", self._type, ""))
            self._parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        cell, type, before = self.stray[-1]
        self.stray[-1] = (cell, type, before + text)

    def _ended(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "is"):
            self._parser.CharacterDataHandler = None
        elif tag == "sheetData":
            self.end = self._parser.CurrentByteIndex


def _stray_texts(
    stray: list[tuple[str, str, str]],
    packed: zipfile.ZipFile,
    parts: Mapping[str, zipfile.ZipInfo],
) -> list[str]:
    """What the stray cells show, without spaces."""
    wanted = {int(text) for _, type, text in stray if type == "s"}
    shared = next(
        (part for name, part in parts.items() if name.lower().endswith("sharedstrings.xml")), None
    )
    texts = _shared_texts(packed.read(shared), wanted) if wanted and shared is not None else {}
    return [(texts.get(int(text), "") if type == "s" else text).strip() for _, type, text in stray]


def _shared_texts(xml: bytes, wanted: set[int]) -> dict[int, str]:
    """The shared texts with these numbers."""
    texts = dict.fromkeys(wanted, "")
    at = -1

    def element(name: str, _attributes: dict[str, str]) -> None:
        nonlocal at
        if name.rpartition(":")[2] == "si":
            at += 1
            parser.CharacterDataHandler = text if at in texts else None

    def text(part: str) -> None:
        texts[at] += part

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = _no_doctype
    parse_in_pieces(parser, xml)
    return texts


def _measure_ods(xml: bytes, filename: str) -> None:
    """Raises BadSheet when a table is too large, or all together: calamine holds all of them at once."""
    row = column = rows = columns = cells = 0
    repeated_row = repeated = 1
    filled = False

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows, columns, repeated_row, repeated, filled
        tag = name.rpartition(":")[2]
        if tag == "table":
            row = rows = columns = 0
        elif tag == "table-row":
            repeated_row, column, filled = _repeated(attributes, "rows"), 0, False
        elif tag in ("table-cell", "covered-table-cell"):
            repeated = _repeated(attributes, "columns")
            column += repeated
            if any(attribute.endswith("value-type") for attribute in attributes):
                filled, columns = True, max(columns, column)
        elif tag == "p":
            filled, columns = True, max(columns, column)

    def ended(name: str) -> None:
        nonlocal row, rows, cells
        tag = name.rpartition(":")[2]
        if tag == "table-row":
            row += repeated_row
            rows = row if filled else rows
        elif tag == "table":
            _refuse_sheet(rows, columns, filename)
            cells += rows * columns
            if cells > MOST_CELLS:
                raise too_large(filename)

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.EndElementHandler = ended
    parser.StartDoctypeDeclHandler = _no_doctype
    parse_in_pieces(parser, xml)


def _repeated(attributes: Mapping[str, str], what: str) -> int:
    times = (
        int(value) for name, value in attributes.items() if name.endswith(f"number-{what}-repeated")
    )
    return max(1, next(times, 1))


def _no_doctype(*_: object) -> None:
    raise ValueError("a workbook has no document type")
