"""Reads of pairs that may be one company, and of merges. Loading authorises; loading to merge also locks.

A pair shows only while both of its companies stand for themselves: one that was merged away takes its pairs
along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.errors import NotFound, Refusal
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import COUNTED, counts_up_to
from compliance.core.text import say
from compliance.merges.models import DISTINCT, SUSPECTED, DuplicatePair, Merge
from compliance.merges.moving import all_rows_to_lock
from compliance.policy import Actor, may, require

LIKELIEST_FIRST = Keyset(DuplicatePair.score, DuplicatePair.id, falling=True)
_LOW, _HIGH = aliased(Company), aliased(Company)


@dataclass(frozen=True)
class PairFilter:
    """Which pairs a reader wants to see: those to look at, or (`distinct`) those that were told apart; of a
    regency."""

    region: str | None = None
    distinct: bool = False

    @property
    def state(self) -> str:
        return DISTINCT if self.distinct else SUSPECTED


def pairs_of(
    by: Actor, wanted: PairFilter, *, after: str | None, limit: int
) -> Sequence[DuplicatePair]:
    """The pairs of the queue, the likeliest first; `after` is the cursor of the row before. One read."""
    require(by, "company.merge")
    query = _in_queue(wanted).options(
        contains_eager(DuplicatePair.low.of_type(_LOW)),
        contains_eager(DuplicatePair.high.of_type(_HIGH)),
        joinedload(DuplicatePair.decided_by),
    )
    return db.session.scalars(LIKELIEST_FIRST.paged(query, after).limit(limit)).all()


def count_pairs(by: Actor, wanted: Mapping[str, PairFilter]) -> dict[str, int]:
    """How many pairs each of `wanted` finds, up to COUNTED + 1. One read."""
    require(by, "company.merge")
    queries = {
        name: _in_queue(pair_filter).with_only_columns(DuplicatePair.id)
        for name, pair_filter in wanted.items()
    }
    return counts_up_to(COUNTED, queries)


def waiting_pairs(by: Actor) -> int:
    """How many pairs wait to be looked at; 0, without a read, for a user who may not merge."""
    return count_pairs(by, {"all": PairFilter()})["all"] if may(by, "company.merge") else 0


def _in_queue(wanted: PairFilter) -> sa.Select[Any]:
    query = (
        sa.select(DuplicatePair)
        .join(DuplicatePair.low.of_type(_LOW))
        .join(DuplicatePair.high.of_type(_HIGH))
        .where(
            DuplicatePair.state == wanted.state,
            _LOW.merged_into_id.is_(None),
            _HIGH.merged_into_id.is_(None),
        )
    )
    if wanted.region is not None:
        query = query.where(
            sa.or_(_LOW.region_code == wanted.region, _HIGH.region_code == wanted.region)
        )
    return query


def load_two(
    by: Actor, id: int, other_id: int, *, for_update: bool = False
) -> tuple[Company, Company]:
    """Two companies with their names and numbers, to be merged or told apart. Raises NotFound.

    To be changed, they are locked after all that refers to them: everybody who changes a case begins with the
    case. Refuses one that is part of another already.
    """
    require(by, "company.merge")
    if id == other_id or not (is_id(id) and is_id(other_id)):
        raise NotFound()
    query = sa.select(Company).where(Company.id.in_((id, other_id))).order_by(Company.id)
    if for_update:
        for rows in all_rows_to_lock((id, other_id)):
            db.session.execute(rows)
        query = query.with_for_update(of=Company, key_share=True).execution_options(
            populate_existing=True
        )
    query = query.options(selectinload(Company.names), selectinload(Company.other_numbers))
    companies = {company.id: company for company in db.session.scalars(query)}
    if len(companies) < 2:
        raise NotFound()
    for company in companies.values():
        if company.merged_into_id is not None:
            into = db.session.get_one(Company, company.merged_into_id)
            raise Refusal(
                say("{name} sudah digabungkan ke {other}.", name=company.name, other=into.name)
            )
    return companies[id], companies[other_id]


def pair_of(one: Company, other: Company) -> DuplicatePair | None:
    """What is known of the two as a pair."""
    low, high = sorted((one.id, other.id))
    return db.session.scalar(
        sa.select(DuplicatePair)
        .where(DuplicatePair.low_id == low, DuplicatePair.high_id == high)
        .options(joinedload(DuplicatePair.decided_by))
    )


def load_pair(by: Actor, id: int) -> DuplicatePair:
    """A pair to be asked about again, locked. Raises NotFound."""
    require(by, "company.merge")
    query = sa.select(DuplicatePair).where(DuplicatePair.id == id).with_for_update(of=DuplicatePair)
    pair = db.session.scalar(query) if is_id(id) else None
    if pair is None:
        raise NotFound()
    return pair


def load_merge(by: Actor, id: int, *, for_update: bool = False) -> Merge:
    """A merge with its two companies; locked like the companies when it is to be undone. Raises NotFound."""
    require(by, "company.merge")
    query = sa.select(Merge).where(Merge.id == id)
    query = query.options(joinedload(Merge.kept), joinedload(Merge.gone), joinedload(Merge.by))
    merge = db.session.scalar(query) if is_id(id) else None
    if merge is None:
        raise NotFound()
    if for_update:
        ids = (merge.kept_id, merge.gone_id)
        for rows in all_rows_to_lock(ids):
            db.session.execute(rows)
        locked = sa.select(Company).where(Company.id.in_(ids)).order_by(Company.id)
        locked = locked.with_for_update(of=Company, key_share=True).execution_options(
            populate_existing=True
        )
        db.session.scalars(locked).all()
        again = query.with_for_update(of=Merge).execution_options(populate_existing=True)
        merge = db.session.scalars(again).one()
    return merge
