"""The cells of a workbook as Excel shows them, and what a cell holds that is neither text nor number.

calamine gives values alone. The noughts before a NIB stand in the cell's number format ("0000000000000"), and
a formula that was never reckoned or an error looks like an empty cell. Both are read from the parts of the
workbook, which were measured before, and only when there is something to find: a workbook without such
formats, formulas and errors costs nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from math import isfinite
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from compliance.core.cells import unguarded
from compliance.core.text import Text, say
from compliance.imports.reading.limits import parse_in_pieces

LONGEST_ERROR = 20
EXACT = 1_000_000_000_000_000
"""A cell holds fifteen digits; those of a longer number after them are noughts."""
ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!",
    "#BLOCKED!", "#GETTING_DATA",
)  # fmt: skip
DATE = say(
    "Sel ini berisi tanggal atau jam, jadi tidak dipakai. Ubah format kolomnya menjadi Teks, lalu ketik lagi "
    "isinya"
)
TRUTH = say("Sel ini berisi TRUE atau FALSE, bukan teks atau angka, jadi tidak dipakai")
FORMULA = say(
    "Sel ini berisi rumus tanpa hasil, jadi tidak dipakai. Buka berkas di Excel, simpan, lalu unggah lagi"
)
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*(?:/>|>\s*</)|</(?:\w+:)?c>)"
)
_OTHER_ERROR = re.compile(r"#[A-Z_/0-9]+[!?]|Err:[0-9]{3}")
_PLACEHOLDER, _OPTIONAL = "\0", "\1"


class Unread(str):
    """A cell that holds no text and no number: what it shows, and the `reason` why it is left out.

    It passes through the reading as the text that it is; a changed copy is plain text.
    """

    def __new__(cls, shown: str, reason: Text) -> Unread:
        return super().__new__(cls, shown)

    def __init__(self, shown: str, reason: Text) -> None:
        self.reason = reason


def why_left_out(cell: str) -> Text | None:
    """Why a cell is not read; None for text and numbers. Errors are known in a csv file, too."""
    if isinstance(cell, Unread):
        return cell.reason
    return _of_error(cell) if cell in ERRORS or _OTHER_ERROR.fullmatch(cell) else None


def shown(value: object, mark: str | None = None) -> str:
    """A value as Excel shows it. `mark` is what `Marks` knows of its cell: a number format, or what it
    holds.

    A number of sixteen digits or more is written as a power: its last digits are lost.
    """
    if isinstance(value, bool):
        return Unread(str(value).upper(), TRUTH)
    if isinstance(value, int | float):
        return _number(value, mark)
    if isinstance(value, date | time | timedelta):
        return Unread(str(value), DATE)
    if mark is not None and value == "" and not {*mark} & {_PLACEHOLDER, _OPTIONAL}:
        return Unread(mark, FORMULA if mark == NO_RESULT else _of_error(mark))
    # A workbook may hold a NUL, which PostgreSQL cannot keep.
    return unguarded(str(value).replace("_x000D_", "").replace("\0", "").strip())


def _of_error(cell: str) -> Text:
    return say("Sel ini berisi kesalahan rumus ({shown}), jadi tidak dipakai", shown=cell)


def _number(value: int | float, mark: str | None) -> str:
    if not isfinite(value):  # no spreadsheet program writes one; a file made by hand may
        return Unread(str(value), _of_error(str(value)))
    if abs(value) >= EXACT:
        return f"{value:.5E}"
    if value != int(value):
        return f"{value:.15g}"
    digits = f"{value:.0f}"
    return _filled(mark, digits) if mark is not None and value >= 0 else digits


def _filled(shape: str, digits: str) -> str:
    """Digits in the places of a format, from the right; those that are left over stand in the first place."""
    first, left, out = re.search(f"[{_PLACEHOLDER}{_OPTIONAL}]", shape), list(digits), []
    if first is None:
        return digits
    for at in range(len(shape) - 1, -1, -1):
        if shape[at] not in (_PLACEHOLDER, _OPTIONAL):
            out.append(shape[at])
        elif at == first.start():
            out += left[::-1] or ["0"] * (shape[at] == _PLACEHOLDER)
        elif left:
            out.append(left.pop())
        elif shape[at] == _PLACEHOLDER:
            out.append("0")
    return "".join(reversed(out)).strip()


@lru_cache(maxsize=1024)
def carries_noughts(code: str) -> str | None:
    """The places and marks of a number format that shows noughts before a whole number; None for any other.

    "0000-0000" does, "0.00" and "dd-mm-yyyy" do not. Words of a format are left out.
    """
    shape, noughts, at = [], 0, 0
    while at < len(code) and code[at] != ";":
        char, at = code[at], at + 1
        literal = ""
        if char == '"':
            end = code.find('"', at)
            literal, at = code[at : end if end >= 0 else None], end + 1 if end >= 0 else len(code)
        elif char == "\\":
            literal, at = code[at : at + 1], at + 1
        elif char in "_*":
            at += 1
        elif char == "[":
            end = code.find("]", at)
            inside, at = code[at : max(end, at)].casefold(), end + 1 if end >= 0 else len(code)
            if set(inside) <= set("hms"):
                return None
        elif char in "0#?":
            noughts += char == "0"
            shape.append(_PLACEHOLDER if char == "0" else _OPTIONAL)
        elif char.isalpha() or char in ".,%@/":
            return None
        else:
            literal = char
        noughts += 2 * any(char in "0123456789" for char in literal)
        shape += [char for char in literal if not char.isalpha() and char.isprintable()]
    return "".join(shape) if noughts > 1 and {*shape} & {_PLACEHOLDER, _OPTIONAL} else None


NO_RESULT = "=\N{HORIZONTAL ELLIPSIS}"
"""What a formula shows that was never reckoned."""


class Marks:
    """What the values of a sheet do not say: by column, the rows of marked cells in order, each with its
    mark."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._numbers: dict[str, int] = {}
        self._rows: dict[int, array[int]] = {}
        self._marks: dict[int, array[int]] = {}

    def add(self, row: int, column: int, mark: str) -> None:
        """Mark a cell anew; what does not stand in the order of the sheet stays unmarked."""
        if mark not in self._numbers:
            self._numbers[mark] = len(self._words)
            self._words.append(mark)
        rows = self._rows.setdefault(column, array("I"))
        marks = self._marks.setdefault(column, array("I"))
        if not rows or row > rows[-1]:
            rows.append(row)
            marks.append(self._numbers[mark])
        elif row == rows[-1]:
            marks[-1] = self._numbers[mark]

    def of_row(self, row: int, first: int) -> Mapping[int, str]:
        """The marks of a row, by how many columns they stand after the `first`; both count from 1."""
        found = {}
        for column, rows in self._rows.items():
            at = bisect_left(rows, row)
            if at < len(rows) and rows[at] == row:
                found[column - first] = self._words[self._marks[column][at]]
        return found


def marks_of(workbook: bytes, sheet: str) -> Marks:
    """What the values of the named sheet do not say; nothing for a workbook that is no xlsx.

    Raises ExpatError or ValueError for a broken part.
    """
    marks = Marks()
    if not workbook.startswith(b"PK"):
        return marks
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        root = "xl/" if "xl/workbook.xml" in book.namelist() else ""
        part = _part_of(book, root, sheet)
        if part is None:
            return marks
        content, shapes = book.read(part), _shapes_of_styles(book, f"{root}styles.xml")
    has_odd_cells = _may_hold_odd_cells(content)
    if shapes or has_odd_cells:
        _Cells(shapes, marks, has_odd_cells=has_odd_cells).read(content)
    return marks


def _may_hold_odd_cells(content: bytes) -> bool:
    """Whether there is an error, or a formula without a result. Looks for bytes first: that is quick."""
    if b'"e"' in content or b"'e'" in content:
        return True
    has_formulas = any(end in content for end in (b"f>", b"f/>", b'" />'))
    return has_formulas and _NO_RESULT.search(content) is not None


class _Cells:
    """Walks over the cells of a worksheet and marks those whose value does not say all.

    Without odd cells it only looks at how each begins, which is half the work.
    """

    def __init__(self, shapes: Mapping[str, str], marks: Marks, *, has_odd_cells: bool) -> None:
        self.shapes, self.marks = shapes, marks
        self.row = self.column = 0
        self.cell: dict[str, str] = {}
        self.is_formula = self.has_value = False
        self.text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin_odd if has_odd_cells else self._begin
        self.parser.EndElementHandler = self._end if has_odd_cells else None
        self.parser.StartDoctypeDeclHandler = _no_doctype

    def read(self, content: bytes) -> None:
        parse_in_pieces(self.parser, content)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or name.endswith(":c"):
            self.column += 1
            self.cell = attributes
            if attributes.get("s") in self.shapes:
                self._mark(self.shapes[attributes["s"]])
        elif name == "row" or name.endswith(":row"):
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0

    def _begin_odd(self, name: str, attributes: dict[str, str]) -> None:
        self._begin(name, attributes)
        tag = name.rpartition(":")[2]
        if tag == "c":
            self.is_formula = self.has_value = False
            self.text = []
        elif tag == "f":
            self.is_formula = True
        elif tag == "v" and (self.is_formula or self.cell.get("t") == "e"):
            self.text = []
            self.parser.CharacterDataHandler = self.text.append

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v" and self.parser.CharacterDataHandler is not None:
            self.parser.CharacterDataHandler = None
            self.has_value = bool("".join(self.text)) or self.cell.get("t") == "str"
        elif tag == "c" and self.cell.get("t") == "e":
            self._mark("".join(self.text).strip()[:LONGEST_ERROR] or ERRORS[0])
        elif tag == "c" and self.is_formula and not self.has_value:
            self._mark(NO_RESULT)

    def _mark(self, mark: str) -> None:
        if address := _ADDRESS.fullmatch(self.cell.get("r", "")):
            self.row, self.column = int(address[2]), column_number(address[1])
        self.marks.add(self.row, self.column, mark)


def _shapes_of_styles(book: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The formats that carry noughts, by the number of the style that cells name."""
    if part not in book.namelist():
        return {}
    codes: dict[str, str] = {}
    styles: list[str] = []
    is_inside = False

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_inside
        tag = name.rpartition(":")[2]
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            is_inside = True
        elif tag == "xf" and is_inside:
            styles.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal is_inside
        is_inside = is_inside and name.rpartition(":")[2] != "cellXfs"

    _parse(book.read(part), begin, end)
    shapes = {str(at): carries_noughts(codes.get(id, "")) for at, id in enumerate(styles)}
    return {style: shape for style, shape in shapes.items() if shape is not None}


def _part_of(book: zipfile.ZipFile, root: str, sheet: str) -> str | None:
    """The part that holds the named sheet, as the workbook and its relations say."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def of_book(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            ids[attributes.get("name", "")] = id

    def of_relations(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    relations, parts = f"{root}_rels/workbook.xml.rels", set(book.namelist())
    if not {relations, f"{root}workbook.xml"} <= parts:
        return None
    _parse(book.read(f"{root}workbook.xml"), of_book)
    _parse(book.read(relations), of_relations)
    target = targets.get(ids.get(sheet, ""), "").replace("\\", "/")
    part = target[1:] if target.startswith("/") else normpath(join(root, target))
    return part if part in parts else None


def _parse(
    content: bytes, begin: Callable[..., Any], end: Callable[[str], Any] | None = None
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _no_doctype
    parse_in_pieces(parser, content)


def _no_doctype(*_: object) -> None:
    raise ValueError("a part of a workbook has no document type")


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
