"""Storing what an import decided about a chunk of rows.

`prepare` makes all rows of the store before the transaction; `store` only adds the ids and sends them, so
that the lock is held for a few statements.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from compliance.companies.models import COMPANIES_TABLE, NAMES_TABLE, NUMBERS_TABLE
from compliance.companies.search.spelling import name_columns
from compliance.core import clock
from compliance.core.db import db, is_postgresql
from compliance.imports.deciding.decisions import DERIVED, FILLABLE, RowReport
from compliance.imports.deciding.known import KnownCompanies, KnownCompany
from compliance.imports.models import ImportRow
from compliance.policy import system_only

IMPORT_ROWS = cast(sa.Table, ImportRow.__table__)
ADDED = (*FILLABLE, *DERIVED)
"""The columns that a row may add to a known company."""


REPLACEABLE = ("workers_total",)
"""The columns that a row may change."""


def _filled(name: str) -> sa.ColumnElement[Any]:
    column = COMPANIES_TABLE.c[name]
    filled = sa.func.coalesce(column, sa.bindparam(f"new_{name}", type_=column.type))
    if name not in REPLACEABLE:
        return filled
    return sa.func.coalesce(sa.bindparam(f"instead_{name}", type_=column.type), filled)


_FILL = (
    sa.update(COMPANIES_TABLE)
    .where(COMPANIES_TABLE.c.id == sa.bindparam("known_id"))
    .values({**{name: _filled(name) for name in ADDED}, "version": COMPANIES_TABLE.c.version + 1})
)
_ADD_COMPANIES = sa.insert(COMPANIES_TABLE)
_ADD_NAMES = sa.insert(NAMES_TABLE)
_ADD_NUMBERS = sa.insert(NUMBERS_TABLE)
_ADD_ROWS = sa.insert(IMPORT_ROWS)
_HIGHEST_ID = sa.select(sa.func.coalesce(sa.func.max(COMPANIES_TABLE.c.id), 0))
_NEXT_IDS = sa.text(
    "SELECT nextval(pg_get_serial_sequence('companies', 'id')) FROM generate_series(1, :count)"
)
_DELETE_TRIED = sa.delete(IMPORT_ROWS).where(
    IMPORT_ROWS.c.import_id == sa.bindparam("of"),
    IMPORT_ROWS.c.number.between(sa.bindparam("first"), sa.bindparam("last")),
    IMPORT_ROWS.c.decision.is_(None),
)
OfCompany = tuple[KnownCompany, dict[str, Any]]
"""A row of the store that belongs to a company, whose id may come later."""


@dataclass(frozen=True)
class Prepared:
    """What a chunk adds to the store. `report_rows` are rows of the import itself, with their reports."""

    new: list[KnownCompany]
    updated: list[KnownCompany]
    fills: list[dict[str, Any]]
    names: list[OfCompany]
    numbers: list[OfCompany]
    report_rows: list[tuple[RowReport, dict[str, Any]]]
    changes: list[tuple[KnownCompany, dict[str, tuple[Any, Any]]]]
    """What is known otherwise now, by field before and after."""

    @property
    def new_ids(self) -> list[int]:
        return [cast(int, company.id) for company in self.new]

    @property
    def updated_ids(self) -> list[int]:
        return [cast(int, company.id) for company in self.updated]


def prepare(
    companies: KnownCompanies, report_rows: list[tuple[RowReport, dict[str, Any]]]
) -> Prepared:
    """Make the rows that store what changed of `companies`, and what became of the rows of the list."""
    changed = companies.changed
    new = [company for company in changed if company.id is None]
    updated = [company for company in changed if company.id is not None]
    fills = [{"known_id": company.id, **_new_values(company)} for company in updated]
    names = [_name(company, "current", company.columns["name"]) for company in new]
    names += [
        _name(company, kind, name)
        for company in changed
        for name, kind in company.new_names.items()
    ]
    changes = [(company, company.replaced) for company in updated if company.replaced]
    return Prepared(new, updated, fills, names, _numbers(changed), report_rows, changes)


def _new_values(company: KnownCompany) -> dict[str, Any]:
    values = {f"new_{name}": company.filled.get(name) for name in ADDED}
    instead = {name: company.replaced.get(name, (None, None))[1] for name in REPLACEABLE}
    return values | {f"instead_{name}": value for name, value in instead.items()}


def _name(company: KnownCompany, kind: str, name: str) -> OfCompany:
    return company, {"kind": kind, **name_columns(name)}


def _numbers(changed: Collection[KnownCompany]) -> list[OfCompany]:
    now = clock.now()
    return [
        (company, {"kind": "npwp", "number": npwp, "core": core, "since": now})
        for company in changed
        for npwp, core in company.new_npwps.items()
    ]


@system_only
def store(import_id: int, prepared: Prepared) -> None:
    """Send what was prepared to the store. New companies have their ids afterwards."""
    connection = db.session.connection()
    if prepared.new:
        for company, id in zip(prepared.new, _next_ids(len(prepared.new)), strict=True):
            company.id = id
        connection.execute(
            _ADD_COMPANIES, [{"id": company.id, **company.columns} for company in prepared.new]
        )
    if prepared.fills:
        connection.execute(_FILL, prepared.fills)
    if prepared.names:
        connection.execute(_ADD_NAMES, _with_ids(prepared.names))
    if prepared.numbers:
        connection.execute(_ADD_NUMBERS, _with_ids(prepared.numbers))
    store_report_rows(import_id, prepared.report_rows)


@system_only
def store_report_rows(
    import_id: int, report_rows: Sequence[tuple[RowReport, dict[str, Any]]]
) -> None:
    """Keep what became of the rows of the list."""
    rows = [
        {"import_id": import_id, **row, "company_id": report.company_id}
        for report, row in report_rows
    ]
    if rows:
        db.session.connection().execute(_ADD_ROWS, rows)


@system_only
def delete_tried_rows(import_id: int, first: int, last: int) -> None:
    """Forget what the rehearsal said of these rows, but for those that a person decided about."""
    values = {"of": import_id, "first": first, "last": last}
    db.session.connection().execute(_DELETE_TRIED, values)


def _with_ids(rows: list[OfCompany]) -> list[dict[str, Any]]:
    return [{"company_id": company.id, **row} for company, row in rows]


def _next_ids(count: int) -> list[int]:
    """Ids for new companies. On SQLite the writer's lock keeps them free."""
    connection = db.session.connection()
    if is_postgresql():
        return list(connection.scalars(_NEXT_IDS, {"count": count}))
    highest = connection.scalar(_HIGHEST_ID) or 0
    return list(range(highest + 1, highest + count + 1))
