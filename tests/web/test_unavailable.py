"""A store that is busy, full, away or takes no writes: 503 and when to try again, never 500."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from compliance import create_app
from compliance.companies.models import Company
from compliance.core import availability
from compliance.core import db as store_of
from compliance.core.availability import AWAY, BUSY, FULL, READ_ONLY, unavailable
from compliance.core.db import db, is_postgresql, transaction
from compliance.people.commands.accounts import add_token
from tests.browser import Browser, as_a_request_of_its_own
from tests.conftest import a_config
from tests.factories import user

COMPANY = {"name": "PT Contoh Penuh", "region_code": "53.71"}
WORDS = {
    BUSY: "Patuh sedang sibuk",
    FULL: "Ruang penyimpanan server penuh",
    AWAY: "Penyimpanan data sedang tidak terjangkau",
    READ_ONLY: "Untuk sementara Patuh hanya dapat dibaca",
}


@contextmanager
def each_transaction(begins_with: Callable[[sa.Connection], None]) -> Iterator[None]:
    db.session.rollback()
    sa.event.listen(db.engine, "begin", begins_with)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "begin", begins_with)


@contextmanager
def busy() -> Iterator[None]:
    """Somebody else is writing, and does not end."""

    def not_for_long(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = 50")

    with db.engine.connect() as other, other.begin():
        if not is_postgresql():
            yield
            return
        other.exec_driver_sql("LOCK TABLE companies, users IN ACCESS EXCLUSIVE MODE")
        with each_transaction(not_for_long):
            yield


@contextmanager
def read_only() -> Iterator[None]:
    def no_writes(connection: sa.Connection) -> None:
        way = "SET TRANSACTION READ ONLY" if is_postgresql() else "PRAGMA query_only=1"
        connection.exec_driver_sql(way)

    with each_transaction(no_writes):
        yield
    db.engine.dispose()


@contextmanager
def full() -> Iterator[None]:
    """No page more for SQLite. What fills the disk of a PostgreSQL is not ours to try."""

    def no_page_more(connection: sa.Connection) -> None:
        if is_postgresql():
            raise psycopg.errors.DiskFull
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.exec_driver_sql("CREATE TABLE of_others AS SELECT zeroblob(100000)")

    with each_transaction(no_page_more):
        yield
    db.engine.dispose()


def seen(answer: TestResponse, trouble: str) -> None:
    """A refusal that says what is the matter and when to come again."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert WORDS[trouble] in answer.text
    if answer.mimetype == "text/html":
        assert answer.text.count("<h1>") == 1
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    else:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["status"] == 503


def ask_everywhere(app: Flask, browser: Browser, secret: str) -> Iterator[TestResponse]:
    """Something that writes, by a page and by the API."""
    form = {**COMPANY, "csrf_token": browser.token}
    yield as_a_request_of_its_own(browser.client.post, "/companies/new", data=form)
    bearer = {"Authorization": f"Bearer {secret}"}
    program = app.test_client()
    yield as_a_request_of_its_own(program.post, "/api/v1/companies", json=COMPANY, headers=bearer)


@pytest.mark.parametrize(("trouble", "state"), [(BUSY, busy), (READ_ONLY, read_only), (FULL, full)])
def test_who_writes_meanwhile_is_told_so_and_nothing_is_kept(
    app: Flask, browser, monkeypatch: pytest.MonkeyPatch, trouble: str, state: Any
) -> None:
    monkeypatch.setattr(store_of, "BUSY_TIMEOUT_MS", 50)
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="uji coba")
    ina = browser("ina")
    ina.get("/companies/new")
    with state():
        for answer in ask_everywhere(app, ina, secret):
            seen(answer, trouble)
    db.session.rollback()
    assert db.session.query(Company).count() == 0
    answers = list(ask_everywhere(app, ina, secret))  # and all is well again
    assert [answer.status_code for answer in answers] != [503, 503]
    assert db.session.query(Company).count() >= 1


def test_a_store_that_fails_at_the_commit_is_told_too(app: Flask, browser) -> None:
    ina = browser("ina")
    ina.get("/companies/new")
    sa.event.listen(db.engine, "commit", no_room)
    try:
        form = {**COMPANY, "csrf_token": ina.token}
        answer = as_a_request_of_its_own(ina.client.post, "/companies/new", data=form)
    finally:
        sa.event.remove(db.engine, "commit", no_room)
    seen(answer, FULL)
    assert db.session.query(Company).count() == 0


@pytest.mark.one_store
@pytest.mark.usefixtures("database")
def test_a_store_that_is_away_is_told_in_the_language_of_the_browser(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}", "postgresql://127.0.0.1:9/patuh?connect_timeout=2"):
        app = create_app(a_config(url, tmp_path / "mail"))
        browser = app.test_client()
        browser.set_cookie("patuh_session", "somebody")
        seen(browser.get("/"), AWAY)
        seen(browser.get("/api/v1/cases", headers={"Authorization": "Bearer x"}), AWAY)
        browser.set_cookie("language", "en")
        assert "The data store cannot be reached" in browser.get("/").text


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (psycopg.errors.TooManyConnections(), BUSY),
        (psycopg.errors.SerializationFailure(), BUSY),
        (psycopg.errors.DeadlockDetected(), BUSY),
        (psycopg.errors.LockNotAvailable(), BUSY),
        (psycopg.errors.QueryCanceled(), BUSY),
        (psycopg.errors.OutOfMemory(), BUSY),
        (psycopg.OperationalError("FATAL:  sorry, too many clients already"), BUSY),
        (sa.exc.TimeoutError("QueuePool limit of size 8 overflow 10 reached"), BUSY),
        (psycopg.errors.DiskFull(), FULL),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (psycopg.errors.AdminShutdown(), AWAY),
        (psycopg.errors.CannotConnectNow(), AWAY),
        (psycopg.errors.ConnectionFailure(), AWAY),
        (psycopg.OperationalError("the connection is closed"), AWAY),
        (psycopg.errors.ReadOnlySqlTransaction(), READ_ONLY),
        (OSError(errno.EROFS, "Read-only file system"), READ_ONLY),
        (psycopg.errors.UndefinedTable(), None),
        (psycopg.errors.UniqueViolation(), None),
        (sqlite3.OperationalError("no such table: x"), None),
        (OSError(errno.ENOENT, "No such file or directory"), None),
        (KeyError("x"), None),
    ],
)
def test_what_passes_is_told_from_what_is_a_bug(error: Exception, trouble: str | None) -> None:
    told = unavailable(error)
    assert (None if told is None else WORDS[trouble or ""] in str(told.reason)) == (
        None if trouble is None else True
    )


def no_room(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_readyz_notices_that_nothing_can_be_written(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writing() -> str:
        answer = as_a_request_of_its_own(app.test_client().get, "/readyz")
        said = str(answer.json["checks"]["writing"])
        assert answer.status_code == (200 if said == "ok" else 503)
        return said

    monkeypatch.setattr(availability, "WRITING_WAIT_MS", 50)
    assert writing() == "ok"
    with read_only():
        assert writing() == "read-only"
    if is_postgresql():
        return  # one writer keeps no other away, and its disk is not ours
    with busy():
        assert writing() == "busy"
    monkeypatch.setattr(os, "posix_fallocate", no_room)
    assert writing() == "no room left"
    db.session.rollback()
    assert db.session.execute(sa.text("PRAGMA user_version")).scalar() == 0
