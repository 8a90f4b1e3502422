"""Makes one backup: the store at one instant, all stored files, the manifest; removes what is too old."""

from __future__ import annotations

import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.files.models import StoredFile
from compliance.files.storage import MissingBytes, storage
from compliance.office.settings import zone_of_office
from compliance.policy import system_only
from compliance.store.archives import FILES, SUM, UNFINISHED, ArchiveWriter, Manifest, new_archive
from compliance.store.commands import note_backup
from compliance.store.dumping import StoreContents, dump, store_contents
from compliance.store.encrypting import read_public_key
from compliance.store.rules import CannotMove, Keep, backup_name, kept_of, made_at_of
from config import ROOT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

_SPOOLED_IN_MEMORY = 16 * 1024 * 1024
_UNFINISHED_KEPT = timedelta(days=1)
WORKSHOP = "patuh-backup-"
"""How folders begin in which a store lies unencrypted for a while."""


@dataclass(frozen=True)
class MadeBackup:
    """A backup that is complete: its file and what it holds. `noted`: whether the store knows of it."""

    path: Path
    size: int
    manifest: Manifest
    seconds: float
    removed: int
    noted: bool


def files_to_back_up() -> int:
    """How many stored files there are."""
    count = db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) or 0
    db.session.rollback()
    return count


@cache
def patuh_version() -> str:
    """The version of Patuh that runs."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


@system_only
def make_backup(
    folder: Path,
    *,
    encrypt_to: Path | None = None,
    keep: Keep | None = None,
    with_files: bool = True,
    advance: Callable[[int], None] = lambda _: None,
) -> MadeBackup:
    """Back up into `folder`, and tell the store. Raises CannotMove, OSError; then nothing of it is left."""
    began, made_at = time.monotonic(), clock.now()
    to = read_public_key(encrypt_to) if encrypt_to is not None else None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder, made_at)
    path = folder / backup_name(made_at, encrypted=to is not None)
    if path.exists():
        raise CannotMove(f"there is a backup of this second already: {path.name}")
    db.session.rollback()
    manifest = _write(path, to, made_at, with_files=with_files, advance=advance)
    removed = remove_old(folder, keep) if keep is not None else 0
    size = path.stat().st_size
    noted = note_backup(path.name, size=size, made_at=made_at, last_event_id=manifest.last_event_id)
    return MadeBackup(path, size, manifest, time.monotonic() - began, removed, noted)


def _write(
    path: Path,
    to: X25519PublicKey | None,
    made_at: datetime,
    *,
    with_files: bool,
    advance: Callable[[int], None],
) -> Manifest:
    with workshop() as room, dump(db.engine, room) as (dumped, connection):
        facts = store_contents(connection)
        with new_archive(path, to) as archive:
            archive.add_file(dumped.name, dumped)
            manifest = _manifest(facts, made_at, archive, connection, with_files, advance)
            archive.close(manifest)
    return manifest


def _manifest(
    facts: StoreContents,
    made_at: datetime,
    archive: ArchiveWriter,
    connection: sa.Connection,
    with_files: bool,
    advance: Callable[[int], None],
) -> Manifest:
    """Add the stored files that the dumped store names; then all that the manifest tells."""
    names, files, size, broken = sha256(), 0, 0, []
    rows = sa.select(StoredFile.sha256, StoredFile.size).order_by(StoredFile.sha256)
    for file in connection.execute(rows) if with_files else ():
        with _whole(file.sha256, file.size) as content:
            if content is None:
                broken.append(file.sha256)
            else:
                name = file.sha256
                archive.add(f"{FILES}{name[:2]}/{name[2:4]}/{name}", content, file.size)
                names.update(name.encode())
                files, size = files + 1, size + file.size
        advance(1)
    return Manifest(
        made_at=made_at.isoformat(),
        patuh=patuh_version(),
        store=connection.dialect.name,
        migration=facts.migration or "",
        last_event_id=facts.last_event_id,
        last_event_hash=facts.last_event_hash,
        rows=facts.rows,
        members=archive.members,
        files=files,
        files_bytes=size,
        files_sha256=names.hexdigest(),
        with_files=with_files,
        broken=broken,
    )


@contextmanager
def _whole(name: str, size: int) -> Iterator[IO[bytes] | None]:
    """The bytes of a stored file, once all of them are known to be its own; None when they are not."""
    with tempfile.SpooledTemporaryFile(max_size=_SPOOLED_IN_MEMORY) as spool:
        digest = sha256()
        try:
            for piece in storage().pieces(name):
                digest.update(piece)
                spool.write(piece)
        except MissingBytes:
            yield None
            return
        right = digest.hexdigest() == name and spool.tell() == size
        spool.seek(0)
        yield spool if right else None


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for this process alone: beside the file of a SQLite store, else where temporary files go."""
    with tempfile.TemporaryDirectory(prefix=WORKSHOP, dir=_workshops()) as folder:
        yield Path(folder)


def _workshops() -> Path:
    if db.engine.dialect.name == "sqlite":
        return Path(db.engine.url.database or "").parent
    return Path(tempfile.gettempdir())


def _tidy(folder: Path, now: datetime) -> None:
    """Remove what backups left unfinished that were cut off a day ago."""
    before = (now - _UNFINISHED_KEPT).timestamp()
    for file in folder.glob(f".patuh-*{UNFINISHED}"):
        if file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
    for room in _workshops().glob(f"{WORKSHOP}*"):
        if room.stat().st_mtime < before:
            shutil.rmtree(room, ignore_errors=True)


def backups_in(folder: Path) -> dict[datetime, Path]:
    """The complete backups in a folder, by when they were made."""
    dated = ((made_at_of(path.name), path) for path in folder.iterdir())
    return {made_at: path for made_at, path in dated if made_at is not None}


def remove_old(folder: Path, keep: Keep) -> int:
    """Remove the backups that the rule does not keep; how many those were."""
    made = backups_in(folder)
    kept = kept_of(made, keep, zone_of_office())
    db.session.rollback()
    for made_at in made.keys() - kept:
        made[made_at].unlink()
        made[made_at].with_name(made[made_at].name + SUM).unlink(missing_ok=True)
    return len(made) - len(kept)


@dataclass(frozen=True)
class Nightly:
    """What is set for the nightly backup: its folder, which ones stay, a public key or none."""

    folder: Path
    keep: Keep
    encrypt_to: Path | None = None


_nightly: Nightly | None = None


def use_nightly(nightly: Nightly | None) -> None:
    """Say what is set for the nightly backup; called once when the application is put together."""
    global _nightly
    _nightly = nightly


def nightly() -> Nightly | None:
    """What is set for the nightly backup; None where no folder is."""
    return _nightly


@system_only
def back_up_as_set() -> MadeBackup | None:
    """The nightly backup, where a folder is set for it."""
    if _nightly is None:
        return None
    return make_backup(_nightly.folder, encrypt_to=_nightly.encrypt_to, keep=_nightly.keep)
