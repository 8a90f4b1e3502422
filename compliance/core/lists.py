"""What all lists share that knows no page: columns to sort by, and counts that stop where nobody counts on."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.text import Text

Rows: TypeAlias = "sa.Select[*tuple[Any, ...]]"
"""A statement that finds rows of whatever columns."""


@dataclass(frozen=True)
class Sort:
    """A column by which a list can be sorted: its heading, and its two orders as the address writes them."""

    heading: Text
    rising: str
    falling: str

    @property
    def orders(self) -> tuple[str, str]:
        return self.rising, self.falling


Name = TypeVar("Name", bound=Hashable)


def counts_up_to(most: int, queries: Mapping[Name, Rows]) -> dict[Name, int]:
    """How many rows each of `queries` finds, counted no further than `most` + 1. One read."""
    counted = [
        sa.select(sa.func.count()).select_from(query.limit(most + 1).subquery()).scalar_subquery()
        for query in queries.values()
    ]
    row = db.session.execute(sa.select(*counted)).one() if counted else ()
    return dict(zip(queries, row, strict=True))
