"""P12: the start of a `flask` command, beside the bare import of the libraries it cannot do without."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from benchmarks.environment import ROOT, environment
from benchmarks.measuring import Table, medians, ms, times
from benchmarks.running import Run

IMPORTS = "import flask, sqlalchemy.orm, wtforms, apscheduler.schedulers.background"
COMMANDS = (("jobs", "list"), ("user", "--help"), ("--help",))


def measure(run: Run) -> list[Table]:
    store = next(run.all(run.sizes[:1]))
    table = Table(
        "P12 Start of a command: CPU", ("command", "CPU", "bare import", "ratio (goal ≤ 1.3)")
    )
    commands = COMMANDS[:1] if run.is_trial else COMMANDS
    programs = {
        words: _starts([sys.executable, "-m", "flask", *words], store.url) for words in commands
    }
    bare = _starts([sys.executable, "-c", IMPORTS], store.url)
    figures = medians(run.rounds, {**programs, (): bare})
    for words in commands:
        cpu = figures[words]
        table.rows.append(
            (f"flask {' '.join(words)}", ms(cpu), ms(figures[()]), times(cpu, figures[()]))
        )
    table.notes.append(
        "The bare import: Flask, SQLAlchemy with its ORM, WTForms and APScheduler's scheduler."
    )
    return [table]


def _starts(command: list[str], url: str) -> Callable[[int], float]:
    """A process from its start to its end, and the CPU that it used."""
    environ = environment(url, app="wsgi")

    def go(_turn: int) -> float:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        return usage.ru_utime + usage.ru_stime

    return go
