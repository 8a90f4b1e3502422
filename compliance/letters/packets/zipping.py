"""The zip of a packet: files one after the other, from the storage into one file, never all in memory.

The same contents give the same bytes: names, order and dates are ours, and nothing is compressed. Every file
is hashed on its way; one that is not what its row says stops the packet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from compliance.files.storage import PIECE, MissingBytes, storage
from compliance.letters.packets.rules import PacketItem

_DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip can name: when a packet was made is told by its event."""
_UNIX, _MODE = 3, 0o100600 * 0x10000


class BrokenFile(Exception):
    """A stored file is gone or changed; the message is its name in the packet."""


def write_zip(path: Path, items: Sequence[PacketItem], *, told: Callable[[int], None]) -> None:
    """Write all items into a zip at `path`. `told` hears how many were written.

    Raises BrokenFile, OSError.
    """
    with ZipFile(path, "w", ZIP_STORED) as made:
        for at, item in enumerate(items, start=1):
            _write(made, item)
            told(at)


def _write(made: ZipFile, item: PacketItem) -> None:
    entry = ZipInfo(item.name, _DAY)
    entry.create_system, entry.external_attr, entry.file_size = _UNIX, _MODE, item.size
    digest = sha256()
    with made.open(entry, "w") as file:
        for piece in _pieces(item):
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != item.sha256:
        raise BrokenFile(item.name)


def _pieces(item: PacketItem) -> Iterator[bytes]:
    if item.content is not None:
        return _in_pieces(item.content)
    try:
        return storage().pieces(item.sha256)
    except MissingBytes:
        raise BrokenFile(item.name) from None


def _in_pieces(content: bytes) -> Iterator[bytes]:
    return (content[at : at + PIECE] for at in range(0, len(content), PIECE))


def bytes_needed(items: Iterable[PacketItem]) -> int:
    """How large the zip becomes, about."""
    return sum(item.size + 2 * len(item.name) + 200 for item in items)
