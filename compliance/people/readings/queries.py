"""Reads of who opened what: of one page, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.keyset import Keyset
from compliance.people.readings.models import ReadingRecord
from compliance.policy import Actor, require

NEWEST_READING_FIRST = Keyset(ReadingRecord.id, falling=True)


def readings_on(
    page: str, *, by: Actor, after: str | None = None, limit: int
) -> Sequence[ReadingRecord]:
    """Who opened what belongs to this page; `after` is the cursor of the row before."""
    require(by, "reading.read")
    query = sa.select(ReadingRecord).where(ReadingRecord.page == page)
    return db.session.scalars(NEWEST_READING_FIRST.paged(query, after).limit(limit)).all()


def lists_saved_by(user_id: int, *, by: Actor, limit: int = 10) -> Sequence[ReadingRecord]:
    """The lists that somebody saved as a file last."""
    require(by, "audit.read")
    query = (
        sa.select(ReadingRecord)
        .where(ReadingRecord.user_id == user_id, ReadingRecord.kind == "export")
        .order_by(ReadingRecord.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()
