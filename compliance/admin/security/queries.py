"""Reads of the security log: newest first, filtered by text, kind, person and days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.admin.audit.queries import NOTHING_AFTER, NOTHING_BEFORE
from compliance.core import clock
from compliance.core.db import db
from compliance.core.keyset import Keyset, read_id
from compliance.core.parsing import clean_line
from compliance.office.settings import office_settings
from compliance.people.models import User
from compliance.policy import Actor, require
from compliance.web.addresses import network_of
from compliance.web.security_log import SecurityEntry

NEWEST_ENTRY_FIRST = Keyset(SecurityEntry.id, falling=True)


@dataclass(frozen=True)
class SecurityFilters:
    """What an admin looks for; None or empty does not narrow.

    `words` are of an address, a path or a request.
    """

    words: str = ""
    kind: str = ""
    person: str = ""
    first_on: date | None = None
    last_on: date | None = None


def read_entries(
    by: Actor, filters: SecurityFilters, *, after: str | None, size: int
) -> list[sa.Row[Any]]:
    """One more than a page of entries, the newest first; `after` is the cursor of the row before."""
    query = NEWEST_ENTRY_FIRST.paged(entries_query(by, filters), after).limit(size + 1)
    return list(db.session.execute(query))


def entries_query(by: Actor, filters: SecurityFilters) -> sa.Select[Any]:
    """The whole narrowed log in one statement, with whom each entry is about."""
    require(by, "audit.read")
    return (
        sa.select(*SecurityEntry.__table__.c, User.name.label("person"), User.email)
        .outerjoin(User, User.id == SecurityEntry.user_id)
        .where(*_conditions(filters))
        .order_by(SecurityEntry.id.desc())
    )


def _conditions(filters: SecurityFilters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.kind:
        yield SecurityEntry.kind == filters.kind
    if filters.person:
        person = read_id(filters.person)
        yield SecurityEntry.user_id == person if person is not None else sa.false()
    if words := clean_line(filters.words):
        yield sa.or_(
            SecurityEntry.address.startswith(network_of(words), autoescape=True),
            SecurityEntry.path.contains(words, autoescape=True),
            SecurityEntry.request_id == words,
        )
    zone = office_settings().zone
    if filters.first_on is not None:
        first_on = max(filters.first_on, NOTHING_BEFORE)
        yield SecurityEntry.at >= clock.start_of(first_on, zone)
    if filters.last_on is not None:
        last_on = min(filters.last_on, NOTHING_AFTER)
        yield SecurityEntry.at < clock.start_of(last_on + timedelta(days=1), zone)
