"""What time does here: on its day, the work of an office that ends goes to its successor."""

from __future__ import annotations

import sqlalchemy as sa

from compliance.core.db import db, transaction
from compliance.office.models import Office
from compliance.office.settings import today
from compliance.office.succession.commands import hand_over_office
from compliance.office.succession.queries import due_to_end
from compliance.policy import system_only


@system_only
def hand_over_offices() -> dict[str, int]:
    """Hand over the work of the offices whose day has come, each in a transaction of its own."""
    done = 0
    for id in due_to_end(today()):
        with transaction():
            office = db.session.scalar(
                sa.select(Office)
                .where(Office.id == id, Office.handed_over_at.is_(None), Office.ended_on <= today())
                .with_for_update(of=Office)
                .execution_options(populate_existing=True)
            )
            if office is not None:
                hand_over_office(office)
                done += 1
    return {"offices": done}
