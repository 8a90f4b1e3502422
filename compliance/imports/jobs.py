"""What time does to imports: the work that pages ask for, and the end of old files.

A run works on one batch after the other. An import or an undo hands back after 20 seconds, so that a person
who stops the scheduler need not wait; the next run goes on within seconds. A rehearsal is worked to its end,
because what it remembers of the rows so far is in memory only. One run at a time keeps at most one of the
scheduler's threads.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from compliance.core import clock
from compliance.core.channels import through
from compliance.core.db import db, transaction
from compliance.imports.commands.claims import Lost, claim, give_up, hand_back
from compliance.imports.commands.run import carry_out, rehearse
from compliance.imports.commands.undo import undo
from compliance.imports.models import Import, ImportFile, ImportRow
from compliance.imports.workflow import CAN_BE_UNDONE, REHEARSING, UNDOING, WORKING
from compliance.policy import system_only

log = structlog.get_logger()
AT_MOST_SECONDS = 20


@system_only
def run_imports() -> dict[str, int]:
    """Work on the imports that wait; answers how many rows were dealt with, and how many imports failed."""
    did, until = {"rows": 0, "failed": 0}, time.monotonic() + AT_MOST_SECONDS
    while (claimed := claim()) is not None:
        try:
            with through("import"):
                for _ in _work(*claimed, until=until):
                    did["rows"] += 1
                hand_back(*claimed)
        except Lost:
            db.session.rollback()
        except OperationalError:
            raise  # the store is in trouble, not a list: a later run tries again
        except Exception as failure:
            log.exception("import failed", batch=claimed[0])
            give_up(*claimed, failure)
            did["failed"] += 1
        if time.monotonic() > until:
            break
    return did


def _work(id: int, token: str, *, until: float) -> Iterator[object]:
    """Do what the batch waits for; yields something for each row, when its chunk is committed."""
    status = db.session.scalar(sa.select(Import.status).where(Import.id == id))
    db.session.rollback()
    if status == UNDOING:
        return undo(id, token, until=until)
    return rehearse(id, token) if status == REHEARSING else carry_out(id, token, until=until)


@system_only
def purge_import_files() -> dict[str, int]:
    """Drop the files of imports that can no longer be undone, and imports that were never begun, after 30
    days."""
    old = Import.created_at < clock.now() - CAN_BE_UNDONE
    with transaction():
        never = db.session.scalars(
            sa.select(Import.id).where(
                old, Import.started_at.is_(None), Import.status.not_in(WORKING)
            )
        ).all()
        over = sa.select(Import.id).where(
            Import.status.not_in(WORKING),
            sa.or_(Import.id.in_(never), Import.started_at < clock.now() - CAN_BE_UNDONE),
        )
        gone = (
            sa.delete(ImportFile)
            .where(ImportFile.import_id.in_(over))
            .returning(ImportFile.import_id)
        )
        files = db.session.scalars(gone).all()
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id.in_(never)))
        db.session.execute(sa.delete(Import).where(Import.id.in_(never)))
    return {"files": len(files)}
