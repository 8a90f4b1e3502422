"""What the night does for the registry: looks for records that may be one company, and puts the pairs into
the queue.

Begins where it stopped: the event log says which companies are new or changed. Never asks again about a pair
that a person told apart, nor about the records that were merged into one of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from compliance.companies.models import Company, CompanyName, CompanyNumber
from compliance.companies.search.queries import alike_to, how_alike, traits_of, with_traits
from compliance.companies.search.rules import SUSPECT_FROM, Likeness
from compliance.core import clock
from compliance.core.db import db, insert_into, reading, transaction
from compliance.core.events import Event
from compliance.core.lists import Rows
from compliance.core.text import to_json
from compliance.merges.models import DISTINCT, SUSPECTED, DuplicatePair, DuplicateSearch
from compliance.policy import system_only

MOST_A_NIGHT = 100_000
"""Companies looked at one by one in a run; what is left over waits for the next."""
COMPANIES_AT_ONCE = 100
MOST_OF_ONE_GROUP = 12
"""A taxpayer with more records than these is a chain with branches: nobody merges those two by two."""
MOST_PAIRS = 20_000
MOST_LIKE_ONE = 10
KINDS = (
    "company.registered",
    "company.changed",
    "company.merged",
    "company.merge_undone",
    "companies.imported",
)
Pair = tuple[int, int]
"""Two ids, the lower one first."""


@system_only
def find_duplicates() -> dict[str, int]:
    """Put likely duplicates into the queue: pairs of one taxpayer, pairs of one name in one regency, then
    companies that look like a new or changed one.

    Compares while others write; a transaction lasts only as long as a block of pairs is written.
    """
    new = dropped = compared = 0
    for pairs in (same_taxpayer(), same_name_and_regency()):
        with reading():
            fresh = [(low, high) for low, high in db.session.execute(pairs.limit(MOST_PAIRS))]
        for at in range(0, len(fresh), COMPANIES_AT_ONCE):
            with reading():
                alike = _weigh(fresh[at : at + COMPANIES_AT_ONCE])
            with transaction():
                new += _write(alike)
    while compared < MOST_A_NIGHT:
        with reading():
            ids, last = companies_changed_since(_last_event())
            alike, doubtful = _compare(ids)
        if last is None:
            break
        with transaction():
            new += _write(alike)
            dropped += _drop(doubtful)
            db.session.merge(DuplicateSearch(id=1, last_event_id=last))
        compared += max(1, len(ids))
    return {"found": new, "dropped": dropped}


def _last_event() -> int:
    """The last event of which the companies were compared."""
    stored = sa.select(DuplicateSearch.last_event_id).where(DuplicateSearch.id == 1)
    return db.session.scalar(stored) or 0


def companies_changed_since(
    event_id: int, kinds: Sequence[str] = KINDS
) -> tuple[list[int], int | None]:
    """The companies of the next events in the log, and the id of the last of these events; None when there
    is none."""
    query = sa.select(Event.id, Event.company_id, Event.kind, Event.data).where(Event.id > event_id)
    rows = db.session.execute(
        query.where(Event.kind.in_(kinds)).order_by(Event.id).limit(COMPANIES_AT_ONCE)
    ).all()
    ids: dict[int, None] = {}
    last = None
    for row in rows:
        changed = [row.company_id]
        if row.kind.startswith("companies."):
            lists = (row.data.get(name, ()) for name in ("new", "updated", "emptied", "removed"))
            changed = [id for some in lists for id in some]
        ids.update(dict.fromkeys(changed))
        last = row.id
        if len(ids) >= COMPANIES_AT_ONCE:
            break
    return list(ids), last


def same_taxpayer() -> Rows:
    """Pairs of companies that share the core of an NPWP and are not stored as a pair yet."""
    cores = sa.union(
        sa.select(Company.id, Company.npwp_core.label("of")).where(Company.npwp_core.is_not(None)),
        sa.select(CompanyNumber.company_id, CompanyNumber.core).where(
            CompanyNumber.core.is_not(None)
        ),
    ).cte("cores")
    several = sa.select(cores.c.of).group_by(cores.c.of)
    several = several.having(sa.func.count().between(2, MOST_OF_ONE_GROUP))
    one, other = cores.alias("one"), cores.alias("other")
    query = sa.select(one.c.id, other.c.id).join(
        other, sa.and_(one.c.of == other.c.of, one.c.id < other.c.id)
    )
    return _unseen(query.where(one.c.of.in_(several)).distinct(), one.c.id, other.c.id)


def same_name_and_regency() -> Rows:
    """Pairs of companies in one regency with an equal name that are not stored as a pair yet."""
    several = sa.select(CompanyName.key).group_by(CompanyName.key)
    several = several.having(sa.func.count().between(2, MOST_OF_ONE_GROUP))
    one, other = aliased(CompanyName), aliased(CompanyName)
    here, there = aliased(Company), aliased(Company)
    query = (
        sa.select(one.company_id, other.company_id)
        .join(other, sa.and_(one.key == other.key, one.company_id < other.company_id))
        .join(here, here.id == one.company_id)
        .join(there, sa.and_(there.id == other.company_id, there.region_code == here.region_code))
        .where(one.key.in_(several))
        .distinct()
    )
    return _unseen(query, one.company_id, other.company_id)


def _unseen(query: Rows, low: Any, high: Any) -> Rows:
    seen = sa.exists().where(DuplicatePair.low_id == low, DuplicatePair.high_id == high)
    return query.where(~seen)


def _weigh(pairs: Sequence[Pair]) -> dict[Pair, Likeness]:
    """Those of `pairs` that are alike enough for the queue."""
    known = {
        company.id: company
        for company in with_traits(sorted({id for pair in pairs for id in pair}))
    }
    both = [(pair, known[pair[0]], known[pair[1]]) for pair in pairs if known.keys() >= set(pair)]
    alike = {pair: how_alike(one, other) for pair, one, other in both}
    return {pair: likeness for pair, likeness in alike.items() if likeness.score >= SUSPECT_FROM}


def _compare(ids: Sequence[int]) -> tuple[dict[Pair, Likeness], list[Pair]]:
    """Pairs of these companies with similar ones; and earlier pairs that are not alike enough any more."""
    alike: dict[Pair, Likeness] = {}
    for company in with_traits(ids):
        for other in alike_to(
            traits_of(company), limit=MOST_LIKE_ONE, least=SUSPECT_FROM, but=(company.id,)
        ):
            alike[_ordered(company.id, other.id)] = Likeness(other.score, other.reasons)
    suspected = sa.select(DuplicatePair.low_id, DuplicatePair.high_id).where(
        DuplicatePair.state == SUSPECTED,
        sa.or_(DuplicatePair.low_id.in_(ids), DuplicatePair.high_id.in_(ids)),
    )
    doubtful = []
    for low, high in db.session.execute(suspected):
        if (low, high) not in alike and len(with_traits((low, high))) == 2:
            alike |= (still := _weigh([(low, high)]))
            doubtful += [] if still else [(low, high)]
    return alike, doubtful


def _drop(pairs: Sequence[Pair]) -> int:
    """Take pairs that nobody decided on out of the queue; how many."""
    for low, high in pairs:
        db.session.execute(
            sa.delete(DuplicatePair).where(
                DuplicatePair.low_id == low,
                DuplicatePair.high_id == high,
                DuplicatePair.state == SUSPECTED,
            )
        )
    return len(pairs)


def _write(alike: dict[Pair, Likeness]) -> int:
    """Put pairs into the queue, or update how alike they are. Leaves out pairs that a person told apart.
    Answers how many are new."""
    told_apart = _told_apart(alike) if alike else set()
    alike = {pair: likeness for pair, likeness in alike.items() if pair not in told_apart}
    if not alike:
        return 0
    pairs = sa.tuple_(DuplicatePair.low_id, DuplicatePair.high_id)
    known = {
        (row[0], row[1])
        for row in db.session.execute(
            sa.select(DuplicatePair.low_id, DuplicatePair.high_id).where(pairs.in_(list(alike)))
        )
    }
    insert = insert_into(DuplicatePair)
    statement = insert.on_conflict_do_update(
        index_elements=["low_id", "high_id"],
        set_={"score": insert.excluded.score, "reasons": insert.excluded.reasons},
        where=DuplicatePair.state == SUSPECTED,
    )
    now = clock.now()
    db.session.execute(
        statement,
        [
            {
                "low_id": low,
                "high_id": high,
                "score": likeness.score,
                "state": SUSPECTED,
                "found_at": now,
                "reasons": [to_json(reason) for reason in likeness.reasons],
            }
            for (low, high), likeness in alike.items()
        ],
    )
    return len(alike.keys() - known)


def _told_apart(pairs: dict[Pair, Likeness]) -> set[Pair]:
    """The `pairs` that a person told apart when one of the two was still another record."""
    ids = {id for pair in pairs for id in pair}
    low, high = aliased(Company), aliased(Company)
    stands_for = [sa.func.coalesce(company.merged_into_id, company.id) for company in (low, high)]
    decided = (
        sa.select(*stands_for)
        .select_from(DuplicatePair)
        .join(low, low.id == DuplicatePair.low_id)
        .join(high, high.id == DuplicatePair.high_id)
        .where(
            DuplicatePair.state == DISTINCT,
            sa.or_(low.merged_into_id.in_(ids), high.merged_into_id.in_(ids)),
        )
    )
    return {_ordered(row[0], row[1]) for row in db.session.execute(decided)}


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
