"""What the night does for doubtful companies: goes over all that is stored once, then follows the event log.

Writes down only why a person should look; changes no company.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core.db import db, reading, transaction
from compliance.core.events import last_sealed
from compliance.merges.doubtful.commands import write_doubts
from compliance.merges.doubtful.queries import stored_companies
from compliance.merges.doubtful.rules import RULES, StoredCompany, why_doubtful
from compliance.merges.jobs import KINDS, companies_changed_since
from compliance.merges.models import DoubtfulCompany, DoubtSearch
from compliance.policy import system_only

JUDGED_AT_ONCE = 500
MOST_STEPS = 20_000
"""Chunks in a run; what is left over waits for the next."""
CHANGES_OF_COMPANIES = (*KINDS, "companies.import_undone")


@system_only
def find_doubtful_companies() -> dict[str, int]:
    """Put companies whose stored data should be looked at into their list, and take out those put right.

    1. Every company, in the order of ids, when the rules are new; begins again where it stopped.
    2. The companies of the events since that walk began.
    Reads while others write; a transaction lasts as long as it takes to write the rows of a chunk.
    """
    counts = Counter({"doubtful": 0, "settled": 0})
    for _step in range(MOST_STEPS):
        with reading():
            search = _search()
            ids, after = _next_companies(search)
            companies = stored_companies(ids)
            touched = _to_write(ids, companies)
        if after is None:
            break
        with transaction():
            counts.update(
                write_doubts(touched, {id: companies[id] for id in touched if id in companies})
            )
            db.session.merge(after)
    return dict(counts)


def _search() -> DoubtSearch:
    """How far the search has come; at the beginning of the walk when there was none by these rules."""
    search = db.session.get(DoubtSearch, 1)
    if search is None or search.rules != RULES:
        return DoubtSearch(id=1, rules=RULES, last_company_id=0, last_event_id=last_sealed())
    return search


def _next_companies(search: DoubtSearch) -> tuple[Sequence[int], DoubtSearch | None]:
    """The companies to judge next, and how far the search will have come then; None when it is over."""
    events, walked = search.last_event_id, search.last_company_id
    if walked is None:
        ids, last = companies_changed_since(events, CHANGES_OF_COMPANIES)
        return ids, DoubtSearch(id=1, rules=RULES, last_event_id=last) if last else None
    query = sa.select(Company.id).where(Company.id > walked).order_by(Company.id)
    found = db.session.scalars(query.limit(JUDGED_AT_ONCE)).all()
    at = found[-1] if found else None
    return found, DoubtSearch(id=1, rules=RULES, last_company_id=at, last_event_id=events)


def _to_write(ids: Sequence[int], companies: dict[int, StoredCompany]) -> list[int]:
    """Those of `ids` that are doubtful or were so."""
    known = sa.select(DoubtfulCompany.company_id).where(DoubtfulCompany.company_id.in_(ids))
    were = set(db.session.scalars(known))
    return [id for id in ids if id in were or (id in companies and why_doubtful(companies[id]))]
