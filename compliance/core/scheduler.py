"""The scheduler that starts the jobs: APScheduler in memory, run by one process at a time, the leader.

It stores nothing: a column in the store says what is due. So nothing is lost when the leader stops, and two
leaders at once do nothing twice, because the jobs claim the rows that they work on.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO, Protocol

import sqlalchemy as sa
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger
from flask import Flask

from compliance.core import clock, jobs
from compliance.core.db import db
from compliance.core.read_only import read_only_mode
from compliance.core.text import Text

log = structlog.get_logger()
POLL_SECONDS = 0.5
ADVISORY_LOCK = 7_280_411  # an arbitrary number that means "Patuh's scheduler"


@dataclass(frozen=True)
class Job:
    """One line of the schedule: what runs, when (in a time zone), what people call it and why.

    `alarm` says when it is next worth running.
    """

    name: str
    work: Callable[[], jobs.Did]
    trigger_in: Callable[[tzinfo], BaseTrigger]
    title: Text
    why: Text
    alarm: Callable[[], datetime | None] | None = None

    def next_run(self, last_started: datetime | None, zone: tzinfo) -> datetime:
        """When a scheduler that lives runs this next: by the trigger after the last run, at once
        when that is over.
        """
        now, trigger = clock.now(), self.trigger_in(zone)
        due = trigger.get_next_fire_time(last_started, now) if last_started else None
        return max(due or now, now)


class Leadership(Protocol):
    def acquire(self) -> bool: ...
    def is_held(self) -> bool: ...
    def release(self) -> None: ...


class FileLeadership:
    """Leadership by a locked file beside the SQLite database; the system frees it when the process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[str] | None = None

    def acquire(self) -> bool:
        file = self.path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self.file = file
        return True

    def is_held(self) -> bool:
        return self.file is not None

    def release(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class AdvisoryLeadership:
    """Leadership by a PostgreSQL advisory lock on a connection of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.connection: sa.Connection | None = None

    def acquire(self) -> bool:
        connection = self.engine.connect()
        if connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}):
            self.connection = connection
            return True
        connection.close()
        return False

    def is_held(self) -> bool:
        if self.connection is None:
            return False
        try:
            self.connection.execute(sa.text("SELECT 1"))
        except sa.exc.DBAPIError:
            return False
        return True

    def release(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.invalidate()
            connection.close()


class Clockwork:
    """Tries to lead; while it leads, runs the schedule; when it no longer leads, stops and tries again.

    `zone` reads from the store in which time zone the hours of the schedule are meant.
    """

    def __init__(self, app: Flask, schedule: Sequence[Job], *, zone: Callable[[], tzinfo]) -> None:
        self.app = app
        self.schedule = schedule
        self.zone = zone
        self.planned_in: tzinfo = UTC
        self.stopped = threading.Event()
        with app.app_context():
            engine = db.engine
        database = engine.url.database or ""
        self.leadership: Leadership = (
            FileLeadership(Path(database + ".leader"))
            if engine.dialect.name == "sqlite"
            else AdvisoryLeadership(engine)
        )

    def serve(self) -> None:
        """Work until `stop` is called."""
        while not self.stopped.is_set():
            try:
                if self.leadership.acquire():
                    self._lead()
            except Exception:
                log.exception("scheduler stumbled, trying again")
            finally:
                self.leadership.release()
            self.stopped.wait(POLL_SECONDS)

    def serve_in_background(self) -> None:
        threading.Thread(target=self.serve, name="patuh-clockwork", daemon=True).start()

    def stop(self) -> None:
        self.stopped.set()

    def _lead(self) -> None:
        log.info("scheduler leads")
        scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self.plan(scheduler)
        scheduler.start()
        try:
            while not self.stopped.wait(POLL_SECONDS):
                if not self.leadership.is_held() or not scheduler._thread.is_alive():
                    log.warning("scheduler stops leading")
                    return
        finally:
            scheduler.shutdown(wait=self.stopped.is_set())

    def plan(self, scheduler: BackgroundScheduler) -> None:
        """Have every job run at once, and then in the zone of the office."""
        self.planned_in = self._zone_of_office()
        for job in self.schedule:
            scheduler.add_job(
                self._run,
                job.trigger_in(self.planned_in),
                args=(scheduler, job),
                id=job.name,
                next_run_time=clock.now(),
            )

    def _zone_of_office(self) -> tzinfo:
        """The zone that the store says; the one of before when it does not answer."""
        with self.app.app_context():
            try:
                return self.zone()
            except sa.exc.SQLAlchemyError:
                return self.planned_in
            finally:
                db.session.rollback()

    def follow_zone(self, scheduler: BackgroundScheduler) -> None:
        """Plan anew when the office moved to another zone."""
        zone = self._zone_of_office()
        if zone != self.planned_in:
            self.planned_in = zone
            for job in self.schedule:
                scheduler.reschedule_job(job.name, trigger=job.trigger_in(zone))

    def _run(self, scheduler: BackgroundScheduler, job: Job) -> None:
        with self.app.app_context():
            try:
                jobs.run(job.name, job.work)
                if job.alarm is not None and read_only_mode() is None:
                    jobs.beat()
                    due = job.alarm()
                    db.session.rollback()
                    self.follow_zone(scheduler)
                    if due is not None:
                        scheduler.add_job(
                            self._run,
                            DateTrigger(max(due, clock.now())),
                            args=(scheduler, job),
                            id=f"{job.name}:alarm",
                            replace_existing=True,
                        )
            except Exception:
                log.exception("the store does not answer", job=job.name)
