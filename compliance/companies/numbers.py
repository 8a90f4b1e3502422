"""Who bears a number: as its main one or as a further one, of a branch or of a company merged into it.

Every look-up of a number goes through here, so that an old number still finds its company.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from compliance.companies import identity
from compliance.companies.circumstances.rules import circumstance_line
from compliance.companies.identity import Number, Reading
from compliance.companies.models import CIRCUMSTANCE_COLUMNS, Company, CompanyName, CompanyNumber
from compliance.core.db import db, read_rows
from compliance.core.errors import Invalid
from compliance.core.text import Text, say

Ids = sa.CompoundSelect[tuple[int]]
MOST_BEARERS = 50


@dataclass(frozen=True)
class Bearer:
    """A company that bears a number, as far as a counter needs it: a plain row, not an entity."""

    id: int
    name: str
    region_code: str
    nib: str | None
    npwp: str | None
    npp: str | None
    former_names: tuple[str, ...]
    circumstance_line: Text | None


class UncertainNumber(Invalid):
    """What was typed is no number to answer about: a filler, a slip, or one that must be confirmed first.

    `suggested` is what may have been meant; `as_npp` the NPP that it is if it was typed rightly.
    """

    def __init__(self, field: str, reading: Reading, reason: Text, code: str) -> None:
        super().__init__({field: reason}, details={field: {**reading.details, "code": code}})
        self.suggested = reading.suggested
        self.as_npp = next((number for number in reading.numbers if number.kind == "npp"), None)


def refuse_uncertain(reading: Reading, *, field: str) -> None:
    """Refuse a number that no company bears when it is a filler, a slip, or likely another known number.

    Nothing is recorded of such a question. Raises UncertainNumber. At most one read.
    """
    suggested = reading.suggested
    if reading.problem is not None and reading.code is not None:
        if reading.is_filler or reading.is_mistyped:
            raise UncertainNumber(field, reading, reading.problem, reading.code)
    elif suggested is not None and _is_borne(suggested):
        reason = say(
            "Maksud Anda {number}? Tidak ada perusahaan dengan nomor yang diketik",
            number=suggested.shown,
        )
        raise UncertainNumber(field, reading, reason, "confirm_number")


def _is_borne(number: Number) -> bool:
    return (
        db.session.execute(ids_bearing(number.kind, [number.stored]).limit(1)).first() is not None
    )


def ids_bearing(kind: str, numbers: Iterable[str]) -> Ids:
    """The companies that bear one of these stored numbers; NPWPs are compared on their core."""
    if kind == "npwp":
        return ids_of_core({identity.npwp_core(npwp) for npwp in numbers})
    numbers = list(numbers)
    return sa.union_all(
        sa.select(Company.id).where(getattr(Company, kind).in_(numbers)),
        sa.select(CompanyNumber.company_id).where(
            CompanyNumber.kind == kind, CompanyNumber.number.in_(numbers)
        ),
    )


def ids_of_core(cores: Iterable[str]) -> Ids:
    """The companies that bear an NPWP with one of these cores."""
    cores = list(cores)
    return sa.union_all(
        sa.select(Company.id).where(Company.npwp_core.in_(cores)),
        sa.select(CompanyNumber.company_id).where(CompanyNumber.core.in_(cores)),
    )


def ids_bearing_exactly(wanted: Iterable[tuple[str, Sequence[str]]]) -> Ids:
    """The companies that bear one of these very numbers, given by kind: an NPWP, and no branch of it.

    A union, and no OR: for an OR of columns of two tables PostgreSQL reads all companies.
    """
    parts: list[sa.Select[int]] = []
    for kind, numbers in wanted:
        further = sa.and_(CompanyNumber.kind == kind, CompanyNumber.number.in_(numbers))
        parts.append(sa.select(Company.id).where(getattr(Company, kind).in_(numbers)))
        parts.append(sa.select(CompanyNumber.company_id).where(further))
    return sa.union_all(*parts)


def family(company_id: int) -> sa.ColumnElement[Any]:
    """For `column.in_(family(id))`: a company's own id and those of the companies merged into it."""
    led = aliased(Company)
    return sa.union_all(
        sa.select(sa.literal(company_id)), sa.select(led.id).where(led.merged_into_id == company_id)
    ).scalar_subquery()


def is_living() -> sa.ColumnElement[bool]:
    """The condition on companies that they were not merged into another."""
    return Company.merged_into_id.is_(None)


def bearers_of(numbers: Iterable[Number]) -> list[Bearer]:
    """The companies that bear the first of these numbers that any company bears. One read for each number.

    A NIB or NPP has one, an NPWP all of its core.
    """
    for number in numbers:
        rows = read_rows(_BEARERS[number.kind], number=number.core or number.stored)
        if rows:
            return [
                _bearer(list(of_company))
                for _id, of_company in groupby(rows, key=lambda row: row.id)
            ]
    return []


def _bearer(rows: Sequence[sa.Row[Any]]) -> Bearer:
    row = rows[0]
    former = tuple(name.former_name for name in rows if name.former_name not in (None, row.name))
    return Bearer(
        row.id,
        row.name,
        row.region_code,
        row.nib,
        row.npwp,
        row.npp,
        former,
        circumstance_line(row),
    )


def _select_bearers(kind: str) -> sa.Executable:
    """One row for each former name of each company that bears `number`, or one without."""
    number: Any = sa.bindparam("number")
    ids = (ids_of_core([number]) if kind == "npwp" else ids_bearing(kind, [number])).subquery()
    first = sa.select(ids.c.id).distinct().order_by(ids.c.id).limit(MOST_BEARERS)
    former = sa.and_(CompanyName.company_id == Company.id, CompanyName.kind == "former")
    return (
        sa.select(
            Company.id,
            Company.name,
            Company.region_code,
            Company.nib,
            Company.npwp,
            Company.npp,
            *CIRCUMSTANCE_COLUMNS,
            CompanyName.name.label("former_name"),
        )
        .outerjoin(CompanyName, former)
        .where(Company.id.in_(first))
        .order_by(Company.id, CompanyName.id)
    )


_BEARERS = {kind: _select_bearers(kind) for kind in ("nib", "npwp", "npp")}
