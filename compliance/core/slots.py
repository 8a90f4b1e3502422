"""Slots: what a lower room leaves open for the rooms above it to fill, such as the panels of a
company's page.

A lower room declares a Slot and reads it like a list. compliance/slots.py lists its content;
it is filled once, when the application is put together. A slot that was not filled is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_Row = TypeVar("_Row")


class Slot(Generic[_Row]):
    """Rows of one kind that upper rooms give to a lower one, in the order in which they are shown."""

    def __init__(self) -> None:
        self._rows: tuple[_Row, ...] = ()

    def __iter__(self) -> Iterator[_Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    def fill(self, rows: Iterable[_Row]) -> None:
        """Put these rows in, instead of those before."""
        self._rows = tuple(rows)


@dataclass(frozen=True)
class Filled(Generic[_Row]):
    """One line of the table of slots."""

    slot: Slot[_Row]
    rows: tuple[_Row, ...]


def filled(slot: Slot[_Row], *rows: _Row) -> Filled[_Row]:
    """A line of the table: what stands in `slot`."""
    return Filled(slot, rows)


def fill_slots(table: Iterable[Filled[Any]]) -> None:
    """Fill every slot of the table."""
    for line in table:
        line.slot.fill(line.rows)
