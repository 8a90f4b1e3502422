"""Read-only mode: people read and ask, and nothing is written, by no process, until it is taken off again.

One row says since when and why. Each process keeps it under the stamp (`core/stamp`), so that asking costs
nothing. A commit is refused while the row stands; `writers_of_before` names transactions that may not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.core.availability import Unavailable
from compliance.core.db import Model, PatuhSession, db, is_postgresql
from compliance.core.stamp import Kept
from compliance.core.text import Text, say

_DESPITE = "despite_read_only"
PAUSE = timedelta(minutes=1)
"""After which it may be worth another try."""
LONGEST_BECAUSE = 200


class ReadOnlyRow(Model):
    """The one row that is there while nothing may be written."""

    __tablename__ = "read_only"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    because: Mapped[str | None] = mapped_column(sa.String(LONGEST_BECAUSE))


@dataclass(frozen=True)
class ReadOnlyMode:
    """Since when nothing is written, and why when somebody said so."""

    since: datetime
    because: str | None

    @property
    def sentence(self) -> Text:
        """What a person is told who wanted something written."""
        if self.because:
            return say(
                "Untuk sementara Patuh hanya dapat dibaca ({because}). Tidak ada data yang berubah."
                " Coba lagi nanti.",
                because=self.because,
            )
        return say(
            "Untuk sementara Patuh hanya dapat dibaca. Tidak ada data yang berubah. Coba lagi nanti."
        )


class WritesPaused(Unavailable):
    """Nothing is written now; it was put off on purpose, by a person."""

    def __init__(self, mode: ReadOnlyMode) -> None:
        super().__init__(mode.sentence, pause=PAUSE)


ROW_SINCE = sa.select(ReadOnlyRow.since).where(ReadOnlyRow.id == 1)
_READ = sa.select(ReadOnlyRow.since, ReadOnlyRow.because).where(ReadOnlyRow.id == 1)


def _read() -> ReadOnlyMode | None:
    row = db.session.execute(_READ).one_or_none()
    return ReadOnlyMode(row.since, row.because) if row is not None else None


_KEPT = Kept(_read)


def read_only_mode() -> ReadOnlyMode | None:
    """The mode as it is in the present transaction; None when people may write."""
    return _KEPT.value()


def refuse_writing() -> None:
    """Raises WritesPaused while nothing may be written."""
    if (mode := read_only_mode()) is not None:
        raise WritesPaused(mode)


@contextmanager
def despite_read_only() -> Iterator[None]:
    """What this block commits is written all the same: the mode itself, and what ends a restore."""
    db.session.info[_DESPITE] = True
    try:
        yield
    finally:
        db.session.info.pop(_DESPITE, None)


@sa_event.listens_for(PatuhSession, "before_commit", insert=True)
def _write_nothing(session: Session) -> None:
    if session.in_nested_transaction() or session.info.get(_DESPITE):
        return
    if session.info.get("read_only") or not session.in_transaction():
        return
    refuse_writing()


_OPEN_NOW = sa.text(
    "SELECT pid, xact_start FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
)


def writers_of_before() -> set[tuple[int, datetime]]:
    """The transactions that are open now, by their process. On SQLite none: writers there come one by one.

    Those that began before the row was committed may not know of it yet and write what they write.
    """
    if not is_postgresql():
        return set()
    with db.engine.connect() as connection:
        return {(row.pid, row.xact_start) for row in connection.execute(_OPEN_NOW)}
