"""Importing a list of companies, from the first row to the last.

Runs in chunks of 500 rows, each one transaction with one event of its own (`companies.imported`, with the ids), so
that what is committed is told and nobody waits long to save. Refuses only files; what becomes of a row is in its
report. Importing the same list again writes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice

from sqlalchemy.exc import IntegrityError

from compliance.companies.import_rows import Row, RowReader
from compliance.companies.matching import Registry, RowReport
from compliance.companies.spreadsheet import Sheet
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid
from compliance.core.events import record
from compliance.core.text import say
from compliance.people.places import REGENCIES, place
from compliance.policy import Actor, System, require

CHUNK = 500
PAUSE_SECONDS = 0.005
ATTEMPTS = 3


def import_companies(
    sheet: Sheet,
    *,
    by: Actor | System,
    filename: str,
    region_code: str | None = None,
    dry_run: bool = False,
) -> Iterator[RowReport]:
    """Import the rows of `sheet`; `region_code` is for rows that name no regency. Yields what became of each.

    Rows are written as the reports are taken. A dry run answers the same and writes nothing.
    Raises BadSheet for a sheet that is no list of companies, Invalid for a region that is no regency.
    """
    require(by, "company.import")
    if region_code is not None and place(region_code) not in REGENCIES:
        raise Invalid({"--region": say("Pilih kabupaten atau kota, misalnya 53.71 untuk Kota Kupang")})
    reader = RowReader(sheet, filename=filename, region_code=region_code)
    rows = (reader.read(number, cells) for number, cells in sheet.rows)
    return _rehearse(rows, reader) if dry_run else _import(rows, reader, by=by, filename=filename)


def _rehearse(rows: Iterator[Row], reader: RowReader) -> Iterator[RowReport]:
    """Decide about every row, remembering what would have been written for the rows before it."""
    registry = Registry(reader.column)
    while chunk := list(islice(rows, CHUNK)):
        db.session.info["read_only"] = True
        try:
            registry.learn(chunk)
        finally:
            db.session.rollback()
            del db.session.info["read_only"]
        yield from [registry.settle(row) for row in chunk]


def _import(
    rows: Iterator[Row], reader: RowReader, *, by: Actor | System, filename: str
) -> Iterator[RowReport]:
    while chunk := list(islice(rows, CHUNK)):
        yield from _import_chunk(chunk, reader, by=by, filename=filename)
        time.sleep(PAUSE_SECONDS)  # whoever waits to save comes first


def _import_chunk(
    chunk: list[Row], reader: RowReader, *, by: Actor | System, filename: str
) -> list[RowReport]:
    """One transaction. Begins anew when somebody registered one of these companies at the same moment."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction():
                registry = Registry(reader.column)
                registry.learn(chunk, lock=True)
                reports = [registry.settle(row) for row in chunk]
                new, updated = registry.write()
                if new or updated:
                    rows = [chunk[0].number, chunk[-1].number]
                    record("companies.imported", by=by, file=filename, rows=rows, new=new, updated=updated)
            return reports
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError
