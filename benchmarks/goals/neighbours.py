"""P9 and the goal of P6: the same data in Django's admin, tuned, and in django-import-export.

Django is fetched from the package registry into a virtual environment of its own under benchmarks/data,
only with `--django`. Directus, the other neighbour that was looked at, needs Node and is not measured here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count as numbers
from pathlib import Path

from benchmarks.environment import ROOT, environment
from benchmarks.goals.imports import list_of, write_list
from benchmarks.goals.nota import drafted, issues
from benchmarks.goals.queue import FIRST
from benchmarks.measuring import Table, count, medians, ms
from benchmarks.province import TODAY
from benchmarks.running import Run, nib, question
from benchmarks.serving import Asking, Request, Server, hidden_fields, posted, signed_in
from benchmarks.stores import DATA, Store

PACKAGES = (
    "django>=5.2,<5.3",
    "django-import-export>=4.4,<5",
    "gunicorn>=27",
    "psycopg[binary]>=3.3",
)
SETTINGS, ADMIN = "benchmarks.django_admin.settings", "benchmarks.django_admin.wsgi:app"
LOOKUPS, PAGES, NOTAS, ROWS = 100, 20, 20, 1_000
QUEUE = f"/admin/province/case/?status__in=in_remedy,recheck_due&effective_on__lt={TODAY}"
Programs = dict[tuple[Store, str], Callable[[int], float]]


def measure(run: Run) -> list[Table]:
    table = Table(
        "P9 Beside Django's admin on the same data: CPU",
        ("store", "companies", "what", "Patuh", "Django", "Patuh is", "goal"),
    )
    if not run.django:
        table.notes.append(
            "Not measured: Django's admin (P9, and the goal of P6) needs `--django`."
        )
        table.notes.append(
            "Directus is not measured: it needs Node, which this project does not use."
        )
        return [table]
    python = _django()
    stores, programs = list(run.all()), Programs()
    for store in stores:
        _prepare(python, store)
        _pages(
            run,
            store,
            Server(ADMIN, store, run.stack, python=python, DJANGO_SETTINGS_MODULE=SETTINGS),
            programs,
        )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for store in stores:
            _imports(run, store, python, Path(folder), stack, programs)
        figures = medians(run.rounds, programs)
    for store in stores:
        for what, ours, theirs, goal in LINES:
            one, other = figures[store, ours], figures[store, theirs]
            share = f"1/{other / one:.1f}" if one < other else f"{one / other:.1f}×"
            table.rows.append(
                (store.kind, count(store.size), what, ms(one), ms(other), share, goal)
            )
    table.notes += [
        "The admin's lookup is one page of the company with its open cases and flags; it keeps no receipt.",
        "The admin's queue counts its rows, as its pages must; the count of the whole table is off.",
        "Adding a row in the admin writes the row and the admin's own log; a nota here writes what P6 says.",
        "django-import-export writes companies only: no names, words, report or event.",
        "Directus is not measured: it needs Node, which this project does not use.",
    ]
    return [table]


LINES = (
    ("lookup", "lookup", "django lookup", "≤ 1/4"),
    ("queue, first page", "queue", "django queue", "≤ 1/5 at 100k, ≤ 1/20 at 1M"),
    ("issue a nota (P6), beside `add` of one row", "nota", "django add", "≤ 2×"),
    ("import, per row", "import", "django import", "≤ 1/5"),
    ("import, per row, beside bulk without validation", "import", "django bulk", "–"),
)


def _django() -> Path:
    """The Python of an environment with Django in it; made when it is not there yet."""
    folder = DATA / "django-venv"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        quietly = ("install", "-q", "--disable-pip-version-check")
        done = subprocess.run(
            [python, "-m", "pip", *quietly, *PACKAGES], capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"Django could not be fetched: {done.stderr[-1000:]}")
        (folder / "complete").touch()
    return python


def _prepare(python: Path, store: Store) -> None:
    """Django's own tables beside those of the province, and a person who may sign in."""
    environ = {
        **environment(store.url),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DJANGO_SUPERUSER_PASSWORD": "contoh",
    }
    person = ("--noinput", "--username", "admin", "--email", "admin@bench.example")
    for words in (("migrate", "--run-syncdb"), ("createsuperuser", *person)):
        subprocess.run(
            [python, "-m", "django", *words], cwd=ROOT, env=environ, check=True, capture_output=True
        )


def _pages(run: Run, store: Store, django: Server, programs: Programs) -> None:
    ours = run.server(store)
    cookie, admin = signed_in(ours, "team"), _signed_in(django)
    assert nib(1) in django.ask(_company(1, admin)).text, "Django does not show the company"
    rows = django.ask(Request(QUEUE, headers={"Cookie": admin})).text
    first = ours.ask(Request(FIRST, headers={"Cookie": cookie})).text
    shown = re.findall(r"NTT-\d{4}-\d{7}", first)
    assert shown and all(number in rows for number in shown), "the two queues show different cases"
    size, asked = store.size, range(run.some(LOOKUPS))
    programs[store, "lookup"] = lambda turn: ours.cost(
        [question(turn * 7_717 + at, size) for at in asked]
    )
    programs[store, "django lookup"] = lambda turn: django.cost(
        [_company(1 + (turn * 7_717 + at) * 7919 % size, admin) for at in asked]
    )
    pages = run.some(PAGES)
    programs[store, "queue"] = lambda _turn: ours.cost(
        [Request(FIRST, headers={"Cookie": cookie})] * pages
    )
    programs[store, "django queue"] = lambda _turn: django.cost(
        [Request(QUEUE, headers={"Cookie": admin})] * pages
    )
    inspector = signed_in(ours, "inspector-0")
    programs[store, "nota"] = issues(run, ours, inspector, drafted(ours, inspector), numbers(200))
    programs[store, "django add"] = _adds(run, store, django, admin)


def _signed_in(django: Server) -> str:
    page = django.ask(Request("/admin/login/"))
    jar = [value.split(";")[0] for value in page.headers.get_all("Set-Cookie") or []]
    fields = {
        **hidden_fields(page.text),
        "username": "admin",
        "password": "contoh",
        "next": "/admin/",
    }
    answer = django.ask(posted("/admin/login/", fields, "; ".join(jar)))
    fresh = {
        value.split("=")[0]: value.split(";")[0]
        for value in answer.headers.get_all("Set-Cookie") or []
    }
    return "; ".join(fresh.values())


def _company(number: int, cookie: str) -> Request:
    return Request(f"/admin/province/company/?nib={nib(number)}", headers={"Cookie": cookie})


def _adds(run: Run, store: Store, django: Server, cookie: str) -> Callable[[int], float]:
    """A round: some rows are added through the admin's form; only the requests that add them count."""
    series, address = numbers(1), "/admin/province/nota/add/"
    fixed = {
        "case": "1",
        "kind": "I",
        "inspector": "101",
        "inspected_on": str(TODAY),
        "issued_on": str(TODAY),
        "company_name": "PT Contoh",
        "workers_total": "20",
        "workers_registered": "8",
    }

    def go(_turn: int) -> float:
        before, number = store.count("notas"), run.some(NOTAS)
        fields = {
            **hidden_fields(django.ask(Request(address, headers={"Cookie": cookie})).text),
            **fixed,
        }
        with Asking(django) as asking:
            spent = sum(
                asking.ask(
                    posted(address, {**fields, "number": f"Django {next(series)}"}, cookie)
                ).cpu
                for _ in range(number)
            )
        assert store.count("notas") - before == number
        return spent / number

    return go


def _imports(
    run: Run, store: Store, python: Path, folder: Path, stack: ExitStack, programs: Programs
) -> None:
    rows, series = run.some(ROWS, least=40), numbers(3_000)

    def listed() -> Path:
        file = folder / "list.csv"
        write_list(file, list_of(rows, next(series)))
        return file

    programs[store, "import"] = lambda _turn: (
        run.worker(store).run("companies", "import", str(listed())).cpu / rows
    )
    environ = {**environment(store.url), "DJANGO_SETTINGS_MODULE": SETTINGS}
    for name, way in (("django import", "plain"), ("django bulk", "bulk")):
        process = subprocess.Popen(
            [python, "-m", "benchmarks.django_admin.importing", way],
            cwd=ROOT,
            env=environ,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        stack.callback(process.communicate)

        def go(_turn: int, process: subprocess.Popen[str] = process) -> float:
            assert process.stdin and process.stdout
            before = store.cpu()
            print(listed(), file=process.stdin, flush=True)
            done = json.loads(process.stdout.readline())
            assert done["new"] == rows - 2 * (rows // 20), done
            return float((done["cpu"] + store.cpu() - before) / rows)

        programs[store, name] = go
