"""Cursors: the text in an address that says after which row a list continues, and the SQL condition for it.

A list is ordered by columns that together identify one row. The cursor of a row holds the values of
these columns as text. This module also reads ids and whole numbers in addresses. A text that no page
of ours can have written is read as None, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any, TypeAlias, TypeVarTuple
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

LARGEST_ID = 2**31 - 1
"""What a column of whole numbers can hold; PostgreSQL refuses to compare it with anything larger."""
LARGEST_LONG_ID = 2**63 - 1
"""The same for the ids of events, of which there are very many."""
_Column: TypeAlias = "InstrumentedAttribute[Any]"
Columns = TypeVarTuple("Columns")


def is_digits(typed: str) -> bool:
    """Whether the text is a whole number in plain digits, however large."""
    return typed.isascii() and typed.isdigit()


def read_digits(typed: str | None, *, most: int = LARGEST_ID) -> int | None:
    """A whole number from 0 to `most`, written in plain digits and nothing else; None for all else."""
    if not typed or not is_digits(typed) or len(typed) > len(str(most)):
        return None
    number = int(typed)
    return number if number <= most else None


def read_id(typed: str | None) -> int | None:
    """The id of a row, read from an address or a form; None when no row can have such an id."""
    return read_digits(typed) or None


def is_id(number: int) -> bool:
    """Whether a row can have this id: a number that is too large for the column makes the store fail."""
    return 0 < number <= LARGEST_ID


def write_cursor(*values: object) -> str:
    """Text for an address that `read_cursor` reads back.

    A point separates values; within text it is escaped.
    """
    return ".".join(str(value).replace("%", "%25").replace(".", "%2E") for value in values)


def read_cursor(cursor: str | None, *types: sa.types.TypeEngine[Any]) -> tuple[Any, ...] | None:
    """The values that `write_cursor` wrote from columns of these types; None for anything else."""
    parts = (cursor or "").split(".")
    if len(parts) != len(types):
        return None
    values = tuple(_read(part, type_) for part, type_ in zip(parts, types, strict=True))
    return None if None in values else values


def _read(part: str, type_: sa.types.TypeEngine[Any]) -> str | int | date | None:
    kind = type_.python_type
    if kind is int:
        return read_digits(
            part, most=LARGEST_LONG_ID if isinstance(type_, sa.BigInteger) else LARGEST_ID
        )
    if kind is date:
        try:
            return date.fromisoformat(part)
        except ValueError:
            return None
    if kind is str:
        text = unquote(part)
        return text if text.isprintable() else None
    raise TypeError(f"{kind.__name__}: no list is ordered by such a column")


class Keyset:
    """An order of a list by `columns`, of which the last is an id, rising or falling.

    `row` names the attributes of a row of the list that hold the columns' values, when they have other names.
    """

    def __init__(self, *columns: _Column, falling: bool = False, row: Sequence[str] = ()) -> None:
        self.columns, self.falling = columns, falling
        self._values = attrgetter(*(row or [column.key for column in columns]))

    @property
    def order(self) -> tuple[Any, ...]:
        """For ORDER BY."""
        return tuple(column.desc() if self.falling else column for column in self.columns)

    def values(self, row: Any) -> tuple[Any, ...]:
        """Where `row` stands in this order."""
        values = self._values(row)
        return values if len(self.columns) > 1 else (values,)

    def cursor(self, row: Any) -> str:
        """The cursor of `row`: the list goes on after it."""
        return write_cursor(*self.values(row))

    def read(self, cursor: str | None) -> tuple[Any, ...] | None:
        """The values that a cursor of this order holds; None for the first page, and for what is no
        such cursor.
        """
        return read_cursor(cursor, *(column.type for column in self.columns))

    def beyond(self, values: tuple[Any, ...], *, inclusive: bool = False) -> sa.ColumnElement[bool]:
        """The condition on rows that they come after `values` in this order; `inclusive`: or stand there.

        The values may be parameters of a statement that is built once.
        """
        whole = sa.tuple_(*self.columns) if len(self.columns) > 1 else self.columns[0]
        last: Any = values if len(values) > 1 else values[0]
        if len(values) > 1 and isinstance(values[0], sa.ColumnElement):
            last = sa.tuple_(*values)
        condition: sa.ColumnElement[bool]
        if self.falling:
            condition = whole <= last if inclusive else whole < last
        else:
            condition = whole >= last if inclusive else whole > last
        return condition

    def paged(self, query: sa.Select[*Columns], after: str | None) -> sa.Select[*Columns]:
        """`query` in this order, going on after the row with the cursor `after`."""
        values = self.read(after)
        query = query.order_by(*self.order)
        return query if values is None else query.where(self.beyond(values))
