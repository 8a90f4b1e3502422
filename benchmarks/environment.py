"""Where the benchmarks stand, and the environment of every process of the application that they start."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from uuid import uuid4

from benchmarks.postgres import binaries

ROOT = Path(__file__).parents[1]
SECRET = "a secret for benchmarks, long enough to be one"
SEAL_KEY = "a-key-for-the-seals-of-benchmarks"
MAIL = Path(tempfile.gettempdir()) / f"patuh-bench-mail-{os.getpid()}"
"""Where the mails go; removed at the end."""
FILES = Path(f"{MAIL}-files")
"""Where photos and letters go; removed at the end."""
CLOCKED = "benchmarks.clocked"
"""The FLASK_APP on the day of the benchmarks' data."""


def environment(url: str, *, app: str = CLOCKED) -> dict[str, str]:
    """The environment of a process that works on the store at `url`."""
    programs = binaries()  # for pg_dump and pg_restore
    path = os.environ["PATH"]
    return {
        **os.environ,
        "PATH": f"{programs}:{path}" if programs else path,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "PATUH_PASSWORD_COST": "low",
        "FLASK_APP": app,
        "MAIL_DIR": str(MAIL),
        "PATUH_FILES": f"file://{FILES}",
        "PATUH_SEAL_KEY": SEAL_KEY,
        "PATUH_SEALS_FILE": str(MAIL / f"seals-{uuid4().hex}.txt"),
    }
