"""Puts the labelled questions, pairs and lists before the application, through its own doors."""

from __future__ import annotations

import csv
import io
import json
import statistics
import time
import zlib
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask

from benchmarks.environment import environment
from benchmarks.names.corpus import core
from benchmarks.names.lists import HEADINGS, Listed, names_only, with_npwps
from benchmarks.names.pairs import doubles
from benchmarks.names.registry import register
from benchmarks.names.tallies import Fates, Hits, Suspicions
from benchmarks.names.variants import KINDS, questions
from benchmarks.province import STAMP
from benchmarks.stores import Store
from compliance import create_app
from compliance.companies.queries import find_matches
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid
from compliance.imports.commands.requests import (
    map_columns,
    open_import,
    rehearse_import,
    sampled,
)
from compliance.imports.jobs import run_imports
from compliance.imports.models import Import, ImportRow
from compliance.imports.reading import spreadsheet
from compliance.licensing.clearance import find_company_asked
from compliance.merges.jobs import find_duplicates
from compliance.people.models import User
from config import Config

MOST_COMPANIES = 100_000
"""Duplicates and lists are measured up to this size."""
NOT_ASKED = ("new: same name elsewhere", "new: telephone of another firm")
"""Rows that a list tells from known firms by what nobody types at the counter."""
MISTAKABLE = (
    "a word missing",
    "acronym",
    "first words only",
    "natural: re-spelt",
    "natural: trade name for legal name",
)
"""Kinds of questions that may fit another firm better than the one that is meant."""
WARM_UP = 20
EVENTS_OF = 100
"""Companies of one event of the log."""
FIRST_EVENT = 900_000_000
"""An id behind all events of the log: these few are not sealed."""


@dataclass
class Found:
    """All that was measured in a store.

    `certain` are questions that have no certain answer and got one, `sure` exact names that got theirs.
    """

    search: dict[str, Hits] = field(default_factory=dict)
    mean: float = 0.0
    p95: float = 0.0
    certain: dict[str, tuple[int, int]] = field(default_factory=dict)
    sure: tuple[int, int] = (0, 0)
    pairs: Suspicions | None = None
    lists: dict[str, Fates] = field(default_factory=dict)


def find_firms(store: Store) -> Found:
    """Put everything before the application that is measured at this size."""
    found, app = Found(), create_app(Config.read(environment(store.url)))
    ask(app, store, found)
    if store.size <= MOST_COMPANIES:
        ask_at_the_counter(app, found)
        try_lists(app, found)
        search_for_duplicates(app, store, found)
    with app.app_context():
        db.engine.dispose()
    return found


def ask(app: Flask, store: Store, found: Found) -> None:
    """Search for every question, five companies at most."""
    found.search = {kind: Hits() for kind in KINDS}
    costs = []
    for at, question in enumerate((*questions()[:WARM_UP], *questions())):
        with app.app_context():
            cpu, begun = store.cpu(), time.process_time()
            matches = find_matches(question.typed, limit=5)
            spent = time.process_time() - begun
            spent += store.cpu() - cpu
            right = [question.is_right(match.company.id, match.company.name) for match in matches]
        if at >= WARM_UP:
            found.search[question.kind].add(right)
            costs.append(spent)
    found.mean, found.p95 = statistics.mean(costs), statistics.quantiles(costs, n=20)[-1]


def ask_at_the_counter(app: Flask, found: Found) -> None:
    """Ask what has one certain answer, and what cannot have one: about firms that nobody registered and that
    resemble one, about names that several bear, and about names that are not written as they stand.
    """
    certain: dict[str, list[bool]] = {}
    for row in names_only():
        if row.firm_id is None and row.kind not in NOT_ASKED:
            is_certain = _certain(app, row.as_written.name) is not None
            certain.setdefault(row.kind, []).append(is_certain)
    for made in ("elsewhere", "other form"):
        bodies = [firm.body for firm in core() if firm.made == made]
        certain[f"several: {made}"] = [_certain(app, body) is not None for body in bodies]
    exact = []
    for question in questions():
        if question.kind == "exact" or question.kind in MISTAKABLE:
            company = _certain(app, question.typed)
            is_right = company is not None and question.is_right(*company)
            certain.setdefault(f"another firm: {question.kind}", []).append(
                company is not None and not is_right
            )
            exact += [is_right] if question.kind == "exact" else []
    found.certain = {kind: (sum(many), len(many)) for kind, many in certain.items()}
    found.sure = sum(exact), len(exact)


def _certain(app: Flask, typed: str) -> tuple[int, str] | None:
    """The company about which the counter is certain, by its id and name."""
    with app.app_context():
        try:
            company = find_company_asked(typed).company
        except Invalid:
            return None
        return None if company is None else (company.id, company.name)


def search_for_duplicates(app: Flask, store: Store, found: Found) -> None:
    """Register second records and hard pairs, let the nightly job compare them, and look into its queue."""
    with app.app_context():
        begun = _cpu(store)
        find_duplicates()
        passes = _cpu(store) - begun
    labelled = doubles(store.size)
    register(store, labelled.firms)
    ids = sorted(labelled.labelled)
    _tell_of(store, ids)
    with app.app_context():
        begun = _cpu(store)
        find_duplicates()
        spent = _cpu(store) - begun
    queue = {tuple(pair) for pair in store.raw.rows("SELECT low_id, high_id FROM duplicate_pairs")}
    tally = Suspicions(passes=passes, cpu=max(0.0, spent - passes) / len(ids))
    known = set[tuple[int, int]]()
    for kinds, pairs_of in ((tally.same, labelled.same), (tally.other, labelled.other)):
        for kind, pairs in pairs_of.items():
            kinds[kind] = sum(pair in queue for pair in pairs), len(pairs)
            known.update(pairs)
    touched = (pair for pair in queue - known if labelled.labelled & set(pair))
    tally.with_strangers = sum(
        _written(store, low) != _written(store, high) for low, high in touched
    )
    found.pairs = tally


def _cpu(store: Store) -> float:
    return time.process_time() + store.cpu()


def _written(store: Store, id: int) -> tuple[str, str]:
    """The name and the regency of a company: two that share both cannot be told apart by anybody."""
    row = store.raw.one("SELECT name, region_code FROM companies WHERE id = ?", (id,))
    return row[0].casefold(), row[1]


def _tell_of(store: Store, ids: list[int]) -> None:
    """Write into the log that these companies are new, as an import does."""
    rows = [
        (FIRST_EVENT + at, STAMP, json.dumps({"new": ids[at : at + EVENTS_OF], "updated": []}), "")
        for at in range(0, len(ids), EVENTS_OF)
    ]
    store.raw.many(
        "INSERT INTO events (id, at, kind, actor_name, data, hash, seen_version)"
        " VALUES (?, ?, 'companies.imported', 'sistem', ?, ?, 1)",
        rows,
    )


def try_lists(app: Flask, found: Found) -> None:
    """Try both lists as the page does, without writing any company."""
    for name, rows in (("names only", names_only()), ("with NPWPs", with_npwps())):
        fates = Fates()
        tried = rehearsed(app, rows)
        for number, row in enumerate(rows, 2):
            outcome, company_id, candidates = tried[number]
            fates.add(row.kind, fate_of(row, outcome, company_id, candidates))
        found.lists[name] = fates


def fate_of(row: Listed, outcome: str, company_id: int | None, candidates: list[int]) -> str:
    """What became of a row: right, asked (with or without the right firm), new, wrong, refused."""
    if outcome == "to_decide":
        return "asked" if row.firm_id is None or row.firm_id in candidates else "asked, not offered"
    if outcome == "new":
        return "new"
    if outcome == "refused":
        return "refused"
    return "right" if company_id == row.firm_id else "wrong"


def rehearsed(app: Flask, rows: list[Listed]) -> dict[int, tuple[str, int | None, list[int]]]:
    """The outcome, the company, and the companies offered, for each row by its number in the sheet."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *(row.cells for row in rows)])
    content = out.getvalue().encode()
    with app.app_context():
        sheet = spreadsheet.read(content, filename="daftar.csv")
        by = db.session.scalars(sa.select(User).where(User.role == "admin")).first()
        assert by is not None
        with transaction():
            batch = open_import(
                sheet,
                by=by,
                filename="daftar.csv",
                content=zlib.compress(content, 1),
                columns=sampled(sheet),
            )
            map_columns(batch, batch.mapping, by=by, region_code=None)
            rehearse_import(batch, by=by)
            id = batch.id
        run_imports()
        assert db.session.get_one(Import, id).status == "rehearsed"
        lines = db.session.scalars(sa.select(ImportRow).where(ImportRow.import_id == id))
        return {
            line.number: (
                line.outcome,
                line.company_id,
                [candidate["id"] for candidate in line.candidates or ()],
            )
            for line in lines
        }
