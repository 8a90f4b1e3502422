"""Reads of the inspection plan: who waits to be inspected, in which regency, for what. Loading authorises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.companies.queries import find_companies
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import COUNTED, Rows, counts_up_to
from compliance.plan.models import PlanEntry, PlanReason, waiting
from compliance.policy import Actor, require

LONGEST_WAITING_FIRST = Keyset(PlanEntry.id)
MOST_COMPANIES_SEARCHED = 300


@dataclass(frozen=True)
class PlanFilter:
    """What narrows the plan: a regency, a category, a name or number."""

    region: str | None = None
    category: str | None = None
    q: str = ""


def planned(wanted: PlanFilter, *, after: str | None = None, limit: int) -> Sequence[PlanEntry]:
    """The entries that wait, the longest first."""
    query = (
        sa.select(PlanEntry)
        .join(PlanEntry.company)
        .where(*_conditions(wanted))
        .options(contains_eager(PlanEntry.company), selectinload(PlanEntry.reasons))
        .limit(limit)
    )
    return db.session.scalars(LONGEST_WAITING_FIRST.paged(query, after)).all()


def count_planned(wanted: PlanFilter) -> int:
    """How many entries wait, counted up to COUNTED + 1."""
    return counts_up_to(COUNTED, {0: sa.select(PlanEntry.id).where(*_conditions(wanted))})[0]


def planned_for_file(by: Actor, wanted: PlanFilter) -> Rows:
    """All companies that wait, in one statement: a row for every category in every list."""
    require(by, "plan.read")
    require(by, "list.export")
    return (
        sa.select(
            Company.name.label("company"),
            Company.nib,
            Company.npwp,
            Company.npp,
            PlanEntry.region_code,
            PlanReason.category,
            PlanReason.source,
            PlanReason.listed_on,
            PlanEntry.workers_total,
            PlanEntry.workers_registered,
            Company.address,
        )
        .join(PlanEntry, PlanEntry.company_id == Company.id)
        .join(PlanReason, PlanReason.entry_id == PlanEntry.id)
        .where(*_conditions(wanted))
        .order_by(PlanEntry.id, PlanReason.id)
    )


def _conditions(wanted: PlanFilter) -> list[Any]:
    conditions: list[Any] = [waiting()]
    if wanted.region:
        conditions.append(PlanEntry.region_code == wanted.region)
    if wanted.category:
        of_category = sa.select(PlanReason.entry_id).where(PlanReason.category == wanted.category)
        conditions.append(PlanEntry.id.in_(of_category))
    if wanted.q:
        ids = [company.id for company in find_companies(wanted.q, limit=MOST_COMPANIES_SEARCHED)]
        conditions.append(PlanEntry.company_id.in_(ids))
    return conditions


def load_plan_entry(by: Actor, id: int, *, action: str, for_update: bool = False) -> PlanEntry:
    """One entry with its company, its lists and the case that came of it. Raises NotFound."""
    require(by, action)
    query = (
        sa.select(PlanEntry)
        .where(PlanEntry.id == id)
        .options(
            joinedload(PlanEntry.company),
            joinedload(PlanEntry.case).joinedload(Case.inspector),
            selectinload(PlanEntry.reasons),
        )
    )
    if for_update:
        query = query.with_for_update(of=PlanEntry).execution_options(populate_existing=True)
    entry = db.session.scalar(query) if is_id(id) else None
    if entry is None:
        raise NotFound()
    return entry
