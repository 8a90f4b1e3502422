"""The store: one session, one commit point; SQLite and PostgreSQL behave the same.

SQLite runs in WAL mode and syncs each commit to the disk; a session marked read-only begins with BEGIN, every
other with BEGIN IMMEDIATE, so that two writers wait for each other instead of failing. Refuses naive instants
and writes in a read-only session.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext, make_url
from sqlalchemy.orm import DeclarativeBase, Session, registry

from compliance.core.queue import LOCK_POLL_SECONDS, turn_to_write

_log = structlog.get_logger()
_AFTER = "once_committed"
BUSY_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 5_000
"""So long a statement waits on PostgreSQL for what others hold; then the asker is told to try again."""
IDLE_TIMEOUT_MS = 10_000
"""So long a transaction on PostgreSQL may do nothing; then the server ends it and frees what it held."""
VANISHED_MS = 11_000
"""After so long without an answer the other host is gone: 5 s idle, then three questions, 2 s apart."""
PAUSE_SECONDS = 0.02
"""Between two transactions of a long job, so that a person who saves does not wait for all of it."""


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the store. Naive values are refused, not guessed."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The ground of every model."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={datetime: UTCDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON},
    )


@event.listens_for(Base.metadata, "before_create")
def _give_no_id_twice(metadata: sa.MetaData, _connection: Connection, **_how: Any) -> None:
    """On SQLite, too, the number of a row that is gone is not given to another row."""
    for table in metadata.tables.values():
        if table.autoincrement_column is not None:
            table.dialect_options["sqlite"]["autoincrement"] = True


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """A partial index: of the rows that meet `where`, on both stores alike.

    It is used only for a query that repeats the condition in these very words.
    """
    condition = sa.text(where)
    return sa.Index(
        name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


class PatuhSession(FlaskSession):
    """A session that may be marked read-only (`info["read_only"]`), as every GET request's is.

    After a commit it does what was handed to `once_committed`, unless `follows_up` is false: then it is left
    to the jobs.
    """

    follows_up = True

    def commit(self) -> None:
        super().commit()
        for work in self.info.pop(_AFTER, ()) if self.follows_up else ():
            try:
                work()
            except Exception:
                self.rollback()
                _log.exception("work after a commit failed")

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **kwargs)
        if self.info.get("read_only") and isinstance(bind, Engine):
            reader: Engine | None = self.info.get("reader")
            if reader is None:
                reader = self.info["reader"] = bind.execution_options(read_only=True)
            return reader
        return bind


# No autoflush: a half-changed record must never reach the store. `record` flushes when an act is complete.
db = SQLAlchemy(model_class=Base, session_options={"class_": PatuhSession, "autoflush": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block wrote, or roll all of it back. For jobs and commands; requests use `finish`."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def once_committed(work: Callable[[], None]) -> None:
    """Do `work` right after this transaction is committed; never when it is rolled back.

    For what is too slow for a transaction and wanted at once, such as setting a letter; `work` makes its own
    transactions. It may fail or be cut off: that is logged, and a job does the same for all that is left.
    """
    db.session.info.setdefault(_AFTER, []).append(work)


def checkpoint() -> None:
    """On SQLite, bring the log of writes home while nobody need wait for it: no later commit has to."""
    if not is_postgresql():
        connection = db.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()


@contextmanager
def reading() -> Iterator[None]:
    """A transaction that only reads, so that nobody waits for it; nothing of it is kept."""
    db.session.info["read_only"] = True
    try:
        yield
    finally:
        db.session.rollback()
        del db.session.info["read_only"]


@contextmanager
def brief_transaction(engine: Engine, *, wait_ms: int) -> Iterator[Connection]:
    """A transaction on a connection of its own that waits only a moment for a store that others are writing.

    Raises OperationalError when it is still locked then.
    """
    with engine.connect().execution_options(wait_ms=wait_ms) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait_ms}")
        yield connection


def finish(*, keep: bool) -> None:
    """End the request's transaction: the one place where a request's writes are kept or dropped."""
    if keep and not db.session.info.get("read_only"):
        db.session.commit()
    else:
        db.session.rollback()


def read_rows(statement: sa.Executable, **values: Any) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The rows of a statement that was built once (with `bindparam`), read in the session's transaction.

    Plain rows, no entities: what the session has not flushed yet is not in them.
    """
    return db.session.connection().execute(statement, values).all()


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def insert_into(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT in the words of the store at hand, which may say what to do when the row is there already."""
    return postgresql.insert(model) if is_postgresql() else sqlite.insert(model)


def hold_table(model: type[Base]) -> None:
    """Let nobody else write the model's table until this transaction ends; on SQLite all writers
    wait anyway.
    """
    if is_postgresql():
        db.session.execute(sa.text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def engine_options(url: str) -> dict[str, Any]:
    """Engine settings for the store behind `url`. What statements were given is in no error: it would end in
    logs and on the page of the jobs.
    """
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "pool_size": 20,  # more than a server has threads: they queue for the store, not for the pool
            "pool_timeout": BUSY_TIMEOUT_MS / 1000,
            "connect_args": {"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
        }
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 8,
        "pool_timeout": BUSY_TIMEOUT_MS / 1000,
        "connect_args": {
            name: value
            for name, value in _of_connections().items()
            if name not in make_url(url).query  # whoever says it in the address means it
        },
    }


def _of_connections() -> dict[str, Any]:
    """How a connection to PostgreSQL notices, on both sides, that the other host vanished; and how long it
    waits.

    The first settings are those of this side, the ones in `options` those of the server for this connection.
    """
    limits = {
        "statement_timeout": 30_000,
        "lock_timeout": LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
        "tcp_keepalives_idle": 5,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": VANISHED_MS,
        "timezone": "UTC",
    }
    return {
        "connect_timeout": 10,
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": VANISHED_MS,
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }


def _leave_out_the_row(context: ExceptionContext) -> None:
    """PostgreSQL adds the values of the row in a line of details; the first line says enough."""
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    first = getattr(getattr(original, "diag", None), "message_primary", None)
    if first is not None:
        original.args = (first,)
        if wrapped is not None:
            wrapped.args = (f"({type(original).__name__}) {first}",)


def tune(engine: Engine) -> None:
    """Make a SQLite engine keep its promises: WAL, foreign keys, and transactions that begin on purpose; and
    let PostgreSQL say what is wrong without the row that it is about.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "handle_error", _leave_out_the_row)
        return
    with suppress(OSError):  # whoever connects is told
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # a licence record must survive a power cut
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("read_only"):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    """BEGIN IMMEDIATE as soon as all who asked before are done.

    SQLite's own handler asks ever more seldom, up to 100 ms.
    """
    store: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    wait_ms = connection.get_execution_options().get("wait_ms", BUSY_TIMEOUT_MS)
    deadline = time.monotonic() + wait_ms / 1000
    queue = Path(f"{connection.engine.url.database}.queue")
    store.execute("PRAGMA busy_timeout=0")
    try:
        with turn_to_write(queue, until=deadline):
            while time.monotonic() < deadline:
                try:
                    store.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                        raise
                time.sleep(LOCK_POLL_SECONDS)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        store.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


@event.listens_for(PatuhSession, "after_soft_rollback")
def _forget_what_follows(session: Session, _transaction: Any) -> None:
    session.info.pop(_AFTER, None)


@event.listens_for(PatuhSession, "before_flush")
def _a_reader_does_not_write(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a GET never writes")
