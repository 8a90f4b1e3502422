"""Reads of offices that end: those whose day has come, who may follow one, what is said of one that ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.text import Text, say
from compliance.office.models import Office
from compliance.office.queries import KeptOffice, kept_office, living_successor
from compliance.policy import lies_in


def due_to_end(day: date) -> Sequence[int]:
    """The ids of the offices whose work is to be handed over by `day`, the first to end first."""
    return db.session.scalars(
        sa.select(Office.id)
        .where(Office.ended_on <= day, Office.handed_over_at.is_(None))
        .order_by(Office.ended_on, Office.id)
    ).all()


def may_follow(office: Office) -> Sequence[Office]:
    """The licensing offices that could take over the work of `office`: of its region or of the province in
    which that lies, and not to end themselves.
    """
    candidates = db.session.scalars(
        sa.select(Office)
        .where(Office.kind == "licensing", Office.id != office.id, Office.ended_on.is_(None))
        .order_by(Office.code)
    )
    return [other for other in candidates if lies_in(office.region_code, other.region_code)]


def ended_office(office_id: int | None) -> Text:
    """The sentence that tells somebody of an office that has ended, and who does its work now."""
    office = kept_office(office_id)
    assert office is not None and office.ended_on is not None
    after = living_successor(office)
    if after is None:
        return say("{office} berakhir {day}.", office=office.name, day=office.ended_on)
    return say(
        "{office} berakhir {day}; tugasnya dilanjutkan {successor}.",
        office=office.name,
        day=office.ended_on,
        successor=after.name,
    )


def refusal_of_ended(office: KeptOffice | None) -> Text | None:
    """Why nobody can work for an office that has ended; None for one that has not."""
    if office is None or not office.has_ended:
        return None
    return say("{ended} Minta admin memindahkan akun Anda.", ended=ended_office(office.id))
