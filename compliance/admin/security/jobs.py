"""What time does to the security log: alarms are told to the admins, and old entries are dropped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from compliance.admin.security.rules import WATCHED, Alarm, Counted, alarms_of
from compliance.core import clock
from compliance.core.db import PAUSE_SECONDS, db, transaction
from compliance.core.outbox import Message
from compliance.office.settings import office_settings, today
from compliance.people.messages import tell_user
from compliance.people.queries import in_role, users_by_id
from compliance.policy import system_only
from compliance.web.security_log import SecurityEntry

ALARM = "security.alarm"
MOST_ALARMS_NAMED = 10
MOST_ENTRIES = 500_000
"""However many are refused, no more rows than these are kept."""
ENTRIES_DROPPED_AT_ONCE = 500


@system_only
def watch_security_log() -> dict[str, int]:
    """Tell the admins what passed a threshold within the last hour: each thing once a day, at most one
    message an hour.
    """
    alarms = _not_told(alarms_of(_of_the_last_hour()))
    if not alarms:
        return {"alarms": 0}
    hour = f"{clock.now():%Y-%m-%dT%H}"
    with transaction():
        lines = _lines(alarms[:MOST_ALARMS_NAMED])
        for admin in in_role("admin"):
            tell_user(
                admin,
                ALARM,
                key=f"{ALARM}:{admin.id}:{hour}",
                keys=[alarm.key for alarm in alarms[:MOST_ALARMS_NAMED]],
                lines=lines,
                more=max(0, len(alarms) - MOST_ALARMS_NAMED),
            )
    return {"alarms": len(alarms)}


def _of_the_last_hour() -> list[Counted]:
    columns = (SecurityEntry.kind, SecurityEntry.address, SecurityEntry.user_id)
    rows = db.session.execute(
        sa.select(*columns, sa.func.sum(SecurityEntry.count))
        .where(SecurityEntry.at > clock.now() - WATCHED)
        .group_by(*columns)
    )
    return [Counted(*row) for row in rows]


def _not_told(alarms: Sequence[Alarm]) -> list[Alarm]:
    """Those of which no message of today or of this hour speaks."""
    if not alarms:
        return []
    start = clock.start_of(today(), office_settings().zone)
    messages = db.session.scalars(
        sa.select(Message)
        .where(Message.kind == ALARM, Message.created_at >= start)
        .order_by(Message.id.desc())
    ).all()
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    if any(message.created_at >= hour for message in messages):
        return []  # one an hour
    told = {key for message in messages for key in message.fact("keys")}
    return [alarm for alarm in alarms if alarm.key not in told]


def _lines(alarms: Sequence[Alarm]) -> list[dict[str, object]]:
    people = users_by_id([alarm.user_id for alarm in alarms if alarm.user_id is not None])
    return [
        {
            "what": alarm.threshold,
            "who": alarm.address if alarm.user_id is None else people[alarm.user_id].name,
            "count": alarm.count,
        }
        for alarm in alarms
    ]


@system_only
def drop_security_entries() -> dict[str, int]:
    """Drop entries that are older than the office keeps them, and the oldest of too many; some at a time."""
    limit, dropped = clock.now() - timedelta(days=office_settings().security_days), 0
    newest = db.session.scalar(sa.select(sa.func.max(SecurityEntry.id))) or 0
    old = sa.or_(SecurityEntry.at < limit, SecurityEntry.id <= newest - MOST_ENTRIES)
    while True:
        with transaction():
            first = (
                sa.select(SecurityEntry.id, old.label("old"))
                .order_by(SecurityEntry.id)
                .limit(ENTRIES_DROPPED_AT_ONCE)
            )
            ids = [row.id for row in db.session.execute(first) if row.old]
            db.session.execute(sa.delete(SecurityEntry).where(SecurityEntry.id.in_(ids)))
        dropped += len(ids)
        if len(ids) < ENTRIES_DROPPED_AT_ONCE:
            return {"entries": dropped}
        time.sleep(PAUSE_SECONDS)
