"""Whether the process lives, can serve, and whether the scheduler runs: three questions, three addresses."""

from __future__ import annotations

import json
import signal
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import create_app
from compliance.core.db import db, transaction
from compliance.core.jobs import beat
from compliance.core.schema import REVISIONS
from config import ROOT, VERSION
from tests.browser import as_a_request_of_its_own
from tests.conftest import a_config
from tests.journeys.processes import Server, until

WELL = {"database": "ok", "writing": "ok", "migrations": "ok", "process": "ok"}
NEWER = f"{int(REVISIONS[-1]) + 1:04}"


def asked(app: Flask, path: str) -> tuple[int, dict[str, str]]:
    db.session.remove()
    answer = as_a_request_of_its_own(app.test_client().get, path)
    assert answer.json is not None
    return answer.status_code, answer.json["checks"]


def at_migration(revision: str) -> None:
    with transaction():
        db.session.execute(
            sa.text("UPDATE alembic_version SET version_num = :to"), {"to": revision}
        )
    db.session.remove()


def floor_at(revision: str) -> None:
    with transaction():
        db.session.execute(sa.text("UPDATE schema_floors SET revision = :to"), {"to": revision})
    db.session.remove()


def test_beatz_is_red_without_a_beat_green_after_one_and_red_when_it_stops(app: Flask, at) -> None:
    status, checks = asked(app, "/beatz")
    assert (status, "no beat" in checks["scheduler"]) == (503, True)
    beat()
    assert asked(app, "/beatz") == (200, {"scheduler": "ok"})
    at("2026-11-30 09:06")
    assert asked(app, "/beatz")[0] == 503


def test_a_silent_scheduler_turns_nobody_out(app: Flask) -> None:
    assert asked(app, "/readyz") == (200, WELL)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "run flask db upgrade"),
        ("DELETE FROM alembic_version", "no tables of Patuh yet"),
        ("DROP TABLE alembic_version", "no tables of Patuh yet"),
    ],
)
def test_readyz_is_red_on_a_schema_that_is_not_this_processes(
    app: Flask, change: str, said: str
) -> None:
    with transaction():
        db.session.execute(sa.text(change))
    status, checks = asked(app, "/readyz")
    assert (status, said in checks["migrations"]) == (503, True), checks


def test_a_newer_schema_is_served_until_it_takes_away_what_this_process_uses(app: Flask) -> None:
    """Old and new version run side by side while one host after the other is upgraded."""
    at_migration(NEWER)
    assert asked(app, "/readyz") == (200, WELL)
    floor_at(NEWER)
    status, checks = asked(app, "/readyz")
    assert (status, f"at migration {NEWER}" in checks["migrations"]) == (503, True)


def test_migrations_that_were_pulled_since_the_start_turn_nobody_out(app: Flask) -> None:
    """The list was read when the process started: a file more beside the old ones does not count."""
    file = Path(app.extensions["migrate"].directory) / "versions" / f"{NEWER}_pulled_meanwhile.py"
    file.touch()
    try:
        assert asked(app, "/readyz") == (200, WELL)
    finally:
        file.unlink()


@pytest.mark.one_store
def test_a_store_that_is_away_is_neither_ready_nor_beating(tmp_path: Path) -> None:
    app = create_app(a_config("postgresql://127.0.0.1:9/patuh", tmp_path))
    with app.app_context():
        status, checks = asked(app, "/readyz")
        assert (status, checks["database"]) == (503, "does not answer")
        said = {"scheduler": "not known: the database does not answer"}
        assert asked(app, "/beatz") == (503, said)


def test_healthz_says_only_that_the_process_lives_and_of_which_version(app: Flask) -> None:
    assert app.test_client().get("/healthz").json == {"status": "ok", "version": VERSION}
    made_of = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert made_of == VERSION


@pytest.mark.parametrize("path", ["/login", "/", "/api/v1/cases", "/no-such-page"])
@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num = '0001'", "DROP TABLE alembic_version"],
)
def test_pages_and_api_wait_for_the_schema_of_this_version(
    app: Flask, monkeypatch: pytest.MonkeyPatch, change: str, path: str
) -> None:
    gate = app.extensions["patuh_gate"]
    monkeypatch.setattr(gate, "is_open", False)
    before = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    with transaction():
        db.session.execute(sa.text(change))
    answer = as_a_request_of_its_own(app.test_client().get, path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Patuh sedang disiapkan atau diperbarui" in answer.text
    assert app.test_client().get("/healthz").status_code == 200
    with transaction():
        if "DROP" in change:
            db.session.execute(sa.text("CREATE TABLE alembic_version (version_num varchar(32))"))
            db.session.execute(sa.text("INSERT INTO alembic_version VALUES ('')"))
        db.session.execute(sa.text(f"UPDATE alembic_version SET version_num = '{before}'"))
    assert as_a_request_of_its_own(app.test_client().get, path).status_code != 503
    assert gate.is_open, "and nobody asks again"


def test_what_a_newer_version_took_away_is_no_mistake_of_this_one(app: Flask, browser: Any) -> None:
    ina = browser("ina")
    at_migration(NEWER)
    floor_at(NEWER)
    with transaction():
        db.session.execute(sa.text("ALTER TABLE plan_entries RENAME TO of_before"))
    answer = as_a_request_of_its_own(ina.client.get, "/plan")
    assert answer.status_code == 503
    assert "Patuh sedang disiapkan atau diperbarui" in answer.text


class Slow:
    """A request whose second half is still to be sent."""

    def __init__(self, server: Server) -> None:
        self.client = server.connected()
        body = b"email=x&password=y"
        head = (
            "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.client.sendall(head.encode() + body[:5])
        self.rest = body[5:]

    def ends_with(self) -> bytes:
        with self.client as client:
            client.sendall(self.rest)
            return client.recv(100)


@pytest.mark.one_store
@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_server_that_is_told_to_end_says_so_first_and_finishes_what_it_began(
    app: Flask, database: str, tmp_path: Path
) -> None:
    server = Server(database, tmp_path / "mail", PATUH_DRAIN_SECONDS="1")

    def ask(path: str) -> tuple[int, dict[str, str]]:
        with suppress(OSError, ValueError), server.connected() as client:
            client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            head, _, body = b"".join(iter(lambda: client.recv(4000), b"")).partition(b"\r\n\r\n")
            return int(head.split()[1]), json.loads(body).get("checks", {})
        return 0, {}

    try:
        assert ask("/readyz") == (200, WELL)
        slow = Slow(server)
        until(lambda: False, seconds=0.2)  # it is being read by now
        server.process.send_signal(signal.SIGTERM)
        ends: Callable[[], bool] = lambda: ask("/readyz")[0] == 503  # noqa: E731
        assert until(ends, seconds=1)
        assert ask("/healthz")[0] == 200, "who still comes is served"
        assert ask("/readyz")[1] == {**WELL, "process": "is about to end"}
        until(lambda: False, seconds=1.2)  # it takes no connections any more
        assert slow.ends_with().startswith(b"HTTP/1.1 4")
        assert server.process.wait(10) == 0
    finally:
        server.stop()
