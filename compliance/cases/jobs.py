"""What time does to cases: the sweep that brings every recheck back on its day, and the end of old drafts.

A sweep claims up to BATCH due rows per transaction and makes their steps with all events, flags and messages.
When a batch fails, its rows are done one by one. A row that fails alone is set aside and shown to the admin.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import joinedload

from compliance.cases.commands.drafts import discard_draft
from compliance.cases.commands.rechecks import fall_due, miss_rechecks
from compliance.cases.models import Case
from compliance.cases.queries import DueCase
from compliance.cases.workflow import DRAFT, IN_REMEDY
from compliance.core import clock
from compliance.core.db import PAUSE_SECONDS, db, transaction
from compliance.core.events import record
from compliance.office.settings import office_settings
from compliance.policy import SYSTEM, Actor, command, system_only

log = structlog.get_logger()
BATCH = 200  # at most 500 by design; at some 0.4 ms a row a SQLite writer waits less than a tenth of a second
HAS_NEXT_STEP = sa.text("cases.next_step_at IS NOT NULL AND cases.step_error IS NULL")


@system_only
def sweep_due_rechecks() -> dict[str, int]:
    """Make every step whose time has come. Returns how many fell due, were missed, were set aside.

    1. Claim up to BATCH due rows (locked; rows that another sweep holds are skipped).
    2. Make the one next step of all of them, with their events, flags and messages, in a few statements.
    3. Commit, and go on until nothing is due: after downtime a row makes its two steps in two rounds.
    """
    total = Counter(due=0, missed=0, set_aside=0)
    while True:
        try:
            with transaction():
                done = _make_steps(_claim(BATCH))
        except sa.exc.OperationalError:
            raise  # the store is in trouble, not a row: the next sweep tries again
        except Exception:
            log.exception("batch failed, taking its rows one by one")
            done = _one_by_one()
        total.update(done)
        if not done:
            return dict(total)
        time.sleep(PAUSE_SECONDS)


def _claim(limit: int, *conditions: sa.ColumnElement[bool]) -> list[DueCase]:
    """Lock up to `limit` due rows, the longest due first."""
    rows = db.session.execute(
        sa.select(
            Case.id,
            Case.status,
            Case.version,
            Case.company_id,
            sa.type_coerce(Case.effective_on, sa.Date),
        )
        .where(HAS_NEXT_STEP, Case.next_step_at <= clock.now(), *conditions)
        .order_by(Case.next_step_at)
        .limit(limit)
        .with_for_update(of=Case, skip_locked=True)
    )
    return [DueCase(*row) for row in rows]


def _make_steps(cases: Sequence[DueCase]) -> Counter[str]:
    """Make the next step of these cases. Returns how many fell due and how many were missed."""
    falling = [case for case in cases if case.status == IN_REMEDY]
    missing = [case for case in cases if case.status != IN_REMEDY]
    fall_due(falling)
    miss_rechecks(missing)
    return +Counter(due=len(falling), missed=len(missing))


def _one_by_one() -> Counter[str]:
    """Do the rows of a failed batch one by one. A row that fails again is set aside with its reason."""
    ids = [case.id for case in _claim(BATCH)]
    db.session.rollback()
    done: Counter[str] = Counter()
    for case_id in ids:
        try:
            with transaction():
                done.update(_make_steps(_claim(1, Case.id == case_id)))
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
            done["set_aside"] += 1
    return done


def next_due_at() -> datetime | None:
    """The instant of the next step that any case has to make."""
    return db.session.scalar(
        sa.select(Case.next_step_at).where(HAS_NEXT_STEP).order_by(Case.next_step_at).limit(1)
    )


def set_aside() -> Sequence[Case]:
    """The cases whose step failed and waits for the admin."""
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
    """Discard the drafts that were not touched for the number of days that the office allows."""
    untouched_since = clock.now() - timedelta(days=office_settings().draft_days)
    with transaction():
        drafts = db.session.scalars(
            sa.select(Case).where(
                Case.status == DRAFT,
                Case.updated_at < untouched_since,
                Case.submitted_at.is_(None),
            )
        ).all()
        for draft in drafts:
            discard_draft(draft, by=SYSTEM)
    return {"discarded": len(drafts)}
