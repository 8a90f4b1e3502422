"""The migrations of the store, through Flask-Migrate: one upgrade at a time, step by step, in words.

A migration may take as long as it needs, but waits only seconds for a lock: while it waits, everybody else
waits behind it. It loads alembic, which takes long: a command imports this module only when it is about
migrations.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_migrate import upgrade as run_migrations
from flask_migrate.cli import db as commands

from compliance.core.availability import is_busy
from compliance.core.db import db
from compliance.core.schema import REVISIONS, NotItsSchema, schema_of
from config import ROOT

UPGRADE_LOCK = 7_280_412
"""An arbitrary number that means "Patuh's migrations"; the scheduler's is the one before it."""
UPGRADE_WAIT_SECONDS = 600.0
"""So long an upgrade waits for another one to end."""
LOCK_WAIT_MS = 3000
TRIES = 20
PAUSE_BETWEEN_TRIES = 2.0
_POLL_SECONDS = 0.2
_LISTENER = "patuh_migration_listener"


def install(app: Flask) -> click.Group:
    """Tell Flask-Migrate of the store and its migrations; the commands of `flask db`."""
    ours = app.cli.commands.get("db")
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    if ours is not None:  # Flask-Migrate puts its own in its place, which tells no trouble in words
        app.cli.add_command(ours)
    group: click.Group = commands
    group.add_command(upgrade_store)
    return group


@click.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade_store(revision: str) -> None:
    """Bring the database to the schema of this Patuh, and say what was done.

    Several at once wait for each other. A migration that does not get a lock within seconds lets everybody
    else go on and tries again.
    """
    upgrade(revision, tell=click.echo)


def upgrade(revision: str = "head", *, tell: Callable[[str], None]) -> None:
    """Run the migrations up to `revision`. Raises NotItsSchema for the store of a newer version."""
    before = schema_of(db.engine)
    if before.revision is not None and before.revision not in REVISIONS:
        raise NotItsSchema(before.problem)
    made: list[str] = []

    def note(number: str, name: str) -> None:
        made.append(number)
        tell(f"  {number}  {name}")

    current_app.extensions[_LISTENER] = note
    for tries_left in reversed(range(TRIES)):
        try:
            run_migrations(revision=revision)
            break
        except sa.exc.OperationalError as error:
            if not tries_left or not is_busy(error):
                raise
            tell(f"a table is in use: trying again in {PAUSE_BETWEEN_TRIES:.0f} seconds")
            time.sleep(PAUSE_BETWEEN_TRIES)
    now = schema_of(db.engine).revision
    if made:
        counted = "1 migration" if len(made) == 1 else f"{len(made)} migrations"
        tell(f"from {before.revision or 'an empty database'} to {now}: {counted}")
    else:
        tell(f"nothing to do: the database is at {now}")


def note_step(step: Any, **_more: Any) -> None:
    """Tell whoever upgrades that a migration was run."""
    listener = current_app.extensions.get(_LISTENER)
    if listener is not None:
        listener(step.up_revision.revision, step.up_revision.doc.rstrip("."))


@contextmanager
def unhurried(connection: sa.Connection) -> Iterator[None]:
    """What a migration does on this connection may take as long as it needs, and waits only a moment for
    locks.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    limits = {
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        "lock_timeout": str(LOCK_WAIT_MS),
    }
    for name, value in limits.items():
        connection.exec_driver_sql(f"SET {name} = {value}")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        for name in limits:
            connection.exec_driver_sql(f"RESET {name}")
        connection.commit()


@contextmanager
def only_upgrade(engine: sa.Engine) -> Iterator[None]:
    """Hold the lock of those who migrate this store. Raises TimeoutError when another one never ends."""
    if engine.dialect.name == "sqlite":
        with Path(f"{engine.url.database}.upgrade").open("w") as file:
            _wait_for(lambda: _locks(file.fileno()))
            yield
        return
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        key = {"key": UPGRADE_LOCK}
        ask = sa.text("SELECT pg_try_advisory_lock(:key)")
        _wait_for(lambda: bool(connection.scalar(ask, key)))
        try:
            yield
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)


def _locks(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _wait_for(lock: Callable[[], bool]) -> None:
    deadline = time.monotonic() + UPGRADE_WAIT_SECONDS
    while not lock():
        if time.monotonic() > deadline:
            raise click.ClickException("another upgrade of this database does not end")
        time.sleep(_POLL_SECONDS)
