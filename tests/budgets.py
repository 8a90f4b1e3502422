"""What a test may cost: 10 ms of CPU without a store, 300 ms with one; tests/budgets.txt lists more.

CPU of the test's own process, not time on the wall, and only the test itself, not the store that is made for
it: so a busy machine changes little. Little, not nothing: a core that is shared, or the first page that a
process renders, was seen to treble a test. Hence a test is over its budget at three times of it, and it is
named at the end of the run. `make test ARGS=--keep-budgets` fails instead, for a quiet machine.
Tests that drive a browser or other processes wait for those and have no budget.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LIST = Path(__file__).parent / "budgets.txt"
WITHOUT_STORE, WITH_STORE, TOLERANCE = 0.01, 0.3, 3
UNMEASURED = ("browser", "processes")
COST = "cpu and budget"


def listed(text: str) -> dict[str, tuple[float, str]]:
    """The seconds that a test may cost and the reason, by test; the reason stands above its tests."""
    found, reason = {}, ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            reason = line.removeprefix("#").strip()
        else:
            seconds, test = line.split(maxsplit=1)
            found[test] = float(seconds), reason
    return found


ALLOWED = {test: seconds for test, (seconds, _reason) in listed(LIST.read_text()).items()}


def name_of(nodeid: str) -> str:
    """A test without its parameters and its group."""
    return nodeid.partition("[")[0].partition("@")[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    began = time.process_time()
    try:
        return (yield)
    finally:
        if not any(item.get_closest_marker(name) for name in UNMEASURED):
            usual = WITH_STORE if "store" in getattr(item, "fixturenames", ()) else WITHOUT_STORE
            item.user_properties.append((COST, (time.process_time() - began, usual)))


def costs(reporter: pytest.TerminalReporter) -> dict[str, tuple[float, float]]:
    """The dearest run of each test, and its usual budget."""
    found: dict[str, tuple[float, float]] = {}
    for report in [*reporter.stats.get("passed", ()), *reporter.stats.get("failed", ())]:
        cost = dict(getattr(report, "user_properties", ())).get(COST)
        if report.when == "call" and cost is not None:
            test = name_of(report.nodeid)
            found[test] = max(found.get(test, (0.0, 0.0)), tuple(cost))
    return found


def over_budget(found: dict[str, tuple[float, float]]) -> list[str]:
    """What cost more than it may, dearest first."""
    over = [
        (cost, test, ALLOWED.get(test, usual))
        for test, (cost, usual) in found.items()
        if cost > TOLERANCE * ALLOWED.get(test, usual)
    ]
    return [
        f"{cost:.2f} s of {allowed:.2f} s: {test}" for cost, test, allowed in sorted(over)[::-1]
    ]


def cheap_again(found: dict[str, tuple[float, float]]) -> list[str]:
    """Listed tests that keep the usual budget by now: their lines go."""
    return [test for test, (cost, usual) in found.items() if test in ALLOWED and cost <= usual]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = costs(terminalreporter)
    for title, lines in (
        (f"over {TOLERANCE} times their budget of CPU", over_budget(found)),
        ("cheap again: take them out of tests/budgets.txt", cheap_again(found)),
    ):
        if lines:
            terminalreporter.section(title)
            terminalreporter.write_line("\n".join(lines))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--keep-budgets") and reporter and over_budget(costs(reporter)):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
