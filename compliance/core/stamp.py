"""Settings and calendar are kept in the memory of each process; a stamp in the store says when they changed.

The stamp is one row with a random text. A change of settings or calendar replaces it in the same transaction.
Every transaction reads the stamp once; a request reads it together with its token or session. A process that
remembers another stamp reads settings and calendar again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from compliance.core.db import Model, PatuhSession, db

Value = TypeVar("Value")


class Stamp(Model):
    """The one row whose value is another one after every change."""

    __tablename__ = "stamps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(sa.String(32))


CURRENT = sa.select(Stamp.value).where(Stamp.id == 1).scalar_subquery().label("stamp")
"""The stamp as a column, for a statement that reads it beside something else."""
_READ = sa.select(Stamp.value).where(Stamp.id == 1)
_REPLACE = sa.update(Stamp).where(Stamp.id == 1).execution_options(synchronize_session=False)


class Kept(Generic[Value]):
    """A value that `read` makes from the store: kept by the process until the stamp is another one."""

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._kept: tuple[str, Value] | None = None

    def value(self) -> Value:
        """The value as it is in the present transaction."""
        stamp, kept = _stamp_of_this_transaction(), self._kept
        if kept is not None and kept[0] == stamp:
            return kept[1]
        value = self._read()
        self._kept = (stamp, value)
        return value


def _stamp_of_this_transaction() -> str:
    known: str | None = db.session.info.get("stamp")
    if known is None:
        known = db.session.info["stamp"] = db.session.execute(_READ).scalar_one()
    return known


def know_stamp(stamp: str) -> None:
    """Remember, for the present transaction, a stamp that was read beside something else."""
    db.session.info["stamp"] = stamp


def forget_stamp() -> None:
    """Read the stamp again: it may have been replaced before this transaction got its lock."""
    db.session.info.pop("stamp", None)


def new_stamp() -> str:
    """A stamp that nobody had before."""
    return secrets.token_hex(16)


def replace_stamp(session: Session) -> None:
    """Say that what is kept has changed, in the transaction that changed it.

    The change is flushed first, so that a read under the new stamp gives the new values. A stamp is never
    used twice: what a process keeps under one that was rolled back is never taken again.
    """
    session.flush()
    stamp = new_stamp()
    session.execute(_REPLACE.values(value=stamp))
    session.info["stamp"] = stamp


@sa_event.listens_for(PatuhSession, "after_transaction_end")
def _forget_with_the_transaction(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("stamp", None)
