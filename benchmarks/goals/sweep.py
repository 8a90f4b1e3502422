"""P3: the sweep, with 1,000 cases whose due day passed while the clock was silent."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from benchmarks.bare.store import among
from benchmarks.bare.sweep import sweep
from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.province import STAMP, TODAY
from benchmarks.running import Run, growth
from benchmarks.stores import Store
from benchmarks.working import Worker

DUE = 1_000
WRITTEN = {"events": 3, "flags": 1, "messages": 5}
"""The rows that one case leaves: due, missed and flagged; its warning; who hears of it."""


def measure(run: Run) -> list[Table]:
    number = due_per_round(run)
    table = Table(
        f"P3 Sweep of {count(number)} cases, with both steps, flag, events and messages: CPU per case",
        ("store", "companies", "sweep", "raw sets in chunks", "ratio (goal ≤ 6, stretch 2)"),
    )
    stores, programs = list(run.all()), dict[tuple[str, int, str], Callable[[int], float]]()
    for store in stores:
        run.worker(store).run("jobs", "run", "sweep_due_rechecks")
        programs[store.kind, store.size, "ours"] = _sweeps(number, store, run.worker(store))
        programs[store.kind, store.size, "raw"] = _sweeps_raw(number, store)
    figures = medians(run.rounds, programs)
    for store in stores:
        ours, raw_cpu = (figures[store.kind, store.size, which] for which in ("ours", "raw"))
        table.rows.append(
            (store.kind, count(store.size), ms(ours), ms(raw_cpu), times(ours, raw_cpu))
        )
    firsts = {(store.kind, store.size): figures[store.kind, store.size, "ours"] for store in stores}
    table.notes += growth(run, firsts, "goal ≤ 1.5×")
    rows = ", ".join(f"{number} {name}" for name, number in WRITTEN.items())
    table.notes.append(f"Both leave the same rows about a case, which were counted: {rows}.")
    return [table]


def due_per_round(run: Run) -> int:
    """How many cases fall due in a round: 1,000, or as many as the smallest province has for all rounds."""
    return min(run.some(DUE), max(1, run.sizes[0] * 2 // 3 // (run.rounds + 1)))


def _sweeps(number: int, store: Store, worker: Worker) -> Callable[[int], float]:
    def go(_turn: int) -> float:
        due = make_due(store, number)
        before = counts(store)
        done = worker.run("jobs", "run", "sweep_due_rechecks")
        assert done.output.endswith(f"due {due}, missed {due}"), done.output
        _expect(store, before, due)
        return done.cpu / due

    return go


def _sweeps_raw(number: int, store: Store) -> Callable[[int], float]:
    def go(_turn: int) -> float:
        due = make_due(store, number)
        before, cpu, begun = counts(store), store.cpu(), time.process_time()
        done = sweep(store.raw, STAMP)
        spent = time.process_time() - begun + store.cpu() - cpu
        assert done == due, (done, due)
        _expect(store, before, due)
        return spent / due

    return go


def make_due(store: Store, number: int) -> int:
    """Let so many resolved cases be in remedy, due four days ago and never looked at; how many there are."""
    due = TODAY - timedelta(days=4)
    ids = [
        id
        for (id,) in store.raw.rows(
            "SELECT id FROM cases c WHERE status = 'resolved'"
            " AND NOT EXISTS (SELECT 1 FROM flags f WHERE f.case_id = c.id) ORDER BY id LIMIT ?",
            (number,),
        )
    ]
    store.raw.run(
        "UPDATE cases SET status = 'in_remedy', resolved_on = NULL, due_on = ?, effective_on = ?,"
        f" next_step_at = ? WHERE id IN ({among(len(ids))})",
        (str(due), str(due), f"{due - timedelta(days=1)} 16:00:00.000000", *ids),
    )
    return len(ids)


def counts(store: Store) -> dict[str, int]:
    """The last id in each table that a step writes to."""
    return {table: store.raw.value(f"SELECT max(id) FROM {table}") for table in WRITTEN}


def _expect(store: Store, before: dict[str, int], cases: int) -> None:
    """The rows that so many cases leave must be there."""
    for table, number in WRITTEN.items():
        rows = store.raw.value(f"SELECT count(*) FROM {table} WHERE id > ?", (before[table],))
        assert rows == number * cases, f"{rows} {table} in {store.name} after {cases} cases"
