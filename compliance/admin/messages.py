"""Event → messages, for oversight: the compliance team hears when somebody leaves open cases behind."""

from __future__ import annotations

from compliance.admin.queries import HOLDERS, open_cases_of
from compliance.core.db import db
from compliance.core.events import Event
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.people.queries import in_role
from compliance.policy import system_only

MOST_CASES_NAMED = 20
"""How many cases the message names; the rest are counted."""


@system_only
def tell_team_of_cases_left_behind(event: Event) -> None:
    """Whoever can no longer act on their open cases leaves them to be given to somebody else."""
    holder = db.session.get_one(User, event.about.id)
    if holder.active and holder.role in HOLDERS:
        return
    found = open_cases_of(holder, limit=None)
    if not found:
        return
    lines = [
        {"case_number": each.number, "company": each.company} for each in found[:MOST_CASES_NAMED]
    ]
    for officer in in_role("compliance"):
        tell_user(
            officer,
            event.kind,
            key=f"{event.kind}:{holder.id}:{event.at.isoformat()}",
            by=event.actor_name,
            name=holder.name,
            inspector=holder.id,
            count=len(found),
            lines=lines,
        )
