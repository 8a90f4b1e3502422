"""Importing a list of companies, from the first row to the last.

Runs in chunks of 20 rows, each one transaction with one event of its own (`companies.imported`, with the ids), so
that what is committed is told and nobody waits long to save. What rows mean is decided before that transaction.
A worker holds a batch by a claim that every chunk renews and checks: whoever lost it writes nothing. After a crash
the next worker goes on at `done_rows`.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from compliance.companies import identity
from compliance.companies.commands import MANY, CompanyFacts
from compliance.core import clock
from compliance.core.db import db, reading, transaction
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import last_sealed, record, sealed_since
from compliance.core.text import Text, say
from compliance.imports.commands.claims import Lost, held, let_go, new_claim
from compliance.imports.commands.requests import open_import, stop_import
from compliance.imports.commands.write import write
from compliance.imports.deciding.matching import Registry
from compliance.imports.deciding.memory import recalled
from compliance.imports.deciding.outcomes import Choice, RowReport
from compliance.imports.exports import OWN_REMARKS, stored_report, tally
from compliance.imports.kinds import Followed, kinds
from compliance.imports.models import Import, ImportFile, ImportRow
from compliance.imports.reading import spreadsheet
from compliance.imports.reading.rows import Remark, Row, RowReader
from compliance.imports.reading.spreadsheet import Sheet
from compliance.imports.workflow import IMPORTS
from compliance.policy import SYSTEM, Actor, System, command, system_only
from compliance.reference.regions import REGION_NAMES

CHUNK = 20
"""Rows of one transaction: on SQLite nobody else saves meanwhile, so it is short, although many rows at a time would cost less."""
PAUSE_SECONDS = 0.03
"""Between two of them, long enough for SQLite's waiting writers, who ask again every few milliseconds, to come first."""
ATTEMPTS = 3
ROWS = cast(sa.Table, ImportRow.__table__)
Worked = TypeVar("Worked")


@command("company.import", about=None)
def import_companies(
    sheet: Sheet,
    *,
    by: Actor | System,
    filename: str,
    region_code: str | None = None,
    dry_run: bool = False,
) -> Generator[RowReport, None, None]:
    """Import the rows of `sheet` at once; `region_code` is for rows that name no regency. Yields what became of each.

    Rows are written as the reports are taken: as a batch, which can be undone and which the scheduler finishes when
    this process dies. A dry run answers the same and writes nothing. Nobody is asked: rows that are not clear are
    refused. Raises BadSheet for a sheet that is no list of companies, Invalid for a region that is no regency.
    """
    if region_code is not None and region_code not in REGION_NAMES:
        raise Invalid({"--region": say("Pilih kabupaten atau kota, misalnya 53.71 untuk Kota Kupang")})
    mapping = spreadsheet.guess_columns(sheet.headers)
    reader = RowReader(mapping, filename=filename, region_code=region_code)
    if dry_run:
        return _tried(sheet, Registry(reader.column), reader)
    return _at_once(sheet, by=by, filename=filename, region_code=region_code, mapping=mapping)


def _tried(sheet: Sheet, registry: Registry, reader: RowReader) -> Generator[RowReport, None, None]:
    for chunk in _chunks(reader.read(number, cells) for number, cells in sheet.rows):
        yield from _try(registry, chunk)


def _at_once(
    sheet: Sheet, *, by: Actor | System, filename: str, region_code: str | None, mapping: dict[str, str]
) -> Generator[RowReport, None, None]:
    content = zlib.compress(sheet.content, 1)
    with transaction():
        batch = open_import(
            sheet, by=by, filename=filename, region_code=region_code, content=content, mapping=mapping
        )
        id, token = batch.id, new_claim(batch)
    try:
        yield from carry_out(id, token, until=None)
    except (KeyboardInterrupt, GeneratorExit):
        with transaction():
            stop_import(held(id, token), by=by)
        raise
    except Lost:
        raise Refusal(say("Impor ini dihentikan seseorang di halaman Impor.")) from None


@system_only
def rehearse(id: int, token: str) -> Iterator[RowReport]:
    """Decide about every row of a batch, remembering what would have been written for the rows before it.

    Begins with the first row whatever was done before, because what it remembers is in memory only.
    """
    sheet, reader = _opened(id)
    with transaction():
        batch = held(id, token)
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == id))
        batch.done_rows = batch.phase_from = 0
    registry = Registry(reader.column, asks=True)
    for chunk in _chunks(reader.read(number, cells) for number, cells in sheet.rows):
        reports = _try(registry, chunk)
        lines = [stored_report(each, settled=False) for each in reports]
        with transaction():
            batch = held(id, token)
            _store(id, lines)
            batch.done_rows += len(chunk)
        yield from reports
        time.sleep(PAUSE_SECONDS)
    with transaction():
        batch = held(id, token)
        IMPORTS.move(batch, "rehearsed")
        let_go(batch)
        tally(batch)


def _try(registry: Registry, chunk: list[Row]) -> list[RowReport]:
    with reading():
        registry.learn(chunk)
        return recalled(registry, [registry.settle(row) for row in chunk])


@system_only
def carry_out(id: int, token: str, *, until: float | None) -> Iterator[RowReport]:
    """Import the rows that were not yet dealt with, then those that somebody decided about.

    1. Chunks of the file after `done_rows`, without the rows that somebody decided about.
    2. Chunks of decided rows, as often as there are any.
    3. `finish`. Hands back after the chunk in which `until` (of the monotonic clock) has passed.
    """
    with transaction():
        batch = held(id, token)
        done, total, asks = batch.done_rows, batch.total_rows, batch.asks
    if done < total:
        sheet, reader = _opened(id)
        rows = (reader.read(number, cells) for number, cells in islice(sheet.rows, done, None))
        for chunk in _chunks(rows):
            blank = partial(Registry, reader.column, asks=asks)
            yield from _once_more_if_taken(partial(_import_chunk, id, token, chunk, blank))
            if until is not None and time.monotonic() > until:
                return
            time.sleep(PAUSE_SECONDS)  # whoever waits to save comes first
    while True:
        reports = in_one_transaction(partial(_import_decided, id, token))
        if reports is None:
            return
        yield from reports
        time.sleep(PAUSE_SECONDS)


def in_one_transaction(work: Callable[[], Worked]) -> Worked:
    """Do a chunk's work and commit it; begins anew when somebody registered one of these companies meanwhile."""

    def committed() -> Worked:
        with transaction():
            return work()

    return _once_more_if_taken(committed)


def _once_more_if_taken(work: Callable[[], Worked]) -> Worked:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _import_chunk(id: int, token: str, chunk: list[Row], blank: Callable[[], Registry]) -> list[RowReport]:
    """Decide about the rows while others may save, then only write; decide anew when a company was saved in between."""
    with reading():
        seen = last_sealed()
        reports = _settle(id, chunk, registry := blank())
    with transaction():
        batch = held(id, token)
        registry.hold()
        if sealed_since(seen, "company.", "companies."):
            reports = _settle(id, chunk, registry := blank(), lock=True)
        _write(batch, registry, reports, span=[chunk[0].number, chunk[-1].number])
        batch.done_rows += len(chunk)
        batch.attempts = 0
    return reports


def _settle(id: int, chunk: list[Row], registry: Registry, *, lock: bool = False) -> list[RowReport]:
    """What becomes of the rows of a chunk, without those that somebody decided about."""
    decided = set(
        db.session.scalars(
            sa.select(ImportRow.number).where(
                ImportRow.import_id == id,
                ImportRow.number.between(chunk[0].number, chunk[-1].number),
                ImportRow.decision.is_not(None),
            )
        )
    )
    rows = [row for row in chunk if row.number not in decided]
    registry.learn(rows, lock=lock)
    return recalled(registry, [registry.settle(row) for row in rows], lock=lock)


def _import_decided(id: int, token: str) -> list[RowReport] | None:
    """The next rows that somebody decided about; None when there are none, and the batch is done."""
    batch = held(id, token)
    found = db.session.scalars(
        sa.select(ImportRow)
        .where(
            ImportRow.import_id == id, sa.text("outcome = 'to_decide'"), ImportRow.decision.is_not(None),
            ImportRow.facts.is_not(None),
        )
        .order_by(ImportRow.number)
        .limit(CHUNK)
    ).all()  # fmt: skip
    if not found:
        IMPORTS.move(batch, "finish")
        let_go(batch)
        batch.finished_at = clock.now()
        tally(batch)
        return None
    rows, chosen = [_row(each) for each in found], _chosen_companies(id, found)
    registry = Registry({field: header for header, field in batch.mapping.items()}, asks=True)
    registry.learn(rows, ids=chosen.values(), lock=True)
    reports = []
    for row, line in zip(rows, found, strict=True):
        known = registry.known.get(chosen.get(line.number, 0))
        if line.decision in ("company", "row") and known is None:
            gone = Remark("", say("Perusahaan yang dipilih sudah tidak ada. Pilih lagi"))
            reports.append(RowReport(row, "to_decide", remarks=(*row.remarks, gone)))
        else:
            reports.append(registry.decide(row, Choice(known, new=line.decision == "new")))
    decisions = {each.number: (each.decision, each.chosen, each.decided_by_id) for each in found}
    _write(batch, registry, reports, span=[rows[0].number, rows[-1].number], decisions=decisions)
    batch.attempts = 0
    return reports


def _row(line: ImportRow) -> Row:
    typed = dict(line.facts or {})
    own = typed.pop(OWN_REMARKS, 0)
    facts = CompanyFacts(**{**typed, **{each: tuple(typed[each]) for each in MANY}})
    remarks = [Remark(column, Text.restored(text)) for column, text in (line.remarks or ())[:own]]
    return Row(line.number, line.name, facts, remarks, identity.name_key(facts.name), line.extras or {})


def _chosen_companies(id: int, lines: Sequence[ImportRow]) -> dict[int, int]:
    """The company that was chosen for each row; a row that was chosen may have brought one by now."""
    chosen = {each.number: each.chosen for each in lines if each.decision == "company" and each.chosen}
    by_row = {each.number: each.chosen for each in lines if each.decision == "row" and each.chosen}
    if by_row:
        asked = sa.select(ImportRow.number, ImportRow.company_id).where(
            ImportRow.import_id == id, ImportRow.number.in_(by_row.values()), ImportRow.settled
        )
        brought = {number: company for number, company in db.session.execute(asked) if company}
        chosen |= {number: brought[row] for number, row in by_row.items() if row in brought}
    return chosen


def _write(
    batch: Import,
    registry: Registry,
    reports: list[RowReport],
    *,
    span: list[int],
    decisions: dict[int, tuple[str | None, int | None, int | None]] | None = None,
) -> None:
    """Store what was decided about a chunk, let follow what follows from it, and tell."""
    new, updated = write(registry.touched)
    lines = [
        stored_report(each, settled=each.outcome != "to_decide", decided=decisions is not None)
        for each in reports
    ]
    for line in lines:
        if decisions is not None and line["settled"]:
            line["decision"], line["chosen"], line["decided_by_id"] = decisions[line["number"]]
    db.session.execute(
        sa.delete(ImportRow).where(
            ImportRow.import_id == batch.id, ImportRow.number.between(span[0], span[-1]),
            ImportRow.number.in_([each["number"] for each in lines]) if decisions is not None else ImportRow.decision.is_(None),
        )
    )  # fmt: skip
    _store(batch.id, lines)
    if batch.what.follow is not None:
        followed = [
            Followed(each.row.number, each.company_id, each.outcome, each.row.extras)
            for each in reports
            if each.company_id is not None
        ]
        batch.what.follow(batch, followed)
    if new or updated:
        by = batch.by or SYSTEM
        record(
            "companies.imported",
            by=by,
            file=batch.filename,
            rows=span,
            new=new,
            updated=updated,
            batch=batch.id,
        )


def _store(id: int, lines: list[dict[str, Any]]) -> None:
    if lines:
        db.session.execute(sa.insert(ROWS), [{"import_id": id, **each} for each in lines])


def _opened(id: int) -> tuple[Sheet, RowReader]:
    """The file of a batch, read outside any transaction that somebody may wait for."""
    db.session.rollback()
    asked = sa.select(
        Import.filename, Import.kind, Import.mapping, Import.region_code, ImportFile.content
    ).join(ImportFile, ImportFile.import_id == Import.id)
    with reading():
        batch = db.session.execute(asked.where(Import.id == id)).one()
    kind = kinds()[batch.kind]
    sheet = spreadsheet.read(zlib.decompress(batch.content), filename=batch.filename, known=kind.field_of)
    reader = RowReader(batch.mapping, filename=batch.filename, region_code=batch.region_code, kind=kind)
    return sheet, reader


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
