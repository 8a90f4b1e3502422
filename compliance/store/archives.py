"""The file of a backup: a tar of the store, every stored file, and last a manifest of what must be in it.

    store.sqlite3.gz or store.pgdump    the store as it was at one instant
    files/ab/cd/<SHA-256>               the bytes of letters, photos, PDFs and packets
    manifest.json                       hashes, sizes, version, migration, last event, rows of each table

Beside it stands its own SHA-256 in a file of `sha256sum`. The file is written under another name and gets its
own when all of it is on the disk.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from compliance.files.storage import PIECE, hash_of_pieces, pieces_of
from compliance.store.encrypting import FIRST_LINE, EncryptedReader, EncryptedWriter
from compliance.store.rules import CannotMove

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import (
        X25519PrivateKey,
        X25519PublicKey,
    )

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
UNFINISHED = ".partial"
SUM = ".sha256"
_LARGEST_MANIFEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `files` are counted; the bytes of the `broken` ones are changed or gone."""

    made_at: str
    patuh: str
    store: str
    migration: str
    last_event_id: int
    last_event_hash: str
    rows: Mapping[str, int]
    members: Mapping[str, Mapping[str, Any]]
    files: int = 0
    files_bytes: int = 0
    files_sha256: str = ""
    with_files: bool = True
    broken: list[str] = field(default_factory=list)
    format: int = FORMAT

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """Raises CannotMove."""
        try:
            facts = json.loads(content)
            manifest = cls(**facts)
        except (ValueError, TypeError):
            raise CannotMove("the manifest of the backup cannot be read") from None
        if manifest.format != FORMAT:
            raise CannotMove(f"the backup is of format {manifest.format}, Patuh reads {FORMAT}")
        return manifest


class _Hashed:
    """Writes on, and hashes what it writes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self.digest = out, sha256()

    def write(self, some: bytes) -> int:
        self.digest.update(some)
        return self._out.write(some)


class _Entry(tarfile.TarInfo):
    """The head of a member."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name)
        self.size, self.mode = size, 0o600


class ArchiveWriter:
    """The members of a backup, one after the other."""

    def __init__(self, out: IO[bytes], to: X25519PublicKey | None) -> None:
        self._sealed = EncryptedWriter(out, to) if to is not None else None
        through: Any = self._sealed or out
        self._tar = tarfile.open(fileobj=through, mode="w|", bufsize=PIECE)  # noqa: SIM115
        self.members: dict[str, dict[str, Any]] = {}

    def add_file(self, name: str, path: Path) -> None:
        """Add a file that the manifest will name."""
        digest, size = hash_of_pieces(pieces_of(path.open("rb")))
        self.members[name] = {"sha256": digest, "size": size}
        with path.open("rb") as file:
            self.add(name, file, size)

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        self._tar.addfile(_Entry(name, size), file)

    def close(self, manifest: Manifest) -> None:
        content = manifest.written()
        self.add(MANIFEST, io.BytesIO(content), len(content))
        self._tar.close()
        if self._sealed is not None:
            self._sealed.close()


@contextmanager
def new_archive(path: Path, to: X25519PublicKey | None) -> Iterator[ArchiveWriter]:
    """Write a backup that gets its name, and its sum beside it, when the block has closed it.

    Raises OSError.
    """
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            hashed = _Hashed(file)
            yield ArchiveWriter(hashed, to)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        beside = path.with_name(path.name + SUM)
        beside.write_text(f"{hashed.digest.hexdigest()}  {path.name}\n")
        sync_name(beside)
        os.link(unfinished, path)
    finally:
        unfinished.unlink()
        sync_name(path.parent)


def sync_name(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def compare_sum(path: Path) -> bool:
    """Whether there is a sum beside a backup; it must be the right one. Raises CannotMove, OSError."""
    beside = path.with_name(path.name + SUM)
    if not beside.exists():
        return False
    digest, _size = hash_of_pieces(pieces_of(path.open("rb")))
    if beside.read_text().split()[:1] != [digest]:
        raise CannotMove(f"{path.name} is not as it was written: its SHA-256 is another one")
    return True


@contextmanager
def members_of(
    path: Path, key: X25519PrivateKey | None
) -> Iterator[Iterator[tuple[str, int, IO[bytes]]]]:
    """The members of a backup, in order: name, size, and what is in it. Raises CannotMove, OSError."""
    with path.open("rb") as file:
        source: Any = file
        sealed = file.read(len(FIRST_LINE)) == FIRST_LINE
        file.seek(0)
        if sealed and key is None:
            raise CannotMove("the backup is encrypted: name the private key with --key")
        if sealed:
            assert key is not None
            source = EncryptedReader(file, key)
        try:
            with tarfile.open(fileobj=source, mode="r|", bufsize=PIECE) as tar:
                yield _members(tar)
            while source.read(PIECE):  # the end is authenticated, too
                pass
        except (tarfile.TarError, EOFError):
            raise CannotMove("the backup was changed or cut off since it was written") from None


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry)
        if content is None:
            raise CannotMove(f"the backup holds something that is no file: {entry.name}")
        yield entry.name, entry.size, content


def read_manifest(size: int, content: IO[bytes]) -> Manifest:
    """Raises CannotMove."""
    if size > _LARGEST_MANIFEST:
        raise CannotMove("the manifest of the backup cannot be read")
    return Manifest.read(content.read())
