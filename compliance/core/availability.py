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
BUSY, FULL, AWAY, READ_ONLY = "busy", "full", "away", "read_only"
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
}
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_IOERR: AWAY,
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
    if trouble is None:
        return None
    reason, pause = _UNAVAILABLE[trouble]
    return Unavailable(reason, pause=pause)


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
