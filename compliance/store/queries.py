"""Reads about the store as a whole: at which migration it is."""

from __future__ import annotations

import sqlalchemy as sa

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
