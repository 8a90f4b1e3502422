"""Puts a backup into an empty place, and says that it is done only when it was looked at from end to end.

Until all is done the restored store is in read-only mode, so that a restore which was cut off sends no mail
and gives no number.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from compliance.core import clock
from compliance.core.events import EventHead
from compliance.core.read_only import ReadOnlyRow
from compliance.core.stamp import Stamp, new_stamp
from compliance.files.storage import PIECE, hash_of_pieces, storage
from compliance.policy import system_only
from compliance.store.archives import (
    FILES,
    MANIFEST,
    Manifest,
    compare_sum,
    members_of,
    read_manifest,
    sync_name,
)
from compliance.store.dumping import (
    LEFT_BESIDE,
    OF_POSTGRESQL,
    OF_SQLITE,
    engine_on,
    store_contents,
    unpack_postgresql,
    unpack_sqlite,
)
from compliance.store.encrypting import read_private_key
from compliance.store.proving import Advance, faults_within
from compliance.store.queries import newest_migration
from compliance.store.rules import NOT_EMPTY, NOT_EQUAL, OTHER_MIGRATION, OUT_OF_REACH, CannotMove

if TYPE_CHECKING:
    from collections.abc import Iterable

UNFINISHED_RESTORE = "pemulihan dari cadangan belum selesai"
"""Why nothing is written, until what follows a restore was done."""
_TABLES = sa.text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")


@dataclass(frozen=True)
class Place:
    """Where a backup is put: an address, and whether its files are kept or only looked at."""

    url: URL
    keep_files: bool = True

    @property
    def is_sqlite(self) -> bool:
        return self.url.drivername == "sqlite"

    @property
    def file(self) -> Path:
        return Path(self.url.database or "")

    def refuse_unless_empty(self) -> None:
        """Raises CannotMove."""
        if self.is_sqlite:
            for ending in ("", *LEFT_BESIDE):
                there = Path(f"{self.file}{ending}")
                if there.exists():
                    why = (
                        "SQLite would play what is in it over the restored store: move it away"
                        if ending
                        else "restore only into an empty place"
                    )
                    raise CannotMove(f"{there} is there: {why}", code=NOT_EMPTY)
            return
        engine = engine_on(self.url)
        try:
            with engine.connect() as connection:
                tables = connection.scalar(_TABLES)
        except sa.exc.OperationalError as error:
            line = str(error.orig).strip().splitlines()[0]
            raise CannotMove(f"the database cannot be reached: {line}", code=OUT_OF_REACH) from None
        finally:
            engine.dispose()
        if tables:
            raise CannotMove(f"the database is not empty: it has {tables} tables", code=NOT_EMPTY)


@system_only
def restore_into(place: Place, backup: Path, *, key: Path | None, advance: Advance) -> Manifest:
    """Put a backup into a place, in read-only mode, and verify it. Raises CannotMove, OSError.

    What does not agree with its hashes never becomes a store.
    """
    place.refuse_unless_empty()
    private = read_private_key(key) if key is not None else None
    compare_sum(backup)
    beside = place.file.parent if place.is_sqlite else None
    if beside is not None:
        beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="patuh-restore-", dir=beside) as folder:
        with members_of(backup, private) as members:
            manifest = _unpack(members, Path(folder), place, advance)
        _refuse_other(manifest, place)
        if place.is_sqlite:
            _restore_sqlite(Path(folder), place, manifest)
        else:
            unpack_postgresql(Path(folder) / OF_POSTGRESQL, place.url)
            _verify(place.url, manifest)
    return manifest


def manifest_of(backup: Path, key: Path | None) -> Manifest:
    """What a backup says of itself. Raises CannotMove, OSError."""
    private = read_private_key(key) if key is not None else None
    with members_of(backup, private) as members:
        for name, length, content in members:
            if name == MANIFEST:
                return read_manifest(length, content)
    raise CannotMove("the backup has no manifest: it was cut off")


def _unpack(
    members: Iterable[tuple[str, int, IO[bytes]]], folder: Path, place: Place, advance: Advance
) -> Manifest:
    """Take the backup apart: the dump into `folder`, files into the storage; all as the manifest says."""
    manifest, seen = None, dict[str, dict[str, object]]()
    names, files, size = sha256(), 0, 0
    for name, length, content in members:
        if name == MANIFEST:
            manifest = read_manifest(length, content)
        elif name in (OF_SQLITE, OF_POSTGRESQL):
            with (folder / name).open("xb") as out:
                digest, written = _write_through(content, out)
            seen[name] = {"sha256": digest, "size": written}
        elif name.startswith(FILES):
            named = name.rpartition("/")[2]
            _keep(named, content, folder, place)
            names.update(named.encode())
            files, size = files + 1, size + length
            advance(1)
        else:
            raise CannotMove(f"the backup holds something unknown: {name[:80]!r}")
    if manifest is None:
        raise CannotMove("the backup has no manifest: it was cut off")
    if seen != manifest.members:
        raise CannotMove("the store in the backup is not the one that its manifest names")
    if (files, size, names.hexdigest()) != (
        manifest.files,
        manifest.files_bytes,
        manifest.files_sha256,
    ):
        raise CannotMove("the files in the backup are not those that its manifest names")
    return manifest


def _write_through(content: IO[bytes], out: IO[bytes]) -> tuple[str, int]:
    digest, size = sha256(), 0
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)
        out.write(piece)
    return digest.hexdigest(), size


def _keep(named: str, content: IO[bytes], folder: Path, place: Place) -> None:
    """Put a stored file back under its name, if these are its bytes."""
    if place.keep_files:
        number, made = tempfile.mkstemp(dir=storage().workshop())
        try:
            with open(number, "wb") as out:
                digest, _size = _write_through(content, out)
            if digest == named:
                storage().put_file(Path(made))
        finally:
            Path(made).unlink(missing_ok=True)
    else:
        digest, _size = hash_of_pieces(iter(lambda: content.read(PIECE), b""))
    if digest != named:
        raise CannotMove(f"file {named[:64]!r} in the backup was changed since it was written")


def _refuse_other(manifest: Manifest, place: Place) -> None:
    kind = "sqlite" if place.is_sqlite else "postgresql"
    if manifest.store != kind:
        raise CannotMove(
            f"the backup is of {manifest.store}, DATABASE_URL is {kind}: restore it into {manifest.store},"
            " then `flask store copy`"
        )
    newest = newest_migration()
    if manifest.migration != newest:
        raise CannotMove(
            f"the backup is at migration {manifest.migration} (Patuh {manifest.patuh}), this version at"
            f" {newest}: restore it with its own version, then `flask db upgrade`",
            code=OTHER_MIGRATION,
        )


def _restore_sqlite(folder: Path, place: Place, manifest: Manifest) -> None:
    """Make the store beside its place, look at it there, and give it its name when it is whole."""
    made = folder / "store.sqlite3"
    unpack_sqlite(folder / OF_SQLITE, made)
    url = make_url(f"sqlite:///{made}")
    _verify(url, manifest)
    sync_name(made)
    place.refuse_unless_empty()
    os.link(made, place.file)  # refuses what came to be there meanwhile
    sync_name(place.file.parent)


def _verify(url: URL, manifest: Manifest) -> None:
    """Put the store into read-only mode and compare it with the manifest, its log with itself."""
    engine = engine_on(url)
    try:
        with engine.begin() as connection:
            connection.execute(sa.delete(ReadOnlyRow))
            row = {"id": 1, "since": clock.now(), "because": UNFINISHED_RESTORE}
            connection.execute(sa.insert(ReadOnlyRow).values(row))
            connection.execute(sa.update(Stamp).values(value=new_stamp()))
        with engine.connect() as connection:
            facts = store_contents(connection)
            faults = list(faults_within(connection))
        rows = {**facts.rows, ReadOnlyRow.__tablename__: 1}
        told = {**manifest.rows, ReadOnlyRow.__tablename__: 1}
        faults += [
            f"table {name}: {rows.get(name)} rows, the manifest says {count}"
            for name, count in told.items()
            if rows.get(name) != count
        ]
        head = (facts.last_event_id, facts.last_event_hash)
        if head != (manifest.last_event_id, manifest.last_event_hash):
            faults.append(
                f"the last event is {head[0]}, the manifest says {manifest.last_event_id}"
            )
        if engine.dialect.name == "sqlite":
            with closing(engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                raw.cursor().execute("PRAGMA journal_mode=DELETE")
    finally:
        engine.dispose()
    if faults:
        lines = "\n".join(faults[:20])
        raise CannotMove(f"what was restored is not what was backed up:\n{lines}", code=NOT_EQUAL)


def unfinished_end(place: Place) -> str | None:
    """The hash of the last event of a restore that was cut off when the store was whole; None for any other
    place. Only what follows a restore is missing there.
    """
    if place.is_sqlite and not place.file.exists():
        return None
    engine = engine_on(place.url)
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            because = connection.scalar(sa.select(ReadOnlyRow.because))
            end = connection.scalar(sa.select(EventHead.last_hash))
        return end if because == UNFINISHED_RESTORE else None
    except sa.exc.DBAPIError:
        return None
    finally:
        engine.dispose()


@system_only
def restore_or_go_on(place: Place, backup: Path, *, key: Path | None, advance: Advance) -> Manifest:
    """Put a backup into an empty place, or go on where that was cut off. Raises CannotMove, OSError."""
    end = unfinished_end(place)
    if end is None:
        return restore_into(place, backup, key=key, advance=advance)
    manifest = manifest_of(backup, key)
    if manifest.last_event_hash != end:
        raise CannotMove("the restore that was cut off here was of another backup", code=NOT_EMPTY)
    return manifest
