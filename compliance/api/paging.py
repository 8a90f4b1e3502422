"""Cursors: where the next page of a list begins, opaque to callers. Refuses one that no list of ours gave out."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any

from compliance.core.errors import Invalid
from compliance.core.text import say
from compliance.web.pages import keyset


class BadCursor(Invalid):
    """There is no such place in this list."""

    def __init__(self) -> None:
        super().__init__({"cursor": say("Kursor ini tidak dikenal. Mulai lagi tanpa cursor.")})


_PLACE = re.compile(r"([a-z]+):([0-9]{1,18})", re.ASCII)


def page_of(name: str, rows: Sequence[Any], *, limit: int) -> tuple[Sequence[Any], str | None]:
    """The rows to show of `limit` + 1 that were read, and the cursor of the next page (None: the last one)."""
    page = keyset(rows, size=limit, key=lambda row: _cursor(name, row.id))
    return page.rows, page.next_key


def place_in(name: str, cursor: str | None) -> int | None:
    """The id after which the page begins; None is the first page. Raises BadCursor."""
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
        place = _PLACE.fullmatch(text)
    except ValueError:
        place = None
    if place is None or place[1] != name:
        raise BadCursor()
    return int(place[2])


def _cursor(name: str, id: int) -> str:
    return base64.b64encode(f"{name}:{id}".encode(), altchars=b"-_").decode().rstrip("=")
