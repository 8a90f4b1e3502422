"""P13: the walk of the event log: the whole of it, and what the job does every night."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.bare.audit import verify
from benchmarks.measuring import Table, count, medians, times
from benchmarks.running import Run
from benchmarks.stores import Store
from benchmarks.working import Worker

LONG = 500_000
"""Logs with more events are walked once, not in rounds: it takes minutes."""
MILLION = 1_000_000


def measure(run: Run) -> list[Table]:
    table = Table(
        "P13 Walk of the event log: CPU per million events",
        (
            "store",
            "companies",
            "events",
            "audit verify",
            "bare walk",
            "ratio",
            "nightly job, in all",
            "memory",
        ),
    )
    for store in run.all():
        with ExitStack() as stack:
            worker = run.worker(store) if run.is_trial else Worker(store.url, stack, store.cpu)
            events = store.count("events")
            rounds = run.rounds if events < LONG else 0
            walks = {"ours": _by_command(worker, events), "bare": _by_hand(store, events)}
            figures, memory = medians(rounds, walks), worker.run("--help").memory
            worker.run("jobs", "run", "verify_event_log")
            night = medians(rounds, {"job": _by_job(worker)})["job"]
        table.rows.append(
            (
                store.kind,
                count(store.size),
                count(events),
                f"{figures['ours']:.1f} s",
                f"{figures['bare']:.1f} s",
                times(figures["ours"], figures["bare"]),
                f"{night:.2f} s",
                f"{memory:.0f} MB",
            )
        )
    table.notes.append(
        f"Logs of more than {count(LONG)} events are walked once. The nightly job had run before: a job that"
        " goes on where it stopped has only the tail to walk (goal at 10 million events: ≤ 30 s)."
    )
    return [table]


def _by_command(worker: Worker, events: int) -> Callable[[int], float]:
    def walk(_turn: int) -> float:
        done = worker.run("audit", "verify")
        assert done.output.startswith(f"{events} events, unaltered"), done.output
        return done.cpu / events * MILLION

    return walk


def _by_hand(store: Store, events: int) -> Callable[[int], float]:
    def walk(_turn: int) -> float:
        cpu, begun = store.cpu(), time.process_time()
        assert verify(store.raw) == events
        return (time.process_time() - begun + store.cpu() - cpu) / events * MILLION

    return walk


def _by_job(worker: Worker) -> Callable[[int], float]:
    return lambda _turn: worker.run("jobs", "run", "verify_event_log").cpu
