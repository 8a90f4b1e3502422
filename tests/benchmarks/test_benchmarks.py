"""The benchmarks still work: each goal is measured once in a tiny province; no page or table is forgotten.

Figures do not matter here. What each benchmark checks does: its rows, verdicts and answers. (House law 16.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from benchmarks import goals
from benchmarks.__main__ import read_options
from benchmarks.goals import GOALS
from benchmarks.goals.growth import NOT_HERE, PAGES
from benchmarks.measuring import Table
from benchmarks.running import Run
from benchmarks.stores import Stores
from benchmarks.tables import COLUMNS, LEFT_EMPTY, OF_THE_APPLICATION
from compliance.core.db import db

pytestmark = [pytest.mark.one_store, pytest.mark.xdist_group("benchmarks")]
NOT_TRIED = {
    "P4": "an import beside a counter: minutes",
    "P5": "the searches of a whole registry: minutes",
    "P9": "needs the network",
    "P10": "every list and page at several sizes: minutes",
    "P11": "every job with and without work: minutes",
    "P14": "at least 1,000 firms: test_names.py keeps its floors",
}
"""The goals that a trial does not measure, and why. Any other is measured within seconds."""
QUICK = tuple(number for number in GOALS if number not in NOT_TRIED)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A trial: 300 companies on SQLite, one round, the fewest requests."""
    with ExitStack() as stack:
        stores = Stores(stack, tmp_path_factory.mktemp("provinces"))
        yield Run(stores, stack, (300,), ("sqlite",), rounds=0, share=0.005, rows=40)


def faults(tables: Sequence[Table]) -> list[str]:
    """What is wrong with the tables of a goal: there is none, one has no rows, a row has other columns."""
    empty = [table.title for table in tables if not table.rows]
    odd = [
        f"{table.title}: {row}"
        for table in tables
        for row in table.rows
        if len(row) != len(table.columns)
    ]
    return [*empty, *odd] if tables else ["nothing was measured"]


@pytest.mark.processes
@pytest.mark.parametrize("number", QUICK)
def test_every_goal_can_be_measured(run: Run, number: str) -> None:
    assert faults(GOALS[number].measure(run)) == []


def test_a_goal_that_measures_nothing_is_seen() -> None:
    assert faults([]) != []
    assert faults([Table("Contoh", ("a", "b"), [])]) != []
    assert faults([Table("Contoh", ("a", "b"), [("1",)])]) != []


def test_every_goal_stands_in_the_table() -> None:
    files = {path.stem for path in Path(goals.__file__).parent.glob("*.py")} - {"__init__"}
    assert {goal.measure.__module__.rsplit(".", 1)[-1] for goal in GOALS.values()} == files
    assert set(NOT_TRIED) <= set(GOALS)


def test_every_table_is_filled_or_left_empty_for_a_reason() -> None:
    tables = set(db.metadata.tables)
    named = [*COLUMNS, *OF_THE_APPLICATION, *LEFT_EMPTY]
    assert sorted(named) == sorted(tables), tables ^ set(named)


def test_every_mandatory_column_is_given() -> None:
    missing = {
        f"{table}.{column.name}"
        for table, names in COLUMNS.items()
        for column in db.metadata.tables[table].columns
        if not column.nullable and column.name not in names.split()
    }
    assert missing == set()


def test_every_page_is_measured_or_left_out_for_a_reason(app: Flask) -> None:
    address, measured = app.url_map.bind("patuh"), set()
    for page in " ".join(PAGES.values()).split():
        path = _filled(page.split("?")[0])
        try:
            rule, _arguments = address.match(path, method="GET", return_rule=True)
        except HTTPException:
            pytest.fail(f"{page} is no page")
        measured.add(rule.rule)
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages == measured | set(NOT_HERE)


def _filled(page: str) -> str:
    """The address with something in its braces that any rule takes."""
    for name in ("draft", "issued"):
        page = page.replace(f"{{{name}}}", "00000000-0000-4000-8000-000000000000")
    for name in ("case", "resolved", "failed", "receipt", "code"):
        page = page.replace(f"{{{name}}}", "X-1")
    return page.format_map(_Ones())


class _Ones(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "1"


def test_options_are_read() -> None:
    options = read_options(["--goals", "P1,P13", "--sizes", "1M,10k", "--stores", "sqlite"])
    assert (options.goals, options.sizes, options.stores) == (
        ("P1", "P13"),
        (10_000, 1_000_000),
        ("sqlite",),
    )
    for words in (["--goals", "P99"], ["--stores", "mysql"]):
        with pytest.raises(SystemExit):
            read_options(words)


def test_a_kept_province_depends_on_what_makes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from benchmarks import filling

    before = filling.edition()
    monkeypatch.setattr(filling, "MAKERS", ())
    filling.edition.cache_clear()
    assert filling.edition() != before
    filling.edition.cache_clear()
