"""A list of companies as an office sends it: csv or xlsx, read as text cells with their row numbers.

Owns the reading of files nobody vouches for, and the guess which column holds what. Refuses what is neither
csv nor xlsx, what is too large, and what would unpack or spread out beyond the memory of a small server,
before it is parsed. Knows neither Flask nor the database.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from xml.parsers import expat

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from compliance.core.parsing import Unreadable
from compliance.core.text import say
from compliance.imports.kinds import COMPANY_LIST

MB = 1024 * 1024
LARGEST_FILE = 30 * MB
LARGEST_UNZIPPED = 300 * MB
MOST_COLUMNS = 200
MOST_ROWS = 200_000
MOST_LINES = 1_048_576  # of a csv file, blank ones and all: as many as a spreadsheet has rows
LONGEST_HEADER = 200
MOST_CELLS = 10_000_000  # calamine keeps 32 bytes for every cell up to the last, empty or not
_ROWS_BEFORE_HEADER = 10  # titles above the table, as in most office lists
_DELIMITERS = ",;\t"
_CONTROLS = set(range(32)) - set(b"\t\n\v\f\r") | {127}
_TEXT_BYTES = bytes(set(range(256)) - _CONTROLS)
_OTHER_TEXT = (b"<", b"{", b"%PDF")  # html called xls, json, rtf, pdf
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError)
_BOAST = re.compile(
    rb"""[cC]ount\s*=\s*["'][^"'<]{8}"""
)  # calamine sets room aside for a declared count
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")

Cells = tuple[int, list[str]]  # the row's number as a spreadsheet program shows it, and its cells


class BadSheet(Unreadable):
    """The file cannot be read as a list of companies; `reason` says what to send instead."""


@dataclass(frozen=True)
class Sheet:
    """A table that was read: its column names (no two alike), how many rows it has, and the rows."""

    headers: tuple[str, ...]
    count: int
    _rows: Callable[[], Iterator[Cells]]
    content: bytes = field(repr=False)

    @property
    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and header → trimmed text, without blank rows. Each asking begins at the first row."""
        for number, cells in self._rows():
            padded = cells + [""] * (len(self.headers) - len(cells))
            yield (
                number,
                {
                    header: cell
                    for header, cell in zip(self.headers, padded, strict=False)
                    if header
                },
            )


def read(
    source: str | Path | bytes, *, filename: str, known: Mapping[str, str] = COMPANY_LIST.field_of
) -> Sheet:
    """The first visible sheet of an xlsx file, or a csv file. The content decides which it is.

    csv: UTF-8 or Windows-1252, parted by comma, semicolon or tab. `filename` is what refusals call the file;
    by the `known` headers the row of headers is told from titles. Raises BadSheet.
    """
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > LARGEST_FILE:
        raise BadSheet(
            say(
                "Berkas {filename} lebih besar dari {limit} MB. Bagi menjadi beberapa berkas",
                filename=filename,
                limit=LARGEST_FILE // MB,
            )
        )
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not data.strip():
        raise BadSheet(say("Berkas {filename} kosong. Pilih berkas lain", filename=filename))
    walk = _xlsx(data, filename) if data.startswith(b"PK\x03\x04") else _csv(data, filename, known)
    return _table(walk, filename, data, known)


def guess_columns(
    headers: Iterable[str], known: Mapping[str, str] = COMPANY_LIST.field_of
) -> dict[str, str]:
    """Header → our field, for headers known in Indonesian or English. Unknown ones are left out.

    Each field once, from the first header that names it. "No. NIB", "NIB*" and "nib (13 digit)" are all nib.
    """
    guessed: dict[str, str] = {}
    for header in islice(headers, MOST_COLUMNS):
        bare = _bare(header[:LONGEST_HEADER])
        field = known.get(bare) or known.get(re.sub(r"^(no|nomor|nomer|kode) ", "", bare))
        if field and field not in guessed.values():
            guessed[header] = field
    return guessed


def _bare(header: str) -> str:
    """Small letters and digits in single spaces, without remarks in brackets."""
    return re.sub(r"[\W_]+", " ", re.sub(r"\([^)]*\)", " ", header.casefold())).strip()


def _table(
    walk: Callable[[], Iterator[Cells]], filename: str, content: bytes, known: Mapping[str, str]
) -> Sheet:
    """The table among the rows: headed by the early row with the most known names. Raises BadSheet."""

    def filled() -> Iterator[Cells]:
        for number, cells in walk():
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells

    opening = list(islice(filled(), _ROWS_BEFORE_HEADER))
    if not opening:
        raise BadSheet(say("Berkas {filename} kosong. Pilih berkas lain", filename=filename))
    top, header = max(opening, key=lambda row: len(guess_columns(row[1], known)))
    if any(sum(map(str.isdigit, cell)) >= 8 for cell in header):
        raise BadSheet(
            say(
                "Baris pertama berkas {filename} harus berisi nama kolom, misalnya nama, nib, npwp",
                filename=filename,
            )
        )

    def rows() -> Iterator[Cells]:
        return ((number, cells) for number, cells in filled() if number > top)

    count, widest = 0, len(header)
    for count, (_, cells) in enumerate(rows(), 1):
        widest = max(widest, len(cells))
        if count > MOST_ROWS:
            break
    _refuse_beyond(count, widest, filename)
    return Sheet(_distinct([cell[:LONGEST_HEADER] for cell in header]), count, rows, content)


def _refuse_beyond(rows: int, columns: int, filename: str) -> None:
    if columns > MOST_COLUMNS:
        raise BadSheet(
            say(
                "Berkas {filename} berisi lembar dengan lebih dari {limit} kolom. Simpan hanya "
                "kolom yang perlu dalam berkas baru",
                filename=filename,
                limit=MOST_COLUMNS,
            )
        )
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise BadSheet(
            say(
                "Berkas {filename} berisi lembar dengan lebih dari {rows} baris atau {cells} sel. "
                "Bagi menjadi beberapa berkas",
                filename=filename,
                rows=MOST_ROWS,
                cells=MOST_CELLS,
            )
        )


def _distinct(header: list[str]) -> tuple[str, ...]:
    """No two alike: the second "alamat" is "alamat (2)". A column without a name is not read."""
    seen: list[str] = []
    for cell in header:
        again = 2
        name = cell
        while name and name in seen:
            name, again = f"{cell} ({again})", again + 1
        seen.append(name)
    return tuple(seen)


def _neither(filename: str) -> BadSheet:
    return BadSheet(
        say(
            "Berkas {filename} bukan csv atau xlsx. Buka di Excel, lalu simpan sebagai xlsx",
            filename=filename,
        )
    )


def _too_long_a_cell(line: int, filename: str) -> BadSheet:
    return BadSheet(
        say(
            "Satu sel di baris {line} berkas {filename} terlalu panjang. Periksa tanda kutipnya, atau "
            "simpan sebagai xlsx",
            line=line,
            filename=filename,
        )
    )


def _csv(data: bytes, filename: str, known: Mapping[str, str]) -> Callable[[], Iterator[Cells]]:
    if data.translate(None, _TEXT_BYTES) or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        _OTHER_TEXT
    ):
        raise _neither(filename)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise _neither(filename) from None

    def walk(delimiter: str) -> Iterator[Cells]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                if number > MOST_LINES:
                    _refuse_beyond(number, 1, filename)
                yield number, [cell.strip() for cell in cells]
        except csv.Error as broken:
            if "field limit" in str(broken):
                raise _too_long_a_cell(reader.line_num, filename) from None
            raise BadSheet(
                say(
                    "Tanda kutip di sekitar baris {line} berkas {filename} tidak berpasangan. "
                    "Perbaiki, atau simpan sebagai xlsx",
                    line=reader.line_num,
                    filename=filename,
                )
            ) from None

    def promise(delimiter: str) -> tuple[int, int]:
        try:
            opening = [cells for _, cells in islice(walk(delimiter), _ROWS_BEFORE_HEADER)]
        except BadSheet:
            return 0, 0
        return max(
            ((len(guess_columns(cells, known)), len(cells)) for cells in opening), default=(0, 0)
        )

    delimiter = max(_DELIMITERS, key=promise)
    return lambda: walk(delimiter)


def _xlsx(data: bytes, filename: str) -> Callable[[], Iterator[Cells]]:
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
            raise _neither(filename)
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
                    _refuse_beyond(rows - _ROWS_BEFORE_HEADER, columns, filename)
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
    """A cell as people read it: 9120001234567.0 is a number without a fraction.

    A workbook may hold a NUL, which PostgreSQL cannot keep.
    """
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return str(cell).replace("_x000D_", "").replace("\0", "").strip()
