"""Real `flask scheduler` and gunicorn processes on a real store, and the means to end them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.house.source import ROOT


def environment(url: str, mail: Path, **more: str) -> dict[str, str]:
    """The environment of a process on the store at `url`."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "a secret for tests, long enough to be one",
        "MAIL_DIR": str(mail),
        "PATUH_PASSWORD_COST": "low",
        "FLASK_APP": "wsgi",
        **more,
    }


class Scheduler:
    """One scheduler process."""

    def __init__(self, url: str, mail: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "scheduler"],
            cwd=ROOT,
            env=environment(url, mail),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, as an operator would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)


class Server:
    """One gunicorn with a worker of four threads, as `docs/running.md` starts it, on a free port."""

    def __init__(self, url: str, mail: Path, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        bind = f"127.0.0.1:{self.port}"
        options = ["--workers", "1", "--threads", "4", "--no-control-socket", "--bind", bind]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "wsgi:app"],
            cwd=ROOT,
            env=environment(url, mail, **more),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if not until(self._answers, seconds=60):
            self.stop()
            raise AssertionError("gunicorn does not answer")

    def _answers(self) -> bool:
        with suppress(OSError), self.connected() as client:
            client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            return b" 200 " in client.recv(100)
        return False

    def connected(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def kill(self) -> None:
        """kill -9 of the worker and of its master, as when the machine fails."""
        self.process.send_signal(signal.SIGSTOP)  # or it would begin another worker
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, at once."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


def until(
    happened: Callable[[], bool], *, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> bool:
    """Look again and again whether something has happened, for at most so many seconds."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        meanwhile()
        pause.wait(0.02)
    return happened()
