"""Reads for taking over old notas: which numbers are known, and who inspects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from compliance.cases.models import Case, Nota
from compliance.cases.old_notas.models import OldNota
from compliance.cases.rules import DueDate, due_by_rule
from compliance.core.calendar import load_calendar
from compliance.core.db import db
from compliance.core.events import Event
from compliance.office.settings import office_settings
from compliance.people.queries import inspectors

TAKEN_OVER = "nota.taken_over"


@dataclass(frozen=True)
class KnownNota:
    """A nota that is stored under a number."""

    number: str | None
    issued_on: date
    company: str


def known_notas(numbers: Collection[str]) -> Mapping[str, KnownNota]:
    """The stored notas that bear these numbers, by number. One read."""
    rows = db.session.execute(
        sa.select(Nota.number, Nota.issued_on, Nota.company_name).where(Nota.number.in_(numbers))
    )
    return {row.number: KnownNota(*row) for row in rows if row.number}


def inspectors_by_name() -> Mapping[str, int]:
    """The ids of those who may hold a case, by name and by mail address, in small letters. Two people of one
    name are known by their addresses only.
    """
    people = inspectors()
    names = [person.name.casefold() for person in people]
    known = {person.email.casefold(): person.id for person in people}
    return known | {
        person.name.casefold(): person.id
        for person in people
        if names.count(person.name.casefold()) == 1
    }


def due_of_old(issued_on: date, received_on: date | None) -> DueDate:
    """When the recheck was due by the office's rule; an old nota was conveyed on no day that is known."""
    settings = office_settings()
    return due_by_rule(
        {"issued": issued_on, "received": received_on},
        issued_on=issued_on,
        anchor=settings.recheck_anchor,
        months=settings.recheck_months,
        calendar=load_calendar(),
    )


def cases_of_rows(batch: int, rows: Collection[int]) -> Mapping[int, Case]:
    """The cases that these rows of an import brought, by row, locked."""
    query = (
        sa.select(OldNota.row, Case)
        .join(Case, Case.id == OldNota.case_id)
        .where(OldNota.import_id == batch, OldNota.row.in_(rows))
        .order_by(Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    return {row.row: row[1] for row in db.session.execute(query)}


def gone_on(case_ids: Collection[int]) -> set[int]:
    """Those of these cases about which anything was recorded since they were taken over. One read."""
    return set(
        db.session.scalars(
            sa.select(Event.case_id)
            .where(Event.case_id.in_(case_ids), Event.kind != TAKEN_OVER)
            .distinct()
        )
    )
