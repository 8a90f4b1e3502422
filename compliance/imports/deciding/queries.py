"""Reads for deciding: the companies that rows may mean, in some six reads and one more for each row that is
new; and what was decided about such rows before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.identity import NUMBERS
from compliance.companies.models import (
    COMPANIES_TABLE,
    NAMES_TABLE,
    NUMBERS_TABLE,
)
from compliance.companies.names import NameKey, key_of
from compliance.companies.numbers import ids_bearing, ids_of_core
from compliance.companies.rules import CompanyFacts
from compliance.companies.search.candidates import names_like, sample_of_names
from compliance.companies.search.contacts import address_key, phone_key
from compliance.companies.search.rules import name_likeness
from compliance.companies.search.spelling import search_key
from compliance.core.db import db, is_postgresql
from compliance.core.text import say
from compliance.imports.deciding.decisions import Choice, RowDecider, RowReport
from compliance.imports.deciding.known import KnownCompanies, KnownCompany
from compliance.imports.deciding.rules import MOST_OFFERED, owners_of
from compliance.imports.models import DECIDED, ImportRow
from compliance.imports.reading.rows import Remark, Row

RESEMBLES_FROM = 75
"""Names that are alike by so many hundredths are shown to the person who decides about a row."""


def learn_companies(
    companies: KnownCompanies, rows: Iterable[Row], *, ids: Iterable[int] = (), lock: bool = False
) -> None:
    """Read the companies that share a number, a taxpayer or any name with `rows`, and those of `ids`."""
    rows = list(rows)
    _learn(companies, _candidate_ids(rows, ids), lock=lock)
    if not rows:
        return
    companies.resembling = _names_near(row for row in rows if _is_new(row, companies))
    others = {id for of_row in companies.resembling.values() for id in of_row}
    if others - companies.by_id.keys():
        _learn(companies, _candidate_ids((), others), lock=lock)


def _is_new(row: Row, companies: KnownCompanies) -> bool:
    """Whether no learned company bears a number of the row, or its name in the regency."""
    facts = row.facts
    return facts is not None and not (
        owners_of(facts, companies) or companies.of_name(row.key, facts.region_code)
    )


def _learn(companies: KnownCompanies, ids: sa.CompoundSelect[int], *, lock: bool) -> None:
    """Read these companies. Three reads."""
    query = (
        sa.select(COMPANIES_TABLE)
        .where(COMPANIES_TABLE.c.id.in_(ids))
        .order_by(COMPANIES_TABLE.c.id)
    )
    stored = db.session.execute(query.with_for_update() if lock else query)
    columns = {row.id: row._asdict() for row in stored if row.id not in companies.by_id}
    if not columns:
        return
    names = _names_of(columns)
    other_numbers, regions = _further_numbers_and_regions_of(columns)
    companies.learn(
        KnownCompany(
            id,
            columns[id],
            {name for name, _ in names[id]},
            {key for _, key in names[id]},
            {columns[id]["region_code"], *regions[id]},
            other_numbers[id],
        )
        for id in columns
    )


def _candidate_ids(rows: Iterable[Row], ids: Iterable[int]) -> sa.CompoundSelect[int]:
    facts: list[CompanyFacts] = []
    keys: set[str] = set()
    for row in rows:
        if row.facts is not None:
            facts.append(row.facts)
            keys |= {row.key.same, *(key_of(name).same for name in row.facts.other_names)}
    contacts = {
        "phone_key": {phone_key(row.phone) for row in facts},
        "address_key": {address_key(row.address) for row in facts},
    }
    npwps = {npwp for row in facts for npwp in (row.npwp, *row.other_npwps) if npwp}
    return sa.union(
        sa.select(NAMES_TABLE.c.company_id).where(NAMES_TABLE.c.key.in_(keys)),
        *ids_bearing("nib", {row.nib for row in facts if row.nib}).selects,
        *ids_of_core(set(map(identity.npwp_core, npwps))).selects,
        *ids_bearing("npp", {row.npp for row in facts if row.npp}).selects,
        *(
            sa.select(COMPANIES_TABLE.c.id).where(COMPANIES_TABLE.c[column].in_(keys - {None}))
            for column, keys in contacts.items()
        ),
        sa.select(COMPANIES_TABLE.c.id).where(COMPANIES_TABLE.c.id.in_(set(ids))),
    )


def _names_near(rows: Iterable[Row]) -> dict[str, list[int]]:
    """The companies whose names resemble those of rows, the likeliest first, by the name of the row. One read
    for each row."""
    near: dict[str, list[int]] = {}
    sample = None
    for row in rows:
        key, sample = search_key(row.name), sample or sample_of_names()
        likely: dict[int, float] = {}
        for name in names_like(key, sample):
            alike = name_likeness(key, name.search_key, sample.little)
            if alike >= RESEMBLES_FROM:
                likely[name.company_id] = max(alike, likely.get(name.company_id, 0))
        near[row.name] = sorted(likely, key=lambda id: (-likely[id], id))[:MOST_OFFERED]
    return near


def _names_of(ids: Iterable[int]) -> Mapping[int, list[tuple[str, NameKey]]]:
    """All names of companies, with the key of each."""
    names: dict[int, list[tuple[str, NameKey]]] = defaultdict(list)
    columns = (NAMES_TABLE.c[name] for name in ("company_id", "name", "key", "form"))
    for id, name, key, form in db.session.execute(
        sa.select(*columns).where(NAMES_TABLE.c.company_id.in_(ids))
    ):
        names[id].append((name, NameKey(key, form)))
    return names


def _further_numbers_and_regions_of(
    ids: Iterable[int],
) -> tuple[Mapping[int, set[tuple[str, str]]], Mapping[int, set[str]]]:
    """The further numbers of companies, and the regencies of the records that were merged into them. One
    read."""
    numbers: dict[int, set[tuple[str, str]]] = defaultdict(set)
    regions: dict[int, set[str]] = defaultdict(set)
    further = sa.select(NUMBERS_TABLE.c.company_id, NUMBERS_TABLE.c.kind, NUMBERS_TABLE.c.number)
    merged = sa.select(COMPANIES_TABLE.c.merged_into_id, sa.null(), COMPANIES_TABLE.c.region_code)
    query: Any = further.where(NUMBERS_TABLE.c.company_id.in_(ids)).union_all(
        merged.where(COMPANIES_TABLE.c.merged_into_id.in_(ids))
    )
    for id, kind, value in db.session.execute(query):
        if kind is None:
            regions[id].add(value)
        else:
            numbers[id].add((kind, value))
    return numbers, regions


def hold_companies(ids: Iterable[int]) -> None:
    """Let no other transaction change these companies until this one ends; on SQLite none can."""
    wanted = sorted(ids)
    if wanted and is_postgresql():
        query = (
            sa.select(COMPANIES_TABLE.c.id)
            .where(COMPANIES_TABLE.c.id.in_(wanted))
            .order_by(COMPANIES_TABLE.c.id)
        )
        db.session.execute(query.with_for_update())


def recall_decisions(
    decider: RowDecider, reports: list[RowReport], *, lock: bool = False
) -> list[RowReport]:
    """The same reports, but a row to decide that a person decided about in an earlier import means the same
    again.

    Which company a row means or became is remembered while that import was not undone; that it was left out
    only of what hardly is a company.
    """
    names = {report.row.name for report in reports if report.outcome == "to_decide"}
    if not names:
        return reports
    decided = db.session.execute(
        sa.select(ImportRow.facts, ImportRow.company_id)
        .where(
            sa.text(DECIDED),
            ImportRow.name.in_(names),
            sa.or_(ImportRow.decision == "out", ImportRow.company_id.is_not(None)),
            ImportRow.settled,
            ~ImportRow.is_undone,
            ImportRow.facts.is_not(None),
        )
        .order_by(ImportRow.import_id)
    ).all()
    if not decided:
        return reports
    company_ids = {_identity(row.facts): row.company_id for row in decided}
    ids = [id for id in company_ids.values() if id is not None]
    learn_companies(decider.companies, (), ids=ids, lock=lock)
    return [
        _as_before(decider, company_ids, report) if report.outcome == "to_decide" else report
        for report in reports
    ]


def _as_before(
    decider: RowDecider, company_ids: Mapping[Any, int | None], report: RowReport
) -> RowReport:
    row = report.row
    decided = _identity(asdict(row.facts)) if row.facts is not None else None
    if decided not in company_ids:
        return report
    id = company_ids[decided]
    company = decider.companies.by_id.get(id or 0)
    if company is None and (id is not None or row.doubt is None):
        return report
    again = decider.carry_out(row, Choice(company))
    text = say("Seperti diputuskan pada impor sebelumnya")
    if company is not None:
        text = say("Seperti diputuskan pada impor sebelumnya: {name}", name=company.columns["name"])
    return replace(again, remarks=(*again.remarks, Remark("", text)))


def _identity(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells a row from other rows."""
    return (
        key_of(facts["name"]),
        facts["region_code"],
        *(facts[kind] for kind in NUMBERS),
    )
