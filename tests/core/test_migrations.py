"""Upgrades of the store: one at a time, patient with their own work and impatient with locks, and told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core import migrations
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.schema import REVISIONS, schema_of

BEFORE = REVISIONS[REVISIONS.index("0056") - 1]


def test_a_store_that_is_current_is_left_alone_and_it_is_said(app: Flask) -> None:
    db.session.remove()
    told: list[str] = []
    migrations.upgrade(tell=told.append)
    assert told == [f"nothing to do: the database is at {REVISIONS[-1]}"]


def test_two_upgrades_do_not_run_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.remove()
    monkeypatch.setattr(migrations, "UPGRADE_WAIT_SECONDS", 0.0)
    with migrations.only_upgrade(db.engine):
        with (
            pytest.raises(click.ClickException, match="another upgrade"),
            migrations.only_upgrade(db.engine),
        ):
            pass
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert (result.exit_code, "another upgrade" in result.output) == (1, True)
    with migrations.only_upgrade(db.engine):
        pass  # and it is free again


def test_a_migration_has_no_limit_but_for_locks_and_leaves_the_connection_as_it_was(
    app: Flask,
) -> None:
    if not is_postgresql():
        return
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with db.engine.connect() as connection:

        def limits() -> list[str]:
            return [str(connection.scalar(sa.text(f"SHOW {name}"))) for name in names]

        before = limits()
        with migrations.unhurried(connection):
            assert limits() == ["0", "3s", "0"]
        assert limits() == before


def one_step_back() -> None:
    """The store as it was before the migration of this test, which made two tables."""
    with transaction():
        for table in ("scheduler_leases", "schema_floors"):
            db.session.execute(sa.text(f"DROP TABLE {table}"))
        db.session.execute(
            sa.text("UPDATE alembic_version SET version_num = :before"), {"before": BEFORE}
        )
    db.session.remove()


@contextmanager
def held(url: str) -> Iterator[psycopg.Connection]:
    """Somebody holds what the migration must write."""
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("SELECT * FROM alembic_version FOR UPDATE")
        yield other


def test_a_migration_that_gets_no_lock_lets_everybody_go_on_and_tries_again(
    app: Flask, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_postgresql():
        return
    monkeypatch.setattr(migrations, "LOCK_WAIT_MS", 50)
    monkeypatch.setattr(migrations, "PAUSE_BETWEEN_TRIES", 0.0)
    one_step_back()
    told: list[str] = []
    with held(database) as other:

        def tell(line: str) -> None:
            told.append(line)
            if len(told) == 2:
                other.rollback()

        migrations.upgrade("0056", tell=tell)
    assert told == [
        "a table is in use: trying again in 0 seconds",
        "a table is in use: trying again in 0 seconds",
        "  0056  The oldest version that may work on the store, and the lease of the scheduler that leads",
        f"from {BEFORE} to 0056: 1 migration",
    ]
    assert schema_of(db.engine).revision == "0056"


def test_a_store_that_nobody_frees_ends_the_upgrade_in_one_line(
    app: Flask, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_postgresql():
        return
    monkeypatch.setattr(migrations, "LOCK_WAIT_MS", 20)
    monkeypatch.setattr(migrations, "PAUSE_BETWEEN_TRIES", 0.0)
    monkeypatch.setattr(migrations, "TRIES", 2)
    one_step_back()
    with held(database):
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 1
    first, last = result.output.splitlines()
    assert first == "a table is in use: trying again in 0 seconds"
    assert last.startswith("Error: the database is locked by others")
