"""What every page shares: navigation by role, the unread count, the banner of a silent clock, keyset pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask_login import current_user

from compliance.core.db import db
from compliance.core.jobs import LAST_BEAT, is_old
from compliance.core.lists import Sort
from compliance.core.outbox import Message
from compliance.core.text import Text, say
from compliance.policy import may

PAGE_SIZES = (25, 50, 100)
LINKS: dict[str, tuple[str, Text]] = {
    "field": ("/field", say("Lapangan")),
    "queue": ("/queue", say("Antrean")),
    "check": ("/check", say("Cek")),
    "plan": ("/plan", say("Rencana")),
    "cases": ("/cases", say("{id}", id="Kasus", en="Cases")),
    "flags": ("/flags", say("Catatan")),
    "companies": ("/companies", say("{id}", id="Perusahaan", en="Companies")),
    "imports": ("/imports", say("Impor")),
    "history": ("/check/history", say("Riwayat cek")),
    "users": ("/admin/users", say("Pengguna")),
    "offices": ("/admin/offices", say("{id}", id="Kantor", en="Offices")),
    "calendar": ("/admin/calendar", say("Kalender")),
    "settings": ("/admin/settings", say("Setelan")),
    "jobs": ("/admin/jobs", say("Pekerjaan")),
    "audit": ("/admin/audit", say("Audit")),
}
NAVIGATION = {
    "inspector": ("field", "plan", "cases", "companies"),
    "supervisor": ("queue", "field", "cases", "flags", "companies"),
    "compliance": ("queue", "cases", "flags", "companies"),
    "licensing": ("check", "flags", "history"),
    "admin": ("users", "offices", "calendar", "settings", "imports", "jobs", "audit"),
}

BEHIND = {"/plan": "companies", "/imports": "companies", "/notas": "field", "/drafts": "field"}
"""The link under which a reader finds pages that have no link of their own in the reader's navigation."""

BADGES: dict[str, Callable[[Any], int]] = {}
"""How much waits for the reader behind a link, by the link's name; rooms above fill it in, create_app says where.

Asks the store at most once, and nothing for a reader for whom nothing can wait there.
"""


def home_of(role: str) -> str:
    """Where a role lands after signing in: the first link of its navigation."""
    return LINKS[NAVIGATION[role][0]][0]


def install(app: Flask) -> None:
    """Give every template what the frame of a page needs."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        if not current_user or not current_user.is_authenticated:
            return {"navigation": (), "here": None, "badges": {}, "unread": 0, "clock_is_silent": False}
        names = NAVIGATION[current_user.role]
        unread, beat_at = _unread_and_beat(current_user.id)
        return {
            "navigation": [LINKS[name] for name in names],
            "here": _link_of(request.path, names),
            "badges": {LINKS[name][0]: BADGES[name](current_user) for name in names if name in BADGES},
            "unread": unread,
            "clock_is_silent": is_old(beat_at),
        }

    app.jinja_env.globals.update(may=may, url_with=url_with, url_without=url_without, csv_address=csv_address)


def _link_of(path: str, names: Iterable[str]) -> str | None:
    """The address of the link under which a page lies: the longest that its own address begins with."""
    own = {LINKS[name][0] for name in names}
    places = {each: LINKS[name][0] for each, name in BEHIND.items() if LINKS[name][0] in own}
    places |= {each: each for each in own}
    begun = [each for each in places if path == each or path.startswith(each + "/")]
    return places[max(begun, key=len)] if begun else None


def _unread_and_beat(user_id: int) -> tuple[int, datetime | None]:
    """How many messages somebody has not read, and the scheduler's last sign of life: one read on every page."""
    unread = sa.select(sa.func.count()).where(
        Message.user_id == user_id, sa.text("channel = 'inbox' AND read_at IS NULL")
    )
    row = db.session.execute(sa.select(unread.scalar_subquery(), LAST_BEAT.scalar_subquery())).one()
    return row[0], row[1]


def own_page(target: str | None) -> str | None:
    """`target`, only if it is the address of one of our own pages, that a GET can open."""
    if not target or not target.isprintable() or target[0] != "/" or target[1:2] in ("/", "\\"):
        return None  # browsers take "//host", "/\\host" and "/<tab>/host" for the address of another site
    return target if current_app.url_map.bind("patuh").test(urlsplit(target).path, "GET") else None


def url_with(**changes: Any) -> str:
    """The address of this page with some of its query changed; None takes a parameter away. Always starts afresh."""
    query = {key: values for key, values in request.args.lists() if key not in changes and key != "after"}
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
    return asked if any(asked in each.orders for each in sorts) else otherwise


@dataclass(frozen=True)
class Page:
    """One page of a list: the rows, the key after which the next page begins (None: the last page), how many rows fit."""

    rows: Sequence[Any]
    next_key: str | None
    size: int


def keyset(rows: Sequence[Any], *, size: int, key: Any) -> Page:
    """A page from `size` + 1 rows read; `key(row)` writes the row's place in the order as a string."""
    more = len(rows) > size
    shown = rows[:size]
    return Page(shown, key(shown[-1]) if more else None, size)


def page_size() -> int:
    """How many rows the reader wants: 25, 50 or 100."""
    wanted = request.args.get("size", "")
    return int(wanted) if wanted in map(str, PAGE_SIZES) else PAGE_SIZES[0]
