"""The only place that tells the time. Instants are UTC and aware; days belong to a time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _replayed.get() or datetime.now(UTC)


def of_store(connection: Connection) -> datetime | None:
    """This instant by the clock of the machine on which the store lies; None where it is this one (SQLite).

    Only to see whether two clocks agree.
    """
    if connection.dialect.name != "postgresql":
        return None
    told: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return told.astimezone(UTC)


@contextmanager
def replaying(instant: datetime) -> Iterator[None]:
    """Act as if it were `instant`: only for filling an empty database with a demo's past."""
    token = _replayed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _replayed.reset(token)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The day on which `instant` falls in `zone`."""
    return instant.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
