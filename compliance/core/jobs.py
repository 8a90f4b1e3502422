"""What the scheduler did: one state row per job, a history of the runs that did something, and the beat.

`run` is the only way a job runs, by the scheduler or by hand: it writes down how it went and never raises.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core import clock
from compliance.core.availability import line_for_operator
from compliance.core.channels import through
from compliance.core.db import PAUSE_SECONDS, Model, db, transaction
from compliance.core.read_only import WritesPaused, read_only_mode

log = structlog.get_logger()
BEAT_IS_OLD = timedelta(minutes=5)
RUNS_KEPT = timedelta(days=90)
RUNS_DROPPED_AT_ONCE = 500
Did = Mapping[str, int]
"""What a run did, as counts by name; all zero or empty means: nothing to do."""


class JobRun(Model):
    """One run that did something or failed."""

    __tablename__ = "job_runs"
    __table_args__ = (sa.Index("ix_job_runs_name_id", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    did: Mapped[dict[str, Any]]
    error: Mapped[str | None] = mapped_column(sa.Text)


class JobState(Model):
    """How a job ran last, also when there was nothing to do."""

    __tablename__ = "job_states"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    did: Mapped[dict[str, Any]]
    error: Mapped[str | None] = mapped_column(sa.Text)


class Beat(Model):
    """The scheduler's sign of life, written after each of its sweeps."""

    __tablename__ = "beats"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    process: Mapped[str] = mapped_column(sa.String(120))


def run(name: str, work: Callable[[], Did]) -> JobState:
    """Run `work` once and write down what it did or how it failed. Needs an application context.

    While nothing may be written it does not run, and the answer, which is not kept, says so.
    """
    started_at, did, error = clock.now(), {}, None
    if (paused := _paused(name, started_at)) is not None:
        return paused
    try:
        with through("job"):
            did = {key: count for key, count in work().items() if count}
    except Exception as failure:
        db.session.rollback()
        error = f"{type(failure).__name__}: {failure}"[:2000]
        if (line := line_for_operator(failure)) is None:
            log.exception("job failed", job=name)
        else:
            log.warning("job failed", job=name, error=line)
    facts = {
        "name": name,
        "started_at": started_at,
        "finished_at": clock.now(),
        "did": did,
        "error": error,
    }
    if (paused := _paused(name, started_at)) is not None:
        return paused  # the mode was put on meanwhile
    with transaction():
        state = db.session.merge(JobState(**facts))
        if did or error:
            db.session.add(JobRun(**facts))
            log.info("job ran", job=name, did=did, error=error)
    return state


def _paused(name: str, started_at: datetime) -> JobState | None:
    mode = read_only_mode()
    db.session.rollback()
    if mode is None:
        return None
    error = f"{WritesPaused.__name__}: nothing is written since {mode.since:%Y-%m-%d %H:%M}Z"
    return JobState(name=name, started_at=started_at, finished_at=clock.now(), did={}, error=error)


def drop_old_runs() -> Did:
    """Forget the runs of more than 90 days ago, a few hundred at a time. How each job ran last stays."""
    dropped, limit = 0, clock.now() - RUNS_KEPT
    while True:
        with transaction():
            first = (
                sa.select(JobRun.id, JobRun.started_at)
                .order_by(JobRun.id)
                .limit(RUNS_DROPPED_AT_ONCE)
            )
            old = [run.id for run in db.session.execute(first) if run.started_at < limit]
            db.session.execute(sa.delete(JobRun).where(JobRun.id.in_(old)))
        dropped += len(old)
        if len(old) < RUNS_DROPPED_AT_ONCE:
            return {"runs": dropped}
        time.sleep(PAUSE_SECONDS)


def beat() -> None:
    """Say that the scheduler lives, unless nothing may be written."""
    if read_only_mode() is not None:
        return
    with transaction():
        db.session.merge(
            Beat(id=1, at=clock.now(), process=f"{socket.gethostname()}:{os.getpid()}")
        )


LAST_BEAT = sa.select(Beat.at).where(Beat.id == 1)


def beat_is_old() -> bool:
    """Whether no scheduler has shown a sign of life for five minutes (or ever)."""
    return is_old(db.session.scalar(LAST_BEAT))


def is_old(beat_at: datetime | None) -> bool:
    return beat_at is None or abs(clock.now() - beat_at) > BEAT_IS_OLD
