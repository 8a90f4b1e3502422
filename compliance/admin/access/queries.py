"""Reads of who changed what of whose account: tokens, passwords, mail addresses, roles, access.

For admins, and for the digest that tells one admin of another's acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from compliance.admin.audit.queries import within_days
from compliance.core.db import db
from compliance.core.events import Event, Subject
from compliance.core.keyset import Keyset, read_id
from compliance.people.messages import ACCESS_FACTS
from compliance.policy import Actor, require

ACCESS_KINDS = (
    "user.added",
    "user.invited",
    "user.link_sent",
    "user.link_printed",
    "user.password_changed",
    "user.password_reset",
    "user.signed_out",
    "user.factor_added",
    "user.factor_removed",
    "user.codes_made",
    "user.code_used",
    "user.factor_reset_asked",
    "user.factor_reset_refused",
    "user.factor_reset",
    "token.added",
    "token.revoked",
)
"""Each of these changes how an account can be used; `user.changed` does by one of ACCESS_FACTS."""
LATEST_CHANGE_FIRST = Keyset(Event.id, falling=True)


@dataclass(frozen=True)
class AccessFilters:
    """What somebody looks for; None or empty does not narrow. `foreign`: only what others did."""

    person: str = ""
    foreign: bool = False
    first_on: date | None = None
    last_on: date | None = None


def access_changes(
    by: Actor, filters: AccessFilters, *, after: str | None, size: int
) -> Sequence[Event]:
    """One more than a page of changes, the newest first; `after` is the cursor of the row before."""
    query = LATEST_CHANGE_FIRST.paged(changes_query(by, filters, Event), after).limit(size + 1)
    return db.session.scalars(query).all()


def changes_query(by: Actor, filters: AccessFilters, *columns: Any) -> sa.Select[Any]:
    """All changes in one statement: these columns of each event."""
    require(by, "audit.read")
    return sa.select(*columns).where(*_conditions(filters)).order_by(Event.id.desc())


def changed_by_others(since: datetime | int, *, up_to: int) -> Iterator[Event]:
    """What admins and the console did to accounts of others since an instant, or behind the event of this id,
    the oldest first.

    An id misses nothing: an act may be written down with an earlier time than one that was read before.
    """
    later = Event.id > since if isinstance(since, int) else Event.at > since
    query = sa.select(Event).where(_changes_access(), _by_another(), later, Event.id <= up_to)
    yield from db.session.scalars(query.order_by(Event.id).execution_options(yield_per=500))


def access_facts_of(event: Event) -> frozenset[str]:
    """What of a user's access an event changed; empty where its kind says it."""
    after = event.data.get("after") or {} if event.kind == "user.changed" else {}
    return frozenset(after) & ACCESS_FACTS


def _conditions(filters: AccessFilters) -> Iterator[sa.ColumnElement[bool]]:
    yield _changes_access()
    if filters.person:
        person = read_id(filters.person)
        yield sa.false() if person is None else Event.subject == str(Subject("user", person))
    if filters.foreign:
        yield _by_another()
    yield from within_days(filters.first_on, filters.last_on)


def _changes_access() -> sa.ColumnElement[bool]:
    touched = (
        Event.data[side][fact].as_string().is_not(None)
        for side in ("before", "after")
        for fact in sorted(ACCESS_FACTS)
    )
    return sa.or_(
        Event.kind.in_(ACCESS_KINDS), sa.and_(Event.kind == "user.changed", sa.or_(*touched))
    )


def _by_another() -> sa.ColumnElement[bool]:
    """Not the owner's own act: what the system did, it did for whoever sat at the console."""
    owner = sa.literal("user:") + sa.cast(Event.actor_id, sa.String)
    return sa.or_(Event.actor_id.is_(None), Event.subject != owner)
