"""Importing a list of companies, from the first row to the last.

Rows are read and decided in blocks, while others may save. They are stored in chunks of 40 rows, each one
transaction with one event of its own (`companies.imported`, with the ids). A chunk decides anew when a
company was changed meanwhile. A worker holds an import by a claim that every chunk renews and checks: a
worker that lost it writes nothing. After a crash the next worker goes on at `done_rows`.
"""

from __future__ import annotations

import time
import zlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from compliance.companies.search.candidates import little_here
from compliance.core.db import checkpoint, db, reading, transaction
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import last_sealed, sealed_since
from compliance.core.text import say
from compliance.imports.commands.claims import Lost, claimed_batch, let_go, new_claim, renew
from compliance.imports.commands.decided import import_decided
from compliance.imports.commands.job import (
    ATTEMPTS,
    CHUNK,
    CHUNK_PAUSE_SECONDS,
    ImportJob,
    asked_of,
    follow_and_tell,
    in_one_transaction,
    job_of,
    open_sheet,
    rows_of_sheet,
)
from compliance.imports.commands.requests import open_import, stop_import
from compliance.imports.commands.write import (
    Prepared,
    delete_tried_rows,
    prepare,
    store,
    store_report_rows,
)
from compliance.imports.deciding.decisions import RowDecider, RowReport
from compliance.imports.deciding.foreseeing import ForeseeRows, foresight
from compliance.imports.deciding.queries import hold_companies, learn_companies, recall_decisions
from compliance.imports.exports import stored_report, tally
from compliance.imports.kinds import COMPANY_LIST, ListAsked, ListKind
from compliance.imports.models import ImportRow
from compliance.imports.reading.rows import Row, RowReader
from compliance.imports.reading.spreadsheet import Sheet
from compliance.imports.workflow import IMPORTS
from compliance.office.settings import served_province
from compliance.policy import Actor, System, command, system_only

NOTHING_ASKED = ListAsked()
BLOCK = 400
"""Rows that are decided after one look at the registry."""
Item = TypeVar("Item")


@command("company.import", about=None)
def import_companies(
    sheet: Sheet,
    *,
    by: Actor | System,
    filename: str,
    region_code: str | None = None,
    takes_workers: bool = False,
    dry_run: bool = False,
    kind: ListKind = COMPANY_LIST,
    asked: ListAsked = NOTHING_ASKED,
) -> Generator[RowReport, None, None]:
    """Import the rows of `sheet` at once; `region_code` is for rows that name no regency. Yields a
    report for every row. `asked` is what a person says of a historic kind of list.

    Rows are written as the reports are taken: as a batch, which can be undone and which the scheduler
    finishes when this process dies. A dry run answers the same and writes nothing. Nobody is asked: rows that
    need a decision are refused. `takes_workers`: the list's number of workers replaces another one. Raises
    BadSheet for a sheet that is no list of companies, Invalid for a region that is no regency.
    """
    province = served_province()
    if region_code is not None and region_code not in province.region_names:
        example = province.example
        text = say(
            "Pilih kabupaten atau kota, misalnya {code} untuk {name}",
            code=example.code,
            name=example.name,
        )
        raise Invalid({"--region": text})
    mapping = dict(sheet.fields)
    reader = RowReader(
        mapping, filename=filename, province=province, region_code=region_code, kind=kind
    )
    if dry_run:
        foresee = foresight(kind, asked, reader.column)
        return _dry_run(sheet, reader, foresee, takes_workers=takes_workers)
    return _at_once(
        sheet,
        by=by,
        filename=filename,
        region_code=region_code,
        mapping=mapping,
        takes_workers=takes_workers,
        kind=kind,
        asked=asked,
    )


def _dry_run(
    sheet: Sheet, reader: RowReader, foresee: ForeseeRows, *, takes_workers: bool
) -> Generator[RowReport, None, None]:
    decider = RowDecider(reader.column, little=little_here(), takes_workers=takes_workers)
    for chunk in _split(rows_of_sheet(sheet, reader), CHUNK):
        yield from _try(decider, foresee, chunk)


def _at_once(
    sheet: Sheet,
    *,
    by: Actor | System,
    filename: str,
    region_code: str | None,
    mapping: dict[str, str],
    takes_workers: bool,
    kind: ListKind,
    asked: ListAsked,
) -> Generator[RowReport, None, None]:
    content = zlib.compress(sheet.content, 1)
    with transaction():
        batch = open_import(
            sheet,
            by=by,
            filename=filename,
            region_code=region_code,
            content=content,
            mapping=mapping,
            takes_workers=takes_workers,
            kind=kind.name,
            asked=asked,
        )
        id, token = batch.id, new_claim(batch)
    try:
        yield from carry_out(id, token, until=None)
    except (KeyboardInterrupt, GeneratorExit):
        with transaction():
            stop_import(claimed_batch(id, token), by=by)
        raise
    except Lost:
        raise Refusal(say("Impor ini dihentikan seseorang di halaman Impor.")) from None


@system_only
def rehearse(id: int, token: str) -> Iterator[RowReport]:
    """Decide about every row of a batch, remembering what would have been written for the rows before it.

    Begins with the first row whatever was done before, because what it remembers is in memory only.
    """
    sheet, reader = open_sheet(id)
    with transaction():
        batch = claimed_batch(id, token)
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == id))
        batch.done_rows = batch.phase_from = 0
        foresee = foresight(batch.what, asked_of(batch), reader.column)
    decider, differing = RowDecider(reader.column, little=little_here(), asks=True), 0
    for chunk in _split(rows_of_sheet(sheet, reader), CHUNK):
        reports = _try(decider, foresee, chunk)
        report_rows = [(report, stored_report(report, settled=False)) for report in reports]
        with transaction():
            renew(id, token, done=len(chunk), alive=False)
            store_report_rows(id, report_rows)
        differing += sum(report.workers_differ for report in reports)
        yield from reports
        time.sleep(CHUNK_PAUSE_SECONDS)
    with transaction():
        batch = claimed_batch(id, token)
        IMPORTS.move(batch, "rehearsed")
        batch.workers_differ = differing
        let_go(batch)
        tally(batch)


def _try(decider: RowDecider, foresee: ForeseeRows, chunk: list[Row]) -> list[RowReport]:
    with reading():
        rows = foresee(chunk)
        learn_companies(decider.companies, rows)
        return recall_decisions(decider, [decider.decide(row) for row in rows])


@system_only
def carry_out(id: int, token: str, *, until: float | None) -> Iterator[RowReport]:
    """Import the rows that were not yet dealt with, then those that a person decided about.

    1. Chunks of the file after `done_rows`, without the rows that a person decided about.
    2. Chunks of decided rows, as often as there are any.
    3. `finish`. Hands back after the chunk in which `until` (of the monotonic clock) has passed.
    """
    with transaction():
        batch = claimed_batch(id, token)
        job, done, total = job_of(batch, token), batch.done_rows, batch.total_rows
    if done < total:
        sheet, reader = open_sheet(id)
        for block in _split(islice(rows_of_sheet(sheet, reader), done, None), BLOCK):
            for reports in _import_block(job, block):
                yield from reports
                if until is not None and time.monotonic() > until:
                    return
                _let_others_save()
    while True:
        decided = in_one_transaction(partial(import_decided, job))
        if decided is None:
            return
        job.remember(decided)
        yield from decided
        _let_others_save()


def _let_others_save() -> None:
    checkpoint()
    time.sleep(CHUNK_PAUSE_SECONDS)


@dataclass
class _Look:
    """What a worker saw of the registry, up to the event `seen`. The `decided` rows wait for step 2; `rows`
    are the others by number, with what their kind of list knows of them.
    """

    seen: int
    decider: RowDecider
    decided: set[int]
    rows: Mapping[int, Row]
    is_stale: bool = False


def _import_block(job: ImportJob, block: list[Row]) -> Iterator[list[RowReport]]:
    """Import a block chunk by chunk; looks at the registry again when somebody changed it."""
    chunks, failures = deque(_split(iter(block), CHUNK)), 0
    while chunks:
        rows = [row for chunk in chunks for row in chunk]
        with reading():
            look = _look(job, rows, seen=last_sealed())
        while chunks and not look.is_stale:
            try:
                reports = _import_chunk(job, look, chunks[0])
            except IntegrityError:
                failures += 1
                if failures == ATTEMPTS:
                    raise
                break
            failures = 0
            chunks.popleft()
            yield reports


def _look(job: ImportJob, rows: list[Row], *, seen: int, lock: bool = False) -> _Look:
    """Read the companies that the rows may mean, and which of the rows a person decided about."""
    decided = set(
        db.session.scalars(
            sa.select(ImportRow.number).where(
                ImportRow.import_id == job.id,
                ImportRow.number.between(rows[0].number, rows[-1].number),
                ImportRow.decision.is_not(None),
            )
        )
    )
    decider = RowDecider(
        job.headers,
        little=little_here(),
        asks=job.asks,
        takes_workers=job.takes_workers,
        met=job.met,
    )
    clear = job.foresight()([row for row in rows if row.number not in decided])
    learn_companies(decider.companies, clear, lock=lock)
    return _Look(seen, decider, decided, {row.number: row for row in clear})


def _import_chunk(job: ImportJob, look: _Look, chunk: list[Row]) -> list[RowReport]:
    """Decide and prepare while others may save, then only store; decide anew when a company was saved in
    between."""
    reports, prepared = _decide(look, chunk)
    with transaction():
        renew(job.id, job.token, done=len(chunk), alive=True)
        hold_companies({report.company_id for report in reports if report.company_id})
        if sealed_since(look.seen, "company.", "companies."):
            look.is_stale = True
            reports, prepared = _decide(_look(job, chunk, seen=0, lock=True), chunk, lock=True)
        delete_tried_rows(job.id, chunk[0].number, chunk[-1].number)
        store(job.id, prepared)
        event = follow_and_tell(job, reports, prepared, span=[chunk[0].number, chunk[-1].number])
    if event is not None:
        look.seen = event.id  # this import's own events change nothing
    look.decider.companies.stored()
    job.remember(reports)
    return reports


def _decide(
    look: _Look, chunk: list[Row], *, lock: bool = False
) -> tuple[list[RowReport], Prepared]:
    """What becomes of the rows of a chunk, but for those that a person decided about; and what that
    stores.
    """
    rows = [look.rows[row.number] for row in chunk if row.number not in look.decided]
    reports = [look.decider.decide(row) for row in rows]
    if any(report.outcome == "to_decide" for report in reports):
        if lock:
            reports = recall_decisions(look.decider, reports, lock=True)
        else:
            with reading():
                reports = recall_decisions(look.decider, reports)
    report_rows = [
        (report, stored_report(report, settled=report.outcome != "to_decide")) for report in reports
    ]
    return reports, prepare(look.decider.companies, report_rows)


def _split(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
