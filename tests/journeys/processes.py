"""Real `flask scheduler` processes on a real store, and the means to kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
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
