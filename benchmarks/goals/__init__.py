"""TABLE: the speed goals that `python -m benchmarks` measures, one module each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.goals import (
    audit,
    growth,
    imports,
    jobs,
    lookup,
    moving,
    names,
    neighbours,
    nota,
    papers,
    photos,
    queue,
    search,
    startup,
    sweep,
)
from benchmarks.measuring import Table
from benchmarks.running import Run


@dataclass(frozen=True)
class Goal:
    """One goal: its number, what it is about, and how it is measured."""

    number: str
    title: str
    measure: Callable[[Run], list[Table]]


TABLE = (
    Goal("P1", "counter lookup with a logged receipt", lookup.measure),
    Goal("P2", "overdue queue", queue.measure),
    Goal("P3", "sweep of due rechecks", sweep.measure),
    Goal("P4", "import of a list, and what the counter waits meanwhile", imports.measure),
    Goal("P5", "company search", search.measure),
    # Before P6, whose bare program keeps its papers where the audit does not look for them.
    Goal("P13", "walk of the event log", audit.measure),
    Goal("P6", "a nota issued through the form", nota.measure),
    Goal("P7", "a letter that is set", papers.measure),
    Goal("P7b", "a photo of twelve megapixels that is sent", photos.measure),
    Goal("P9", "Django's admin on the same data (with --django)", neighbours.measure),
    Goal("P10", "every list, page and count: nothing grows", growth.measure),
    Goal("P11", "jobs with and without work", jobs.measure),
    Goal("P12", "start of a command", startup.measure),
    Goal("P15", "backup, restore and copy", moving.measure),
    Goal("P14", "which firm is it: search, duplicates and lists of names", names.measure),
)
GOALS = {goal.number: goal for goal in TABLE}
