"""Pages of the API: opaque cursors that name their list. Refuses one that no page of that list gave out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from compliance.core.db import Base
from compliance.core.errors import Invalid
from compliance.core.keyset import read_cursor, write_cursor
from compliance.core.text import say
from compliance.web.pages import keyset


class BadCursor(Invalid):
    """No page of this list gave out such a cursor."""

    def __init__(self) -> None:
        super().__init__({"cursor": say("Kursor ini tidak dikenal. Mulai lagi tanpa cursor.")})


def page_of(
    model: type[Base], rows: Sequence[Any], *, limit: int
) -> tuple[Sequence[Any], str | None]:
    """The rows to show of `limit` + 1 that were read, and the cursor of the next page (None: the
    last one).
    """
    page = keyset(rows, size=limit, cursor=lambda row: write_cursor(model.__tablename__, row.id))
    return page.rows, page.next_cursor


def id_in(cursor: str | None, model: type[Base]) -> int | None:
    """The id of the row of `model` after which the page begins; None is the first page. Raises BadCursor."""
    if cursor is None:
        return None
    id: int
    table, id = read_cursor(cursor, sa.String(), model.__table__.c.id.type) or ("", 0)
    if table != model.__tablename__:
        raise BadCursor()
    return id
