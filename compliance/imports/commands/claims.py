"""Who works on which import: a batch is taken by one conditional UPDATE, for as long as its worker keeps
renewing.

A worker that was given up (killed, or too slow) loses the batch; whatever it would still write is refused.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
import structlog

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.imports.exports import tally
from compliance.imports.models import Import
from compliance.imports.workflow import IMPORTS, WORKING
from compliance.policy import system_only

log = structlog.get_logger()
IMPORTS_TABLE = cast(sa.Table, Import.__table__)
LEASE = timedelta(seconds=90)
"""Longer than any chunk and than reading the largest file takes."""
MOST_ATTEMPTS = 5
"""So many workers may be lost over one batch without a chunk between them, before it is given up, visibly."""


class Lost(Exception):
    """The batch is no longer this worker's: stopped by somebody, or taken over."""


@system_only
def new_claim(batch: Import) -> str:
    """Take a batch that nobody else can see yet, and name the claim."""
    batch.claimed_by, batch.claimed_until = str(uuid.uuid4()), clock.now() + LEASE
    return batch.claimed_by


@system_only
def claim() -> tuple[int, str] | None:
    """Take the oldest batch that waits for a worker; its id and the claim, None when there is none."""
    token, now = str(uuid.uuid4()), clock.now()
    free = sa.or_(Import.claimed_until.is_(None), Import.claimed_until < now)
    waiting = (
        sa.select(Import.id).where(Import.status.in_(WORKING), free).order_by(Import.id).limit(1)
    )
    with transaction():
        claimed = db.session.execute(
            sa.update(Import)
            .where(Import.id == waiting.scalar_subquery(), Import.status.in_(WORKING), free)
            .values(claimed_by=token, claimed_until=now + LEASE, attempts=Import.attempts + 1)
            .returning(Import.id, Import.attempts)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    if claimed is None:
        return None
    if claimed.attempts > MOST_ATTEMPTS:
        give_up(
            claimed.id, token, RuntimeError(f"{MOST_ATTEMPTS} workers were lost over this import")
        )
        return claim()
    return claimed.id, token


@system_only
def claimed_batch(id: int, token: str) -> Import:
    """The batch, locked, its claim renewed; in the transaction that writes the next chunk. Raises Lost."""
    query = sa.select(Import).where(
        Import.id == id, Import.claimed_by == token, Import.status.in_(WORKING)
    )
    batch = db.session.scalars(
        query.with_for_update(of=Import).execution_options(populate_existing=True)
    ).one_or_none()
    if batch is None:
        raise Lost
    batch.claimed_until = clock.now() + LEASE
    return batch


@system_only
def renew(id: int, token: str, *, done: int, alive: bool) -> None:
    """Renew the claim and count `done` more rows, in the transaction that writes them. Raises Lost.

    `alive` says that the batch makes progress: lost workers are counted anew.
    """
    values = {
        "of": id,
        "by": token,
        "until": clock.now() + LEASE,
        "done": done,
        "lost": 0 if alive else 1,
    }
    if db.session.connection().execute(_RENEW, values).rowcount == 0:
        raise Lost


_RENEW = (
    sa.update(IMPORTS_TABLE)
    .where(
        IMPORTS_TABLE.c.id == sa.bindparam("of"), IMPORTS_TABLE.c.claimed_by == sa.bindparam("by")
    )
    .where(IMPORTS_TABLE.c.status.in_(WORKING))
    .values(
        claimed_until=sa.bindparam("until", type_=IMPORTS_TABLE.c.claimed_until.type),
        done_rows=IMPORTS_TABLE.c.done_rows + sa.bindparam("done"),
        attempts=IMPORTS_TABLE.c.attempts * sa.bindparam("lost"),
    )
)


@system_only
def let_go(batch: Import) -> None:
    """End the claim: the next worker need not wait for its end."""
    batch.claimed_by = batch.claimed_until = None
    batch.attempts = 0


@system_only
def hand_back(id: int, token: str) -> None:
    """Let another worker go on at once, if there is still something to do."""
    with transaction():
        try:
            let_go(claimed_batch(id, token))
        except Lost:
            db.session.rollback()


@system_only
def give_up(id: int, token: str, failure: Exception) -> None:
    """Set a batch aside whose chunk failed; what was committed before stays and can be undone."""
    with transaction():
        try:
            batch = claimed_batch(id, token)
        except Lost:
            return
        IMPORTS.move(batch, "fail")
        let_go(batch)
        batch.error = f"{type(failure).__name__}: {failure}"[:2000]
        tally(batch)
    log.error("import set aside", batch=id, error=str(failure))
