"""What the search of everything finds (web/search_page).

Each room says in slots.py what of its own can be found. It finds only what the reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.core.slots import Slot
from compliance.core.text import Text


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, where it is, and what tells it from others."""

    title: str
    address: str
    notes: tuple[Text | str, ...] = ()


@dataclass(frozen=True)
class SearchKind:
    """Things of one kind that can be found, by readers who may do `action`.

    `find` gets the reader, what was typed and how many hits are wanted at most. `exact` says that
    it finds by whole numbers only: names are searched when no exact kind found anything. `more` is the
    address of the list that takes what was typed as `q`.
    """

    action: str
    name: Text
    find: Callable[[Any, str, int], Sequence[Hit]]
    exact: bool = False
    more: str | None = None


SEARCH_KINDS: Slot[SearchKind] = Slot()
"""What the search finds, in the order of its page."""
