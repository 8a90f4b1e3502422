"""Note that somebody opened what is confidential; written after the answer, so it slows nobody down."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import sqlalchemy as sa

from compliance.core import after, clock
from compliance.core.channels import current_origin
from compliance.core.db import db, insert_into, is_postgresql
from compliance.core.text import say
from compliance.office.settings import office_settings, today
from compliance.people.readings.models import ReadingRecord
from compliance.policy import Actor, open_to_strangers, system_only

READING_KINDS = {
    "case": say("Kasus dibuka"),
    "letter": say("Surat dibuka"),
    "evidence": say("Bukti dilihat"),
    "original": say("Berkas asli bukti diunduh"),
    "export": say("Daftar diunduh"),
}


@open_to_strangers
def note_reading(kind: str, what: str, *, page: str, by: Actor) -> None:
    """Note that `by` opened `what`, which belongs to `page`. Once a day it is a row, then it is counted."""
    day, channel = today(), current_origin().channel
    row = f"{day} {by.actor_id} {kind} {what} {channel or '-'}"
    after.count_note(
        f"reading {row}",
        _count_on(postgresql=is_postgresql()),
        key=row[:200],
        user_id=by.actor_id,
        kind=kind,
        what=what[:80],
        page=page[:100],
        channel=channel,
        day=day,
        at=clock.now(),
        count=1,
    )


@cache
def _count_on(*, postgresql: bool) -> sa.Insert:
    """The row of a day, written or counted on; made once for each store."""
    new = insert_into(ReadingRecord)
    return new.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": ReadingRecord.__table__.c.count + new.excluded["count"],
            "at": new.excluded["at"],
        },
    )


@system_only
def forget_old_readings() -> dict[str, int]:
    """Delete what is older than the office keeps it."""
    oldest = today() - timedelta(days=office_settings().reading_days)
    gone = db.session.execute(
        sa.delete(ReadingRecord).where(ReadingRecord.day < oldest).returning(ReadingRecord.id)
    ).all()
    return {"readings": len(gone)}
