"""The security log: what was refused at the doors, so that an attack is seen. It must not be a weapon.

Entries are noted after the answer (`core/after`), best effort: one row for each kind, address, person
and minute, with a count. A process writes at most ROWS_A_MINUTE rows a minute; what comes beyond is
counted without its address, but with its account. Nothing that was typed is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from secrets import token_hex
from threading import Lock

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core import after, clock
from compliance.core.db import Model, insert_into, is_postgresql
from compliance.core.text import Text, say
from compliance.policy import open_to_strangers
from compliance.web.addresses import came_from

SECURITY_KINDS: Mapping[str, Text] = {
    "sign_in.failed": say("Gagal masuk"),
    "password.wrong": say("Kata sandi lama salah"),
    "factor.wrong": say("Faktor kedua salah"),
    "slowed": say("Terlalu banyak percobaan"),
    "token.wrong": say("Token tidak dikenal"),
    "token.ended": say("Token sudah berakhir"),
    "refused.role": say("Ditolak menurut peran"),
    "refused.scope": say("Ditolak menurut wilayah atau pemilik"),
    "refused.csrf": say("Formulir tanpa tanda keaslian"),
}
"""What is noted, and what it is called."""
ROWS_A_MINUTE = 60
"""As many rows with an address, and as many without one for each account."""
MANY_ADDRESSES = "*"
"""In place of the address, when a minute has had too many of them."""
SECRETS = ("secret", "code")
"""Parts of an address that are a secret: the address is kept without them."""
ASKED_AS = re.compile(r"[A-Za-z0-9._-]{8,64}")


class SecurityEntry(Model):
    """What one address (and person) was refused within one minute, and how often.

    The rest is of the last time.
    """

    __tablename__ = "security_entries"
    __table_args__ = (
        sa.Index("ix_security_entries_kind_id", "kind", "id"),
        sa.Index("ix_security_entries_address_id", "address", "id"),
        sa.Index("ix_security_entries_user_id_id", "user_id", "id"),
        sa.Index("ix_security_entries_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(30))
    address: Mapped[str] = mapped_column(sa.String(64))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    count: Mapped[int]
    method: Mapped[str] = mapped_column(sa.String(10))
    path: Mapped[str] = mapped_column(sa.String(200))
    endpoint: Mapped[str | None] = mapped_column(sa.String(80))
    request_id: Mapped[str] = mapped_column(sa.String(64))


_Whose = tuple[str, int | None]


class Minute:
    """The rows that this process has begun in the minute that runs. Addresses cost an attacker nothing, so
    they must not use up the room for accounts.
    """

    def __init__(self) -> None:
        self.of = ""
        self.rows: set[str] = set()
        self.accounts: set[str] = set()
        self._lock = Lock()

    def kept_of(self, minute: str, kind: str, address: str, user_id: int | None) -> _Whose:
        """Whose row is written: of the address and the account when there is room, else of the account from
        many addresses, else of nobody.
        """
        with self._lock:
            if minute != self.of:
                self.of, self.rows, self.accounts = minute, set(), set()
            if _has_room(self.rows, f"{kind} {address} {user_id}"):
                return address, user_id
            if user_id is not None and _has_room(self.accounts, f"{kind} {user_id}"):
                return MANY_ADDRESSES, user_id
            return MANY_ADDRESSES, None


def _has_room(rows: set[str], row: str) -> bool:
    """Whether a row is there already, or is one more of those that may be."""
    if row not in rows and len(rows) >= ROWS_A_MINUTE:
        return False
    rows.add(row)
    return True


@open_to_strangers
def note_refusal(kind: str, *, user_id: int | None = None) -> None:
    """Note that this request was refused; `user_id` is whose account it was about, else who asked."""
    if user_id is None:
        user_id = g.get("asker_id")
    now = clock.now()
    minute = f"{now:%Y-%m-%dT%H:%M}"
    running: Minute = current_app.extensions["patuh_security"]
    address, user_id = running.kept_of(minute, kind, came_from(), user_id)
    row = f"{minute} {kind} {address} {user_id or '-'}"
    after.count_note(
        f"security {row}",
        _count_in_row(postgresql=is_postgresql()),
        key=row,
        at=now,
        kind=kind,
        address=address,
        user_id=user_id,
        count=1,
        method=request.method[:10],
        path=asked_path(),
        endpoint=(request.endpoint or "")[:80] or None,
        request_id=request_id(),
    )


@cache
def _count_in_row(*, postgresql: bool) -> sa.Insert:
    """The row of a minute, written or counted on; made once for each store."""
    new = insert_into(SecurityEntry)
    last = ("at", "method", "path", "endpoint", "request_id")
    return new.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": SecurityEntry.__table__.c.count + new.excluded["count"],
            **{name: new.excluded[name] for name in last},
        },
    )


def asked_path() -> str:
    """The address that was asked for, as logs may keep it: without a secret in it, and without what was typed
    behind it.
    """
    rule = request.url_rule
    if rule is not None and set(rule.arguments) & set(SECRETS):
        return rule.rule[:200]
    return "".join(sign if sign.isprintable() else "?" for sign in request.path[:200])


def request_id() -> str:
    """What this request is called in all logs: the name that a proxy in front gave it, or a new one."""
    if "asked_as" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.asked_as = given if ASKED_AS.fullmatch(given) else token_hex(8)
    return str(g.asked_as)


def install(app: Flask) -> None:
    """Remember the running minute, and tell every asker what their request is called."""
    app.extensions["patuh_security"] = Minute()

    @app.after_request
    def name_request(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        return response
