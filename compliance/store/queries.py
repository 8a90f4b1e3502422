"""Reads about the store as a whole: at which migration it is, how old its last good backup is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from compliance.core.db import db, read_rows
from compliance.core.outbox import HELD, Message
from compliance.store.models import LastBackup
from config import ROOT

_VERSION = sa.text("SELECT version_num FROM alembic_version")


def migration_of(connection: sa.Connection) -> str | None:
    """At which migration a store is; None when it has no tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(_VERSION)
    return version


def newest_migration() -> str:
    """The migration that this version of Patuh works with."""
    from alembic.script import ScriptDirectory  # not above: it takes long

    return str(ScriptDirectory(str(ROOT / "migrations")).get_current_head())


def last_backup() -> LastBackup | None:
    """The last backup that was completed; None before the first one. Its age is that of `made_at`."""
    return db.session.get(LastBackup, 1)


@dataclass(frozen=True)
class Care:
    """What an admin is told of the store on every page: when the last good backup was made, and how many
    mails wait for a person since a restore.
    """

    backup_made_at: datetime | None
    held_mails: int


_CARE = sa.select(
    sa.select(LastBackup.made_at).where(LastBackup.id == 1).scalar_subquery(),
    sa.select(sa.func.count()).select_from(Message).where(sa.text(HELD)).scalar_subquery(),
)


def care() -> Care:
    """What an admin is told; one read."""
    [row] = read_rows(_CARE)
    return Care(row[0], row[1])
