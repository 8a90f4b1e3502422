"""Reads of what was brought before the supervisors: open ones, the longest waiting first, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.models import ESCALATION_OPEN, Case, Escalation
from compliance.core.db import db
from compliance.people.models import User
from compliance.policy import Actor, may, require

WAITS = sa.text(f"escalations.{ESCALATION_OPEN}")
MOST_OPEN = 200
MOST_ANSWERED = 30
_WITH_CASE = joinedload(Escalation.case).options(
    joinedload(Case.company), joinedload(Case.inspector)
)


def asked_and_waiting(asked_before: datetime) -> sa.Select[int]:
    """One of those that were asked before an instant and have no answer yet."""
    return sa.select(Escalation.id).where(WAITS, Escalation.asked_at < asked_before).limit(1)


def open_escalations(by: Actor, *, asked_before: datetime | None = None) -> Sequence[Escalation]:
    """What waits for an answer, the longest first; at most MOST_OPEN."""
    require(by, "queue.read")
    query = sa.select(Escalation).options(_WITH_CASE).where(WAITS)
    if asked_before is not None:
        query = query.where(Escalation.asked_at < asked_before)
    ordered = query.order_by(Escalation.asked_at, Escalation.id).limit(MOST_OPEN)
    return db.session.scalars(ordered).all()


def answered_escalations(by: Actor) -> Sequence[Escalation]:
    """The last ones that were answered or settled, the newest first."""
    require(by, "queue.read")
    query = sa.select(Escalation).options(_WITH_CASE).where(Escalation.closed_at.is_not(None))
    ordered = query.order_by(Escalation.closed_at.desc(), Escalation.id.desc()).limit(MOST_ANSWERED)
    return db.session.scalars(ordered).all()


def waiting_escalations(by: User) -> sa.Select[int] | None:
    """Those that wait for the asker's answer; None for who does not answer."""
    if not may(by, "case.answer_escalation"):
        return None
    return sa.select(Escalation.id).where(WAITS)
