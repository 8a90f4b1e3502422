"""Reads for work in the field: an inspector's own day, a draft by its key, the companies a nota may
be about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases.models import IS_UNRESOLVED, Case, awaiting_recheck
from compliance.cases.workflow import DRAFT, OPEN
from compliance.companies.models import Company, CompanyName
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.policy import Actor, require

DAYS_AHEAD = 7
MOST = 200


@dataclass(frozen=True)
class Rechecks:
    """The rechecks that an inspector has to make: late ones, those of the coming days, and the others.

    `visits` are the unresolved cases in the order of their next visits. `cut` says that there are more than
    MOST, and only the first MOST were read.
    """

    late: Sequence[Case]
    soon: Sequence[Case]
    later: Sequence[Case]
    cut: bool
    visits: Sequence[Case] = ()


def rechecks_of(by: Actor, *, day: date) -> Rechecks:
    """The asker's own rechecks, the longest overdue first. Today and the six days after it are soon."""
    rows = db.session.scalars(
        sa.select(Case)
        .options(joinedload(Case.company))
        .where(awaiting_recheck(), Case.inspector_id == by.actor_id)
        .order_by(Case.effective_on, Case.id)
        .limit(MOST + 1)
    ).all()
    until = day + timedelta(days=DAYS_AHEAD)
    dated = [(case.effective_on, case) for case in rows[:MOST] if case.effective_on is not None]
    return Rechecks(
        late=[case for on, case in dated if on < day],
        soon=[case for on, case in dated if day <= on < until],
        later=[case for on, case in dated if on >= until],
        cut=len(rows) > MOST,
        visits=db.session.scalars(
            sa.select(Case)
            .options(joinedload(Case.company))
            .where(IS_UNRESOLVED, Case.inspector_id == by.actor_id)
            .order_by(Case.next_visit_on, Case.id)
            .limit(MOST)
        ).all(),
    )


def load_draft(by: Actor, draft_key: str, *, for_update: bool = False) -> Case:
    """The draft with this key, its company and its owner.

    Raises NotFound when it was issued, discarded, or is another person's.
    """
    query = (
        sa.select(Case)
        .options(joinedload(Case.company), joinedload(Case.inspector), joinedload(Case.notas))
        .where(Case.draft_key == draft_key, Case.status == DRAFT)
    )
    if for_update:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalars(query).unique().one_or_none()
    if case is None:
        raise NotFound()
    require(by, "case.draft", case)
    return case


def issued_from(by: Actor, draft_key: str) -> Case | None:
    """The case that the draft with this key became, if it was issued and the asker may read it."""
    case = db.session.scalar(
        sa.select(Case)
        .options(joinedload(Case.company), selectinload(Case.notas))
        .where(Case.draft_key == draft_key, Case.status != DRAFT)
    )
    if case is not None:
        require(by, "case.read", case)
    return case


@dataclass(frozen=True)
class CompanyChoice:
    """A company a nota may be about: its other names, the open cases there, and the asker's drafts for it."""

    company: Company
    former_names: Sequence[str]
    aliases: Sequence[str]
    open_cases: Sequence[Case]
    drafts: Sequence[Case]


def choices_among(companies: Sequence[Company], *, by: Actor) -> list[CompanyChoice]:
    """`companies` with what tells them apart. Two reads, however many there are."""
    ids = [company.id for company in companies]
    if not ids:
        return []
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    for company_id, kind, name in db.session.execute(
        sa.select(CompanyName.company_id, CompanyName.kind, CompanyName.name)
        .where(CompanyName.company_id.in_(ids), CompanyName.kind != "current")
        .order_by(CompanyName.id)
    ):
        names[company_id, kind].append(name)
    cases: dict[tuple[int, bool], list[Case]] = defaultdict(list)
    for case in db.session.scalars(
        sa.select(Case)
        .options(joinedload(Case.inspector))
        .where(
            Case.company_id.in_(ids),
            sa.or_(
                Case.status.in_(OPEN),
                sa.and_(Case.status == DRAFT, Case.inspector_id == by.actor_id),
            ),
        )
        .order_by(Case.id)
    ):
        cases[case.company_id, case.status == DRAFT].append(case)
    return [
        CompanyChoice(
            company,
            names[company.id, "former"],
            names[company.id, "alias"],
            open_cases=cases[company.id, False],
            drafts=cases[company.id, True],
        )
        for company in companies
    ]
