"""Reads of what waits for approval: the list, one of them, an inspector's own, and what was sent back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.approvals.models import SENT_BACK, SUBMISSION_OPEN, Submission
from compliance.cases.approvals.rules import nota_facts_of
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.core.slots import Slot
from compliance.people.models import User
from compliance.policy import Actor, may, require

ORDERED_TO_INSPECT: Slot[Callable[[Case, date], Collection[int]]] = Slot()
"""The ids of those whom the order to inspect a company on a day names."""
WAITS_FOR_APPROVAL = sa.text(f"submissions.{SUBMISSION_OPEN}")
MOST_WAITING_NOTAS = 200
_WITH_CASE = (
    joinedload(Submission.case).options(joinedload(Case.company), joinedload(Case.inspector)),
    joinedload(Submission.submitted_by),
)


def inspectors_on_nota(case: Case, inspected_on: date | None) -> set[int]:
    """The ids of those who stand on a nota of this inspection: its inspector, and whom the order names."""
    ids = {case.inspector_id}
    if inspected_on is not None:
        ids.update(*(named(case, inspected_on) for named in ORDERED_TO_INSPECT))
    return ids


def inspectors_of(submission: Submission) -> set[int]:
    """The ids of those who stand on the nota that waits as its inspectors."""
    case, day = submission.case, None
    if submission.kind == "I":
        day = nota_facts_of(submission.facts).inspected_on
    elif case.nota is not None:
        day = case.nota.inspected_on
    return inspectors_on_nota(case, day)


def waiting_submissions(
    by: Actor, *, submitted_before: datetime | None = None
) -> Sequence[Submission]:
    """What waits for a supervisor, the longest first; at most MOST_WAITING_NOTAS."""
    require(by, "nota.approve")
    query = sa.select(Submission).options(*_WITH_CASE).where(WAITS_FOR_APPROVAL)
    if submitted_before is not None:
        query = query.where(Submission.submitted_at < submitted_before)
    ordered = query.order_by(Submission.submitted_at, Submission.id).limit(MOST_WAITING_NOTAS)
    return db.session.scalars(ordered).all()


def has_waited(submitted_before: datetime) -> sa.Select[int]:
    """One of those that wait since before an instant."""
    return (
        sa.select(Submission.id)
        .where(WAITS_FOR_APPROVAL, Submission.submitted_at < submitted_before)
        .limit(1)
    )


def waiting_notas(by: User) -> sa.Select[int] | None:
    """The ids of what waits for the asker's approval; None for who approves nothing."""
    if not may(by, "nota.approve"):
        return None
    return sa.select(Submission.id).where(WAITS_FOR_APPROVAL)


def load_submission(by: Actor, id: int, *, for_update: bool = False) -> Submission:
    """One that waits, for a supervisor; its case is locked for a change. Raises NotFound when none waits."""
    require(by, "nota.approve")
    if not is_id(id):
        raise NotFound()
    query = sa.select(Submission).options(*_WITH_CASE)
    submission = db.session.scalar(query.where(Submission.id == id, WAITS_FOR_APPROVAL))
    if submission is None:
        raise NotFound()
    if for_update:
        lock = sa.select(Case).where(Case.id == submission.case_id).with_for_update(of=Case)
        db.session.scalars(lock.execution_options(populate_existing=True)).one()
        db.session.refresh(submission, ["closed_at"])
        if submission.closed_at is not None:
            raise NotFound()
    return submission


def open_submission(case: Case) -> Submission | None:
    """The submission of this case that waits; one read, none for a case of which nothing waits."""
    if case.submitted_at is None:
        return None
    query = sa.select(Submission).where(Submission.case_id == case.id, WAITS_FOR_APPROVAL)
    return db.session.scalar(query)


def load_waiting_case(by: Actor, id: int, *, action: str, for_update: bool = False) -> Case:
    """A case of which a nota waits, also while it is a draft, for `action`. Raises NotFound."""
    query = (
        sa.select(Case)
        .options(joinedload(Case.company), joinedload(Case.inspector), joinedload(Case.notas))
        .where(Case.id == id, Case.submitted_at.is_not(None))
    )
    if for_update:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalars(query).unique().one_or_none() if is_id(id) else None
    if case is None:
        raise NotFound()
    require(by, action, case)
    return case


def own_submissions(by: Actor) -> Sequence[Submission]:
    """The asker's own that wait, the longest first."""
    query = sa.select(Submission).join(Case, Case.id == Submission.case_id).options(*_WITH_CASE)
    query = query.where(WAITS_FOR_APPROVAL, Case.inspector_id == by.actor_id)
    return db.session.scalars(query.order_by(Submission.submitted_at, Submission.id)).all()


def last_sent_back(case_ids: Sequence[int]) -> dict[int, Submission]:
    """By case, the last submission, where it was sent back and nothing was submitted since."""
    if not case_ids:
        return {}
    last = sa.select(sa.func.max(Submission.id)).where(Submission.case_id.in_(case_ids))
    rows = db.session.scalars(
        sa.select(Submission).where(Submission.id.in_(last.group_by(Submission.case_id)))
    )
    return {row.case_id: row for row in rows if row.outcome == SENT_BACK}
