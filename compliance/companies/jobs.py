"""What the night does for the registry: looks for records that may be one company, and puts the pairs into the queue.

Begins where it stopped: the event log says which companies are new or changed. Never asks again about a pair that a
person told apart, nor about the records that were merged into one of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from compliance.companies.alike import alike_to, how_alike, traits_of, with_traits
from compliance.companies.likeness import SUSPECT_FROM, Likeness
from compliance.companies.merge_models import CompanyNumber, DuplicatePair, DuplicateSearch
from compliance.companies.models import Company, CompanyName
from compliance.core import clock
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.events import Event
from compliance.core.lists import Rows
from compliance.core.text import to_json

MOST_A_NIGHT = 5_000
"""Companies looked at one by one in a run; what is left over waits for the next."""
CHUNK = 100
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


def find_duplicates() -> dict[str, int]:
    """Pairs of the same taxpayer, pairs of the same name in one regency, then whoever is like a new or changed company."""
    counts = {"found": 0, "dropped": 0, "compared": 0}
    for pairs in (same_taxpayer(), same_name_and_regency()):
        fresh = [(low, high) for low, high in db.session.execute(pairs.limit(MOST_PAIRS))]
        db.session.rollback()
        for at in range(0, len(fresh), CHUNK):
            with transaction():
                counts["found"] += _score(fresh[at : at + CHUNK])
    while counts["compared"] < MOST_A_NIGHT:
        with transaction():
            ids, last = _next_changed()
            if last is None:
                break
            for at in range(0, len(ids), CHUNK):
                found, dropped = _compare(ids[at : at + CHUNK])
                counts["found"] += found
                counts["dropped"] += dropped
            db.session.merge(DuplicateSearch(id=1, last_event_id=last))
            counts["compared"] += max(1, len(ids))
    return {"found": counts["found"], "dropped": counts["dropped"]}


def _next_changed() -> tuple[list[int], int | None]:
    """The companies that the next events of the log speak of, and the last of these events; None when there is none."""
    place = db.session.scalar(sa.select(DuplicateSearch.last_event_id).where(DuplicateSearch.id == 1)) or 0
    query = sa.select(Event.id, Event.company_id, Event.kind, Event.data).where(Event.id > place)
    rows = db.session.execute(query.where(Event.kind.in_(KINDS)).order_by(Event.id).limit(CHUNK)).all()
    ids: dict[int, None] = {}
    last = None
    for row in rows:
        spoken_of = [row.company_id]
        if row.kind == "companies.imported":
            spoken_of = [*row.data.get("new", ()), *row.data.get("updated", ())]
        ids.update(dict.fromkeys(spoken_of))
        last = row.id
        if len(ids) >= CHUNK:
            break
    return list(ids), last


def same_taxpayer() -> Rows:
    """Pairs of companies with one core of an NPWP among them, that nobody has looked at."""
    cores = sa.union(
        sa.select(Company.id, Company.npwp_core.label("of")).where(Company.npwp_core.is_not(None)),
        sa.select(CompanyNumber.company_id, CompanyNumber.core).where(CompanyNumber.core.is_not(None)),
    ).cte("cores")
    several = sa.select(cores.c.of).group_by(cores.c.of)
    several = several.having(sa.func.count().between(2, MOST_OF_ONE_GROUP))
    one, other = cores.alias("one"), cores.alias("other")
    query = sa.select(one.c.id, other.c.id).join(
        other, sa.and_(one.c.of == other.c.of, one.c.id < other.c.id)
    )
    return _unseen(query.where(one.c.of.in_(several)).distinct(), one.c.id, other.c.id)


def same_name_and_regency() -> Rows:
    """Pairs of companies in one regency of which some names compare equal, that nobody has looked at."""
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


def _score(pairs: Sequence[Pair]) -> int:
    """Put those of `pairs` that are alike enough into the queue; how many."""
    known = {each.id: each for each in with_traits(sorted({id for pair in pairs for id in pair}))}
    found = {
        pair: how_alike(known[pair[0]], known[pair[1]])
        for pair in pairs
        if pair[0] in known and pair[1] in known
    }
    return _write({pair: alike for pair, alike in found.items() if alike.score >= SUSPECT_FROM})


def _compare(ids: Sequence[int]) -> Pair:
    """Look for whoever is like these companies, and weigh again what was suspected of them: how many found, dropped."""
    alike: dict[Pair, Likeness] = {}
    for company in with_traits(ids):
        for each in alike_to(traits_of(company), limit=MOST_LIKE_ONE, least=SUSPECT_FROM, but=(company.id,)):
            alike[_ordered(company.id, each.id)] = Likeness(each.score, each.reasons)
    suspected = sa.select(DuplicatePair).where(
        DuplicatePair.state == "suspected",
        sa.or_(DuplicatePair.low_id.in_(ids), DuplicatePair.high_id.in_(ids)),
    )
    dropped = 0
    for pair in db.session.scalars(suspected).all():
        if (pair.low_id, pair.high_id) not in alike:
            both = with_traits((pair.low_id, pair.high_id))
            if len(both) == 2 and how_alike(*both).score < SUSPECT_FROM:
                db.session.delete(pair)
                dropped += 1
    db.session.flush()
    return _write(alike), dropped


def _write(alike: dict[Pair, Likeness]) -> int:
    """Put pairs into the queue, or write anew how alike they are; how many are new. Who was told apart stays so."""
    told_apart = _told_apart(alike) if alike else set()
    alike = {pair: each for pair, each in alike.items() if pair not in told_apart}
    if not alike:
        return 0
    pairs = sa.tuple_(DuplicatePair.low_id, DuplicatePair.high_id)
    known = {(row[0], row[1]) for row in db.session.execute(
        sa.select(DuplicatePair.low_id, DuplicatePair.high_id).where(pairs.in_(list(alike)))
    )}  # fmt: skip
    insert = (postgresql if is_postgresql() else sqlite).insert(DuplicatePair)
    statement = insert.on_conflict_do_update(
        index_elements=["low_id", "high_id"],
        set_={"score": insert.excluded.score, "reasons": insert.excluded.reasons},
        where=DuplicatePair.state == "suspected",
    )
    now = clock.now()
    db.session.execute(
        statement,
        [
            {
                "low_id": low, "high_id": high, "score": each.score, "state": "suspected", "found_at": now,
                "reasons": [to_json(reason) for reason in each.reasons],
            }
            for (low, high), each in alike.items()
        ],
    )  # fmt: skip
    return len(alike.keys() - known)


def _told_apart(pairs: dict[Pair, Likeness]) -> set[Pair]:
    """Those of `pairs` that a person told apart under the name of a record which is part of one of the two now."""
    ids = {id for pair in pairs for id in pair}
    low, high = aliased(Company), aliased(Company)
    stands_for = [sa.func.coalesce(each.merged_into_id, each.id) for each in (low, high)]
    decided = (
        sa.select(*stands_for)
        .select_from(DuplicatePair)
        .join(low, low.id == DuplicatePair.low_id)
        .join(high, high.id == DuplicatePair.high_id)
        .where(
            DuplicatePair.state == "distinct",
            sa.or_(low.merged_into_id.in_(ids), high.merged_into_id.in_(ids)),
        )
    )
    return {_ordered(row[0], row[1]) for row in db.session.execute(decided)}


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
