"""What mechanisms measure in the store for Prometheus: the beat of the scheduler, and mails that wait."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.jobs import LAST_BEAT, JobState
from compliance.core.outbox import Message
from compliance.web.metrics import Figure


def jobs_measured() -> Iterator[Figure]:
    """The age of the scheduler's beat (none before the first one), and jobs that failed last time."""
    beat_at = db.session.scalar(LAST_BEAT)
    if beat_at is not None:
        yield Figure("patuh_beat_age_seconds", (clock.now() - beat_at).total_seconds())
    failed = sa.select(sa.func.count()).where(JobState.error.is_not(None))
    yield Figure("patuh_jobs_failed", db.session.scalar(failed) or 0)


def mails_measured() -> Iterator[Figure]:
    """Mails that wait, since when the oldest does, and those that were given up."""
    waits = sa.text("messages.next_try_at IS NOT NULL")
    count, oldest = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(Message.created_at)).where(waits)
    ).one()
    yield Figure("patuh_mails_waiting", count)
    age = (clock.now() - oldest).total_seconds() if oldest is not None else 0
    yield Figure("patuh_mails_oldest_seconds", age)
    given_up = sa.text("messages.given_up_at IS NOT NULL")
    all_of_them = sa.select(sa.func.count()).select_from(Message).where(given_up)
    yield Figure("patuh_mails_given_up", db.session.scalar(all_of_them) or 0)
