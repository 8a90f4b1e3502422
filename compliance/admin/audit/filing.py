"""Letters, evidence, packets and their stored files, compared with the events and with the storage.

A row that names other bytes than its event is named, and so are bytes that are not those of their name, or
gone. Bytes that no row names are told, and are no fault: an upload that failed leaves some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.events import Event, Subject
from compliance.core.text import from_json
from compliance.evidence.models import Evidence
from compliance.files.jobs import UNNAMED_AFTER
from compliance.files.models import StoredFile
from compliance.files.storage import MissingBytes, hash_of_pieces, storage
from compliance.letters.models import Letter
from compliance.letters.packets.models import Packet
from compliance.office.letterheads.models import Letterhead

FILED_AT_ONCE = 500
_AnyRow = sa.Row[*tuple[Any, ...]]
_ABOUT = Evidence.about_kind + ":" + sa.cast(Evidence.about_id, sa.String)


@dataclass(frozen=True)
class Told:
    """Rows of which a kind of event tells: their columns under the names of its facts.

    `must` is the condition on rows that there has to be such an event.
    """

    noun: str
    event: str
    rows: sa.Select[*tuple[Any, ...]]
    id: sa.SQLColumnExpression[int]
    must: sa.ColumnElement[bool]


def _with_file(
    model: type[Letter | Evidence | Packet], *columns: Any
) -> sa.Select[*tuple[Any, ...]]:
    file = sa.outerjoin(model, StoredFile, StoredFile.id == model.file_id)
    return sa.select(model.id, StoredFile.sha256, *columns).select_from(file)


TOLD = (
    Told(
        "letter",
        "letter.numbered",
        sa.select(Letter.id, Letter.number, Letter.issued_on),
        Letter.id,
        Letter.numbered_at.is_not(None),
    ),
    Told(
        "letter",
        "letter.number_recorded",
        sa.select(Letter.id, Letter.number),
        Letter.id,
        sa.false(),
    ),
    Told(
        "letter",
        "letter.signed",
        sa.select(
            Letter.id,
            StoredFile.sha256,
            Letter.signed_how.label("how"),
            Letter.signed_on.label("on"),
        ).outerjoin(StoredFile, StoredFile.id == Letter.signed_file_id),
        Letter.id,
        Letter.signed_on.is_not(None),
    ),
    Told("letter", "letter.set", _with_file(Letter), Letter.id, Letter.file_id.is_not(None)),
    Told(
        "evidence",
        "evidence.added",
        _with_file(
            Evidence,
            StoredFile.size,
            StoredFile.kind.label("file_kind"),
            Evidence.class_.label("evidence_class"),
            Evidence.original,
            _ABOUT.label("about"),
        ),
        Evidence.id,
        sa.true(),
    ),
    Told(
        "evidence",
        "evidence.withdrawn",
        sa.select(Evidence.id, Evidence.withdrawn_because.label("reason")),
        Evidence.id,
        Evidence.withdrawn_at.is_not(None),
    ),
    Told("packet", "packet.made", _with_file(Packet), Packet.id, Packet.file_id.is_not(None)),
)


def filing_faults(connection: sa.Connection, *, since: int) -> Iterator[str]:
    """The letters, pieces of evidence and packets that are not as the events behind `since` say.

    From the first event on also those of which no event tells.
    """
    for told in TOLD:
        heard = set[int]()
        events = connection.execution_options(yield_per=FILED_AT_ONCE).execute(
            sa.select(Event.id, Event.subject, Event.reason, Event.data)
            .where(Event.kind == told.event, Event.id > since)
            .order_by(Event.id.desc())
        )
        for some in events.partitions():
            yield from _compare(connection, told, some, heard)
        if not since:
            yield from _untold(connection, told, heard)


def _compare(
    connection: sa.Connection, told: Told, events: Sequence[_AnyRow], heard: set[int]
) -> Iterator[str]:
    """Compare rows with the last event of each; `heard` are those that a later event told of."""
    about: dict[int, _AnyRow] = {}
    for event in events:
        try:
            id = Subject.parse(event.subject).id
        except (AttributeError, ValueError):
            yield f"event {event.id}: its facts cannot be read"
            continue
        if id not in heard:
            about.setdefault(id, event)
    heard.update(about)
    here = {row.id: row._mapping for row in connection.execute(told.rows.where(told.id.in_(about)))}
    for id, event in about.items():
        if id not in here:
            yield f"{told.noun} {id}: gone, and event {event.id} tells of it"
            continue
        yield from _differences(f"{told.noun} {id}", here[id], event)


def _differences(name: str, row: Mapping[Any, Any], event: _AnyRow) -> Iterator[str]:
    said = {**event.data, "reason": event.reason}
    for fact in row:
        if fact != "id" and fact in said and row[fact] != from_json(said[fact]):
            yield f"{name}: {fact} is {row[fact]}, by event {event.id} {from_json(said[fact])}"


def _untold(connection: sa.Connection, told: Told, heard: set[int]) -> Iterator[str]:
    last = 0
    while True:
        query = sa.select(told.id).where(told.must, told.id > last).order_by(told.id)
        ids = connection.scalars(query.limit(FILED_AT_ONCE)).all()
        if not ids:
            return
        last = ids[-1]
        yield from (
            f"{told.noun} {id}: no event {told.event} tells of it" for id in ids if id not in heard
        )


def byte_faults() -> Iterator[str]:
    """One line for every stored file whose bytes are changed or gone. Reads all of them. Raises OSError."""
    last = 0
    while files := _next_files(last):
        for file in files:
            if (fault := _fault_of(file)) is not None:
                yield f"file {file.sha256}: {fault}{_named_by(file.id)}"
        last = files[-1].id


def _next_files(last: int) -> Sequence[_AnyRow]:
    """Some files, in a read of their own: nobody waits while their bytes are read."""
    query = sa.select(StoredFile.id, StoredFile.sha256, StoredFile.size)
    query = query.where(StoredFile.id > last).order_by(StoredFile.id).limit(FILED_AT_ONCE)
    with db.engine.connect().execution_options(read_only=True) as connection:
        return connection.execute(query).all()


def _fault_of(file: _AnyRow) -> str | None:
    try:
        sha256, size = hash_of_pieces(storage().pieces(file.sha256))
    except MissingBytes:
        return "its bytes are gone"
    if sha256 != file.sha256:
        return "its bytes were changed"
    return None if size == file.size else f"it has {size} bytes, and its row says {file.size}"


def _named_by(file_id: int) -> str:
    """Which letters, pieces of evidence, packets and letterheads name a file."""
    columns = {
        "letter": (Letter.id, (Letter.file_id, Letter.signed_file_id)),
        "evidence": (Evidence.id, (Evidence.file_id, Evidence.clean_id, Evidence.small_id)),
        "packet": (Packet.id, (Packet.file_id,)),
        "letterhead": (Letterhead.id, (Letterhead.crest_id,)),
    }
    with db.engine.connect().execution_options(read_only=True) as connection:
        names = [
            f"{noun} {id}"
            for noun, (own, keys) in columns.items()
            for id in connection.scalars(
                sa.select(own)
                .where(sa.or_(*(key == file_id for key in keys)))
                .order_by(own)
                .limit(5)
            )
        ]
    return f" ({', '.join(names)})" if names else ""


def unnamed_bytes() -> Iterator[str]:
    """The SHA-256 of stored bytes that no row names a day after they were put. Raises OSError."""
    until = clock.now() - UNNAMED_AFTER
    old = (name for name, since in storage().names() if since < until)
    while names := list(islice(old, FILED_AT_ONCE)):
        query = sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(names))
        with db.engine.connect().execution_options(read_only=True) as connection:
            known = set(connection.scalars(query))
        yield from (name for name in names if name not in known)
