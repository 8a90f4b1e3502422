"""P1: the counter's question over the API, with its token check and its logged receipt."""

from __future__ import annotations

import json
from collections.abc import Callable

from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.running import Run, durability, growth, question
from benchmarks.serving import OURS, Server
from benchmarks.stores import Store

LOOKUPS, COMPARED = 400, 50
BARE = "benchmarks.bare.clearance:app"
PATHS = {OURS: "/api/v1/clearance", BARE: "/clearance"}


def measure(run: Run) -> list[Table]:
    table = Table(
        "P1 Counter lookup with a logged receipt: CPU per request",
        (
            "store",
            "companies",
            "POST /clearance",
            "bare route",
            "ratio (goal ≤ 3)",
            "bare, not durable",
        ),
    )
    stores = list(run.all())
    programs = dict[tuple[Store, str], Callable[[int], float]]()
    for store in stores:
        servers = {
            "ours": run.server(store),
            "bare": run.server(store, BARE),
            "relaxed": run.server(store, BARE, RELAXED="1"),
        }
        _compare_verdicts(run, servers["ours"], servers["bare"])
        for name, server in servers.items():
            programs[store, name] = _asks(run, server)
    figures = medians(run.rounds, programs)
    for store in stores:
        ours, bare, relaxed = (figures[store, name] for name in ("ours", "bare", "relaxed"))
        table.rows.append(
            (
                store.kind,
                count(store.size),
                ms(ours),
                ms(bare),
                times(ours, bare),
                f"{ms(relaxed)} ({times(ours, relaxed)})",
            )
        )
    table.notes += growth(
        run, {(store.kind, store.size): figures[store, "ours"] for store in stores}, "goal ≤ 1.2×"
    )
    table.notes.append(
        "The bare route reads the same facts on the raw driver (days off kept in the process) and keeps the"
        " same row; its verdicts were compared with ours, and every receipt was counted in its own store."
    )
    table.notes += [durability(run, store) for store in stores if store.size == run.sizes[0]]
    return [table]


def _asks(run: Run, server: Server) -> Callable[[int], float]:
    """A round: some hundred questions, whose receipts must all be in the server's own store afterwards."""
    path, number = PATHS[server.target], run.some(LOOKUPS)

    def ask(turn: int) -> float:
        before = server.store.count("licence_checks")
        questions = [question(turn * 104_729 + at, server.store.size, path) for at in range(number)]
        cost = server.cost(questions)
        kept = server.store.count("licence_checks") - before
        assert kept == number, f"{kept} receipts in {server.store.name} after {number} questions"
        return cost

    return ask


def _compare_verdicts(run: Run, ours: Server, bare: Server) -> None:
    """Both programs must say the same about the same companies."""
    for at in range(run.some(COMPARED)):
        verdicts = {
            json.loads(server.ask(question(at, ours.store.size, PATHS[server.target])).text)[
                "verdict"
            ]
            for server in (ours, bare)
        }
        assert len(verdicts) == 1, f"company {at} of {ours.store.name}: {verdicts}"
