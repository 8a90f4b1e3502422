"""What a run of the benchmarks is asked for, and the stores it works on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measuring import Table, count, times
from benchmarks.province import TOKEN
from benchmarks.serving import Request
from benchmarks.stores import Store, Stores


@dataclass(frozen=True)
class Run:
    """Sizes from small to large, kinds of stores, rounds. `share` makes every count of requests or rows smaller.

    `rows` is the length of the list that is imported beside the counter; `django` allows to fetch Django.
    """

    stores: Stores
    sizes: tuple[int, ...]
    kinds: tuple[str, ...]
    rounds: int = 5
    share: float = 1.0
    rows: int = 10_000
    django: bool = False

    def some(self, number: int, *, least: int = 2) -> int:
        """`number`, or fewer in a run that is only a trial."""
        return max(least, round(number * self.share))

    @property
    def ends(self) -> tuple[int, ...]:
        """The smallest and the largest size."""
        return tuple(dict.fromkeys((self.sizes[0], self.sizes[-1])))

    def all(self, sizes: tuple[int, ...] | None = None) -> Iterator[Store]:
        """The store of every kind and size."""
        for kind in self.kinds:
            for size in sizes or self.sizes:
                yield self.stores.get(kind, size)


def nib(number: int) -> str:
    """The NIB of a company of the province."""
    return str(9_100_000_000_000 + number)


def question(number: int, size: int, path: str = "/api/v1/clearance") -> Request:
    """The counter's question about some company of the first `size`; a row of numbers asks all over the province."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    return Request(path, "POST", headers, json.dumps({"nib": nib(1 + number * 7919 % size)}), 201)


def growth(run: Run, figures: dict[tuple[str, int], float], goal: str) -> list[str]:
    """For each kind of store, how a figure grew from the smallest to the largest size."""
    if len(run.sizes) < 2:
        return []
    small, large = run.ends
    return [
        f"{kind}, from {count(small)} to {count(large)}: {times(figures[kind, large], figures[kind, small])} ({goal})"
        for kind in run.kinds
    ]


def tell(tables: list[Table]) -> None:
    """Print tables as soon as they are there."""
    for table in tables:
        print(table, flush=True)
