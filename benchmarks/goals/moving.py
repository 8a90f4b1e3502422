"""P15: the store backed up, restored beside itself and copied: seconds, for an office that waits for it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.environment import ROOT, environment
from benchmarks.measuring import Table, count
from benchmarks.running import Run
from benchmarks.working import Worker


def measure(run: Run) -> list[Table]:
    table = Table(
        "P15 Backup, restore drill and copy: seconds",
        ("store", "companies", "backup", "its file", "restore drill", "copy to SQLite", "memory"),
    )
    for store in run.all():
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="patuh-bench-")))
            worker = Worker(store.url, stack, store.cpu)
            backed_up = worker.run("backup", str(folder / "backups"), "--without-files")
            [backup] = (folder / "backups").glob("*.tar")
            size = backup.stat().st_size
            drill = worker.run("backup", "drill", str(folder / "backups"))
            copied = _copy(worker, folder / "copy.sqlite3")
            memory = worker.run("--help").memory
        table.rows.append(
            (
                store.kind,
                count(store.size),
                f"{backed_up.seconds:.1f} s",
                f"{size / 1e6:.0f} MB",
                f"{drill.seconds:.1f} s",
                f"{copied:.1f} s",
                f"{memory:.0f} MB",
            )
        )
    table.notes.append("Goal for a restore at 100,000 companies: ≤ 5 minutes. Each is done once.")
    return [table]


def _copy(worker: Worker, file: Path) -> float:
    url = f"sqlite:///{file}"
    upgrade = [sys.executable, "-m", "flask", "db", "upgrade"]
    subprocess.run(
        upgrade, cwd=ROOT, env=environment(url, app="wsgi"), check=True, capture_output=True
    )
    worker.run("store", "read-only", "on")
    try:
        return worker.run("store", "copy", url).seconds
    finally:
        worker.run("store", "read-only", "off")
