"""Whether the log is as it was sealed and the tables are as the log says: what `flask audit verify` asks.

Seals kept elsewhere, triggers, hashes and marks of the key (`core/walk`), then what the events say of cases,
notas, flags, checks, letters, evidence and packets. One snapshot for all of it. The bytes of stored files
are read after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from compliance.admin.audit.filing import byte_faults, filing_faults, unnamed_bytes
from compliance.admin.audit.recomputing import REPLAYED_KINDS, faults_without_case, table_faults
from compliance.core.events import Event
from compliance.core.seals import Seal, compare_seals
from compliance.core.walk import Walk, snapshot
from compliance.licensing.checks.seals import check_faults, checks_not_sealed


class Verification:
    """One look at everything, or (`tail_only`) at what the events behind the last mark speak of.

    With `bytes_too`, every stored file is hashed again. After it, `walk` knows how far the log was walked,
    `not_sealed` is the number of checks of which no event tells yet, `unnamed` the stored bytes that no row
    names.
    """

    def __init__(
        self, *, tail_only: bool = False, seals: Sequence[Seal] = (), bytes_too: bool = False
    ) -> None:
        self.walk, self.seals = Walk(tail_only=tail_only, seals=seals), seals
        self.bytes_too = bytes_too
        self.not_sealed, self.unnamed = 0, list[str]()

    def faults(self) -> Iterator[str]:
        """One line for each thing that is not as it was sealed, or not as the events say."""
        try:
            with snapshot() as connection:
                yield from self._log_faults(connection)
                yield from self._table_faults(connection)
        except ValueError as error:  # JSON or an instant that is none
            yield f"behind event {self.walk.last_id} the store holds what Patuh never writes: {error}"
        if self.bytes_too:
            yield from self._file_faults()

    def faults_of_the_log(self) -> Iterator[str]:
        """The same of the log alone, without the tables."""
        with snapshot() as connection:
            yield from self._log_faults(connection)

    def _log_faults(self, connection: sa.Connection) -> Iterator[str]:
        yield from compare_seals(self.seals, connection)
        yield from self.walk.faults_in(connection)

    def _table_faults(self, connection: sa.Connection) -> Iterator[str]:
        since = self.walk.since
        yield from table_faults(connection, _cases_since(connection, since) if since else None)
        if not since or _flags_without_case_since(connection, since):
            yield from faults_without_case(connection)
        yield from check_faults(connection, since=since)
        yield from filing_faults(connection, since=since)
        self.not_sealed = checks_not_sealed(connection)

    def _file_faults(self) -> Iterator[str]:
        try:
            yield from byte_faults()
            self.unnamed = list(unnamed_bytes())
        except OSError as error:
            yield f"the stored files cannot be read: {error}"

    @property
    def how_sealed(self) -> str:
        """By what the events are sealed, span by span."""
        return ", ".join(
            f"{span} by {'their hashes alone' if span.key is None else f'the key {span.key}'}"
            for span in self.walk.spans
        )


def _cases_since(connection: sa.Connection, since: int) -> list[int]:
    """The cases of which events behind this one speak."""
    cases = sa.select(Event.case_id).where(
        Event.id > since, Event.case_id.is_not(None), Event.kind.in_(REPLAYED_KINDS)
    )
    return [id for id in connection.scalars(cases.distinct()) if id is not None]


def _flags_without_case_since(connection: sa.Connection, since: int) -> bool:
    flags = sa.select(Event.id).where(
        Event.id > since, Event.case_id.is_(None), Event.kind.in_(("flag.raised", "flag.lifted"))
    )
    return connection.scalar(flags.limit(1)) is not None
