"""P2: the overdue queue with counts, session and permissions, beside the render of the same 50 rows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.province import TODAY
from benchmarks.running import Run, growth
from benchmarks.serving import Request, Server, signed_in
from benchmarks.stores import Store

PAGES, RENDERS, TURNS = 40, 300, 400
FIRST = "/queue?size=50"
FILTERED = "/queue?size=50&region=53.71&mark=flagged"
ROWS = """SELECT c.id, c.number, c.region_code, c.effective_on, c.workers_total, c.workers_registered,
 co.name, u.name,
 (SELECT n.number FROM notas n WHERE n.case_id = c.id ORDER BY n.id DESC LIMIT 1),
 (SELECT f.level FROM flags f WHERE f.case_id = c.id AND f.lifted_at IS NULL LIMIT 1)
 FROM cases c JOIN companies co ON co.id = c.company_id JOIN users u ON u.id = c.inspector_id
 WHERE c.status IN ('in_remedy', 'recheck_due') AND c.effective_on < ? ORDER BY c.effective_on, c.id LIMIT
 50"""


def measure(run: Run) -> list[Table]:
    table = Table(
        "P2 Overdue queue, 50 rows: CPU per request",
        (
            "store",
            "companies",
            "first page",
            "filtered",
            "deep page (goal ≤ 1.5×)",
            "bare render",
            "ratio (goal ≤ 7)",
        ),
    )
    programs: dict[tuple[str, int, str], Callable[[int], float]] = {}
    stores = list(run.all())
    for store in stores:
        server, rows = run.server(store), shown_rows(store)
        cookie = {"Cookie": signed_in(server, "team")}
        page = server.ask(Request(FIRST, headers=cookie)).text
        missing = [row["number"] for row in rows if row["number"] not in page]
        assert rows and not missing, (
            f"the queue of {store.name} does not show {missing or 'any row'}"
        )
        addresses = {"first": FIRST, "filtered": FILTERED, "deep": deep_page(run, server, cookie)}
        for name, address in addresses.items():
            programs[store.kind, store.size, name] = _opens(
                run, server, Request(address, headers=cookie)
            )
        programs[store.kind, store.size, "render"] = _renders(run, rows)
    figures = medians(run.rounds, programs)
    for store in stores:
        first, filtered, deep, render = (
            figures[store.kind, store.size, name]
            for name in ("first", "filtered", "deep", "render")
        )
        table.rows.append(
            (
                store.kind,
                count(store.size),
                ms(first),
                ms(filtered),
                f"{ms(deep)} ({times(deep, first)})",
                ms(render),
                times(first, render),
            )
        )
    firsts = {
        (store.kind, store.size): figures[store.kind, store.size, "first"] for store in stores
    }
    table.notes += growth(run, firsts, "goal ≤ 1.2×")
    table.notes.append(
        "The render is Jinja's alone: the same 50 rows of the store, without session, counts and frame."
        " The deep page is the last one, or the one behind 40,000 rows."
    )
    return [table]


def shown_rows(store: Store) -> list[dict[str, Any]]:
    """The rows of the first page, as the bare template wants them."""
    rows = store.raw.rows(ROWS, (str(TODAY),))
    shown = []
    for (
        id,
        number,
        region,
        effective_on,
        total,
        registered,
        company,
        inspector,
        nota,
        level,
    ) in rows:
        day = date.fromisoformat(str(effective_on))
        shown.append(
            {
                "id": id,
                "company": company,
                "number": number,
                "nota": nota,
                "region": region,
                "effective_on": f"{day:%d-%m-%Y}",
                "days": (TODAY - day).days,
                "missing": total - registered,
                "total": total,
                "inspector": inspector,
                "flag": level,
            }
        )
    return shown


def deep_page(run: Run, server: Server, cookie: dict[str, str]) -> str:
    """The address of a page of 50 far down, found by turning pages of 100."""
    address = "/queue?size=100"
    for _ in range(run.some(TURNS)):
        page = server.ask(Request(address, headers=cookie)).text
        onward = re.search(r'rel="next"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*rel="next"', page)
        if onward is None:
            break
        address = (onward[1] or onward[2]).replace("&amp;", "&")
    return address.replace("size=100", "size=50")


def _opens(run: Run, server: Server, request: Request) -> Callable[[int], float]:
    return lambda _turn: server.cost([request] * run.some(PAGES))


def _renders(run: Run, rows: list[dict[str, Any]]) -> Callable[[int], float]:
    folder = Path(__file__).parents[1] / "bare"
    template = Environment(loader=FileSystemLoader(folder), autoescape=True).get_template(
        "queue_rows.html"
    )
    number = run.some(RENDERS)

    def render(_turn: int) -> float:
        begun = time.process_time()
        for _ in range(number):
            template.render(rows=rows)
        return (time.process_time() - begun) / number

    return render
