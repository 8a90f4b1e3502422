"""A list of companies as an office sends it: csv or xlsx, read as text cells with their row numbers.

Owns the table among the rows: where it begins, what its columns are called. Refuses what is too large, and
what is no table. Knows neither Flask nor the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from compliance.core.text import say
from compliance.imports.kinds import COMPANY_LIST
from compliance.imports.reading.headers import guess_columns
from compliance.imports.reading.limits import (
    LARGEST_FILE,
    MB,
    MOST_ROWS,
    ROWS_BEFORE_HEADER,
    BadSheet,
    Cells,
    refuse_beyond,
)
from compliance.imports.reading.text import csv_rows
from compliance.imports.reading.workbook import workbook_rows


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
    walk = (
        workbook_rows(data, filename)
        if data.startswith(b"PK\x03\x04")
        else csv_rows(data, filename, known)
    )
    return _table(walk, filename, data, known)


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

    opening = list(islice(filled(), ROWS_BEFORE_HEADER))
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
    refuse_beyond(count, widest, filename)
    return Sheet(_distinct(header), count, rows, content)


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
