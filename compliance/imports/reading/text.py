"""A csv file as rows of cells: its encoding, its delimiter, its quotes.

A line that is no UTF-8 is Windows-1252, whatever the others are. A quote without its partner costs the row in
which it opens; the rows after it are read.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice

from compliance.core.cells import unguarded
from compliance.core.text import Text, say
from compliance.imports.reading.headers import guess_columns
from compliance.imports.reading.limits import (
    MOST_LINES,
    ROWS_BEFORE_HEADER,
    Line,
    LineWalk,
    neither,
    refuse_beyond,
)

_DELIMITERS = ",;\t"
_CONTROLS = set(range(32)) - set(b"\t\n\v\f\r") | {127}
_TEXT_BYTES = bytes(set(range(256)) - _CONTROLS)
_OTHER_TEXT = (b"<", b"{", b"%PDF")  # html called xls, json, rtf, pdf
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what Excel calls "Unicode Text"


def csv_rows(data: bytes, filename: str, known: Mapping[str, str]) -> LineWalk:
    """A walk over the rows of a csv file. Raises BadSheet for what is no text."""
    text = _decoded(data, filename)

    def promise(delimiter: str) -> tuple[int, int]:
        opening = [cells for _, cells, _ in islice(_walk(text, delimiter), ROWS_BEFORE_HEADER)]
        return max(
            ((len(guess_columns(cells, known)), len(cells)) for cells in opening), default=(0, 0)
        )

    delimiter = max(_DELIMITERS, key=promise)
    if promise(delimiter)[1] == 1:  # one column; a comma in it belongs to a name
        delimiter = ";"
    return lambda: _limited(_walk(text, delimiter), filename)


def _limited(lines: Iterator[Line], filename: str) -> Iterator[Line]:
    for line in lines:
        if line[0] > MOST_LINES:
            refuse_beyond(line[0], 1, filename)
        yield line


def _decoded(data: bytes, filename: str) -> str:
    try:
        if data.startswith(_UTF16):
            data = data.decode("utf-16").encode()
        if data.translate(None, _TEXT_BYTES) or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
            _OTHER_TEXT
        ):
            raise neither(filename)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return "".join(map(_decoded_line, data.removeprefix(codecs.BOM_UTF8).splitlines(True)))
    except UnicodeError:
        raise neither(filename) from None


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252")


def _walk(text: str, delimiter: str) -> Iterator[Line]:
    """The records of a text. After a quote that does not close, begins anew with the next line."""
    stream = io.StringIO(text, newline="")
    taken: list[str] = []  # the lines of the record that is being read
    again: deque[str] = deque()  # lines that a quote swallowed

    def lines() -> Iterator[str]:
        while again:
            taken.append(again.popleft())
            yield taken[-1]
        for line in stream:
            taken.append(line)
            yield line

    number, line, width = 0, 1, 0
    while True:
        try:
            for cells in csv.reader(lines(), delimiter=delimiter, strict=True):
                if len(taken) > 1 and _swallowed(cells, width, delimiter):
                    break
                number, line = number + 1, line + len(taken)
                taken.clear()
                width = max(width, len(cells))
                yield number, [unguarded(cell.strip()) for cell in cells], None
            else:
                return
        except csv.Error as broken:
            too_long = "field limit" in str(broken)
        else:
            too_long = False
        number += 1
        reason = _too_long(line) if too_long else _unpaired(line)
        yield number, [cell.strip() for cell in taken[0].split(delimiter)], reason
        line += 1
        again.extendleft(reversed(taken[1:]))
        taken.clear()


def _swallowed(cells: list[str], width: int, delimiter: str) -> bool:
    """Whether a cell of several lines holds rows: a quote was left open, and another one closed it later."""
    return 1 < width != len(cells) and any(
        "\n" in cell and cell.count(delimiter) >= width - 1 for cell in cells
    )


def _too_long(line: int) -> Text:
    return say(
        "Satu sel di baris {line} berkas terlalu panjang. Periksa tanda kutipnya, atau simpan sebagai "
        "xlsx",
        line=line,
    )


def _unpaired(line: int) -> Text:
    return say(
        "Tanda kutip di baris {line} berkas tidak berpasangan. Hapus tanda kutipnya, atau simpan "
        "sebagai xlsx",
        line=line,
    )
