"""Reads of doubtful companies: the list, and what is stored of companies as far as it may be doubted.

Loading authorises. A company shows only while it stands for itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.models import Company, CompanyName, CompanyNumber
from compliance.companies.numbers import is_living
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import COUNTED, Rows, counts_up_to
from compliance.merges.doubtful.rules import Doubt, Numbers, StoredCompany, StoredMerge
from compliance.merges.models import DOUBTED, LEFT_AS_IT_IS, UNDO_FOR, DoubtfulCompany, Merge
from compliance.policy import Actor, may, require

OLDEST_COMPANY_FIRST = Keyset(DoubtfulCompany.company_id, row=["entry.company_id"])


@dataclass(frozen=True)
class DoubtFilter:
    """Which doubtful companies a reader wants to see: those to look at, or those that were `left` as they
    are; of a regency."""

    region: str | None = None
    left: bool = False


@dataclass(frozen=True)
class DoubtfulRow:
    """A doubtful company as its list shows it."""

    entry: DoubtfulCompany
    company: Company
    doubts: Sequence[Doubt]

    def merge_to_undo(self, doubt: Doubt) -> int | None:
        """The merge behind a doubt, while it can be undone."""
        in_time = doubt.until is not None and clock.now() <= doubt.until
        return doubt.merge_id if in_time else None


def doubtful_companies(
    by: Actor, wanted: DoubtFilter, *, after: str | None, limit: int
) -> list[DoubtfulRow]:
    """The doubtful companies, in the order of registration; `after` is the cursor of the row before. One
    read."""
    require(by, "company.merge")
    query = _listed(wanted, DoubtfulCompany, Company).options(
        joinedload(DoubtfulCompany.decided_by)
    )
    rows = db.session.execute(OLDEST_COMPANY_FIRST.paged(query, after).limit(limit))
    return [DoubtfulRow(entry, company, doubts_in(entry)) for entry, company in rows]


def doubts_in(entry: DoubtfulCompany) -> list[Doubt]:
    return [Doubt.restored(reason) for reason in entry.reasons]


def count_doubtful(by: Actor, wanted: Mapping[str, DoubtFilter]) -> dict[str, int]:
    """How many companies each of `wanted` finds, up to COUNTED + 1. One read."""
    require(by, "company.merge")
    return counts_up_to(
        COUNTED,
        {name: _listed(narrowed, DoubtfulCompany.company_id) for name, narrowed in wanted.items()},
    )


def waiting_doubts(by: Actor) -> int:
    """How many companies wait to be looked at; 0, without a read, for a user who may not merge."""
    return count_doubtful(by, {"all": DoubtFilter()})["all"] if may(by, "company.merge") else 0


def _listed(wanted: DoubtFilter, *columns: Any) -> Rows:
    query = (
        sa.select(*columns)
        .select_from(DoubtfulCompany)
        .join(Company, Company.id == DoubtfulCompany.company_id)
        .where(DoubtfulCompany.state == (LEFT_AS_IT_IS if wanted.left else DOUBTED), is_living())
    )
    return query if wanted.region is None else query.where(Company.region_code == wanted.region)


def load_doubtful(by: Actor, company_id: int) -> DoubtfulCompany:
    """A doubtful company to be decided about, locked. Raises NotFound."""
    require(by, "company.merge")
    query = sa.select(DoubtfulCompany).where(DoubtfulCompany.company_id == company_id)
    entry = db.session.scalar(query.with_for_update()) if is_id(company_id) else None
    if entry is None:
        raise NotFound()
    return entry


def stored_companies(ids: Sequence[int]) -> dict[int, StoredCompany]:
    """What is stored of those companies with these ids that stand for themselves, by id. Three reads."""
    aliases, numbers = defaultdict[int, list[str]](list), defaultdict[int, list[Any]](list)
    names = dict[int, str]()
    columns = [getattr(Company, kind) for kind in NUMBERS]
    called = (
        sa.select(Company.id, *columns, CompanyName.kind, CompanyName.name)
        .join(CompanyName, CompanyName.company_id == Company.id)
        .where(Company.id.in_(ids), is_living(), CompanyName.kind != "former")
        .order_by(CompanyName.id)
    )
    for row in db.session.execute(called):
        if row.kind == "current":
            names[row.id] = row.name
            numbers[row.id] += [
                (kind, getattr(row, kind)) for kind in NUMBERS if getattr(row, kind)
            ]
        else:
            aliases[row.id].append(row.name)
    further = sa.select(CompanyNumber.company_id, CompanyNumber.kind, CompanyNumber.number)
    for row in db.session.execute(further.where(CompanyNumber.company_id.in_(ids))):
        numbers[row.company_id].append((row.kind, row.number))
    merges = _merges_into(ids)
    return {
        id: StoredCompany(name, tuple(aliases[id]), frozenset(numbers[id]), tuple(merges[id]))
        for id, name in names.items()
    }


def _merges_into(ids: Sequence[int]) -> Mapping[int, list[StoredMerge]]:
    """The merges in force by which these companies came to stand for others too, also through a third."""
    kept = aliased(Company)
    stands_for = sa.func.coalesce(kept.merged_into_id, kept.id).label("company_id")
    query = (
        sa.select(stands_for, Merge.id, Merge.merged_at, Merge.moved)
        .join(kept, kept.id == Merge.kept_id)
        .where(sa.or_(kept.id.in_(ids), kept.merged_into_id.in_(ids)), Merge.undone_at.is_(None))
        .order_by(Merge.id)
    )
    merges = defaultdict[int, list[StoredMerge]](list)
    for row in db.session.execute(query):
        merges[row.company_id].append(_stored_merge(row.id, row.merged_at, row.moved))
    return merges


def _stored_merge(id: int, merged_at: datetime, moved: Mapping[str, Any]) -> StoredMerge:
    before = moved["before"]
    numbers: dict[str, set[tuple[NumberKind, str]]] = {
        which: {(kind, before[which][kind]) for kind in NUMBERS if before[which][kind]}
        for which in ("kept", "gone")
    }
    for _id, row in moved["further"]:
        which = "gone" if row["company_id"] == before["gone"]["id"] else "kept"
        numbers[which].add((row["kind"], row["number"]))
    of_kept, of_gone = Numbers(numbers["kept"]), Numbers(numbers["gone"])
    until = merged_at + UNDO_FOR
    return StoredMerge(id, before["kept"]["name"], before["gone"]["name"], of_kept, of_gone, until)
