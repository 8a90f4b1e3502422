"""The scheduler that starts the jobs: APScheduler in memory, run by one process at a time, the leader.

It stores nothing: a column in the store says what is due. So nothing is lost when the leader stops, and two
leaders at once do nothing twice, because the jobs claim the rows that they work on.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import threading
import time
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
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core import clock, jobs
from compliance.core.availability import line_for_operator
from compliance.core.db import Model, db
from compliance.core.read_only import read_only_mode
from compliance.core.schema import schema_of
from compliance.core.text import Text

log = structlog.get_logger()
POLL_SECONDS = 0.5
PAUSE_AFTER_TROUBLE_SECONDS = 5.0
SCHEMA_LOOK_SECONDS = 5.0
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


class SchedulerLease(Model):
    """Who leads on PostgreSQL, and how often they renewed it: one row."""

    __tablename__ = "scheduler_leases"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(sa.String(120))
    renewals: Mapped[int]


LEASE_SECONDS, RENEWAL_SECONDS = 20.0, 5.0
"""A leader who has not renewed its lease for so long leads no more; how often a leader renews it."""
_LEASE = sa.select(SchedulerLease.holder, SchedulerLease.renewals).where(SchedulerLease.id == 1)


class AdvisoryLeadership:
    """Leadership by a PostgreSQL advisory lock on a connection of its own, with a lease beside it.

    The server frees the lock when the connection ends. A host that vanishes ends none, and a process that
    hangs neither: who stands by sees that the lease is not renewed, by its own clock, and takes it
    (decision 45). Two who lead for a moment do nothing twice.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.connection: sa.Connection | None = None
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.seen: tuple[tuple[str, int] | None, float] = (None, 0.0)
        self.renewed_at = 0.0

    def acquire(self) -> bool:
        connection = self.engine.connect()
        try:
            if self._lock(connection) or self._is_silent(connection):
                self._take(connection)
                self.connection = connection
                return True
        finally:
            if self.connection is None:
                connection.close()
        return False

    def is_held(self) -> bool:
        if self.connection is None:
            return False
        try:
            if time.monotonic() - self.renewed_at < RENEWAL_SECONDS:
                self.connection.execute(sa.text("SELECT 1"))
                return True
            return self._renew(self.connection)
        except sa.exc.DBAPIError:
            return False

    def release(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.invalidate()
            connection.close()

    def _lock(self, connection: sa.Connection) -> bool:
        """Whether this connection has the lock, now or from before."""
        held = sa.text(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND objid = :key) OR pg_try_advisory_lock(:key)"
        )
        return bool(connection.scalar(held, {"key": ADVISORY_LOCK}))

    def _is_silent(self, connection: sa.Connection) -> bool:
        """Whether the one who leads has not renewed the lease for too long, by the clock of this process."""
        row = connection.execute(_LEASE).one_or_none()
        lease, now = (None if row is None else (row.holder, row.renewals)), time.monotonic()
        if lease != self.seen[0] or lease is None:
            self.seen = (lease, now)
        silent = now - self.seen[1] >= LEASE_SECONDS
        if silent:
            log.warning("the scheduler that leads is silent", holder=lease and lease[0])
        return silent

    def _take(self, connection: sa.Connection) -> None:
        lease = postgresql.insert(SchedulerLease).values(id=1, holder=self.holder, renewals=0)
        connection.execute(
            lease.on_conflict_do_update(
                index_elements=["id"], set_={"holder": self.holder, "renewals": 0}
            )
        )
        self.renewed_at = time.monotonic()

    def _renew(self, connection: sa.Connection) -> bool:
        """Renew the lease, unless somebody took it; a leader without the lock takes it when it is free."""
        self._lock(connection)
        renewed = connection.execute(
            sa.update(SchedulerLease)
            .where(SchedulerLease.id == 1, SchedulerLease.holder == self.holder)
            .values(renewals=SchedulerLease.renewals + 1)
        )
        self.renewed_at = time.monotonic()
        return renewed.rowcount == 1


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
        self.problem: str | None = None
        with app.app_context():
            self.engine = engine = db.engine
        database = engine.url.database or ""
        self.leadership: Leadership = (
            FileLeadership(Path(database + ".leader"))
            if engine.dialect.name == "sqlite"
            else AdvisoryLeadership(engine)
        )

    def serve(self) -> None:
        """Work until `stop` is called; lead only on a store with the schema of this process."""
        while not self.stopped.is_set():
            pause = POLL_SECONDS
            try:
                if self._fits() and self.leadership.acquire():
                    self._lead()
            except Exception as error:
                pause = PAUSE_AFTER_TROUBLE_SECONDS
                if (line := line_for_operator(error)) is None:
                    log.exception("scheduler stumbled, trying again")
                else:
                    self._wait_because(line)
            finally:
                self.leadership.release()
            self.stopped.wait(pause)

    def _fits(self) -> bool:
        """Whether the schema of the store is that of this process."""
        problem = schema_of(self.engine).problem
        self._wait_because(problem)
        return problem is None

    def _wait_because(self, problem: str | None) -> None:
        """Say once why the scheduler does not lead, until the reason is another one."""
        if problem != self.problem and problem is not None:
            log.warning("scheduler waits", why=problem)
        self.problem = problem

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
            looked_at = time.monotonic()
            while not self.stopped.wait(POLL_SECONDS):
                if not self.leadership.is_held() or not scheduler._thread.is_alive():
                    log.warning("scheduler stops leading")
                    return
                if time.monotonic() - looked_at >= SCHEMA_LOOK_SECONDS:
                    looked_at = time.monotonic()
                    if not self._fits():
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
            except Exception as error:
                if (line := line_for_operator(error)) is None:
                    log.exception("a job stumbled", job=job.name)
                else:
                    log.warning("the store does not answer", job=job.name, why=line)
