"""What a run is asked for, and the stores, servers and workers that it keeps until its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.measuring import count, times
from benchmarks.province import TOKEN
from benchmarks.serving import OURS, Request, Server
from benchmarks.stores import Store, Stores
from benchmarks.working import Worker


@dataclass(frozen=True)
class Run:
    """Sizes from small to large, kinds of stores, rounds; `share` makes counts of requests and rows smaller.

    `rows` is the length of the list that is imported beside the counter; `django` allows to fetch
    Django.
    """

    stores: Stores
    stack: ExitStack
    sizes: tuple[int, ...]
    kinds: tuple[str, ...]
    rounds: int = 5
    share: float = 1.0
    rows: int = 10_000
    django: bool = False
    _servers: dict[tuple[Store | str, ...], Server] = field(default_factory=dict)
    _workers: dict[Store, Worker] = field(default_factory=dict)

    def some(self, number: int, *, least: int = 2) -> int:
        """`number`, or fewer in a run that is only a trial."""
        return max(least, round(number * self.share))

    @property
    def is_trial(self) -> bool:
        """Whether this run only shows that the benchmarks still work."""
        return self.share < 1

    @property
    def ends(self) -> tuple[int, ...]:
        """The smallest and the largest size."""
        return tuple(dict.fromkeys((self.sizes[0], self.sizes[-1])))

    def all(self, sizes: tuple[int, ...] | None = None) -> Iterator[Store]:
        """The store of every kind and size."""
        for kind in self.kinds:
            for size in sizes or self.sizes:
                yield self.stores.get(kind, size)

    def server(self, store: Store, target: str = OURS, **more: str) -> Server:
        """The application, or a bare program, served on a store; `more` goes into its environment."""
        key: tuple[Store | str, ...] = (store, target, *more)
        if key not in self._servers:
            self._servers[key] = Server(target, store, self.stack, **more)
        return self._servers[key]

    def worker(self, store: Store) -> Worker:
        """The process in which `flask` commands run on a store."""
        if store not in self._workers:
            self._workers[store] = Worker(store.url, self.stack, store.cpu)
        return self._workers[store]


def nib(number: int) -> str:
    """The NIB of a company of the province."""
    return str(9_100_000_000_000 + number)


def question(number: int, size: int, path: str = "/api/v1/clearance") -> Request:
    """The counter's question about some company of the first `size`; successive numbers ask all over them."""
    return question_about(1 + number * 7919 % size, path)


def question_about(company: int, path: str = "/api/v1/clearance") -> Request:
    """The counter's question about a company, by its NIB."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    return Request(path, "POST", headers, json.dumps({"nib": nib(company)}), 201)


def growth(run: Run, figures: dict[tuple[str, int], float], goal: str) -> list[str]:
    """For each kind of store, how a figure grew from the smallest to the largest size."""
    if len(run.sizes) < 2:
        return []
    small, large = run.ends
    return [
        f"{kind}, from {count(small)} to {count(large)}:"
        f" {times(figures[kind, large], figures[kind, small])} ({goal})"
        for kind in run.kinds
    ]


def durability(run: Run, store: Store) -> str:
    """How the application's commits reach the disk, in a sentence."""
    if store.kind == "postgresql":
        return "postgresql: commits are durable (fsync and synchronous_commit are on)."
    level = ("OFF", "NORMAL", "FULL", "EXTRA")[run.worker(store).synchronous()]
    durably = "durably" if level in ("FULL", "EXTRA") else "**not durably**"
    return f"sqlite: the application commits with synchronous={level}, {durably}."
