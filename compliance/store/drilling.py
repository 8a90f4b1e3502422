"""The restore drill: the newest backup is restored beside the living store, looked at, and taken away."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import EventHead
from compliance.policy import system_only
from compliance.store.archives import Manifest
from compliance.store.backing_up import backups_in, workshop
from compliance.store.dumping import engine_on
from compliance.store.models import LastBackup
from compliance.store.proving import Advance
from compliance.store.restoring import Place, restore_into
from compliance.store.rules import OUT_OF_REACH, CannotMove
from compliance.store.tables import plain_tables


@dataclass(frozen=True)
class Drill:
    """What a drill found: how long the restore took, and what would be lost if the store were gone now."""

    backup: Path
    manifest: Manifest
    seconds: float
    age: timedelta
    events_since: int
    rows_since: dict[str, int]


@system_only
def drill(folder: Path, *, key: Path | None, advance: Advance) -> Drill:
    """Restore the newest backup of a folder beside the living store. Raises CannotMove, OSError."""
    made = backups_in(folder) if folder.is_dir() else {}
    if not made:
        raise CannotMove(f"there is no backup in {folder}")
    newest = max(made)
    began = time.monotonic()
    with _beside() as place:
        manifest = restore_into(place, made[newest], key=key, advance=advance)
        seconds = time.monotonic() - began
    now = datetime.fromisoformat(manifest.made_at)
    with db.engine.connect().execution_options(read_only=True) as connection:
        events = connection.scalar(sa.select(EventHead.last_id)) or 0
        rows = {table.name: table.count(connection) for table in plain_tables()}
    lost = {
        name: count - manifest.rows.get(name, 0)
        for name, count in rows.items()
        if count > manifest.rows.get(name, 0) and name != LastBackup.__tablename__
    }
    return Drill(
        made[newest],
        manifest,
        seconds,
        clock.now() - now,
        events - manifest.last_event_id,
        lost,
    )


@contextmanager
def _beside() -> Iterator[Place]:
    """An empty place beside the living store, which is gone after the block."""
    url = db.engine.url
    if url.drivername == "sqlite":
        with workshop() as folder:
            yield Place(make_url(f"sqlite:///{folder / 'drill.sqlite3'}"), keep_files=False)
        return
    name = f"patuh_drill_{secrets.token_hex(4)}"
    engine = engine_on(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            try:
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
            except sa.exc.DBAPIError as error:
                line = str(error.orig).strip().splitlines()[0]
                raise CannotMove(
                    f"no database for the drill: {line} (the user needs CREATEDB)",
                    code=OUT_OF_REACH,
                ) from None
            try:
                yield Place(url.set(database=name), keep_files=False)
            finally:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        engine.dispose()
