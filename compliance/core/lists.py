"""What all lists share and no page knows: columns to sort by, and counts that stop at a ceiling."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join

from compliance.core.db import db
from compliance.core.text import Text

Rows: TypeAlias = "sa.Select[*tuple[Any, ...]]"
"""A statement that finds rows of whatever columns."""
FEWEST_ALIKE = 3
"""So many rows must share a mark before it is said of all of them instead."""
COUNTED = 1_000
"""Lists are counted up to here; what is more is said to be more. So few can be sorted on the way."""


@dataclass(frozen=True)
class Sort:
    """A column by which a list can be sorted: its heading, and its two orders as the address writes them."""

    heading: Text
    rising: str
    falling: str

    @property
    def orders(self) -> tuple[str, str]:
        return self.rising, self.falling


class InThisOrder(Join):
    """A join of which the left side is walked and the right side looked up, row by row.

    SQLite's planner does not count with the limit of a page and would rather read and sort
    everything; it never reorders a CROSS JOIN. PostgreSQL needs no such help.
    """

    inherit_cache = True


@compiles(InThisOrder, "sqlite")
def _as_it_stands(join: InThisOrder, compiler: SQLCompiler, **how: Any) -> str:
    plain: str = compiler.visit_join(join, **how)  # type: ignore[no-untyped-call]
    return plain.replace(" JOIN ", " CROSS JOIN ", 1)


def on_every_row(rows: Sequence[Any], *names: str) -> dict[str, Any]:
    """The values that all rows of a page share, by the names of their columns; empty ones are left out.

    A mark that stands on every row tells none from another: a list says it once. One row shares nothing.
    """
    if len(rows) < FEWEST_ALIKE:
        return {}
    shared = {name: {getattr(row, name) for row in rows} for name in names}
    return {name: value for name, [value, *others] in shared.items() if value and not others}


Name = TypeVar("Name", bound=Hashable)


def counts_up_to(most: int, queries: Mapping[Name, Rows]) -> dict[Name, int]:
    """How many rows each of `queries` finds, counted no further than `most` + 1. One read."""
    counted = [
        sa.select(sa.func.count()).select_from(query.limit(most + 1).subquery()).scalar_subquery()
        for query in queries.values()
    ]
    row = db.session.execute(sa.select(*counted)).one() if counted else ()
    return dict(zip(queries, row, strict=True))
