"""The catalogue in the store follows a release, and the findings keep the entry of their day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Flask

from compliance.admin.commands.reference_data import fill_reference_data
from compliance.cases.models import Finding, Violation
from compliance.core.db import db, transaction
from tests.factories import a_case


def test_a_store_of_before_learns_the_penalties_of_uu_1_of_2026(app: Flask) -> None:
    old = a_case(issued_on=date(2025, 12, 30), violations=("UP-01",)).id
    new = a_case(issued_on=date(2026, 3, 2), violations=("UP-01",)).id
    with transaction():  # as the release of November 2026 left it: one entry for all days
        rows = {row.valid_from: row for row in db.session.scalars(entries_of("UP-01"))}
        always = rows[None]
        db.session.execute(sa.update(Finding).values(violation_id=always.id))
        db.session.delete(rows[date(2026, 1, 2)])
        always.valid_to = None
    for _again in range(2):
        with transaction():
            fill_reference_data(db.session())
        notes = {
            case: db.session.scalars(
                sa.select(Violation.sanction_note)
                .join(Finding, Finding.violation_id == Violation.id)
                .where(Finding.case_id == case)
            ).one()
            for case in (old, new)
        }
        assert "penjara 1–4 tahun" in notes[old]
        assert "kategori IV, Rp200 juta" in notes[new]


def entries_of(code: str) -> sa.Select[tuple[Violation]]:
    return sa.select(Violation).where(Violation.code == code)
