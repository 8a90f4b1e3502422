"""What a file may be that nobody vouches for: how large, how wide, how long; and the refusal of one that is
not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.parsers import expat

from compliance.core.parsing import Unreadable
from compliance.core.text import Text, say

MB = 1024 * 1024
LARGEST_FILE = 30 * MB
LARGEST_UNZIPPED = 300 * MB
LONGEST_TAG = 8 * MB
MOST_COLUMNS = 200
MOST_ROWS = 200_000
MOST_LINES = 1_048_576
"""Of a csv file, blank ones and all: as many as a spreadsheet has rows."""
MOST_CELLS = 10_000_000  # calamine keeps 32 bytes for every cell up to the last, empty or not
ROWS_BEFORE_HEADER = 15  # titles above the table, as in most office lists

Line = tuple[int, list[str], Text | None]
"""A row of a file: its number as a spreadsheet program shows it, its cells, and why it cannot be read."""
LineWalk = Callable[[], Iterator[Line]]
"""The rows of a sheet; each call begins at the first."""


class BadSheet(Unreadable):
    """The file cannot be read as a list of companies; `reason` says what to send instead."""


def parse_in_pieces(parser: expat.XMLParserType, xml: bytes) -> None:
    """Parse piece by piece, and give up at a tag or remark of a size that no program writes.

    Raises ValueError, ExpatError.
    """
    whole = memoryview(xml)
    for at in range(0, len(whole), MB):
        parser.Parse(whole[at : at + MB], False)
        if at - parser.CurrentByteIndex > LONGEST_TAG:
            raise ValueError("a tag or a remark beyond reason")
    parser.Parse(b"", True)


def refuse_beyond(rows: int, columns: int, filename: str) -> None:
    """Raises BadSheet for a sheet of more rows, columns or cells than a small server can hold."""
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
        raise too_large(filename)


def too_large(filename: str) -> BadSheet:
    """The refusal of a sheet with more rows or cells than can be held."""
    return BadSheet(
        say(
            "Berkas {filename} berisi lembar dengan lebih dari {rows} baris atau {cells} sel. "
            "Bagi menjadi beberapa berkas",
            filename=filename,
            rows=MOST_ROWS,
            cells=MOST_CELLS,
        )
    )


def too_much(filename: str) -> BadSheet:
    """The refusal of a file that takes more memory, time or room than reading it may."""
    return BadSheet(
        say(
            "Berkas {filename} terlalu berat untuk dibaca. Salin tabelnya saja ke berkas xlsx baru, atau "
            "bagi menjadi beberapa berkas",
            filename=filename,
        )
    )


def locked(filename: str) -> BadSheet:
    """The refusal of a workbook that only opens with a password."""
    return BadSheet(
        say(
            "Berkas {filename} terkunci kata sandi. Buka di Excel, hapus kata sandinya, lalu simpan lagi",
            filename=filename,
        )
    )


def broken(filename: str) -> BadSheet:
    """The refusal of a workbook that cannot be opened."""
    return BadSheet(
        say(
            "Berkas {filename} rusak. Buka di Excel, lalu simpan ulang sebagai xlsx",
            filename=filename,
        )
    )


def neither(filename: str) -> BadSheet:
    """The refusal of a file that is no list at all."""
    return BadSheet(
        say(
            "Berkas {filename} bukan csv, xlsx, xls, atau ods. Buka di Excel, lalu simpan sebagai xlsx",
            filename=filename,
        )
    )
