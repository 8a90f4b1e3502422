"""What a test may cost is written down, and the list of what may cost more only shrinks."""

from __future__ import annotations

from functools import cache

import pytest

from tests.budgets import LIST, TOLERANCE, WITH_STORE, cheap_again, listed, over_budget
from tests.house.source import ROOT

LINES = 72
"""How many tests may cost more. Lower it when a line goes; raising it is a decision."""
LISTED = listed(LIST.read_text())


@cache
def _text(file: str) -> str:
    return (ROOT / file).read_text() if (ROOT / file).exists() else ""


def test_the_list_only_shrinks() -> None:
    assert len(LISTED) <= LINES


@pytest.mark.xdist_group("a group")
@pytest.mark.parametrize("parameter", ["a parameter"])
def test_tests_of_one_group_run_in_one_worker(
    parameter: str, request: pytest.FixtureRequest
) -> None:
    """Browsers, servers and provinces that tests share are then made once."""
    if not request.config.getoption("loadgroup", False):
        pytest.skip("no workers to which groups are given (--dist loadgroup)")
    assert request.node.nodeid.endswith(f"[{parameter}]@a group")


def test_every_line_names_a_test_that_is_there_and_says_why() -> None:
    gone = [
        test
        for test in LISTED
        for file, name in [test.split("::")]
        if f"def {name}(" not in _text(file)
    ]
    assert gone == []
    assert [test for test, (_seconds, reason) in LISTED.items() if not reason] == []


@pytest.mark.parametrize(("cost", "over"), [(TOLERANCE * 0.29, False), (TOLERANCE * 0.31, True)])
def test_a_test_that_is_not_listed_keeps_the_usual_budget(cost: float, over: bool) -> None:
    assert bool(over_budget({"tests/a.py::test_b": (cost, WITH_STORE)})) == over


def test_a_listed_test_may_cost_what_its_line_says_and_loses_the_line_when_it_is_cheap() -> None:
    test, (seconds, _reason) = max(LISTED.items(), key=lambda line: line[1])
    assert over_budget({test: (TOLERANCE * seconds * 0.9, WITH_STORE)}) == []
    assert over_budget({test: (TOLERANCE * seconds * 1.1, WITH_STORE)}) != []
    assert cheap_again({test: (seconds, WITH_STORE)}) == []
    assert cheap_again({test: (WITH_STORE / 2, WITH_STORE)}) == [test]


def test_no_test_is_named_by_what_a_file_contains(request: pytest.FixtureRequest) -> None:
    """A workbook holds the second it was made in: two workers then collect different tests."""
    names = [item.nodeid for item in request.session.items]
    assert [name for name in names if len(name) > 330] == []
    assert [name for name in names if "PK\\x03\\x04" in name] == []
