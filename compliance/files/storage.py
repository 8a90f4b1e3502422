"""Where the bytes of files are: a folder, or a bucket of an S3 service (`PATUH_FILES`), by their SHA-256.

Bytes are durable when `put` returns, are written under a name only when they are whole, and are never written
again. They are put there before the transaction that names them begins. So a transaction that fails leaves
bytes that no row names; a weekly job counts these.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app

from compliance.core.errors import Refusal
from compliance.core.text import say
from config import ROOT

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import S3Store

log = structlog.get_logger()
LEAST_FREE = 256 * 1024 * 1024
"""Bytes that files leave free on a disk that a SQLite database may share with them."""
_HERE = ROOT / "instance" / "unfinished"
PIECE = 1024 * 1024
"""Bytes of a large file that are in memory at a time."""


class MissingBytes(Refusal):
    """No bytes are stored under this SHA-256. Whoever asked for them is told so, and nothing is answered."""

    status = 503

    def __init__(self, sha256: str) -> None:
        super().__init__(
            say(
                "Berkas ini hilang dari penyimpanan atau berubah sejak disimpan, jadi tidak"
                " diberikan. Beri tahu admin: berkas dengan sidik {sha256} perlu dipulihkan dari cadangan.",
                sha256=sha256,
            )
        )
        log.error("stored file broken", sha256=sha256, error=type(self).__name__)


class ChangedBytes(MissingBytes):
    """Other bytes are stored under this SHA-256 than were kept."""


class Storage(Protocol):
    """Bytes by their SHA-256, as 64 hexadecimal digits."""

    def put(self, content: bytes) -> str:
        """Keep the bytes, and return their SHA-256. The same bytes twice are kept once. Raises OSError."""
        ...

    def put_file(self, path: Path) -> str:
        """Keep a file that was made in `workshop`, however large, and return its SHA-256. Raises OSError."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes, as they are stored. Raises MissingBytes, OSError."""
        ...

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The bytes, piece by piece. Raises MissingBytes at once, OSError."""
        ...

    def workshop(self) -> Path:
        """A folder for files that are being made. What was left in it is removed by `tidy`."""
        ...

    def tidy(self, before: datetime) -> int:
        """Remove what was left unfinished before that instant; how many files that were."""
        ...

    def names(self) -> Iterator[tuple[str, datetime]]:
        """The SHA-256 of everything that is stored, and since when."""
        ...


def hash_of(content: bytes) -> str:
    """The SHA-256 of bytes, as it is written everywhere."""
    return hashlib.sha256(content).hexdigest()


def hash_of_pieces(pieces: Iterable[bytes]) -> tuple[str, int]:
    """The SHA-256 of bytes that come piece by piece, and how many there are."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """What an open file holds, piece by piece; it is closed at the end."""
    with file:
        while piece := file.read(PIECE):
            yield piece


def whole_bytes(sha256: str) -> bytes:
    """The bytes as they were kept, for whoever relies on them. Raises ChangedBytes, MissingBytes, OSError."""
    content = storage().get(sha256)
    if hash_of(content) != sha256:
        raise ChangedBytes(sha256)
    return content


def whole_pieces(sha256: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a large file, the last one only when all of them are as they were kept: of a changed one
    nobody has all. Raises ChangedBytes at the end.
    """
    digest, held = hashlib.sha256(), b""
    for piece in pieces:
        if held:
            yield held
        digest.update(piece)
        held = piece
    if digest.hexdigest() != sha256:
        raise ChangedBytes(sha256)
    yield held


def leave_room(folder: Path, size: int) -> None:
    """Refuse to write so many bytes where the database would have no room left. Raises OSError."""
    if shutil.disk_usage(folder).free < LEAST_FREE + size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def storage() -> Storage:
    """The storage of this installation."""
    return storage_at(str(current_app.config["PATUH_FILES"]))


@cache
def storage_at(address: str) -> Storage:
    """The storage at an address `file:///…` or `s3://bucket/prefix`."""
    parts = urlsplit(address)
    return Bucket(address) if parts.scheme == "s3" else Folder(Path(unquote(parts.path)))


class Folder:
    """Files `ab/cd/<sha256>` in a folder that only this user reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished"

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def put(self, content: bytes) -> str:
        sha256 = hash_of(content)
        if self._is_whole(sha256):
            return sha256
        leave_room(self.workshop(), len(content))
        number, name = tempfile.mkstemp(dir=self.workshop())
        try:
            with open(number, "wb") as file:
                file.write(content)
            self._take(Path(name), sha256)
        finally:
            Path(name).unlink(missing_ok=True)
        return sha256

    def put_file(self, path: Path) -> str:
        sha256, _size = hash_of_pieces(pieces_of(path.open("rb")))
        if not self._is_whole(sha256):
            self._take(path, sha256)
        return sha256

    def _is_whole(self, sha256: str) -> bool:
        """Whether these bytes are stored, unharmed. Bytes that are not there yet are no fault."""
        try:
            return hash_of_pieces(self._open(sha256))[0] == sha256
        except FileNotFoundError:
            return False

    def _take(self, made: Path, sha256: str) -> None:
        """Give a whole file its name, durably. Other bytes under that name were harmed, and are replaced."""
        path = self._path(sha256)
        _make_folder(path.parent)
        made.chmod(0o600)
        _sync(made)
        try:
            os.link(made, path)
        except FileExistsError:  # harmed, or somebody stored the same bytes meanwhile
            os.replace(made, path)
        _sync(path.parent)

    def workshop(self) -> Path:
        _make_folder(self._unfinished)
        return self._unfinished

    def tidy(self, before: datetime) -> int:
        return _remove_older(self.workshop().iterdir(), before)

    def get(self, sha256: str) -> bytes:
        return b"".join(self.pieces(sha256))

    def pieces(self, sha256: str) -> Iterator[bytes]:
        try:
            return self._open(sha256)
        except FileNotFoundError:
            raise MissingBytes(sha256) from None

    def _open(self, sha256: str) -> Iterator[bytes]:
        """What lies under this name, or FileNotFoundError."""
        return pieces_of(self._path(sha256).open("rb"))

    def names(self) -> Iterator[tuple[str, datetime]]:
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)


class Bucket:
    """Objects `prefix/ab/cd/<sha256>` of an S3 service, whose keys are in its usual variables `AWS_…`."""

    def __init__(self, address: str) -> None:
        try:
            from obstore.store import S3Store
        except ImportError:  # pragma: no cover
            raise RuntimeError(
                "PATUH_FILES=s3://… needs the extra: pip install patuh[s3]"
            ) from None
        self._store: S3Store = S3Store.from_url(address, client_options={"allow_http": True})

    @staticmethod
    def _key(sha256: str) -> str:
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def put(self, content: bytes) -> str:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        sha256 = hash_of(content)
        try:
            with _as_os_error():
                obstore.put(self._store, self._key(sha256), content, mode="create")
        except AlreadyExistsError:
            if hash_of_pieces(self.pieces(sha256))[0] != sha256:  # they were harmed
                with _as_os_error():
                    obstore.put(self._store, self._key(sha256), content)
        return sha256

    def put_file(self, path: Path) -> str:
        """In parts, which a service takes under no condition: so the name is asked for first."""
        import obstore

        sha256, _size = hash_of_pieces(pieces_of(path.open("rb")))
        try:
            whole = hash_of_pieces(self._open(sha256))[0] == sha256
        except FileNotFoundError:  # not there yet
            whole = False
        if not whole:
            with _as_os_error():
                obstore.put(self._store, self._key(sha256), path)
        return sha256

    def get(self, sha256: str) -> bytes:
        return b"".join(self.pieces(sha256))

    def pieces(self, sha256: str) -> Iterator[bytes]:
        try:
            return self._open(sha256)
        except FileNotFoundError:
            raise MissingBytes(sha256) from None

    def _open(self, sha256: str) -> Iterator[bytes]:
        """What lies under this name, or FileNotFoundError."""
        import obstore
        from obstore.exceptions import NotFoundError

        try:
            with _as_os_error():
                answer = obstore.get(self._store, self._key(sha256))
        except NotFoundError:
            raise FileNotFoundError(sha256) from None
        return _pieces_of_answer(answer)

    def workshop(self) -> Path:
        """On this machine: a bucket takes a file only when it is whole."""
        _make_folder(_HERE)
        return _HERE

    def tidy(self, before: datetime) -> int:
        return _remove_older(self.workshop().iterdir(), before)

    def names(self) -> Iterator[tuple[str, datetime]]:
        import obstore

        with _as_os_error():
            for page in obstore.list(self._store):
                for entry in page:
                    yield entry["path"].rpartition("/")[2], entry["last_modified"]


def _pieces_of_answer(answer: GetResult) -> Iterator[bytes]:
    with _as_os_error():
        for piece in answer.stream(min_chunk_size=PIECE):
            yield bytes(piece)


@contextmanager
def _as_os_error() -> Iterator[None]:
    """What fails between here and the service is an error of input and output, as on a disk."""
    from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError

    try:
        yield
    except (AlreadyExistsError, NotFoundError):
        raise
    except BaseError as failure:
        raise OSError(errno.EIO, str(failure)) from failure


def _make_folder(folder: Path) -> None:
    """The folder, readable by this user only, and its name durable in the folders above."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync(folder.parent)


def _remove_older(files: Iterable[Path], before: datetime) -> int:
    """Remove files that were last written before that instant."""
    removed = 0
    for file in files:
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
                file.unlink()
                removed += 1
    return removed


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
