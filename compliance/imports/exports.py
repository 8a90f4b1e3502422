"""What became of the rows of an import: as it is kept, counted, and written into a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.text import Text, say
from compliance.imports.deciding.decisions import RowReport
from compliance.imports.models import Import, ImportRow
from compliance.policy import system_only
from compliance.web.exports import Column
from compliance.web.formatting import render_text

OUTCOME_NAMES = {
    "new": say("Baru"),
    "updated": say("Dilengkapi"),
    "same": say("Sudah sama"),
    "to_decide": say("Perlu keputusan"),
    "left_out": say("Dilewati"),
    "refused": say("Ditolak"),
}
OWN_REMARKS = "own_remarks"
"""Beside the facts of a row to decide: how many of its remarks stay whatever is decided."""


def stored_report(report: RowReport, *, settled: bool, decided: bool = False) -> dict[str, Any]:
    """The columns of an ImportRow. The ids of new companies are known by now, unless nothing is written.

    The facts of a row are kept only when it is to be decided, or was `decided` about.
    """
    row, undecided = report.row, report.outcome == "to_decide"
    facts = None
    if (undecided or decided) and row.facts is not None:
        facts = {**asdict(row.facts), OWN_REMARKS: len(row.remarks)}
    return {
        "number": row.number,
        "outcome": report.outcome,
        "settled": settled,
        "company_id": report.company_id,
        "name": row.name,
        "differs": list(report.differs) or None,
        "remarks": [[remark.column, remark.text.stored()] for remark in report.remarks] or None,
        "facts": facts,
        "extras": dict(row.extras) or None,
        "candidates": [{"id": company.id, "row": company.row} for company in report.candidates]
        or None,
        "decision": None,
        "chosen": None,
        "decided_by_id": None,
        "added": dict(report.added) if settled and report.added else None,
        "is_undone": False,
        "kept": None,
    }


@system_only
def tally(batch: Import) -> None:
    """Count what became of the rows, by outcome; rows that were only tried do not count once it is being
    imported."""
    counted = sa.select(ImportRow.outcome, sa.func.count().label("count")).where(
        ImportRow.import_id == batch.id
    )
    if batch.started_at is not None:
        counted = counted.where(sa.or_(ImportRow.settled, ImportRow.outcome == "to_decide"))
    batch.counts = {
        row.outcome: row[1] for row in db.session.execute(counted.group_by(ImportRow.outcome))
    }


def remarks_as_text(remarks: list[Any] | None) -> str:
    """The remarks in the reader's language, with the columns they are about."""
    sentences = ((column, render_text(Text.restored(text))) for column, text in remarks or ())
    return "; ".join(
        f"{column}: {sentence}" if column else sentence for column, sentence in sentences
    )


REPORT_COLUMNS = [
    Column(say("Baris"), lambda row: row.number),
    Column(say("Hasil"), lambda row: OUTCOME_NAMES[row.outcome]),
    Column(say("Nama di berkas"), lambda row: row.name),
    Column(say("Nomor di Patuh"), lambda row: row.company_id),
    Column(say("Berbeda di kolom"), lambda row: ", ".join(row.differs or ())),
    Column(say("Keterangan"), lambda row: remarks_as_text(row.remarks)),
    Column(
        say("Tidak diurungkan"),
        lambda row: remarks_as_text([["", reason] for reason in row.kept or ()]),
    ),
]
