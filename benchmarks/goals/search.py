"""P5: company search by a part of a name and by a mistyped word, beside a scan of all names with LIKE."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from benchmarks.environment import environment
from benchmarks.goals.imports import write_list
from benchmarks.measuring import Table, count, medians, ms
from benchmarks.running import Run
from benchmarks.stores import Store
from compliance import create_app
from compliance.companies.queries import find_matches
from compliance.core.db import db
from config import Config

NAME = "PT Kamexodira Santosoma Jaya"
"""A company that alone bears two rare words; every question is about it."""
QUESTIONS = {
    "part of a name": ("mexodi", "mexodi", 1 / 20),
    "word mistyped": ("kamexodria", "kamexodria", 1.0),
    "full name, one word mistyped": ("PT Kamexodira Santosomo Jaya", "kamexodira", 1.0),
}
"""What is typed, the word that the scan looks for, and the goal: search in scans."""


def measure(run: Run) -> list[Table]:
    table = Table(
        "P5 Company search: CPU per search",
        ("store", "companies", "question", "search", "LIKE scan", "ratio"),
    )
    for store in run.all(run.sizes[-1:]):
        _register(run, store)
        app = create_app(Config.read(environment(store.url)))
        for question, (typed, word, goal) in QUESTIONS.items():
            figures = medians(
                run.rounds, {"search": _searches(app, store, typed), "scan": _scans(store, word)}
            )
            search, scan = figures["search"], figures["scan"]
            ratio = f"{search / scan:.3f} (goal ≤ {goal:g})"
            table.rows.append(
                (store.kind, count(store.size), question, ms(search), ms(scan), ratio)
            )
        with app.app_context():
            db.engine.dispose()
    return [table]


def _register(run: Run, store: Store) -> None:
    """Bring the company of the questions into the registry, as any list would."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        write_list(file, [(NAME, "8999900000000", "", "", "Kota Kupang", "Jalan Contoh", "20")])
        run.worker(store).run("companies", "import", str(file))


def _searches(app: Flask, store: Store, typed: str) -> Callable[[int], float]:
    def go(_turn: int) -> float:
        with app.app_context():
            cpu, begun = store.cpu(), time.process_time()
            matches = find_matches(typed, limit=25)
            spent = time.process_time() - begun + store.cpu() - cpu
            assert matches and matches[0].company.name == NAME, f"{typed} found {matches[:1]}"
            db.session.rollback()
            return spent

    return go


def _scans(store: Store, word: str) -> Callable[[int], float]:
    """The search that needs no index: every name is looked at."""

    def go(_turn: int) -> float:
        cpu, begun = store.cpu(), time.process_time()
        store.raw.begin()
        if store.raw.is_postgresql:
            store.raw.run("SET LOCAL enable_bitmapscan = off")
        store.raw.rows("SELECT company_id FROM company_names WHERE key LIKE ?", (f"%{word}%",))
        store.raw.run("ROLLBACK")
        return time.process_time() - begun + store.cpu() - cpu

    return go
