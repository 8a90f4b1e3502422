"""A second store of each kind, upgraded and empty, and commands that run in a process that may be killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import Engine, make_url

from compliance import create_app
from compliance.core.db import db
from tests.conftest import a_config
from tests.stores import PostgreSQLStore, _binaries

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """`flask` with these words, in this process; nothing of it is a traceback."""

    def invoke(*words: str) -> Result:
        db.session.remove()
        result = app.test_cli_runner().invoke(args=list(words))
        db.session.remove()
        assert "Traceback" not in result.output, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(
            result.exception
        )
        return result

    return invoke


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as `flask db upgrade` leaves it."""
    folder = tmp_path_factory.mktemp("upgraded")
    file = folder / "upgraded.sqlite3"
    _upgrade(f"sqlite:///{file}", folder)
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def _upgrade(url: str, folder: Path) -> None:
    app = create_app(a_config(url, folder))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


class Server:
    """A PostgreSQL server, on which databases are made for a test."""

    def __init__(self, address: str) -> None:
        self.url = make_url(address).set(drivername="postgresql+psycopg")

    def make(self, name: str, template: str = "template1") -> str:
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url.set(database=name).render_as_string(False)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def server(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, with an upgraded and empty database `upgraded` as a template."""
    made, tag = Server(postgresql), os.environ.get("PYTEST_XDIST_WORKER", "main")
    made.upgraded = f"upgraded_{tag}"  # type: ignore[attr-defined]
    made.drop(made.upgraded)  # type: ignore[attr-defined]
    url = made.make(made.upgraded)  # type: ignore[attr-defined]
    _upgrade(url, tmp_path_factory.mktemp("server"))
    yield made
    made.drop(made.upgraded)  # type: ignore[attr-defined]


@pytest.fixture
def sqlite_target(upgraded: Path, tmp_path: Path) -> str:
    shutil.copyfile(upgraded, tmp_path / "target.sqlite3")
    return f"sqlite:///{tmp_path / 'target.sqlite3'}"


@pytest.fixture
def postgresql_target(server: Server) -> Iterator[str]:
    name = f"target_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server.drop(name)
    yield server.make(name, server.upgraded)  # type: ignore[attr-defined]
    server.drop(name)


@pytest.fixture
def other_target(store: object, request: pytest.FixtureRequest) -> str:
    """An empty store of the other kind."""
    kind = "sqlite_target" if isinstance(store, PostgreSQLStore) else "postgresql_target"
    return str(request.getfixturevalue(kind))


@pytest.fixture
def engine_of() -> Iterator[Callable[[str], Engine]]:
    """A plain engine on an address."""
    made: list[Engine] = []

    def engine(url: str) -> Engine:
        made.append(sa.create_engine(url))
        return made[-1]

    yield engine
    for each in made:
        each.dispose()


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore, as on a machine where they are installed."""
    monkeypatch.setenv("PATH", f"{_binaries()}:{os.environ['PATH']}")
