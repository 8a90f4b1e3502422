"""An old workbook (xls) in its compound file, measured before it is parsed; and what a password locks, which
comes in the same kind of file.

After [MS-CFB] (sectors and their chains) and [MS-XLS] (records of a worksheet).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from compliance.imports.reading.limits import (
    MOST_CELLS,
    ROWS_BEFORE_HEADER,
    locked,
    neither,
    refuse_beyond,
    too_large,
)

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFF9
_SMALL_STREAM = 4096
_SECTOR_SIZES = {9: 512, 12: 4096}
_BEGINNING, _ENCRYPTED, _SEVERAL_NUMBERS = 0x0809, 0x002F, 0x00BD
_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, 0x00FD, _SEVERAL_NUMBERS}


def measured_compound(data: bytes, filename: str) -> bytes:
    """The file itself, when its sheets fit. Raises BadSheet; LookupError, ValueError or struct.error when it
    is broken."""
    streams = _streams(data)
    if "EncryptedPackage" in streams:
        raise locked(filename)
    book = streams.get("Workbook", streams.get("Book"))
    if book is None:
        raise neither(filename)
    cells = rows = columns = 0
    for kind, record in _records(book):
        if kind == _ENCRYPTED:
            raise locked(filename)
        if kind == _BEGINNING:
            cells, rows, columns = cells + rows * columns, 0, 0
        elif kind in _CELLS and len(record) >= 4:
            row, column = struct.unpack_from("<HH", record)
            if kind == _SEVERAL_NUMBERS:
                (column,) = struct.unpack_from("<H", record, len(record) - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            refuse_beyond(rows - ROWS_BEFORE_HEADER, columns, filename)
            if cells + rows * columns > MOST_CELLS:  # calamine holds all sheets at once
                raise too_large(filename)
    return data


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams of a compound file by name."""
    size = _SECTOR_SIZES[struct.unpack_from("<H", data, 30)[0]]
    first_directory, first_small, next_table = (
        struct.unpack_from("<I", data, at)[0] for at in (48, 60, 68)
    )

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def numbers(part: bytes) -> list[int]:
        return [number for (number,) in struct.iter_unpack("<I", part[: len(part) // 4 * 4])]

    tables = numbers(data[76:512])
    for _ in range(len(data) // size):
        if next_table > _LAST_SECTOR:
            break
        *more, next_table = numbers(sector(next_table))
        tables += more
    following = [
        number for table in tables if table <= _LAST_SECTOR for number in numbers(sector(table))
    ]

    def chain(first: int) -> bytes:
        return b"".join(map(sector, _chain(first, following)))

    entries = {}
    small = b""
    directory = chain(first_directory)
    for at in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        first, large = struct.unpack_from("<II", directory, at + 116)
        if kind == 5:
            small = chain(first)
        elif kind == 2:
            entries[name] = (first, large)
    small_following = numbers(chain(first_small)) if first_small <= _LAST_SECTOR else []
    return {
        name: (
            chain(first)
            if large >= _SMALL_STREAM
            else b"".join(small[at * 64 : at * 64 + 64] for at in _chain(first, small_following))
        )[:large]
        for name, (first, large) in entries.items()
    }


def _chain(first: int, following: list[int]) -> Iterator[int]:
    """The numbers of the sectors of one stream. Raises ValueError for a chain that runs in a circle."""
    for _ in range(len(following) + 1):
        if first > _LAST_SECTOR:
            return
        yield first
        first = following[first]
    raise ValueError("sectors in a circle")
