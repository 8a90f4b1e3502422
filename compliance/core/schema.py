"""The schema that this process was written for, beside the one that the store has.

The migrations are listed once, when a process starts: who pulls a newer version turns out nobody who still
works with the older one. Without alembic, which takes long to load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model
from config import ROOT

_MIGRATION = re.compile(r"(\d{4})_\w+\.py")
REVISIONS = tuple(
    sorted(
        found[1]
        for file in (ROOT / "migrations" / "versions").iterdir()
        if (found := _MIGRATION.fullmatch(file.name))
    )
)
"""The migrations that this process knows, oldest first."""
_VERSION = sa.text("SELECT version_num FROM alembic_version")
_OLDEST = sa.text("SELECT revision FROM schema_floors")


class SchemaFloor(Model):
    """The oldest migration whose processes may still work on this store: one row, which a migration raises
    when it takes away what older processes use.
    """

    __tablename__ = "schema_floors"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[str] = mapped_column(sa.String(32))


class NotItsSchema(Exception):
    """The store has no tables yet, or those of another version; the message is one line for an operator."""


@dataclass(frozen=True)
class Schema:
    """The migration at which a store is (None: it has no tables), and the oldest that may work on it."""

    revision: str | None
    floor: str | None = None
    own: str = REVISIONS[-1]

    @property
    def is_own(self) -> bool:
        """Whether it is the very schema of this process."""
        return self.revision == self.own

    @property
    def serves(self) -> bool:
        """Whether this process can answer requests on it: it is its own, or newer with all that it uses."""
        newer = self.revision is not None and self.revision > self.own
        return self.is_own or (newer and self.floor is not None and self.floor <= self.own)

    @property
    def problem(self) -> str | None:
        """Why commands and jobs do not work on it, with what to do; None when they do."""
        if self.is_own:
            return None
        if self.revision is None:
            return "the database has no tables of Patuh yet: run flask db upgrade"
        if self.revision in REVISIONS:
            return (
                f"the database is at migration {self.revision} and this Patuh needs {self.own}:"
                " run flask db upgrade"
            )
        return (
            f"the database is at migration {self.revision}, which this Patuh (up to {self.own}) does not"
            " know: start the newer version that made it"
        )


def schema_of(engine: sa.Engine) -> Schema:
    """The schema of the store, read now. Raises what the store says when it does not answer."""
    with engine.connect().execution_options(read_only=True) as connection:
        try:
            revision = max(connection.scalars(_VERSION).all(), default=None)
        except sa.exc.DBAPIError as error:
            if not is_missing(error):
                raise
            return Schema(None)
        if revision is None or revision in REVISIONS:
            return Schema(revision)
        try:
            return Schema(revision, connection.scalar(_OLDEST))
        except sa.exc.DBAPIError as error:
            if not is_missing(error):
                raise
            return Schema(revision)


def require_own_schema(engine: sa.Engine) -> None:
    """Raise NotItsSchema unless the store has the very schema of this process."""
    if (problem := schema_of(engine).problem) is not None:
        raise NotItsSchema(problem)


def is_missing(error: BaseException) -> bool:
    """Whether the store says that a table or column is not there."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate in ("42P01", "42703")
    return str(cause).startswith(("no such table", "no such column")) or " has no column " in str(
        cause
    )


class Gate:
    """Lets requests through as soon as the store was once seen with a schema that fits.

    A store does not go back; what a newer version took away since is noticed when a statement fails.
    """

    def __init__(self) -> None:
        self.is_open = False

    def try_to_open(self, engine: sa.Engine) -> bool:
        """Whether requests can be answered."""
        self.is_open = self.is_open or schema_of(engine).serves
        return self.is_open
