"""Seals that are kept outside the store: one line each, `ID:HASH:KEY`, in the file of a daily job.

A log that was written anew from somewhere on is whole in itself; it does not match the seals of before. The
key (its id) says that events bear the mark of a key from there on: nobody without one can take that back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from compliance.core.events import Event

LINE = re.compile(
    r"\s*(?P<id>[1-9]\d{0,17}):(?P<hash>[0-9a-f]{64})(:(?P<key>[0-9a-f]{8}))?(\s+#.*)?\s*",
    re.IGNORECASE,
)
SEALS_AT_ONCE = 500


_file: Path | None = None


def use_seals_file(file: Path) -> None:
    """Name the file of the daily seals; called once when the application is put together."""
    global _file
    _file = file


def seals_file() -> Path:
    """The file of the daily seals."""
    assert _file is not None, "create_app names it"
    return _file


class NotASeal(ValueError):
    """What was given is no `ID:HASH`; the message is the one line to show."""


@dataclass(frozen=True)
class Seal:
    """The hash that an event had on a day, the id of the key that marked it (None: none did, or nobody wrote
    it down), and where that was written down.
    """

    id: int
    hash: str
    key: str | None = None
    place: str = ""

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}" + (f":{self.key}" if self.key else "")


def read_seal(written: str, place: str = "") -> Seal:
    """A seal as it was written down. Raises NotASeal."""
    match = LINE.fullmatch(written)
    if match is None:
        shown = written.strip()[:80]
        raise NotASeal(
            f"{place + ': ' if place else ''}{shown!r} is no seal: ID:HASH, 64 hexadecimal digits"
        )
    key = match["key"].lower() if match["key"] else None
    return Seal(int(match["id"]), match["hash"].lower(), key, place)


def read_seals(file: Path) -> list[Seal]:
    """The seals in a file; empty lines and lines that begin with # say nothing. Raises NotASeal, OSError."""
    lines = enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
    return [
        read_seal(line, f"{file} line {number}")
        for number, line in lines
        if line.strip() and not line.lstrip().startswith("#")
    ]


def kept_seals() -> list[Seal]:
    """The seals of the file that the daily job writes; none before its first day. Raises NotASeal,
    OSError.
    """
    file = seals_file()
    return read_seals(file) if file.exists() else []


def keep_seal(file: Path, seal: Seal, *, remark: str) -> None:
    """Add a seal to the file, on the disk before this returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as open_file:
        open_file.write(f"{seal} # {remark}\n")
        open_file.flush()
        os.fsync(open_file.fileno())


def compare_seals(seals: Sequence[Seal], connection: sa.Connection) -> Iterator[str]:
    """One line for each seal whose event is gone or has another hash."""
    for start in range(0, len(seals), SEALS_AT_ONCE):
        some = seals[start : start + SEALS_AT_ONCE]
        here = _hashes([seal.id for seal in some], connection)
        for seal in some:
            found, place = here.get(seal.id), f" ({seal.place})" if seal.place else ""
            if found is None:
                yield f"event {seal.id}: a seal was kept of it{place}, and it is not in the log"
            elif found != seal.hash:
                yield f"event {seal.id}: not the one of which a seal was kept{place}"


def _hashes(ids: Sequence[int], connection: sa.Connection) -> dict[int, str]:
    rows = connection.execute(sa.select(Event.id, Event.hash).where(Event.id.in_(ids)))
    return {row.id: row.hash for row in rows}
