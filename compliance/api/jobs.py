"""What time does to the API's memory."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from compliance.api.models import IdempotentAnswer
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.policy import system_only

ANSWERS_KEPT = timedelta(days=2)


@system_only
def forget_idempotent_answers() -> dict[str, int]:
    """Forget the answers given under keys older than two days."""
    with transaction():
        old = sa.delete(IdempotentAnswer).where(
            IdempotentAnswer.created_at < clock.now() - ANSWERS_KEPT
        )
        return {"forgotten": db.session.execute(old.returning(IdempotentAnswer.id)).all().__len__()}
