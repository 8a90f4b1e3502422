"""P7: a letter is set. The same source and facts go through typst alone beside it; then the job sets many,
and its memory stays flat.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from benchmarks.environment import ROOT, environment
from benchmarks.filling import Contents, filling
from benchmarks.measuring import Table, count, ms, times
from benchmarks.province import STAMP, TODAY
from benchmarks.running import Run
from benchmarks.stores import Store
from benchmarks.working import Worker

PAIRS, LETTERS = 40, 10_000
_PAPERS = Contents("papers", filling)
"""A province of its own: the other goals are measured without these letters."""
_LETTER = """INSERT INTO letters (company_id, kind, number, version, status, issued_on, facts, options, code,
 made_at, numbered_at, revision) VALUES (1, 'spt', ?, 1, 'numbered', ?, ?, '{}', ?, ?, ?, 1)"""


def measure(run: Run) -> list[Table]:
    store = next(run.all(run.sizes[:1]))
    command = [sys.executable, "-m", "benchmarks.papers", str(run.some(PAIRS))]
    said = subprocess.run(
        command, cwd=ROOT, env=environment(store.url), capture_output=True, check=True, text=True
    ).stdout
    figures = json.loads(said.splitlines()[-1])
    return [_one(figures), _many(run, figures["facts"])]


def _one(figures: dict[str, Any]) -> Table:
    table = Table(
        "P7 A letter of twelve findings is set: CPU",
        ("ours", "typst alone", "ratio (goal ≤ 1.3)"),
    )
    ours, bare = figures["ours"], figures["bare"]
    table.rows.append((ms(ours), ms(bare), times(ours, bare)))
    table.notes.append(
        "Both write PDF/A-3a with PDF/UA-1; ours also draws the QR code and writes the facts as JSON."
    )
    return table


def _many(run: Run, facts: dict[str, Any]) -> Table:
    table = Table(
        "P7 The job sets many letters of twelve findings: per letter, and the most memory of its process",
        (
            "store",
            "letters",
            "CPU",
            "elapsed",
            "at the start",
            "after the first run",
            "at half",
            "at the end (goal: flat)",
        ),
    )
    letters = run.some(LETTERS)
    for kind in run.kinds:
        store = run.stores.get(kind, run.sizes[0], _PAPERS)
        _number(store, letters, facts)
        with ExitStack() as stack:
            table.rows.append(_set_all(store, Worker(store.url, stack, store.cpu), letters))
    table.notes.append(
        "Each letter is set, kept durably under its SHA-256, and told by a sealed event, by"
        " `flask jobs run set_letters` again and again in one process, 500 letters a run."
    )
    return table


def _number(store: Store, letters: int, facts: dict[str, Any]) -> None:
    """Letters that have their number and wait for the job; no two are the same."""
    rows = []
    for at in range(letters):
        number = f"560/{store.kind}-{at}/XI/2026"
        told = json.dumps({**facts, "number": number, "preview": False}, ensure_ascii=False)
        rows.append((number, TODAY.isoformat(), told, f"P{at:09}", STAMP, STAMP))
    store.raw.begin()
    store.raw.many(_LETTER, rows)
    store.raw.commit()


def _set_all(store: Store, worker: Worker, letters: int) -> tuple[str, ...]:
    cpu, seconds, memory = 0.0, 0.0, [worker.run("--help").memory]
    while left := store.raw.value("SELECT count(*) FROM letters WHERE file_id IS NULL"):
        done = worker.run("jobs", "run", "set_letters")
        cpu, seconds = cpu + done.cpu, seconds + done.seconds
        memory.append(done.memory)
        now = store.raw.value("SELECT count(*) FROM letters WHERE file_id IS NULL")
        assert now < left, done.output
    assert store.count("files") == letters, f"{store.count('files')} files of {letters} letters"
    most = [memory[0], memory[1], memory[len(memory) // 2], memory[-1]]
    each = ms(cpu / letters), ms(seconds / letters)
    return store.kind, count(letters), *each, *(f"{held:.0f} MB" for held in most)
