"""What every test stands on: a fresh real store, the application, the cast, a clock that is told the time."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from compliance import create_app, demo
from compliance.admin.first_start.views import BEGUN
from compliance.core.db import PatuhSession, db
from compliance.core.seals import use_seals_file
from config import Config
from tests.browser import Browser
from tests.budgets import (  # noqa: F401  (pytest finds the hooks here)
    pytest_runtest_call,
    pytest_sessionfinish,
    pytest_terminal_summary,
)
from tests.cast import Cast, hire
from tests.stores import PostgreSQLStore, SQLiteStore, postgresql_server

MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4_000_000_000:
    os.environ.setdefault(
        "PYTEST_DEBUG_TEMPROOT", str(MEMORY)
    )  # nothing here outlives a test: wait for no disk
# What a backup of one process leaves half done, another one whose clock is in the future would clear away.
# Short: the address of a socket lies there, too.
tempfile.tempdir = tempfile.mkdtemp(prefix="pt-")
atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)
hypothesis.settings.register_profile("patuh", deadline=None)  # a busy machine is no bug
hypothesis.settings.load_profile("patuh")

SEAL_KEY = "a-key-for-the-seals-of-tests-long-enough"
os.environ["PATUH_SEAL_KEY"] = SEAL_KEY  # processes that a test starts seal by the same key
STORES = ("sqlite", "postgresql")
WITA = ZoneInfo("Asia/Makassar")
FIRST_DAY = "2026-11-30 09:00"  # a Monday; three months on lies Sunday, 28 February 2027


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store", default=",".join(STORES), help="stores to test on: sqlite, postgresql, or both"
    )
    parser.addoption(
        "--guide", action="store_true", help="write docs/guide with its pictures while walking it"
    )
    parser.addoption(
        "--keep-budgets", action="store_true", help="fail when a test costs too much CPU"
    )
    parser.addoption(
        "--every-cell",
        action="store_true",
        help="axe in all languages × themes × widths, not only in pairs",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" in metafunc.fixturenames:
        stores = metafunc.config.getoption("--store").split(",")
        if metafunc.definition.get_closest_marker("one_store"):
            stores = stores[:1]
        metafunc.parametrize("store", stores, indirect=True, scope="session")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The contents of a file are no name for a test: a workbook holds the second it was made in,
    so that two workers of xdist would collect different tests, and none would run."""
    if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 200):
        return argname
    return None


def pytest_collection_finish() -> None:
    """Whatever is loaded by now stays: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_server() as address:
        yield address


@pytest.fixture(scope="session")
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SQLiteStore | PostgreSQLStore:
    """The store under test, with a migrated template that already knows the cast."""
    made: SQLiteStore | PostgreSQLStore
    if request.param == "sqlite":
        made = SQLiteStore(tmp_path_factory.mktemp("sqlite"))
    else:
        server = request.getfixturevalue("postgresql")
        made = PostgreSQLStore(server, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    with time_machine.travel(datetime.fromisoformat(FIRST_DAY).replace(tzinfo=WITA), tick=False):
        app = create_app(a_config(made.template_url, tmp_path_factory.mktemp("mail")))
        with app.app_context():
            upgrade()
            made.cast = hire()  # type: ignore[union-attr]
            db.session.remove()
            if made.name == "sqlite":
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("BEGIN")
            db.engine.dispose()
    return made


def a_config(url: str, mail: Path, **more: str) -> Config:
    """The configuration of a test application."""
    return Config.read(
        {
            "DATABASE_URL": url,
            "SECRET_KEY": "a secret for tests, long enough to be one",
            "MAIL_DIR": str(mail),
            "PATUH_PASSWORD_COST": "low",
            "PATUH_SEAL_KEY": SEAL_KEY,
            "PATUH_SEALS_FILE": str(mail / "seals.txt"),
            **more,
        }
    )


@pytest.fixture(scope="session")
def _app(
    store: SQLiteStore | PostgreSQLStore,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Flask:
    made = create_app(a_config(store.url, tmp_path_factory.mktemp("mail")))
    if cache := getattr(pytestconfig, "cache", None):
        made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(cache.mkdir("templates")))
    made.extensions[BEGUN] = True  # the cast works here: no first page asks
    PatuhSession.follows_up = False  # a test that reads letters runs the job that sets them
    made.extensions["patuh_after"].every_seconds = 0  # no test waits for a note of reading
    made.extensions["patuh_gate"].is_open = True  # no test counts the one look at the schema
    return made


@pytest.fixture
def database(store: SQLiteStore | PostgreSQLStore, _app: Flask) -> Iterator[str]:
    """A fresh copy of the template; its address."""
    store.renew()
    yield store.url
    with _app.app_context():
        db.session.remove()
        _app.extensions["patuh_after"].kept.clear()
        _app.extensions["patuh_security"].rows.clear()
        if store.name == "sqlite":
            db.engine.dispose()  # its file is about to be another one


@pytest.fixture
def app(database: str, _app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh store, inside an application context, on the first day at nine."""
    _app.config["MAIL_DIR"] = tmp_path / "mail"
    _app.config["PATUH_FILES"] = f"file://{tmp_path}/files"
    use_seals_file(tmp_path / "seals.txt")
    with (
        time_machine.travel(datetime.fromisoformat(FIRST_DAY).replace(tzinfo=WITA), tick=False),
        _app.app_context(),
    ):
        yield _app


@pytest.fixture
def cast(store: SQLiteStore | PostgreSQLStore) -> Cast:
    """The people of the tests."""
    found: Cast = store.cast  # type: ignore[union-attr]
    return found


@pytest.fixture
def at(app: Flask) -> Iterator[Callable[[str], None]]:
    """Move the clock: at("2027-03-02 08:00"), in office time.

    Sessions are begun anew, as by a new request.
    """
    travels: list[time_machine.travel] = []

    def move(moment: str) -> None:
        if len(moment) == 10:
            moment += " 09:00"
        db.session.remove()
        travel = time_machine.travel(
            datetime.fromisoformat(moment).replace(tzinfo=WITA), tick=False
        )
        travel.start()
        travels.append(travel)

    yield move
    for travel in reversed(travels):
        travel.stop()


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """A new browser, signed in as a member of the cast: browser("ina"); browser() is a stranger's."""

    def open_browser(who: str | None = None, language: str = "id") -> Browser:
        opened = Browser(app)
        if who is not None:
            opened.come_in(f"{who}@contoh.example")
        if language != "id":
            opened.post(f"/language/{language}", next="/help")
        return opened

    return open_browser


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo's NTT: a lively province, to look at and not to change."""
    folder: Path = tmp_path_factory.mktemp("province")
    app = create_app(a_config(f"sqlite:///{folder / 'demo.sqlite3'}", folder / "mail"))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(PatuhSession, "follows_up", True)  # the demo's letters are set as by a server
        upgrade()
        demo.fill()
    return app
