"""Two records of one company, what hangs on them, and the whole store as rows to compare."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.text import say
from compliance.licensing.checks.queries import answer_about
from compliance.licensing.commands import raise_flag
from compliance.merges.commands import merge_companies, undo_merge
from compliance.merges.models import Merge
from compliance.merges.moving import Choices
from compliance.merges.queries import load_two
from compliance.office.settings import today
from tests.factories import a_case, a_company, user

GROWING = {
    "events",
    "event_head",
    "merges",
    "duplicate_pairs",
    "duplicate_search",
    "doubtful_companies",
    "doubt_search",
    "job_runs",
    "job_states",
    "messages",
}
"""Tables in which an act and its undoing leave a trace for good."""


def twins(**more: Any) -> tuple[int, int]:
    """The ids of two records: one known by its NIB and NPWP, a later one by a branch, with another
    spelling.
    """
    kept = a_company(
        "PT Contoh Bahari", nib="9120000000011", npwp="01.234.567.4-901.000", phone="0380-111222"
    )
    gone = a_company(
        "PT. Conto Bahari",
        nib="9120000000022",
        npwp="01.234.567.4-922.000",
        npp="JJ012345",
        workers_total=40,
        aliases=("Warung Umpama",),
        other_npwps=("02.234.567.2-901.000",),
        address="Jl. Misal 1",
        **more,
    )
    return kept.id, gone.id


def merged(kept_id: int, gone_id: int, *, by: str = "tika", **choices: Any) -> int:
    """Merge the second into the first; the id of the merge."""
    with transaction():
        kept, gone = load_two(user(by), kept_id, gone_id, for_update=True)
        chosen = Choices(**{"kept_id": kept_id, "name_of": kept_id, **choices})
        return merge_companies(kept, gone, by=user(by), choices=chosen).id


def undone(merge_id: int, *, by: str = "tika") -> None:
    from compliance.merges.queries import load_merge

    with transaction():
        undo_merge(load_merge(user(by), merge_id, for_update=True), by=user(by))


def store() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, and of the search of names, that an act and its undoing leave as
    they were.
    """
    db.session.rollback()
    found = {
        table.name: sorted((tuple(row) for row in db.session.execute(sa.select(table))), key=repr)
        for table in db.metadata.sorted_tables
        if table.name not in GROWING
    }
    if not is_postgresql():
        rows = db.session.execute(sa.text("SELECT rowid, search_key FROM name_search"))
        found["name_search"] = sorted(tuple(row) for row in rows)
    db.session.rollback()
    return found


def company(id: int) -> Company:
    return db.session.get_one(Company, id)


def the_merge(id: int) -> Merge:
    return db.session.get_one(Merge, id)


STANDS = ("clear", "caution", "hold")
GRAVITY = {verdict: place for place, verdict in enumerate(STANDS)}


def stand(id: int, verdict: str) -> None:
    """Let a company stand at the counter as `verdict` says."""
    if verdict == "clear":
        return
    case = a_case("ina", company=company(id))
    if verdict == "hold":
        with transaction():
            raise_flag(case, level="hold", reason=say("Contoh."), since_on=today())


def verdict_on(id: int) -> str:
    return answer_about(company(id), asked="x", day=today(), office=None).verdict
