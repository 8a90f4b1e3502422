"""CPU clocks of processes, medians of interleaved rounds, and tables in Markdown.

CPU time is the steady figure on a busy machine: elapsed times of one program differ by a factor of two there.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

TICKS = os.sysconf("SC_CLK_TCK")
Name = TypeVar("Name", bound=Hashable)


def cpu_of_process(pid: int) -> float:
    """CPU seconds that a living process has used, in all its threads, exact to the nanosecond (Linux)."""
    clock = (~pid << 3) | 2  # as clock_getcpuclockid(3) reckons it
    return time.clock_gettime(clock)


def cpu_of_family(pid: int) -> float:
    """CPU seconds of a process, its living descendants, and those children of it that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_of_process(pid) + ended + sum(map(_cpu_if_alive, children))


def _cpu_if_alive(pid: str) -> float:
    try:
        return cpu_of_family(int(pid))
    except (FileNotFoundError, ProcessLookupError, OSError):
        return 0.0  # it ended meanwhile


def peak_memory(pid: int | str = "self") -> float:
    """The most memory that a process has held so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def medians(rounds: int, programs: Mapping[Name, Callable[[int], float]]) -> dict[Name, float]:
    """The median figure of each program over `rounds` rounds; in a round each program has one turn.

    A program is called with the number of the round. Round 0 warms up and does not count.
    """
    figures: dict[Name, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, program in programs.items():
            figure = program(turn)
            if turn or not rounds:
                figures[name].append(figure)
    return {name: statistics.median(taken) for name, taken in figures.items()}


@dataclass
class Table:
    """A table of the report: what it shows, its columns, its rows, and remarks under it."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"### {self.title}", ""]
        if self.rows:
            lines += [
                _line(self.columns),
                _line(["---"] * len(self.columns)),
                *map(_line, self.rows),
                "",
            ]
        return "\n".join(
            [*lines, *(f"- {note}" for note in self.notes), *([""] if self.notes else [])]
        )


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def ms(seconds: float) -> str:
    """Seconds written as milliseconds."""
    return f"{seconds * 1000:,.2f} ms" if seconds < 0.1 else f"{seconds * 1000:,.0f} ms"


def times(figure: float, other: float) -> str:
    """How many times `other` a figure is."""
    return f"{figure / other:.2f}×" if other else "–"


def count(number: int) -> str:
    return f"{number:,}"
