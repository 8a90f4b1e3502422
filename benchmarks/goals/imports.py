"""P4: a list of companies imported, beside five executemany per 500 rows; and what a counter waits meanwhile.

A twentieth of a list's rows are known companies, another twentieth cannot be read, all others are new.
"""

from __future__ import annotations

import csv
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import xlsxwriter

from benchmarks.bare.imports import import_list
from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.province import SYLLABLES
from benchmarks.running import Run, nib, question
from benchmarks.serving import Asking, Server, pause
from benchmarks.stores import Store
from benchmarks.working import Done

ROWS, QUIET = 2_000, 400
BETWEEN = 0.02
"""Seconds between two applicants: a busy province, not a flood."""
HEADINGS = ("Nama Perusahaan", "NIB", "NPWP", "NPP", "Kab/Kota", "Alamat", "Jumlah TK")
FORMATS = {"csv": 6, "xlsx": 8}
Row = tuple[str, ...]


def measure(run: Run) -> list[Table]:
    with tempfile.TemporaryDirectory() as folder:
        return [_beside_the_floor(run, Path(folder)), _beside_the_counter(run, Path(folder))]


def list_of(rows: int, series: int) -> list[Row]:
    """A list as BPJS would send it, at most 100,000 rows. Each `series` (20 to 9,999) has other companies."""
    chance, made = random.Random(series), list[Row]()
    for number in range(rows):
        words = " ".join(
            "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(3)
        ).title()
        own = f"8{series:04}{number:08}"
        if number % 20 == 7:
            own = nib(1 + number % 100)
        elif number % 20 == 13:
            own = "12345"
        npwp = f"{series:04}{number:05}922000" if number % 3 else ""
        npp = f"8{series:04}{number:06}" if number % 5 else ""
        workers = str(chance.randint(1, 400))
        made.append(
            (f"PT {words}", own, npwp, npp, "Kota Kupang", f"Jalan Contoh {number}", workers)
        )
    return made


def write_list(file: Path, rows: list[Row]) -> None:
    if file.suffix == ".xlsx":
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([HEADINGS, *rows]):
                sheet.write_row(at, 0, row)
        return
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([HEADINGS, *rows])


def _beside_the_floor(run: Run, folder: Path) -> Table:
    rows, stores = run.some(ROWS, least=40), list(run.all(run.ends))
    table = Table(
        f"P4 Import of {count(rows)} companies: CPU per row",
        ("store", "companies", "file", "import", "executemany floor", "ratio"),
    )
    programs, series = dict[tuple[Store, str, str], Callable[[int], float]](), iter(range(20, 900))
    for store in stores:
        for suffix in FORMATS:
            for name, work in (("ours", _by_us(run, store)), ("floor", _by_floor(store))):
                programs[store, suffix, name] = _imports(
                    work, folder / f"list.{suffix}", rows, series
                )
    figures = medians(run.rounds, programs)
    for store in stores:
        for suffix, goal in FORMATS.items():
            ours, floor = figures[store, suffix, "ours"], figures[store, suffix, "floor"]
            ratio = f"{times(ours, floor)} (goal ≤ {goal})"
            table.rows.append((store.kind, count(store.size), suffix, ms(ours), ms(floor), ratio))
    table.notes.append(
        "The floor writes the same companies, names, words and report lines. It checks nothing."
    )
    return table


def _imports(
    work: Callable[[Path], float], file: Path, rows: int, series: Iterator[int]
) -> Callable[[int], float]:
    """A round: a new list is written, and imported by `work`."""

    def go(_turn: int) -> float:
        write_list(file, list_of(rows, next(series)))
        return work(file) / rows

    return go


def _by_us(run: Run, store: Store) -> Callable[[Path], float]:
    def work(file: Path) -> float:
        before = _written(store)
        done = run.worker(store).run("companies", "import", str(file))
        _expect(store, before, int(done.output.split(" new")[0].split()[-1]), done.output)
        return done.cpu

    return work


def _by_floor(store: Store) -> Callable[[Path], float]:
    def work(file: Path) -> float:
        before, cpu, begun = _written(store), store.cpu(), time.process_time()
        new = import_list(store.raw, file)
        spent = time.process_time() - begun + store.cpu() - cpu
        _expect(store, before, new, "the floor")
        return spent

    return work


def _written(store: Store) -> tuple[int, int]:
    """How many companies, and how many lines of reports about new ones, there are."""
    lines = store.raw.value("SELECT count(*) FROM import_rows WHERE outcome = 'new'")
    return store.count("companies"), lines


def _expect(store: Store, before: tuple[int, int], new: int, output: str) -> None:
    companies, lines = (now - then for now, then in zip(_written(store), before, strict=True))
    assert companies == lines == new > 0, (
        f"{companies} companies, {lines} lines in {store.name}: {output}"
    )


def _beside_the_counter(run: Run, folder: Path) -> Table:
    rows = run.some(run.rows, least=40)
    table = Table(
        f"P4 What a counter check takes while {count(rows)} rows are imported: elapsed time",
        ("store", "companies", "when", "checks", "median", "p95", "longest (goal ≤ 100 ms)"),
    )
    file = folder / "beside.csv"
    for at, store in enumerate(run.all(run.sizes[:1])):
        write_list(file, list_of(rows, 950 + at))
        server = run.server(store)
        quiet = _ask_until(server, lambda asked: asked >= run.some(QUIET))
        done = list[Done]()
        worker = run.worker(store)
        work = Thread(target=lambda: done.append(worker.run("companies", "import", str(file))))  # noqa: B023
        work.start()
        busy = _ask_until(server, lambda _asked: not work.is_alive())  # noqa: B023
        work.join()
        for when, waits in (("quiet", quiet), ("importing", busy)):
            table.rows.append(
                (store.kind, count(store.size), when, count(len(waits)), *map(ms, _shown(waits)))
            )
        ratio = times(_shown(busy)[1], _shown(quiet)[1])
        table.notes.append(
            f"{store.kind}: p95 {ratio} (goal ≤ 2×); {count(rows)} rows in {done[0].seconds:.0f} s."
        )
    return table


def _ask_until(server: Server, over: Callable[[int], bool]) -> list[float]:
    """How many seconds each check took, one applicant after the other, until `over(number asked)`."""
    waits: list[float] = []
    with Asking(server) as asking:
        while not over(len(waits)) or len(waits) < 2:
            waits.append(asking.ask(question(len(waits), server.store.size), alone=False).seconds)
            pause(BETWEEN)
    return waits


def _shown(waits: list[float]) -> tuple[float, float, float]:
    """The median, the 95th percentile and the longest."""
    return statistics.median(waits), statistics.quantiles(waits, n=20)[-1], max(waits)
