"""What is wrong when the store cannot be used: it is busy, full, away or takes no writes. No bug of ours.

Whoever asked is told so, and to try again later (503); nothing was kept of what they sent.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

import psycopg
import sqlalchemy as sa

from compliance.core.errors import Refusal
from compliance.core.schema import NotItsSchema
from compliance.core.text import Text, say


class Unavailable(Refusal):
    """The store cannot be used now; after `pause` it may be worth another try."""

    status = 503

    def __init__(self, reason: Text, *, pause: timedelta) -> None:
        super().__init__(reason)
        self.pause = pause


WRITING_WAIT_MS = 3000
ROOM_NEEDED = 1024 * 1024
"""Bytes beside a SQLite database without which its next writers are soon refused."""
BUSY, FULL, AWAY, READ_ONLY, UPDATING = "busy", "full", "away", "read_only", "updating"
_UNAVAILABLE: Mapping[str, tuple[Text, timedelta]] = {
    BUSY: (
        say(
            "Patuh sedang sibuk: terlalu banyak yang bekerja bersamaan. Tidak ada data yang berubah. Tunggu"
            " sebentar, lalu coba lagi."
        ),
        timedelta(seconds=5),
    ),
    FULL: (
        say(
            "Ruang penyimpanan server penuh, jadi tidak ada yang dapat disimpan. Tidak ada data yang"
            " berubah. Beri tahu admin."
        ),
        timedelta(minutes=5),
    ),
    AWAY: (
        say(
            "Penyimpanan data sedang tidak terjangkau. Tunggu sebentar, lalu coba lagi. Bila tadi Anda"
            " menyimpan sesuatu, periksa dulu apakah sudah masuk."
        ),
        timedelta(seconds=30),
    ),
    READ_ONLY: (
        say(
            "Untuk sementara Patuh hanya dapat dibaca. Tidak ada data yang berubah. Coba lagi nanti,"
            " atau beri tahu admin."
        ),
        timedelta(minutes=1),
    ),
    UPDATING: (
        say(
            "Patuh sedang disiapkan atau diperbarui. Tidak ada data yang berubah. Tunggu sebentar, lalu coba"
            " lagi; bila lama, beri tahu admin."
        ),
        timedelta(seconds=30),
    ),
}
_FOR_OPERATORS: Mapping[str, str] = {
    BUSY: "the database is locked by others, or has no connection left: try again ({why})",
    FULL: "no room is left on the disk: {why}",
    AWAY: "the database cannot be reached: {why}",
    READ_ONLY: "the database takes no writes now: {why}",
}
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_NOTADB: AWAY,
}
_OF_POSTGRESQL = {
    "40": BUSY,  # serialization failure, deadlock
    "53300": BUSY,  # too many connections
    "53100": FULL,
    "53": BUSY,  # out of memory and other means
    "55P03": BUSY,  # lock not available in time
    "57014": BUSY,  # a statement that took too long
    "25P03": BUSY,  # a transaction that took too long
    "25006": READ_ONLY,
    "57P": AWAY,  # stopping, starting, crashed
    "58030": AWAY,
    "08": AWAY,
}
"""By the SQLSTATE or its beginning; the longest that fits."""
_OF_SYSTEM = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: AWAY,
    errno.EAGAIN: BUSY,
    errno.ENOMEM: BUSY,
}


def unavailable(error: BaseException) -> Unavailable | None:
    """The refusal that an error of the store, or of the disk beneath it, comes down to; None for a bug."""
    trouble = _trouble(error)
    return None if trouble is None else _refusal(trouble)


def is_busy(error: BaseException) -> bool:
    """Whether the same may well work in a moment: somebody else holds what was asked for."""
    return _trouble(error) == BUSY


def being_updated() -> Unavailable:
    """The refusal while the store has no tables yet, or those of another version."""
    return _refusal(UPDATING)


def _refusal(trouble: str) -> Unavailable:
    reason, pause = _UNAVAILABLE[trouble]
    return Unavailable(reason, pause=pause)


def line_for_operator(error: BaseException) -> str | None:
    """One line about a store or disk that cannot be used, for a terminal or log; None for a bug."""
    if isinstance(error, NotItsSchema):
        return str(error)
    if (trouble := _trouble(error)) is not None:
        return _FOR_OPERATORS[trouble].format(why=_first_line(error))
    if isinstance(error, sa.exc.OperationalError | sa.exc.ProgrammingError) or (
        type(error) is sa.exc.DatabaseError
    ):
        return f"the database cannot be used: {_first_line(error)}"
    return None


def _first_line(error: BaseException) -> str:
    """What the store or the system says, without the statement. A list of failed attempts: its last one."""
    cause = (error.orig if isinstance(error, sa.exc.DBAPIError) else None) or error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return (lines[-1] if lines[0].endswith("were:") else lines[0]).lstrip("- \t")


def writing_problem(engine: sa.Engine) -> str | None:
    """Why nothing can be written now, for an operator; None when it can. Nothing is written to find out."""
    try:
        with engine.connect().execution_options(wait_ms=WRITING_WAIT_MS) as connection:
            if engine.dialect.name == "postgresql":
                read_only = connection.exec_driver_sql("SHOW transaction_read_only").scalar()
                return "read-only" if read_only == "on" else None
            connection.exec_driver_sql("PRAGMA user_version = 0")  # a write, and rolled back
        with TemporaryFile(dir=Path(engine.url.database or "").parent) as file:
            os.posix_fallocate(file.fileno(), 0, ROOM_NEEDED)
    except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        return {BUSY: "busy", FULL: "no room left", READ_ONLY: "read-only"}.get(
            _trouble(error) or "", "does not work"
        )
    return None


def _trouble(error: BaseException) -> str | None:
    if isinstance(error, sa.exc.TimeoutError):
        return BUSY  # every connection of this process is in use
    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, sqlite3.Error):
        return _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, psycopg.Error):
        return _of_postgresql(error)
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0)
    return None


def _of_postgresql(error: psycopg.Error) -> str | None:
    if error.sqlstate is None:  # it was never connected, or no longer is
        too_many = "too many clients" in str(error) or "remaining connection slots" in str(error)
        away = AWAY if isinstance(error, psycopg.OperationalError) else None
        return BUSY if too_many else away
    states = (error.sqlstate[:length] for length in (5, 3, 2))
    return next((_OF_POSTGRESQL[state] for state in states if state in _OF_POSTGRESQL), None)
