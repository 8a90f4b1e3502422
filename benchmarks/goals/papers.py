"""P7: a letter is set. The same source and facts go through typst alone beside it; memory stays flat."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.environment import ROOT, environment
from benchmarks.measuring import Table, count, ms, times
from benchmarks.running import Run

PAIRS, LETTERS = 40, 10_000


def measure(run: Run) -> list[Table]:
    return [_letters(run)]


def _letters(run: Run) -> Table:
    store = next(run.all(run.sizes[:1]))
    table = Table(
        "P7 A letter of twelve findings is set: CPU",
        ("ours", "typst alone", "ratio (goal ≤ 1.3)", "letters", "memory at a tenth", "at the end"),
    )
    counts = [str(run.some(PAIRS)), str(run.some(LETTERS))]
    command = [sys.executable, "-m", "benchmarks.papers", *counts]
    said = subprocess.run(
        command, cwd=ROOT, env=environment(store.url), capture_output=True, check=True, text=True
    ).stdout
    figures = json.loads(said.splitlines()[-1])
    tenth, end = figures["memory"]
    table.rows.append(
        (
            ms(figures["ours"]),
            ms(figures["bare"]),
            times(figures["ours"], figures["bare"]),
            count(figures["letters"]),
            f"{tenth:.0f} MB",
            f"{end:.0f} MB",
        )
    )
    table.notes.append(
        "Both write PDF/A-3a with PDF/UA-1; ours also draws the QR code and writes the facts as JSON."
    )
    return table
