"""Law 13: no promise without a clock. A date that a page shows as a promise is read by a job or a list.

Every day and instant of every model stands in one of the tables of promises.py: promises, with who reads
them; records of what was; and promises that have no clock yet. So does every function that reckons a date
ahead. A reader counts when it asks for the date (compares it, sorts by it) and its door leads to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import Model, UTCDateTime
from compliance.schedule import JOBS
from tests.house.promises import (
    DERIVED,
    JOB,
    ONLY_ASKS,
    PAGE,
    PROMISES,
    RECKONS,
    RECORDS,
    WITHOUT_CLOCK,
    Clock,
)
from tests.house.source import ROOT, dotted, modules
from tests.house.writers import Key, functions, house, module_name, resolved

SPANS = ("timedelta", "relativedelta")
WORKING_DAYS = ("add_working_days", "next_working")
ASKS = ("between", "in_", "order_by", "min", "Keyset", "group_by")


def dates() -> set[str]:
    """Every column of the models that holds a day or an instant."""
    return {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if holds_a_date(column)
    }


def holds_a_date(column: sa.Column[Any]) -> bool:
    kind = column.type
    return isinstance(
        kind.impl if isinstance(kind, sa.TypeDecorator) else kind, sa.Date | sa.DateTime
    )


def asks_for(function: ast.AST, name: str) -> bool:
    """Whether a function compares `x.name`, or sorts or seeks by it: showing it is no reading."""
    for node in ast.walk(function):
        asked: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            asked = [node.left, *node.comparators]
            if all(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops):
                continue
        elif isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in ASKS:
            asked = [*node.args, *([] if dotted(node.func).startswith(".") else [node.func])]
        if any(
            isinstance(part, ast.Attribute) and part.attr == name
            for side in asked
            for part in ast.walk(side)
        ):
            return True
    return False


@cache
def by_full_name() -> dict[str, list[Key]]:
    """The function of each full name, and all methods of each class."""
    keys: dict[str, list[Key]] = {}
    for path, name in house().functions:
        full = f"{module_name(path)}.{name}"
        keys.setdefault(full, []).append((path, name))
        if "." in name:
            keys.setdefault(full.rpartition(".")[0], []).append((path, name))
    return keys


@cache
def led_to(door: Key) -> frozenset[Key]:
    """The functions that a door leads to: what it names, all methods of a class it names, and on."""
    keys, seen, waiting = by_full_name(), {door}, [door]
    while waiting:
        path, name = waiting.pop()
        full, module = house().full[path], module_name(path)
        for node in ast.walk(house().functions[path, name]):
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            named = resolved(node, full)
            for key in (*keys.get(named, ()), *keys.get(f"{module}.{named}", ())):
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
    return frozenset(seen)


def key_of(text: str) -> Key:
    path, _, name = text.partition(": ")
    return f"compliance/{path}", name


def door_of(function: Any) -> Key:
    return function.__module__.replace(".", "/") + ".py", function.__qualname__


def faults_of(clock: Clock, promise: str, app: Flask) -> list[str]:
    """Why a clock of a promise is none."""
    kind, door, reader = clock
    doors: Mapping[str, Any] = (
        {name: job.work for name, job in JOBS.items()} if kind == JOB else app.view_functions
    )
    begins = doors.get(door)
    if begins is None:
        return [f"there is no {kind} {door}"]
    name = promise.rpartition(".")[2]
    if reader.startswith("templates/"):
        page = (ROOT / reader).read_text()
        shown = reader.removeprefix("templates/") in ast.unparse(house().functions[door_of(begins)])
        asked = re.search(rf"= {name}\(.*\) -?%}}", page) and re.search(r"< today\b", page)
        return [] if shown and asked else [f"{reader} does not ask for {name}"]
    key = key_of(reader)
    if key not in house().functions:
        return [f"there is no {reader}"]
    if key not in led_to(door_of(begins)):
        return [f"{door} does not lead to {reader}"]
    return [] if asks_for(house().functions[key], name) else [f"{reader} does not ask for {name}"]


def reckoning(sources: Mapping[str, ast.Module]) -> Iterator[str]:
    """The functions that add a span to a date, or count working days on from one."""
    everywhere = {name for tree in sources.values() for name in _spans_of(tree.body)}
    for path, tree in sources.items():
        for name, function in functions(tree):
            spans = everywhere | set(_spans_of(ast.walk(function)))
            if any(_reckons(node, spans) for node in ast.walk(function)):
                yield f"{path.removeprefix('compliance/')}: {name}"


def _spans_of(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The names that are given a span."""
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and _is_a_span(node.value, set()):
                    yield target.id


def _reckons(node: ast.AST, spans: set[str]) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in WORKING_DAYS
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Add) and _is_a_span(node.value, spans)
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add)
        and (_is_a_span(node.left, spans) or _is_a_span(node.right, spans))
    )


def _is_a_span(node: ast.AST, spans: set[str]) -> bool:
    return any(
        (isinstance(part, ast.Call) and dotted(part.func).split(".")[-1] in SPANS)
        or dotted(part).split(".")[-1] in spans
        for part in ast.walk(node)
    )


def listed(name: str, table: Mapping[str, str]) -> bool:
    return any(name == row or (row[-1] == "*" and name.startswith(row[:-1])) for row in table)


@pytest.mark.usefixtures("app")
def test_every_date_is_a_promise_or_a_record() -> None:
    recorded = [column for columns in RECORDS.values() for column in columns]
    rows = [*PROMISES, *WITHOUT_CLOCK, *recorded]
    assert sorted(rows) == sorted(dates()), "each date of a model stands in one table, once"


@pytest.mark.one_store
def test_every_promise_is_read_by_a_job_or_a_list(app: Flask) -> None:
    faults = [
        f"{promise}: {fault}"
        for promise, clocks in (PROMISES | DERIVED).items()
        for clock in clocks
        for fault in faults_of(clock, promise, app)
    ]
    assert faults == []
    assert all((PROMISES | DERIVED).values())


def test_what_is_said_to_have_no_clock_has_none() -> None:
    """When one is built, its row moves to the promises."""
    assert set(WITHOUT_CLOCK) == set()
    read = [
        f"{path}: {function} asks for {column}"
        for column in WITHOUT_CLOCK
        for (path, function), tree in house().functions.items()
        if asks_for(tree, column.partition(".")[2]) and "/views" not in path
    ]
    assert read == []


def test_every_date_that_is_reckoned_ahead_is_a_promise() -> None:
    found = set(reckoning(modules()))
    unlisted = {name for name in found if name not in RECKONS and not listed(name, ONLY_ASKS)}
    assert unlisted == set()
    assert set(RECKONS) - found == set(), "a row of a function that reckons no date"
    assert set(RECKONS.values()) <= {*PROMISES, *DERIVED, *WITHOUT_CLOCK}
    assert [row for row in ONLY_ASKS if not any(listed(name, {row: ""}) for name in found)] == []


@pytest.mark.parametrize(
    ("source", "asks"),
    [
        ("def f(): query.where(Flag.review_on <= day)", True),
        ("def f(): query.where(day >= Flag.review_on)", True),
        ("def f(): query.order_by(Flag.review_on.desc())", True),
        ("def f(): query.where(Flag.review_on.between(one, other))", True),
        ("def f(): sa.select(Flag.id, Flag.review_on)", False),
        ("def f(): sa.select(Flag.review_on).where(Flag.id.in_(ids)).order_by(Flag.id)", False),
        ("def f(): Column(say('Ditinjau'), lambda row: row.review_on)", False),
        ("def f(): return flag.review_on is not None", False),
        ("def f(): 'review_on <= day'", False),
        ("def f(): flag.review_on = day", False),
    ],
)
def test_to_show_a_date_is_not_to_ask_for_it(source: str, asks: bool) -> None:
    assert asks_for(ast.parse(source), "review_on") is asks


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("clock", "fault"),
    [
        ((JOB, "review_flags", "cases/jobs.py: _claim"), "there is no job"),
        ((PAGE, "cases.promises", "cases/jobs.py: _claim"), "there is no page"),
        ((JOB, "sweep_due_rechecks", "cases/jobs.py: _claim_more"), "there is no cases/jobs"),
        ((JOB, "deliver_messages", "cases/jobs.py: _claim"), "does not lead to"),
        ((JOB, "sweep_due_rechecks", "cases/jobs.py: set_aside"), "does not lead to"),
        ((JOB, "sweep_due_rechecks", "cases/jobs.py: _make_steps"), "does not ask for"),
        ((PAGE, "licensing.receipt", "templates/licensing/history.html"), "does not ask for"),
    ],
)
def test_a_clock_that_is_none_is_noticed(app: Flask, clock: Clock, fault: str) -> None:
    assert [fault in said for said in faults_of(clock, "cases.next_step_at", app)] == [True]


def test_a_new_date_without_a_row_is_noticed() -> None:
    for kind in (sa.Date(), sa.DateTime(timezone=True), UTCDateTime()):
        assert holds_a_date(sa.Column("valid_until", kind))
    assert not holds_a_date(sa.Column("count", sa.Integer()))


@pytest.mark.parametrize(
    "source",
    [
        "def f(day): return day + timedelta(days=14)",
        "def f(day): return relativedelta(months=3) + day",
        "ANSWER_WITHIN = timedelta(days=14)\ndef f(day): return day + ANSWER_WITHIN",
        "WITHIN = (timedelta(days=1), timedelta(days=2))\ndef f(day): return day + WITHIN[0]",
        "def f(day):\n    day += datetime.timedelta(days=14)\n    return day",
        "def f(day):\n    span = timedelta(days=14)\n    return day + span",
        "def f(day): return load_calendar().add_working_days(day, 5)",
        "class Letter:\n    @property\n    def until(self): return self.on + dt.timedelta(days=1)",
    ],
)
def test_a_date_reckoned_ahead_is_seen(source: str) -> None:
    assert list(reckoning({"compliance/letters/rules.py": ast.parse(source)})) != []
