"""How a file is kept: its bytes first, outside any transaction, then its row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compliance.core import clock
from compliance.core.db import db, insert_into
from compliance.files.examining import Examined, examine
from compliance.files.models import StoredFile
from compliance.files.queries import file_with
from compliance.files.storage import storage
from compliance.policy import system_only


@dataclass(frozen=True)
class KeptBytes:
    """Bytes that are durable in the storage; `size` in bytes."""

    sha256: str
    size: int
    kind: str


def keep_bytes(content: bytes, *, kind: str) -> KeptBytes:
    """Put bytes of a known kind into the storage. Slow: not to be called in a transaction. Raises OSError."""
    return KeptBytes(storage().put(content), len(content), kind)


def keep_file(path: Path, *, kind: str) -> KeptBytes:
    """The same with a file that was made in the storage's workshop, however large."""
    size = path.stat().st_size
    return KeptBytes(storage().put_file(path), size, kind)


@dataclass(frozen=True)
class ReceivedFile:
    """A file that somebody sent: looked at, its bytes kept. `name` is what the device calls it."""

    name: str
    examined: Examined
    kept: KeptBytes


def receive_file(name: str, content: bytes) -> ReceivedFile:
    """Look at a file that somebody sent, then keep its bytes. Raises BadFile, OSError.

    It is slow, so it ends the transaction: no lock is held meanwhile.
    """
    db.session.rollback()
    examined = examine(content)
    return ReceivedFile(name, examined, keep_bytes(content, kind=examined.kind))


@system_only
def add_file(kept: KeptBytes) -> StoredFile:
    """The row of kept bytes; the one that is there when the same bytes were kept before."""
    now = clock.now()
    facts = {"sha256": kept.sha256, "size": kept.size, "kind": kept.kind}
    insert = insert_into(StoredFile).values(**facts, stored_at=now, checked_at=now)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["sha256"]))
    file = file_with(kept.sha256)
    assert file is not None
    return file
