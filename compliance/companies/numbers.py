"""Who bears a number: as its main one or as a further one, of a branch or of a company merged into it.

Every look-up of a number goes through here, so that an old number never leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from compliance.companies import identity
from compliance.companies.models import Company, CompanyNumber

Ids = sa.CompoundSelect[tuple[int]]


def ids_bearing(kind: str, numbers: Iterable[str]) -> Ids:
    """The companies that bear one of these stored numbers; NPWPs are compared on their core."""
    if kind == "npwp":
        return ids_of_core({identity.npwp_core(each) for each in numbers})
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


def bears_exactly(kind: str, numbers: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition on companies that they bear one of these very numbers, no branch of it."""
    other = sa.select(CompanyNumber.company_id).where(
        CompanyNumber.kind == kind, CompanyNumber.number.in_(numbers)
    )
    return sa.or_(getattr(Company, kind).in_(numbers), Company.id.in_(other))


def family(company_id: int) -> sa.ColumnElement[Any]:
    """For `column.in_(family(id))`: a company's own id and those of the companies merged into it."""
    led = aliased(Company)
    return sa.union_all(
        sa.select(sa.literal(company_id)), sa.select(led.id).where(led.merged_into_id == company_id)
    ).scalar_subquery()


def is_living() -> sa.ColumnElement[bool]:
    """The condition on companies that they were not merged into another."""
    return Company.merged_into_id.is_(None)
