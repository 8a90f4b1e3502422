"""Reads of what each inspector carries: open cases, overdue ones, and the notas of this month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import sqlalchemy as sa

from compliance.cases.models import IS_OPEN, Case, Nota
from compliance.core.db import db, read_rows
from compliance.core.lists import Rows
from compliance.people.models import User
from compliance.policy import Actor, require
from compliance.team.queries import Count, overdue, rows_counted

MOST_LOAD = 200


@dataclass(frozen=True)
class Load:
    """What one inspector carries: open cases, those overdue, and the notas they issued this month."""

    id: int
    name: str
    active: bool
    open: Count
    overdue: Count
    notas: Count


def queue_inspectors(by: Actor, *, day: date) -> dict[int, str]:
    """Everybody who may hold cases, or still holds an overdue one although they left, by name."""
    require(by, "queue.read")
    return dict(read_rows(_inspectors_of_queue(), day=day))


@cache
def _inspectors_of_queue() -> Rows:
    query = sa.select(User.id, User.name).where(_in_the_queue(sa.bindparam("day", type_=sa.Date)))
    return query.order_by(User.name, User.id)


def inspector_loads(by: Actor, *, day: date) -> list[Load]:
    """What each of `queue_inspectors` carries.

    One read; its cost grows with the inspectors, not with the cases.
    """
    require(by, "queue.read")
    assigned = (
        sa.select(sa.literal(1))
        .select_from(Case)
        .where(Case.inspector_id == User.id)
        .correlate(User)
    )
    issued = (
        sa.select(sa.literal(1))
        .select_from(Nota)
        .where(Nota.inspector_id == User.id, Nota.kind == "I")
        .correlate(User)
    )
    rows = db.session.execute(
        sa.select(
            User.id,
            User.name,
            _may_hold_cases().label("active"),
            rows_counted(assigned.where(IS_OPEN), MOST_LOAD).label("open"),
            rows_counted(assigned.where(*overdue(day)), MOST_LOAD).label("overdue"),
            rows_counted(issued.where(Nota.issued_on >= day.replace(day=1)), MOST_LOAD).label(
                "notas"
            ),
        )
        .where(_in_the_queue(day))
        .order_by(User.name, User.id)
    )
    return [
        Load(
            row.id,
            row.name,
            row.active,
            Count.up_to(MOST_LOAD, row.open),
            Count.up_to(MOST_LOAD, row.overdue),
            Count.up_to(MOST_LOAD, row.notas),
        )
        for row in rows
    ]


def _may_hold_cases() -> sa.ColumnElement[bool]:
    return sa.and_(User.active, User.role.in_(("inspector", "supervisor")))


def _in_the_queue(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    return sa.or_(_may_hold_cases(), sa.exists().where(Case.inspector_id == User.id, *overdue(day)))
