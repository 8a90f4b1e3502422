"""Importing the rows that a person decided about, after the rows that were clear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from compliance.companies.names import key_of
from compliance.companies.rules import MANY, CompanyFacts
from compliance.companies.search.candidates import little_here
from compliance.core import clock
from compliance.core.db import db
from compliance.core.text import Text, say
from compliance.imports.commands.claims import claimed_batch, let_go
from compliance.imports.commands.job import CHUNK, ImportJob, follow_and_tell
from compliance.imports.commands.write import prepare, store
from compliance.imports.deciding.decisions import Choice, RowDecider, RowReport
from compliance.imports.deciding.known import KnownCompany
from compliance.imports.deciding.queries import learn_companies
from compliance.imports.exports import OWN_REMARKS, stored_report, tally
from compliance.imports.models import ImportRow
from compliance.imports.reading.rows import Remark, Row
from compliance.imports.workflow import IMPORTS
from compliance.policy import system_only


@system_only
def import_decided(job: ImportJob) -> list[RowReport] | None:
    """The next rows that a person decided about; None when there are none, and the batch is done."""
    batch = claimed_batch(job.id, job.token)
    lines = _decided_lines(job.id)
    if not lines:
        IMPORTS.move(batch, "finish")
        let_go(batch)
        batch.finished_at = clock.now()
        tally(batch)
        return None
    batch.attempts = 0
    decider = RowDecider(
        job.headers, little=little_here(), asks=True, takes_workers=job.takes_workers, met=job.met
    )
    rows = job.foresight()([_row(line) for line in lines])
    company_ids = _chosen_companies(job.id, lines)
    learn_companies(decider.companies, rows, ids=company_ids.values(), lock=True)
    reports = []
    for row, line in zip(rows, lines, strict=True):
        company = decider.companies.by_id.get(company_ids.get(line.number, 0))
        reports.append(_carry_out_decision(decider, row, line, company))
    report_rows = [
        (report, _decided_row(report, line)) for report, line in zip(reports, lines, strict=True)
    ]
    prepared = prepare(decider.companies, report_rows)
    db.session.execute(
        sa.delete(ImportRow).where(
            ImportRow.import_id == job.id, ImportRow.number.in_([line.number for line in lines])
        )
    )
    store(job.id, prepared)
    follow_and_tell(job, reports, prepared, span=[rows[0].number, rows[-1].number])
    return reports


def _decided_lines(id: int) -> Sequence[ImportRow]:
    return db.session.scalars(
        sa.select(ImportRow)
        .where(
            ImportRow.import_id == id,
            sa.text("outcome = 'to_decide'"),
            ImportRow.decision.is_not(None),
            ImportRow.facts.is_not(None),
        )
        .order_by(ImportRow.number)
        .limit(CHUNK)
    ).all()


def _carry_out_decision(
    decider: RowDecider, row: Row, line: ImportRow, company: KnownCompany | None
) -> RowReport:
    if row.facts is None:
        return RowReport(row, "refused", remarks=tuple(row.remarks))
    if line.decision in ("company", "row") and company is None:
        gone = Remark("", say("Perusahaan yang dipilih sudah tidak ada. Pilih lagi"))
        return RowReport(row, "to_decide", remarks=(*row.remarks, gone))
    return decider.carry_out(row, Choice(company, new=line.decision == "new"))


def _decided_row(report: RowReport, line: ImportRow) -> dict[str, Any]:
    settled = report.outcome != "to_decide"
    row = stored_report(report, settled=settled, decided=True)
    if settled:
        row |= {
            "decision": line.decision,
            "chosen": line.chosen,
            "decided_by_id": line.decided_by_id,
        }
    return row


def _row(line: ImportRow) -> Row:
    typed = dict(line.facts or {})
    own = typed.pop(OWN_REMARKS, 0)
    facts = CompanyFacts(**{**typed, **{name: tuple(typed.get(name, ())) for name in MANY}})
    remarks = [Remark(column, Text.restored(text)) for column, text in (line.remarks or ())[:own]]
    return Row(line.number, line.name, facts, remarks, key_of(facts.name), line.extras or {})


def _chosen_companies(id: int, lines: Sequence[ImportRow]) -> dict[int, int]:
    """The company that was chosen for each row; a row that was chosen may have brought one by now."""
    chosen = {
        line.number: line.chosen for line in lines if line.decision == "company" and line.chosen
    }
    by_row = {line.number: line.chosen for line in lines if line.decision == "row" and line.chosen}
    if by_row:
        query = sa.select(ImportRow.number, ImportRow.company_id).where(
            ImportRow.import_id == id, ImportRow.number.in_(by_row.values()), ImportRow.settled
        )
        brought = {
            number: company_id for number, company_id in db.session.execute(query) if company_id
        }
        chosen |= {number: brought[row] for number, row in by_row.items() if row in brought}
    return chosen
