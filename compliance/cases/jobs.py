"""What time does to cases: the sweep that brings every recheck back on its day, and the end of old drafts.

A sweep claims up to BATCH due rows per transaction and makes each one's step with its events and messages.
When a batch fails it is taken apart: each row alone, and the one that fails is set aside, visibly.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases.commands.drafts import discard_draft
from compliance.cases.commands.rechecks import fall_due, miss_recheck
from compliance.cases.models import Case
from compliance.cases.workflow import DRAFT, IN_REMEDY
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import record
from compliance.office.settings import office_settings
from compliance.policy import SYSTEM, Actor, command, system_only

log = structlog.get_logger()
BATCH = 100  # at most 500 by design; at some 3 ms a row a SQLite writer waits a third of a second
PAUSE_SECONDS = 0.02  # between batches, so that a person who saves does not wait for the whole backlog
HAS_NEXT_STEP = sa.text("cases.next_step_at IS NOT NULL AND cases.step_error IS NULL")


@system_only
def sweep_due_rechecks() -> dict[str, int]:
    """Make every step whose time has come; answers how many fell due, were missed, were set aside.

    1. Claim up to BATCH due rows (locked; rows that another sweep holds are skipped).
    2. Make each row's one next step with the same command a person's act would use, by the system.
    3. Commit, and go on until nothing is due: after downtime a row makes its two steps in two rounds.
    """
    counts = {"due": 0, "missed": 0, "set_aside": 0}
    while True:
        try:
            with transaction():
                cases = _claim(BATCH)
                done = [_step(case) for case in cases]
        except sa.exc.OperationalError:
            raise  # the store is in trouble, not a row: the next sweep tries again
        except Exception:
            log.exception("batch failed, taking its rows one by one")
            done = _one_by_one()
        for word in done:
            counts[word] += 1
        if not done:
            return counts
        time.sleep(PAUSE_SECONDS)


def _due() -> sa.Select[Case]:
    return (
        sa.select(Case)
        .where(HAS_NEXT_STEP, Case.next_step_at <= clock.now())
        .order_by(Case.next_step_at)
        .with_for_update(of=Case, skip_locked=True)
    )


def _claim(limit: int) -> Sequence[Case]:
    return db.session.scalars(
        _due()
        .options(joinedload(Case.company), joinedload(Case.inspector), selectinload(Case.notas))
        .limit(limit)
    ).all()


def _step(case: Case) -> str:
    if case.status == IN_REMEDY:
        fall_due(case)
        return "due"
    miss_recheck(case)
    return "missed"


def _one_by_one() -> list[str]:
    ids = db.session.scalars(_due().with_only_columns(Case.id).limit(BATCH)).all()
    db.session.rollback()
    done = []
    for case_id in ids:
        try:
            with transaction():
                for case in db.session.scalars(_due().where(Case.id == case_id)):
                    done.append(_step(case))
        except sa.exc.OperationalError:
            raise
        except Exception as failure:
            log.exception("case set aside", case=case_id)
            with transaction():
                db.session.execute(
                    sa.update(Case)
                    .where(Case.id == case_id)
                    .values(step_error=f"{type(failure).__name__}: {failure}"[:2000])
                )
            done.append("set_aside")
    return done


def next_due_at() -> datetime | None:
    """The instant of the next step that any case has to make."""
    return db.session.scalar(
        sa.select(Case.next_step_at).where(HAS_NEXT_STEP).order_by(Case.next_step_at).limit(1)
    )


def set_aside() -> Sequence[Case]:
    """The cases whose step failed and waits for somebody to look at it."""
    return db.session.scalars(
        sa.select(Case)
        .options(joinedload(Case.company))
        .where(Case.step_error.is_not(None))
        .order_by(Case.id)
    ).all()


@command("jobs.manage", about=None)
def release_step(case: Case, *, by: Actor) -> None:
    """Let the clock try a case again that was set aside."""
    case.step_error, case.updated_at = None, clock.now()
    record("step.released", by=by, case=case)


@system_only
def discard_old_drafts() -> dict[str, int]:
    """Throw away drafts that nobody touched for as many days as the office allows."""
    untouched_since = clock.now() - timedelta(days=office_settings().draft_days)
    with transaction():
        drafts = db.session.scalars(
            sa.select(Case).where(Case.status == DRAFT, Case.updated_at < untouched_since)
        ).all()
        for draft in drafts:
            discard_draft(draft, by=SYSTEM)
    return {"discarded": len(drafts)}
