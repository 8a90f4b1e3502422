"""Many cases at once, past the commands: for lists, counts and query plans.

Every row keeps the store's constraints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from compliance.cases.models import Case, Nota
from compliance.companies.models import Company, CompanyName
from compliance.companies.names import name_key
from compliance.companies.search.spelling import name_columns
from compliance.core import clock
from compliance.core.db import db, is_postgresql, transaction
from compliance.licensing.models import Flag
from compliance.office.settings import today

FIRST_ID = 10_000
LARGE = 1_000
"""From this many rows on PostgreSQL counts them: a plan for empty tables reads all rows for each row."""


@dataclass(frozen=True)
class Row:
    """One case of a crowd: how many days late (below 0: still to come), and what it is made of."""

    late: int
    inspector_id: int
    status: str = "recheck_due"
    region: str = "53.71"
    name: str = "PT Contoh Usaha"
    level: str | None = None
    escalated: bool = False
    issued_on: date | None = None


def a_crowd(rows: Iterable[Row], *, first_id: int = FIRST_ID) -> list[int]:
    """Insert the rows, each with a company of its own and a nota; answers the ids of the cases, in order."""
    now, day = clock.now(), today()
    numbered = list(enumerate(rows, start=first_id))
    with transaction():
        _insert(
            Company,
            (
                {
                    "id": id,
                    "name": f"{row.name} {id}",
                    "name_key": _key(row.name, id),
                    "region_code": row.region,
                    "created_at": now,
                    "version": 1,
                }
                for id, row in numbered
            ),
        )
        _insert(
            CompanyName,
            (
                {
                    "company_id": id,
                    "kind": "current",
                    **name_columns(f"{row.name} {id}"),
                }
                for id, row in numbered
            ),
        )
        _insert(Case, (_case(id, row, day) for id, row in numbered))
        _insert(
            Nota,
            (
                {
                    "case_id": id,
                    "kind": "I",
                    "number": f"560/{id}-NP/2026",
                    "inspector_id": row.inspector_id,
                    "inspected_on": _issued_on(row, day),
                    "issued_on": _issued_on(row, day),
                    "company_name": f"{row.name} {id}",
                    "workers_total": 40,
                    "workers_registered": 28,
                }
                for id, row in numbered
            ),
        )
        _insert(
            Flag,
            (
                {
                    "case_id": id,
                    "company_id": id,
                    "region_code": row.region,
                    "level": row.level,
                    "since_on": day,
                    "reason": {"say": "Contoh."},
                    "raised_at": now,
                    "raised_by": "sistem",
                    "version": 1,
                    "letter_number": "BPJS/1" if row.level == "sanction" else None,
                }
                for id, row in numbered
                if row.level
            ),
        )
    if len(numbered) >= LARGE and is_postgresql():
        analyze()
    return [id for id, _row in numbered]


@lru_cache
def _key_of(name: str) -> str:
    return name_key(name)


def _key(name: str, number: int) -> str:
    """The key of a name that ends with a number; the crowd is large, and its names are few."""
    return f"{_key_of(name)} {number}"


def _insert(model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Past the unit of work, which would send a statement for each row that lacks a value."""
    values = list(rows)
    if values:
        db.session.execute(sa.insert(model.__table__), values)


def _issued_on(row: Row, day: date) -> date:
    return row.issued_on or day - timedelta(days=row.late + 92)


def _case(id: int, row: Row, day: date) -> dict[str, Any]:
    due_on = day - timedelta(days=row.late)
    return {
        "id": id,
        "number": f"NTT-2026-{id}",
        "status": row.status,
        "company_id": id,
        "inspector_id": row.inspector_id,
        "region_code": row.region,
        "workers_total": 40,
        "workers_registered": 28,
        "due_on": due_on,
        "effective_on": due_on,
        "due_why": [],
        "created_at": clock.now(),
        "updated_at": clock.now() - timedelta(days=1),
        "version": 1,
        "escalated_on": day if row.escalated else None,
        "unresolved_on": day if row.status == "unresolved" else None,
        "next_visit_on": day if row.status == "unresolved" else None,
        "resolved_on": day if row.status == "resolved" else None,
        "withdrawn_on": day if row.status == "withdrawn" else None,
    }


def analyze() -> None:
    """Let the store count its rows, as it does by itself in real life."""
    with transaction():
        db.session.execute(sa.text("ANALYZE"))
