"""A csv file as rows of cells: its encoding, its delimiter, its quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from compliance.core.text import say
from compliance.imports.reading.headers import guess_columns
from compliance.imports.reading.limits import ROWS_BEFORE_HEADER, BadSheet, Cells, neither

_DELIMITERS = ",;\t"
_CONTROLS = set(range(32)) - set(b"\t\n\v\f\r") | {127}
_TEXT_BYTES = bytes(set(range(256)) - _CONTROLS)
_OTHER_TEXT = (b"<", b"{", b"%PDF")  # html called xls, json, rtf, pdf


def csv_rows(data: bytes, filename: str, known: Mapping[str, str]) -> Callable[[], Iterator[Cells]]:
    """A walk over the rows of a csv file; may be begun again. Raises BadSheet."""
    if data.translate(None, _TEXT_BYTES) or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        _OTHER_TEXT
    ):
        raise neither(filename)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise neither(filename) from None

    def walk(delimiter: str) -> Iterator[Cells]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                yield number, [cell.strip() for cell in cells]
        except csv.Error:
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
            opening = [cells for _, cells in islice(walk(delimiter), ROWS_BEFORE_HEADER)]
        except BadSheet:
            return 0, 0
        return max(
            ((len(guess_columns(cells, known)), len(cells)) for cells in opening), default=(0, 0)
        )

    delimiter = max(_DELIMITERS, key=promise)
    return lambda: walk(delimiter)
