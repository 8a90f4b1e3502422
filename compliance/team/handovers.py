"""Reassignments as one act each, read from the event log: what a handover did, and which can still be undone.

The events of one handover bear its key as their subject. Refuses to show a handover to who may not undo it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from compliance.cases.commands.team import HANDOVER_UNDO_FOR, Handover, subject_of
from compliance.core import clock
from compliance.core.db import db, read_rows
from compliance.core.errors import NotFound
from compliance.core.events import Event, Subject
from compliance.policy import Actor, require, scope

REASSIGNED, GIVEN_BACK = "case.reassigned", "case.given_back"


def load_handover(by: Actor, key: str) -> Handover:
    """The handover with this key, for who may undo it. Raises NotFound."""
    events = db.session.scalars(
        sa.select(Event)
        .where(Event.kind == REASSIGNED, Event.subject == str(subject_of(key)))
        .order_by(Event.id)
    ).all()
    if not events:
        raise NotFound()
    handover = Handover(
        key=key,
        at=events[0].at,
        owner_id=events[0].actor_id,
        by_name=events[0].actor_name,
        to_name=events[0].fact("to_name"),
        former={_id(event.case_id): event.fact("from_id") for event in events},
        versions={_id(event.case_id): _id(event.seen_version) + 1 for event in events},
    )
    require(by, "case.give_back", handover)
    return handover


def _id(number: int | None) -> int:
    assert number is not None
    return number


def is_undone(handover: Handover) -> bool:
    """Whether cases were given back already. Ask with the cases locked."""
    given_back = sa.exists().where(
        Event.kind == GIVEN_BACK, Event.subject == str(subject_of(handover.key))
    )
    return bool(db.session.scalar(sa.select(given_back)))


def undoable(by: Actor) -> list[dict[str, Any]]:
    """The handovers that `by` may undo right now, the newest first: key, at, by_name, to_name and
    how many cases.
    """
    require(by, "case.give_back")
    statement = _UNDOABLE_OWN if scope(by, "case.give_back") == "own" else _UNDOABLE
    rows = read_rows(statement, since=clock.now() - HANDOVER_UNDO_FOR, actor_id=by.actor_id)
    return [{**row._mapping, "key": Subject.parse(row.subject).key} for row in rows]


_BACK = aliased(Event)
_SINCE = sa.bindparam("since", type_=Event.at.type)
_UNDOABLE = (
    sa.select(
        Event.subject,
        sa.func.min(Event.at).label("at"),
        Event.actor_name.label("by_name"),
        sa.func.min(Event.data["to_name"].as_string()).label("to_name"),
        sa.func.count().label("count"),
    )
    .where(
        Event.at >= _SINCE,
        Event.kind == REASSIGNED,
        Event.subject.is_not(None),
        ~sa.exists().where(
            _BACK.at >= _SINCE, _BACK.kind == GIVEN_BACK, _BACK.subject == Event.subject
        ),
    )
    .group_by(Event.subject, Event.actor_name)
    .order_by(sa.func.min(Event.id).desc())
)
_UNDOABLE_OWN = _UNDOABLE.where(
    Event.actor_id == sa.bindparam("actor_id", type_=Event.actor_id.type)
)
