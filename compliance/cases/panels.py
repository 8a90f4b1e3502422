"""What cases show on pages of companies, and what rooms above may add to the pages of cases.

An inspector sees all of the own cases, and of a colleague's that it exists, how it stands and whose
it is; licensing sees the cases of its own office, without findings. Drafts are never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from compliance.cases.jobs import HAS_NEXT_STEP
from compliance.cases.models import Case, Nota, Violation
from compliance.cases.queries import among, visible_to
from compliance.cases.workflow import (
    DRAFT,
    IN_REMEDY,
    OPEN,
    RECHECK_DUE,
    RESOLVED,
    STATUSES,
    UNRESOLVED,
)
from compliance.companies.models import Company
from compliance.companies.panels import CompanyTag
from compliance.core import clock
from compliance.core.db import db
from compliance.core.slots import Slot
from compliance.core.text import Text, say
from compliance.office.settings import today
from compliance.policy import Actor, may, scope
from compliance.web.metrics import Figure
from compliance.web.search import Hit

MOST_COUNTS = 12
"""How many counts of workers the chart shows, the latest."""
STATUS_TAGS = {
    IN_REMEDY: "caution",
    RECHECK_DUE: "caution",
    UNRESOLVED: "hold",
    RESOLVED: "clear",
}
"""How the tag of a status looks; that of any other is plain."""

CASE_FACTS: Slot[Callable[[Case], Mapping[str, Any]]] = Slot()
"""What rooms above add to the page of a case, name by name: a case does not know licensing, yet its
page shows flags.
"""


CASE_FILES_PANELS: Slot[Callable[[Case, Actor], Mapping[str, Any] | None]] = Slot()
"""Panels of the page of a case's evidence, like those of the inspector's day below."""

NOTA_PANELS: Slot[Callable[[Collection[Violation], date], Mapping[str, Any] | None]] = Slot()
"""Panels of the pages on which a nota of a day is read before it is issued, about what it finds."""


def nota_parts(violations: Collection[Violation], day: date) -> list[Mapping[str, Any]]:
    """What rooms above add to a page on which a nota is read before it is issued."""
    return [part for panel in NOTA_PANELS if (part := panel(violations, day))]


RECEIPT_SCAN: Slot[Callable[..., None]] = Slot()
"""Who keeps the scan of a nota's receipt: given the case, `by`, the `kind` of nota (I, II), the `scan`."""


@dataclass(frozen=True)
class DoneLink:
    """A button of the page of a nota that was just issued. `pdf` is what its PDF is called as a file."""

    words: Text
    address: str
    pdf: str | None = None


NOTA_DONE_LINKS: Slot[Callable[[Case], DoneLink | None]] = Slot()
"""What rooms above offer when a nota was just issued."""

NOTA_PREVIEW: Slot[Callable[[Case], DoneLink]] = Slot()
"""The way to the paper that a draft would become, offered before it is issued."""

SECOND_NOTA_PREVIEW: Slot[Callable[[Case], DoneLink]] = Slot()
"""Where the form of Nota II is sent to be seen as the paper that it would become."""

UNSIGNED_NOTA: Slot[Callable[[Case, str], DoneLink | None]] = Slot()
"""The way to record the signature of a nota (I, II); None when it is recorded, or none is kept."""


def ways_to_sign(case: Case, kind: str) -> list[DoneLink]:
    """What the page of a nota's receipt offers while its signature is not recorded."""
    return [link for offer in UNSIGNED_NOTA if (link := offer(case, kind)) is not None]


@dataclass(frozen=True)
class FlagColumn:
    """What a room above tells about the rows of a list: `level` is SQL for the level of the gravest
    flag that stands because of the row's case, or NULL; `words` are what the levels are called.

    `flags` is the table of the flags, `case_id` its column that names the case, and `stands` the
    condition of a flag that stands: from them a count finds the few flagged cases without looking
    at all the others.
    """

    level: sa.ColumnElement[Any]
    words: Mapping[str, Text]
    flags: sa.FromClause
    case_id: sa.ColumnElement[int]
    stands: sa.TextClause


FLAG_COLUMN: Slot[FlagColumn] = Slot()
"""The one flag column of lists of cases, if there is any."""

FIELD_PANELS: Slot[Callable[[Actor], Mapping[str, Any] | None]] = Slot()
"""Panels of the inspector's day. A panel is a mapping with the name of its partial under "template";
the partial reads the mapping as `part`.
"""

NOTA_START_PANELS: Slot[Callable[[Actor], Mapping[str, Any] | None]] = Slot()
"""Panels of the page that asks which company a new nota is about."""


@dataclass(frozen=True)
class PastCase:
    """A case of the company; `open` says whether the reader may go there and see its dates."""

    case: Case
    open: bool

    @property
    def rechecked_on(self) -> date | None:
        """The day of the visit that settled the recheck; None while it is still to come."""
        case = self.case
        if case.awaits_recheck or case.effective_on is None:
            return None
        met = [visit.visited_on for visit in case.visits_that_stand if visit.outcome != "not_met"]
        settled = case.unresolved_on or case.resolved_on
        return min((day for day in met if day >= case.effective_on), default=settled)

    @property
    def days_late(self) -> int:
        """How many days after the effective due day the recheck was made."""
        if self.rechecked_on is None or self.case.effective_on is None:
            return 0
        return max(0, (self.rechecked_on - self.case.effective_on).days)


@dataclass(frozen=True)
class WorkerCount:
    """How many workers were registered of how many, as counted on a day by a nota or a visit."""

    on: date
    registered: int
    total: int


def counts_of_workers(cases: Sequence[Case]) -> list[WorkerCount]:
    """The counts of all notas and visits, by day; the last count of a day replaces the others."""
    counts: dict[date, WorkerCount] = {}
    for case in sorted(cases, key=attrgetter("id")):
        nota = case.nota  # Nota II counts nobody anew
        if nota and nota.workers_registered is not None and nota.workers_total is not None:
            counts[nota.issued_on] = WorkerCount(
                nota.issued_on, nota.workers_registered, nota.workers_total
            )
        for visit in case.visits_that_stand:
            total = visit.workers_total if visit.workers_total is not None else case.workers_total
            if visit.workers_registered is not None and total is not None:
                counts[visit.visited_on] = WorkerCount(
                    visit.visited_on, visit.workers_registered, total
                )
    return [counts[day] for day in sorted(counts)]


def history(company: Company, by: Actor) -> Mapping[str, Any]:
    """A company's cases, the latest first."""
    query = (
        sa.select(Case)
        .where(Case.company_id == company.id, Case.status != DRAFT, _known_to(by))
        .options(joinedload(Case.inspector), joinedload(Case.notas), joinedload(Case.visits))
        .order_by(Case.id.desc())
    )
    cases = [
        PastCase(case, may(by, "case.read", case)) for case in db.session.scalars(query).unique()
    ]
    return {
        "template": "cases/panel.html",
        "cases": cases,
        "stands": any(past.case.is_open for past in cases),
        "counts": counts_of_workers([past.case for past in cases if past.open])[-MOST_COUNTS:],
        **status_looks(),
        "today": today(),
        "own_office_only": scope(by, "case.read") == "office",
    }


def status_looks() -> dict[str, Mapping[str, Any]]:
    """For every page with cases: what the statuses are called, and how their tags look."""
    return {"statuses": STATUSES, "status_tags": STATUS_TAGS}


def open_case_tags(company_ids: Sequence[int], by: Actor) -> Mapping[int, CompanyTag]:
    """By company, how its latest open case stands."""
    rows = db.session.execute(
        sa.select(Case.company_id, Case.status)
        .where(
            Case.company_id.in_(company_ids),
            Case.status.in_(OPEN),
            _known_to(by),
        )
        .order_by(Case.id)
    )
    return {
        company_id: CompanyTag(
            "hold" if status == UNRESOLVED else "caution",
            say("Kasus: {status}", status=STATUSES[status]),
        )
        for company_id, status in rows
    }


def following_cases(company_ids: Sequence[int]) -> Mapping[int, Sequence[Text]]:
    """What would move along when a company becomes part of another: its cases, its unfinished notas."""
    rows = db.session.execute(
        sa.select(
            Case.company_id,
            sa.func.count().filter(Case.status != DRAFT).label("cases"),
            sa.func.count().filter(Case.status.in_(OPEN)).label("open"),
            sa.func.count().filter(Case.status == DRAFT).label("drafts"),
        )
        .where(Case.company_id.in_(company_ids))
        .group_by(Case.company_id)
    )
    return {
        row.company_id: [
            *(
                [say("Kasus: {count}, terbuka: {open}", count=row.cases, open=row.open)]
                if row.cases
                else ()
            ),
            *([say("Draf nota: {count}", count=row.drafts)] if row.drafts else ()),
        ]
        for row in rows
    }


def had_cases_of(by: Actor) -> sa.ColumnElement[bool]:
    """The condition on companies that `by` holds or held an issued case of them."""
    return sa.exists().where(
        Case.company_id == Company.id, Case.status != DRAFT, Case.inspector_id == by.actor_id
    )


def _known_to(by: Actor) -> sa.ColumnElement[bool]:
    """The condition on cases of which `by` may know that they exist."""
    return sa.true() if scope(by, "case.read") in ("own", "all") else visible_to(by)


def numbered_cases(by: Actor, typed: str, limit: int) -> list[Hit]:
    """Cases for the search of everything: by the number of the case or of one of its notas."""
    numbers = {typed, typed.upper()}
    cases = db.session.scalars(
        sa.select(Case)
        .options(joinedload(Case.company))
        .where(
            among(
                [
                    sa.select(Case.id).where(Case.number.in_(numbers)),
                    sa.select(Nota.case_id).where(Nota.number.in_(numbers)),
                ]
            ),
            visible_to(by),
            Case.status != DRAFT,
        )
        .order_by(Case.id)
        .limit(limit)
    )
    return [
        Hit(
            f"{case.number}",
            url_for("cases.show", number=case.number),
            (case.company.name, STATUSES[case.status]),
        )
        for case in cases
    ]


def steps_measured() -> Iterator[Figure]:
    """Cases whose next step is due and was not made yet, and those set aside because it failed."""
    due = sa.select(sa.func.count()).where(HAS_NEXT_STEP, Case.next_step_at <= clock.now())
    yield Figure("patuh_steps_due", db.session.scalar(due) or 0)
    aside = sa.select(sa.func.count()).where(Case.step_error.is_not(None))
    yield Figure("patuh_steps_failed", db.session.scalar(aside) or 0)
