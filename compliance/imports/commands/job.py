"""An import while a worker holds it: its fixed facts, its file, and what follows from a chunk."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from compliance.core.db import db, reading, transaction
from compliance.core.events import Event, record
from compliance.core.text import say
from compliance.imports.commands.write import Prepared
from compliance.imports.deciding.decisions import RowReport
from compliance.imports.deciding.foreseeing import ForeseeRows, foresight
from compliance.imports.kinds import FollowedRow, ListAsked, kinds
from compliance.imports.models import Import, ImportFile, ImportRow
from compliance.imports.reading.child import read_in_child
from compliance.imports.reading.limits import BadSheet
from compliance.imports.reading.rows import Row, RowReader
from compliance.imports.reading.spreadsheet import Sheet
from compliance.office.settings import served_province
from compliance.policy import SYSTEM, system_only

CHUNK = 40
"""Rows of one transaction: on SQLite nobody else saves meanwhile, so it is short."""
CHUNK_PAUSE_SECONDS = 0.03
"""Between two chunks, long enough for the writers that wait on SQLite, who ask every few milliseconds."""
ATTEMPTS = 3
Result = TypeVar("Result")


@dataclass(frozen=True)
class ImportJob:
    """An import that a worker holds, as it stays while it runs.

    It acts for whoever started it last, who may be another person than the one who brought the list.
    """

    id: int
    token: str
    filename: str
    kind: str
    asks: bool
    headers: dict[str, str]
    actor_id: int | None
    actor_name: str
    takes_workers: bool = False
    met: set[int] = field(default_factory=set)
    """The companies that rows meant so far, when the import takes their number of workers."""
    asked: ListAsked = field(default_factory=ListAsked)

    def foresight(self) -> ForeseeRows:
        """What its kind knows of rows, for one pass over them."""
        return foresight(kinds()[self.kind], self.asked, self.headers)

    def remember(self, reports: Iterable[RowReport]) -> None:
        """Remember whom stored rows meant: the first row of a company speaks for its workers."""
        if self.takes_workers:
            self.met.update(report.company_id for report in reports if report.company_id)


def job_of(batch: Import, token: str) -> ImportJob:
    by = batch.started_by or batch.by or SYSTEM
    headers = {field: header for header, field in batch.mapping.items()}
    return ImportJob(
        batch.id,
        token,
        batch.filename,
        batch.kind,
        batch.asks,
        headers,
        by.actor_id,
        by.actor_name,
        batch.takes_workers,
        _met_before(batch) if batch.takes_workers else set(),
        asked_of(batch),
    )


def asked_of(batch: Import) -> ListAsked:
    """What a person said of a historic list."""
    return ListAsked(batch.holder_id, batch.counts_from)


def _met_before(batch: Import) -> set[int]:
    """The companies that the rows meant which are dealt with already."""
    return set(
        db.session.scalars(
            sa.select(ImportRow.company_id).where(
                ImportRow.import_id == batch.id,
                ImportRow.settled,
                ImportRow.company_id.is_not(None),
            )
        )
    )


def open_sheet(id: int) -> tuple[Sheet, RowReader]:
    """The file of a batch, read outside any transaction that another may wait for."""
    db.session.rollback()
    query = sa.select(
        Import.filename,
        Import.sheet,
        Import.kind,
        Import.mapping,
        Import.region_code,
        ImportFile.content,
    ).join(ImportFile, ImportFile.import_id == Import.id)
    with reading():
        batch = db.session.execute(query.where(Import.id == id)).one()
    kind = kinds()[batch.kind]
    sheet = read_in_child(
        zlib.decompress(batch.content),
        filename=batch.filename,
        known=kind.field_of,
        sheet=batch.sheet,
    )
    if not batch.mapping.keys() <= set(sheet.headers):
        raise BadSheet(
            say(
                "Kolom berkas {filename} sekarang dibaca lain. Unggah lagi berkasnya",
                filename=batch.filename,
            )
        )
    reader = RowReader(
        batch.mapping,
        filename=batch.filename,
        province=served_province(),
        region_code=batch.region_code,
        kind=kind,
    )
    return sheet, reader


def rows_of_sheet(sheet: Sheet, reader: RowReader) -> Iterator[Row]:
    return (reader.read(number, cells, sheet.problems.get(number)) for number, cells in sheet.rows)


def in_one_transaction(work: Callable[[], Result]) -> Result:
    """Do a chunk's work and commit it; begins anew when one of these companies was registered meanwhile."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction():
                return work()
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


@system_only
def follow_and_tell(
    job: ImportJob, reports: list[RowReport], prepared: Prepared, *, span: list[int]
) -> Event | None:
    """Run the effects that this kind of list has for its rows, and record what was stored. Answers the
    event."""
    follow = kinds()[job.kind].follow
    if follow is not None:
        followed = [
            FollowedRow(report.row.number, report.company_id, report.outcome, report.row.extras)
            for report in reports
            if report.company_id is not None
        ]
        follow(db.session.get_one(Import, job.id), followed)
    new, updated = prepared.new_ids, prepared.updated_ids
    if not (new or updated):
        return None
    for company, changes in prepared.changes:
        record(
            "company.changed",
            by=job,
            company_id=company.id,
            name=company.columns["name"],
            changes={name: list(pair) for name, pair in changes.items()},
            version=company.columns["version"],
            batch=job.id,
        )
    return record(
        "companies.imported",
        by=job,
        file=job.filename,
        rows=span,
        new=new,
        updated=updated,
        batch=job.id,
    )
