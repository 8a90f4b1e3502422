"""The verbs of the inspection plan: put listed companies on it, begin a nota from it, take a
company off it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from compliance.cases.commands.drafts import save_draft, start_draft
from compliance.cases.models import Case
from compliance.cases.workflow import DRAFT
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Refusal
from compliance.core.events import Event, record
from compliance.core.parsing import needed_reason
from compliance.core.text import say
from compliance.plan.models import FINDING_OF, PlanEntry, PlanReason, waiting
from compliance.policy import Actor, System, command, system_only

LONGEST_DROP_REASON = 2000


@dataclass(frozen=True)
class Listed:
    """A company as a list of BPJS names it: what it owes, and how many workers it has and has
    registered, where the list says so.
    """

    company_id: int
    region_code: str
    categories: tuple[str, ...]
    workers_total: int | None = None
    workers_registered: int | None = None


@system_only
def move_entries(company_id: int, *, region_code: str | None, from_region_code: str | None) -> None:
    """A company that waits to be inspected moved: it waits in the list of its new regency."""
    if region_code is not None:
        mine = PlanEntry.company_id == company_id, PlanEntry.region_code == from_region_code
        db.session.execute(
            sa.update(PlanEntry).where(*mine, waiting()).values(region_code=region_code)
        )


@command("plan.list", about=None)
def plan_inspections(
    listed: Sequence[Listed],
    *,
    by: Actor | System,
    source: str,
    listed_on: date,
    batch: int | None = None,
) -> dict[int, str]:
    """Put the companies of one list on the plan: by company id "new", "added" (waits already) or
    "same" (list known).

    The same list again changes nothing, also for a company that was inspected or taken off since.
    Three reads and as many writes, however many companies.
    """
    ids = {row.company_id for row in listed}
    query = (
        sa.select(PlanEntry)
        .where(PlanEntry.company_id.in_(ids))
        .options(selectinload(PlanEntry.reasons))
        .order_by(PlanEntry.id)
    )
    entries: dict[int, list[PlanEntry]] = defaultdict(list)
    for entry in db.session.scalars(query):
        entries[entry.company_id].append(entry)
    became: dict[int, str] = {}
    for row in listed:
        known = {
            reason.category
            for entry in entries[row.company_id]
            for reason in entry.reasons
            if (reason.source, reason.listed_on) == (source, listed_on)
        }
        fresh = [code for code in row.categories if code not in known]
        if not fresh:
            became.setdefault(row.company_id, "same")
            continue
        entry, outcome = _waiting_entry(row, entries)
        entry.reasons += [
            PlanReason(category=code, source=source, listed_on=listed_on, batch=batch)
            for code in fresh
        ]
        if row.workers_total is not None:
            entry.workers_total, entry.workers_registered = (
                row.workers_total,
                row.workers_registered,
            )
        if became.get(row.company_id) != "new":
            became[row.company_id] = outcome
    changed = [id for id, outcome in became.items() if outcome != "same"]
    if changed:
        record("plan.listed", by=by, source=source, listed_on=listed_on, companies=changed)
    return became


def _waiting_entry(listed: Listed, entries: dict[int, list[PlanEntry]]) -> tuple[PlanEntry, str]:
    for entry in entries[listed.company_id]:
        if entry.case_id is None and entry.dropped_at is None:
            return entry, "added"
    entry = PlanEntry(
        company_id=listed.company_id,
        region_code=listed.region_code,
        created_at=clock.now(),
        reasons=[],
    )
    db.session.add(entry)
    entries[listed.company_id].append(entry)
    return entry, "new"


@command("plan.list", about=None)
def forget_list(batch: int, companies: Collection[int], *, by: Actor | System) -> set[int]:
    """Take back what an import put on the plan for these companies.

    Answers for which of them a nota was begun: those stay.
    """
    query = (
        sa.select(PlanEntry)
        .where(
            PlanEntry.company_id.in_(companies),
            PlanEntry.id.in_(sa.select(PlanReason.entry_id).where(PlanReason.batch == batch)),
        )
        .options(selectinload(PlanEntry.reasons))
    )
    begun = set()
    for entry in db.session.scalars(query).all():
        if entry.case_id is not None:
            begun.add(entry.company_id)
            continue
        entry.reasons = [reason for reason in entry.reasons if reason.batch != batch]
        if not entry.reasons:
            db.session.delete(entry)
    db.session.flush()
    return begun


@command("case.draft", about=None)
def start_from_plan(entry: PlanEntry, *, by: Actor, draft_key: str) -> Case:
    """Begin the nota of a company on the plan, with what the lists say filled in.

    The same key again: the same draft.
    """
    if entry.case is not None and entry.case.draft_key == draft_key:
        return entry.case
    if entry.case is not None:
        raise Refusal(
            say(
                "{company} sudah dikerjakan {name}.",
                company=entry.company.name,
                name=entry.case.inspector.name,
            )
        )
    if entry.dropped_at is not None:
        raise Refusal(say("{company} sudah dikeluarkan dari rencana.", company=entry.company.name))
    case = start_draft(entry.company, by=by, draft_key=draft_key)
    if case.status != DRAFT:
        return case
    findings = [FINDING_OF[code] for code in entry.categories]
    draft = {"step": "place", "findings": {"findings": findings}}
    if entry.workers_total is not None:
        counted = {
            "workers_total": entry.workers_total,
            "workers_registered": entry.workers_registered,
        }
        draft["workers"] = {
            name: str(count) for name, count in counted.items() if count is not None
        }
    save_draft(case, by=by, typed=draft)
    entry.case = case
    return case


@command("plan.drop", about=None)
def drop_from_plan(entry: PlanEntry, *, by: Actor, reason: str) -> None:
    """Take a company off the plan without an inspection.

    Raises Invalid without a reason, Refusal when it waits no more.
    """
    missing = say("Tulis alasannya, misalnya perusahaan sudah tutup")
    reason = needed_reason(reason, most=LONGEST_DROP_REASON, lines=True, missing=missing)
    if entry.case_id is not None or entry.dropped_at is not None:
        raise Refusal(say("{company} tidak lagi menunggu di rencana.", company=entry.company.name))
    entry.dropped_at, entry.dropped_why = clock.now(), reason
    record(
        "plan.dropped", by=by, company_id=entry.company_id, reason=reason, name=entry.company.name
    )


@system_only
def take_off_the_plan(event: Event) -> None:
    """What follows a nota: its company waits no longer, whichever way the nota began."""
    entries: Iterable[PlanEntry] = db.session.scalars(
        sa.select(PlanEntry).where(PlanEntry.company_id == event.company_id, waiting())
    )
    for entry in entries:
        entry.case_id = event.case_id
