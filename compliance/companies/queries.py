"""Reads of the registry: by id, by any number, by three letters of any part of any name."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from compliance.companies import identity
from compliance.companies.models import Company, CompanyName
from compliance.core.db import db, is_postgresql
from compliance.core.errors import NotFound, Stale
from compliance.core.events import Event
from compliance.core.typed import Unreadable
from compliance.policy import Actor, require

SHORTEST_QUERY = 3
MOST_CANDIDATES = 300
MOST_CHANGES = 20


def load_company(by: Actor, id: int, *, action: str = "company.read", for_update: bool = False) -> Company:
    """One company with its names. Raises NotFound."""
    require(by, action)
    query = sa.select(Company).where(Company.id == id).options(selectinload(Company.names))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    company = db.session.scalar(query) if 0 < id < 2**31 else None
    if company is None:
        raise NotFound()
    return company


def expect_version(company: Company, version: int | None) -> None:
    """Refuse a form that was opened before somebody else changed the company; tell what changed since."""
    if version is None or version == company.version:
        return
    since = db.session.scalars(
        sa.select(Event)
        .where(Event.company_id == company.id, Event.kind == "company.changed")
        .order_by(Event.id.desc())
        .limit(MOST_CHANGES)
    )
    raise Stale([event for event in since if event.fact("version") >= version])


def bearing_number(kind: str, typed: str) -> Sequence[Company]:
    """The companies that bear a number: one by NIB or NPP, maybe several by NPWP, which is compared on its core.

    Raises Unreadable when `typed` cannot be such a number.
    """
    reader = {"nib": identity.nib, "npwp": identity.npwp, "npp": identity.npp}[kind]
    number = reader(typed)
    if number is None:
        return []
    if kind == "npwp":
        condition = Company.npwp_core == identity.npwp_core(number)
    else:
        condition = getattr(Company, kind) == number
    return db.session.scalars(sa.select(Company).where(condition).order_by(Company.id).limit(50)).all()


def find_companies(typed: str, *, limit: int = 25) -> Sequence[Company]:
    """The companies that `typed` may mean, the likeliest first: a number in any shape, or part of any name."""
    kind = identity.kind_of(typed)
    if kind != "name":
        try:
            found = bearing_number(kind, typed)
        except Unreadable:
            found = []
        if found or kind != "npp":
            return found[:limit]
    return _by_name(typed, limit=limit)


def _by_name(typed: str, *, limit: int) -> Sequence[Company]:
    key = identity.name_key(typed)
    words = [word for word in key.split() if len(word) >= SHORTEST_QUERY] or (
        [key] if len(key) >= SHORTEST_QUERY else []
    )
    if not words:
        return []
    ids = sa.select(CompanyName.company_id, CompanyName.key)
    if is_postgresql():
        for word in words:
            ids = ids.where(CompanyName.key.contains(word, autoescape=True))
    else:
        match = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
        rows = sa.text("SELECT rowid FROM company_search WHERE company_search MATCH :match").bindparams(
            match=match
        )
        ids = ids.where(CompanyName.id.in_(rows.columns(sa.column("rowid", sa.Integer)).scalar_subquery()))
    closest: dict[int, tuple[bool, bool, int, str]] = {}
    for company_id, name in db.session.execute(ids.limit(MOST_CANDIDATES)):
        rank = (name != key, not name.startswith(key), len(name), name)
        closest[company_id] = min(rank, closest.get(company_id, rank))
    best = sorted(closest, key=lambda each: closest[each])[:limit]
    found = db.session.scalars(sa.select(Company).where(Company.id.in_(best)))
    by_id = {company.id: company for company in found}
    return [by_id[each] for each in best]
