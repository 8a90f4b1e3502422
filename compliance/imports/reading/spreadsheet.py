"""A list of companies as an office sends it: a csv file or a workbook, as text cells with their row numbers.

Owns the table among the rows: in which sheet it is, where it begins, what its columns are called and hold.
Refuses what is too large, and what is no table. Knows neither Flask nor the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from compliance.core.text import Text, say
from compliance.imports.kinds import COMPANY_LIST
from compliance.imports.reading.compound import COMPOUND_FILE
from compliance.imports.reading.furniture import furniture_in
from compliance.imports.reading.headers import (
    Header,
    fields_named,
    guess_by_content,
    header_depth,
    joined_headers,
    named_apart,
)
from compliance.imports.reading.limits import (
    LARGEST_FILE,
    MB,
    MOST_ROWS,
    ROWS_BEFORE_HEADER,
    BadSheet,
    Line,
    LineWalk,
    refuse_beyond,
)
from compliance.imports.reading.text import csv_rows
from compliance.imports.reading.workbook import Workbook, open_workbook

ROWS_SAMPLED = 200
"""Rows by which the columns of a list are told apart."""
_MOST_SHEETS = 20
"""Sheets among which the list is looked for."""


@dataclass(frozen=True)
class Sheet:
    """A table that was read: its column names (no two alike), how many rows it has, and the rows.

    `fields` says which of our fields a column seems to hold. `name` is that of the sheet and `others` are the
    sheets beside it, of a workbook. `problems` are the rows that cannot be read, by number.
    """

    headers: tuple[str, ...]
    count: int
    fields: Mapping[str, str]
    name: str | None
    others: tuple[str, ...]
    problems: Mapping[int, Text]
    lines: LineWalk = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and header → trimmed text, without blank rows. Each asking begins at the first row."""
        for number, cells, _problem in self.lines():
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
    source: str | Path | bytes,
    *,
    filename: str,
    known: Mapping[str, str] = COMPANY_LIST.field_of,
    sheet: str | None = None,
) -> Sheet:
    """A csv file, or a sheet of an xlsx, xls or ods file. The content decides which it is.

    Of a workbook the named `sheet`, else the visible one whose header fits best. csv: UTF-8, UTF-16 or
    Windows-1252, parted by comma, semicolon or tab. `filename` is what refusals call the file; by the `known`
    headers the row of headers is told from titles. Raises BadSheet.
    """
    data = content_of(source, filename)
    if not data.startswith((b"PK\x03\x04", COMPOUND_FILE)):
        if sheet is not None:
            raise _no_sheet(filename, sheet, ())
        return _Table(csv_rows(data, filename, known), filename, known).sheet(data)
    book = open_workbook(data, filename)
    if sheet is not None and sheet not in book.sheets:
        raise _no_sheet(filename, sheet, book.sheets)
    name = sheet or _best_sheet(book, filename, known)
    rows = book.rows(name)
    others = tuple(other for other in book.sheets if other != name)
    return _Table(rows, filename, known, left=rows.left).sheet(data, name=name, others=others)


def content_of(source: str | Path | bytes, filename: str) -> bytes:
    """The bytes of a file. Raises BadSheet when there are too many, or none."""
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
        raise _empty(filename)
    return data


def _best_sheet(book: Workbook, filename: str, known: Mapping[str, str]) -> str:
    """The sheet whose header names most of our fields, the company's name above all; the first of several."""
    if len(book.sheets) == 1:
        return book.sheets[0]

    def promise(name: str) -> tuple[bool, int]:
        try:
            fields = _Table(book.rows(name, as_shown=False), filename, known).named
        except BadSheet:
            return False, -1
        return "name" in fields, len(fields)

    return max(book.sheets[:_MOST_SHEETS], key=promise)


class _Table:
    """The table among the rows of a sheet: headed by those early rows that name most of our fields.

    Raises BadSheet when there is nothing, or no header.
    """

    def __init__(
        self, walk: LineWalk, filename: str, known: Mapping[str, str], *, left: int = 0
    ) -> None:
        self.walk, self.filename, self.known, self.left = walk, filename, known, left
        opening = list(islice(self._filled(), ROWS_BEFORE_HEADER))
        if not opening:
            raise _empty(filename)
        self.headers: list[Header] = []
        self.named: set[str] = set()
        at = 0
        while at < len(opening):
            rows = [cells for _, cells, _ in opening[at:]]
            depth = header_depth(rows, known)
            headers = joined_headers(rows[:depth])
            named = fields_named(headers, known)
            at += depth
            if not self.headers or len(named) > len(self.named):
                self.headers, self.named, self.top = headers, named, opening[at - 1][0]
        if any(sum(map(str.isdigit, header.title)) >= 8 for header in self.headers):
            raise BadSheet(
                say(
                    "Baris pertama berkas {filename} harus berisi nama kolom, misalnya nama, nib, npwp",
                    filename=filename,
                )
            )

    def sheet(
        self, content: bytes, *, name: str | None = None, others: tuple[str, ...] = ()
    ) -> Sheet:
        """The whole of it, counted. Raises BadSheet when it is too large."""
        count, widest = 0, len(self.headers)
        unnamed = {at for at, header in enumerate(self.headers) if not header.title}
        used: set[int] = set()
        problems: dict[int, Text] = {}
        for count, (number, cells, problem) in enumerate(self._rows(), 1):
            if count > MOST_ROWS:
                break
            if problem is not None:
                problems[number] = problem
                continue
            if len(cells) > widest:
                unnamed.update(range(widest, len(cells)))
                widest = len(cells)
            if unnamed:
                used.update(at for at in unnamed if at < len(cells) and cells[at])
                unnamed -= used
        refuse_beyond(count, widest, self.filename)
        headers = [*self.headers, *[Header("")] * (widest - len(self.headers))]
        headers = named_apart(headers, used, left=self.left)
        return Sheet(
            tuple(header.title for header in headers),
            count,
            guess_by_content(headers, self._samples(headers), self.known),
            name,
            others,
            problems,
            self._rows,
            content,
        )

    def _samples(self, headers: list[Header]) -> list[list[str]]:
        """The cells of the first companies, column by column."""
        samples: list[list[str]] = [[] for _ in headers]
        for _number, cells, _problem in islice(self._rows(), ROWS_SAMPLED):
            titled = {header.title: cell for header, cell in zip(headers, cells, strict=False)}
            if furniture_in(titled, {}) is None:
                for at, cell in enumerate(cells[: len(headers)]):
                    samples[at].append(cell)
        return samples

    def _rows(self) -> Iterator[Line]:
        return (line for line in self._filled() if line[0] > self.top)

    def _filled(self) -> Iterator[Line]:
        for line in self.walk():
            cells = line[1]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield line


def _empty(filename: str) -> BadSheet:
    return BadSheet(say("Berkas {filename} kosong. Pilih berkas lain", filename=filename))


def _no_sheet(filename: str, sheet: str, sheets: Iterable[str]) -> BadSheet:
    names = ", ".join(sheets)
    if not names:
        return BadSheet(
            say("Berkas {filename} tidak punya lembar: hapus --sheet", filename=filename)
        )
    return BadSheet(
        say(
            "Berkas {filename} tidak punya lembar {sheet}. Lembarnya: {names}",
            filename=filename,
            sheet=sheet,
            names=names,
        )
    )
