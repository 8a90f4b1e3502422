"""Reads of imports: the list, one batch, its rows page by page, and the candidates of a row to decide."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import Rows
from compliance.imports.models import ROW_OUTCOMES, Import, ImportFile, ImportMapping, ImportRow
from compliance.imports.workflow import UNDOING
from compliance.policy import Actor, require

NEWEST_FIRST = Keyset(Import.id, falling=True)
IN_ORDER_OF_FILE = Keyset(ImportRow.number)


def load_import(by: Actor, id: int, *, for_update: bool = False) -> Import:
    """One batch. Raises NotFound."""
    require(by, "company.import")
    query = sa.select(Import).where(Import.id == id)
    if for_update:
        query = query.with_for_update(of=Import).execution_options(populate_existing=True)
    else:
        people = (Import.by, Import.started_by, Import.undo_by)
        query = query.options(*map(joinedload, people))
    batch = db.session.scalars(query).one_or_none() if is_id(id) else None
    if batch is None:
        raise NotFound()
    return batch


def file_of(batch: Import) -> bytes:
    """The file of a batch. Raises NotFound when it was dropped by now."""
    content = db.session.scalar(
        sa.select(ImportFile.content).where(ImportFile.import_id == batch.id)
    )
    if content is None:
        raise NotFound()
    return zlib.decompress(content)


def imports(by: Actor, *, after: str | None, limit: int) -> Sequence[Import]:
    """The batches, newest first, those after the cursor `after`."""
    require(by, "company.import")
    query = sa.select(Import).options(joinedload(Import.by)).limit(limit)
    return db.session.scalars(NEWEST_FIRST.paged(query, after)).all()


def mappings_for(batch: Import) -> Sequence[ImportMapping]:
    """The named mappings for this kind of list, by name."""
    return db.session.scalars(
        sa.select(ImportMapping)
        .where(ImportMapping.kind == batch.kind)
        .order_by(ImportMapping.name)
    ).all()


def rows_of(
    batch: Import, outcome: str | None, *, after: str | None, limit: int
) -> Sequence[ImportRow]:
    """The rows of a batch in the order of the file, after the cursor `after`; of one outcome or of all."""
    query = IN_ORDER_OF_FILE.paged(_rows(batch.id, outcome), after).limit(limit)
    return db.session.scalars(query).all()


def rows_for_file(batch: Import, outcome: str | None) -> Rows:
    """The report of a batch in one statement, for a file."""
    return (
        _rows(batch.id, outcome)
        .with_only_columns(
            ImportRow.number,
            ImportRow.outcome,
            ImportRow.name,
            ImportRow.company_id,
            ImportRow.differs,
            ImportRow.remarks,
            ImportRow.kept,
        )
        .order_by(ImportRow.number)
    )


def rows_kept(batch: Import, *, limit: int) -> Sequence[ImportRow]:
    """The rows that could not be undone wholly."""
    query = sa.select(ImportRow).where(ImportRow.import_id == batch.id, ImportRow.kept.is_not(None))
    return db.session.scalars(query.order_by(ImportRow.number).limit(limit)).all()


def _rows(id: int, outcome: str | None) -> sa.Select[ImportRow]:
    query = sa.select(ImportRow).where(ImportRow.import_id == id)
    return query.where(ImportRow.outcome == outcome) if outcome in ROW_OUTCOMES else query


def count_decided(batch: Import) -> int:
    """How many rows somebody decided about that are not written yet."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                ImportRow.import_id == batch.id,
                ImportRow.outcome == "to_decide",
                ImportRow.decision.is_not(None),
            )
        )
        or 0
    )


@dataclass(frozen=True)
class Candidate:
    """What a row may mean: a company, or the row of the same file that brings one. `value` is how a form
    names it."""

    value: str
    company: Company | None = None
    row: ImportRow | None = None


def form_value(candidate: Mapping[str, Any]) -> str:
    """How a form names a stored candidate."""
    return f"company:{candidate['id']}" if candidate["id"] else f"row:{candidate['row']}"


def candidates_of(batch: Import, rows: Iterable[ImportRow]) -> dict[int, list[Candidate]]:
    """The candidates of the rows to decide, by row number; none that is gone. At most three reads."""
    stored = {row.number: row.candidates for row in rows if row.candidates}
    several = [candidate for candidates in stored.values() for candidate in candidates]
    companies = _companies_by_id({candidate["id"] for candidate in several if candidate["id"]})
    lines = _rows_by_number(
        batch, {candidate["row"] for candidate in several if not candidate["id"]}
    )
    return {
        number: [
            Candidate(
                form_value(candidate),
                companies.get(candidate["id"]),
                None if candidate["id"] else lines[candidate["row"]],
            )
            for candidate in candidates
            if candidate["id"] in companies or (not candidate["id"] and candidate["row"] in lines)
        ]
        for number, candidates in stored.items()
    }


def _companies_by_id(ids: set[int]) -> dict[int, Company]:
    if not ids:
        return {}
    query = sa.select(Company).where(Company.id.in_(ids)).options(selectinload(Company.names))
    return {company.id: company for company in db.session.scalars(query)}


def _rows_by_number(batch: Import, numbers: set[int]) -> dict[int, ImportRow]:
    if not numbers:
        return {}
    query = sa.select(ImportRow).where(
        ImportRow.import_id == batch.id, ImportRow.number.in_(numbers)
    )
    return {row.number: row for row in db.session.scalars(query)}


def time_left(batch: Import) -> timedelta | None:
    """How long the pass that runs will still take at its speed so far; None while that is unknown."""
    done = batch.done_rows - batch.phase_from
    if batch.phase_at is None or done <= 0 or batch.status == UNDOING:
        return None
    return (clock.now() - batch.phase_at) * ((batch.total_rows - batch.done_rows) / done)


def progress(batch: Import) -> tuple[int, int]:
    """How many rows of how many the pass that runs has dealt with."""
    if batch.status != UNDOING:
        return batch.done_rows, batch.total_rows
    counts: dict[str, Any] = batch.counts
    return (batch.undone or {}).get("rows", 0), max(
        1, counts.get("new", 0) + counts.get("updated", 0)
    )
