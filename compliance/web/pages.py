"""What every page shares: navigation by role, the unread count, the banner of a silent clock,
keyset pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from flask import Flask, current_app, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from compliance.core.db import db, read_rows
from compliance.core.jobs import LAST_BEAT, is_old
from compliance.core.lists import Sort, on_every_row
from compliance.core.outbox import Message
from compliance.core.read_only import ReadOnlyMode, read_only_mode
from compliance.core.slots import Slot
from compliance.core.text import Text
from compliance.policy import may

PAGE_SIZES = (25, 50, 100)
MOST_WAITING = 99
"""What is more than this is not counted to its end behind a link of the navigation."""


@dataclass(frozen=True)
class Link:
    """A link of the navigation. `waiting` gives the rows that wait behind it for a reader, or None for a
    reader for whom nothing can wait there; the navigation counts them up to MOST_WAITING + 1."""

    address: str
    label: Text
    waiting: Callable[[Any], sa.Select[Any] | None] | None = None


@dataclass(frozen=True)
class Navigation:
    """The links by name, which of them each role sees, and where a reader finds pages that have no
    link of their own.

    `clock` is the address of the page on which the scheduler is looked after.
    """

    links: Mapping[str, Link]
    of_role: Mapping[str, tuple[str, ...]]
    behind: Mapping[str, str]
    clock: str


NAVIGATION: Slot[Navigation] = Slot()
"""The one navigation of the application."""


NOTICES: Slot[Callable[[Any], Iterable[Text]]] = Slot()
"""What a reader is told at the top of every page."""


@dataclass(frozen=True)
class PageLink:
    """A button that an upper room adds to a page: it leads to `endpoint`, for users who may do `action`.

    `argument` is the endpoint's name for the id of the page's record; `count` gives the number of
    things that wait there.
    """

    action: str
    label: Text
    endpoint: str
    argument: str | None = None
    primary: bool = False
    count: Callable[[Any], int] | None = None

    def address(self, id: int | None = None) -> str:
        """The address, for the thing with this id when there is one."""
        values: dict[str, Any] = {self.argument: id} if self.argument else {}
        return url_for(self.endpoint, **values)


def navigation() -> Navigation:
    """The navigation that slots.py filled in."""
    [row] = NAVIGATION
    return row


def home_of(role: str) -> str:
    """Where a role lands after signing in: the first link of its navigation."""
    return navigation().links[navigation().of_role[role][0]].address


def install(app: Flask) -> None:
    """Give every template what the frame of a page needs."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        if not current_user or not current_user.is_authenticated:
            return {
                "navigation": (),
                "here": None,
                "badges": {},
                "unread": 0,
                "clock_is_silent": False,
                "read_only": _mode_for_stranger(),
                "notices": (),
            }
        known = navigation()
        shown = [known.links[name] for name in known.of_role[current_user.role]]
        unread, beat_at, badges = _counts(current_user, shown)
        mode = read_only_mode()
        return {
            "navigation": [(link.address, link.label) for link in shown],
            "here": _link_of(request.path, shown, known),
            "badges": badges,
            "unread": unread,
            "clock_is_silent": is_old(beat_at) and mode is None,
            "read_only": mode,
            "notices": [sentence for notices in NOTICES for sentence in notices(current_user)],
            "clock_page": known.clock,
        }

    app.jinja_env.globals.update(
        may=may,
        url_with=url_with,
        url_without=url_without,
        csv_address=csv_address,
        on_every_row=on_every_row,
    )


def _mode_for_stranger() -> ReadOnlyMode | None:
    """The mode, for a page that must be shown also when the store does not answer."""
    try:
        return read_only_mode()
    except SQLAlchemyError:
        db.session.rollback()
        return None


def _link_of(path: str, shown: Iterable[Link], known: Navigation) -> str | None:
    """The address of the link under which a page lies: the longest that its own address begins with."""
    own = {link.address for link in shown}
    link_of_page = {page: known.links[name].address for page, name in known.behind.items()}
    link_of_page = {page: address for page, address in link_of_page.items() if address in own}
    link_of_page |= {address: address for address in own}
    begun = [page for page in link_of_page if path == page or path.startswith(page + "/")]
    return link_of_page[max(begun, key=len)] if begun else None


_UNREAD = sa.select(sa.func.count()).where(
    Message.user_id == sa.bindparam("user_id"), sa.text("channel = 'inbox' AND read_at IS NULL")
)
_UNREAD_AND_BEAT = sa.select(_UNREAD.scalar_subquery(), LAST_BEAT.scalar_subquery())


def _counts(reader: Any, shown: Iterable[Link]) -> tuple[int, datetime | None, dict[str, int]]:
    """How many messages a reader has not read, the scheduler's last sign of life, and what waits behind
    the links: one read on every page.
    """
    waiting = {link.address: link.waiting(reader) for link in shown if link.waiting}
    lists = {address: rows for address, rows in waiting.items() if rows is not None}
    counted = [
        sa.select(sa.func.count()).select_from(rows.limit(MOST_WAITING + 1).subquery())
        for rows in lists.values()
    ]
    query = _UNREAD_AND_BEAT
    if counted:
        query = query.add_columns(*(count.scalar_subquery() for count in counted))
    [row] = read_rows(query, user_id=reader.id)
    return row[0], row[1], dict(zip(lists, row[2:], strict=True))


def own_page(target: str | None) -> str | None:
    """`target`, only if it is the address of one of our own pages, that a GET can open."""
    if not target or not target.isprintable() or target[0] != "/" or target[1:2] in ("/", "\\"):
        return None  # browsers take "//host", "/\\host" and "/<tab>/host" for the address of another site
    return target if current_app.url_map.bind("patuh").test(urlsplit(target).path, "GET") else None


def url_with(**changes: Any) -> str:
    """The address of this page with some of its query changed; None takes a parameter away.

    Always starts afresh.
    """
    query = {
        key: values for key, values in request.args.lists() if key not in changes and key != "after"
    }
    query.update({key: [str(value)] for key, value in changes.items() if value is not None})
    return request.path + ("?" + urlencode(query, doseq=True) if query else "")


def url_without(applied: Iterable[tuple[str, str]]) -> str:
    """The address of this page without these filters; a filter of several parameters names them all."""
    return url_with(**{name: None for names, _words in applied for name in names.split()})


def csv_address() -> str:
    """The address of this list as a file: all of it, narrowed and sorted as on this page."""
    query = {key: values for key, values in request.args.lists() if key not in ("after", "size")}
    return f"{request.path}.csv" + ("?" + urlencode(query, doseq=True) if query else "")


def order_of(sorts: Iterable[Sort], *, otherwise: str) -> str:
    """The order that the address asks for, if one of `sorts` offers it."""
    asked = request.args.get("order", "")
    return asked if any(asked in sort.orders for sort in sorts) else otherwise


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, the cursor of the next page (None: the last page), how many rows fit."""

    rows: Sequence[Any]
    next_cursor: str | None
    size: int


def keyset(rows: Sequence[Any], *, size: int, cursor: Callable[[Any], str]) -> Page:
    """A page from `size` + 1 rows read; `cursor` writes a row's cursor, as `Keyset.cursor` does."""
    more = len(rows) > size
    shown = rows[:size]
    return Page(shown, cursor(shown[-1]) if more else None, size)


def page_size() -> int:
    """How many rows the reader wants: 25, 50 or 100."""
    wanted = request.args.get("size", "")
    return int(wanted) if wanted in map(str, PAGE_SIZES) else PAGE_SIZES[0]
