"""P1: the counter's question over the API, with its token check and its logged receipt."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.running import Run, growth, question
from benchmarks.serving import OURS, Server
from benchmarks.stores import Store

LOOKUPS, COMPARED = 400, 50
BARE = "benchmarks.bare.clearance:app"


def measure(run: Run) -> list[Table]:
    table = Table(
        "P1 Counter lookup with a logged receipt: CPU per request",
        ("store", "companies", "POST /clearance", "bare route", "ratio (goal ≤ 3)"),
    )
    with ExitStack() as stack:
        servers = {
            (store.kind, store.size): (Server(OURS, store, stack), Server(BARE, store, stack)) for store in run.all()
        }  # fmt: skip
        for ours, bare in servers.values():
            _same_verdicts(run, ours, bare)
        programs = {
            (*key, which): _asks(run, server, which) for key, both in servers.items() for which, server in enumerate(both)
        }  # fmt: skip
        figures = medians(run.rounds, programs)
    for kind, size in servers:
        ours_cpu, bare_cpu = figures[kind, size, 0], figures[kind, size, 1]
        table.rows.append((kind, count(size), ms(ours_cpu), ms(bare_cpu), times(ours_cpu, bare_cpu)))
    table.notes += growth(run, {key: figures[*key, 0] for key in servers}, "goal ≤ 1.2×")
    table.notes.append(
        "The bare route reads the same facts on the raw driver (days off kept in the process) and keeps the same row, "
        "durably; its verdicts were compared with ours, and every receipt was counted in its own store."
    )
    return [table]


def _asks(run: Run, server: Server, which: int) -> Callable[[int], float]:
    """A round: some hundred questions, whose receipts must all be in the server's own store afterwards."""
    path, number = ("/api/v1/clearance", "/clearance")[which], run.some(LOOKUPS)

    def ask(turn: int) -> float:
        before = server.store.count("licence_checks")
        questions = [question(turn * 104_729 + at, server.store.size, path) for at in range(number)]
        cost = server.cost(questions)
        kept = server.store.count("licence_checks") - before
        assert kept == number, f"{kept} receipts in {server.store.name} after {number} questions"
        return cost

    return ask


def _same_verdicts(run: Run, ours: Server, bare: Server) -> None:
    """Both programs must say the same about the same companies."""
    store: Store = ours.store
    for at in range(run.some(COMPARED)):
        verdicts = {
            json.loads(server.ask(question(at, store.size, path)).text)["verdict"]
            for server, path in ((ours, "/api/v1/clearance"), (bare, "/clearance"))
        }
        assert len(verdicts) == 1, f"company {at} of {store.name}: {verdicts}"
