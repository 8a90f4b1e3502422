"""P6: a nota issued through the form, with session, CSRF token, audit and messages, in one durable commit."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from itertools import count as numbers

from benchmarks.bare.nota import csrf_token
from benchmarks.environment import SECRET
from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.province import FIRST_INSPECTOR, STAMP, TODAY
from benchmarks.running import Run, durability
from benchmarks.serving import OURS, Asking, Request, Server, hidden_fields, posted, signed_in
from benchmarks.stores import Store

NOTAS = 20
BARE = "benchmarks.bare.nota:app"
PAGES = {
    "place": {"place": "Jalan Contoh 1"},
    "workers": {"workers_total": "20", "workers_registered": "8"},
    "findings": {"findings": "JS-02", "about-JS-02-workers_affected": "12"},
    "notes": {"inspected_on": str(TODAY), "issued_on": str(TODAY), "met": "Contoh"},
}
WRITTEN = {"notas": 1, "findings": 1, "events": 4, "messages": 4, "letters": 1, "files": 1}
"""The rows that one nota leaves."""


def measure(run: Run) -> list[Table]:
    table = Table(
        "P6 Issue a nota through the form: CPU per request",
        ("store", "companies", "issue", "bare route", "ratio"),
    )
    stores, programs = list(run.all(run.ends)), dict[tuple[Store, str], Callable[[int], float]]()
    for store in stores:
        ours, bare, companies = run.server(store), run.server(store, BARE), numbers(21)
        cookie = signed_in(ours, "inspector-0")
        draft = drafted(ours, cookie)
        programs[store, "ours"] = issues(run, ours, cookie, draft, companies)
        programs[store, "bare"] = issues(run, bare, cookie, draft, companies)
    figures = medians(run.rounds, programs)
    for store in stores:
        ours_cpu, bare_cpu = figures[store, "ours"], figures[store, "bare"]
        table.rows.append(
            (store.kind, count(store.size), ms(ours_cpu), ms(bare_cpu), times(ours_cpu, bare_cpu))
        )
    table.notes += [durability(run, store) for store in stores if store.size == run.sizes[0]]
    rows = ", ".join(f"{number} {name}" for name, number in WRITTEN.items())
    table.notes.append(
        f"Both leave the same rows about a nota, which were counted: {rows}. The goal is in P9."
    )
    return [table]


def drafted(server: Server, cookie: str) -> str:
    """The draft that the form keeps once all its pages were filled in, as JSON; then it is thrown away."""
    headers, key = {"Cookie": cookie}, str(uuid.uuid4())
    fields = hidden_fields(server.ask(Request("/notas/new", headers=headers)).text)
    server.ask(posted("/notas/new", {**fields, "draft_key": key, "company": "1"}, cookie))
    for page, typed in PAGES.items():
        fields = hidden_fields(server.ask(Request(f"/notas/{key}/{page}", headers=headers)).text)
        server.ask(posted(f"/notas/{key}/{page}", {**fields, **typed}, cookie))
    draft = server.store.raw.value("SELECT draft FROM cases WHERE draft_key = ?", (key,))
    address = f"/drafts/{key}/delete"
    fields = hidden_fields(server.ask(Request(address, headers=headers)).text)
    server.ask(posted(address, fields, cookie))
    return draft if isinstance(draft, str) else json.dumps(draft)


def issues(
    run: Run, server: Server, cookie: str, draft: str, companies: numbers[int]
) -> Callable[[int], float]:
    """A round: some drafts are put there, and the last page of each is sent; only that request counts."""
    store, number = server.store, run.some(NOTAS)

    def go(_turn: int) -> float:
        keys = [put_draft(store, draft, 1 + next(companies) % store.size) for _ in range(number)]
        before = {table: store.count(table) for table in WRITTEN}
        fields = hidden_fields(page_of(server, keys[0], cookie))
        with Asking(server) as asking:
            spent = sum(
                asking.ask(posted(f"/notas/{key}/review", fields, cookie)).cpu for key in keys
            )
        for table, rows in WRITTEN.items():
            left = store.count(table) - before[table]
            assert left == rows * number, f"{left} {table} in {store.name} after {number} notas"
        return spent / number

    return go


def page_of(server: Server, key: str, cookie: str) -> str:
    """The last page of the form; the bare program has none, but its form would carry these two fields."""
    if server.target == OURS:
        return server.ask(Request(f"/notas/{key}/review", headers={"Cookie": cookie})).text
    secret = next(part for part in cookie.split("; ") if part.startswith("patuh_session=")).split(
        "=", 1
    )[1]
    fields = {"csrf_token": csrf_token(SECRET, secret), "version": "1"}
    return "".join(
        f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items()
    )


def put_draft(store: Store, draft: str, company: int, inspector: int = FIRST_INSPECTOR) -> str:
    """Put a finished draft for a company into the store, as the form would have left it; its key."""
    key = str(uuid.uuid4())
    region = store.raw.value("SELECT region_code FROM companies WHERE id = ?", (company,))
    store.raw.run(
        "INSERT INTO cases (draft_key, draft, status, company_id, inspector_id, region_code, created_at,"
        " updated_at, version) VALUES (?, ?, 'draft', ?, ?, ?, ?, ?, 1)",
        (key, draft, company, inspector, region, STAMP, STAMP),
    )
    return key
