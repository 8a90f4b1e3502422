"""Event → messages: the compliance team hears of cases that are left behind, admins of broken files and mails
that cannot be delivered.
"""

from __future__ import annotations

from collections.abc import Sequence

from compliance.admin.failures import meaning_of
from compliance.admin.queries import HOLDERS, open_cases_of
from compliance.core.db import db
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.core.text import to_json
from compliance.office.settings import today
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.people.queries import in_role
from compliance.policy import system_only

MOST_CASES_NAMED = 20
"""How many cases the message names; the rest are counted."""
FILES_NAMED = 5
MAILS_NAMED = 20
OF_REFUSED_MAIL = "mail.refused"
"""The message about mails that cannot be delivered. Of itself it is not told."""


@system_only
def tell_team_of_cases_left_behind(event: Event) -> None:
    """Tell the compliance team which open cases a user leaves behind, so that they give them to others."""
    holder = db.session.get_one(User, event.about.id)
    if holder.active and holder.role in HOLDERS:
        return
    cases = open_cases_of(holder, limit=None)
    if not cases:
        return
    lines = [
        {"case_number": case.number, "company": case.company} for case in cases[:MOST_CASES_NAMED]
    ]
    for officer in in_role("compliance"):
        tell_user(
            officer,
            event.kind,
            key=f"{event.kind}:{holder.id}:{event.at.isoformat()}",
            by=event.actor_name,
            name=holder.name,
            inspector=holder.id,
            count=len(cases),
            lines=lines,
        )


@system_only
def tell_other_admins(event: Event) -> None:
    """Tell every other admin that somebody's lost second factor waits for a second admin."""
    for admin in in_role("admin"):
        if admin.id not in (event.actor_id, event.about.id):
            tell_user(
                admin,
                event.kind,
                key=f"{event.kind}:{event.about.id}:{admin.id}:{event.at.isoformat()}",
                by=event.actor_name,
                name=event.fact("name"),
                person=event.about.id,
                reason=event.reason,
            )


@system_only
def tell_of_broken_files(hashes: Sequence[str]) -> None:
    """Tell every admin which stored files were just seen to be changed or gone."""
    for admin in in_role("admin"):
        tell_user(
            admin,
            "files.broken",
            key=f"files.broken:{admin.id}:{today()}:{hashes[0]}",
            hashes=list(hashes[:FILES_NAMED]),
            more=max(0, len(hashes) - FILES_NAMED),
        )


@system_only
def tell_of_refused_mails(mails: Sequence[Message]) -> None:
    """Tell every admin which mails cannot be delivered, and why."""
    lines = [
        {"address": each.address, "why": to_json(meaning_of(each.error or ""))}
        for each in mails[:MAILS_NAMED]
    ]
    for admin in in_role("admin"):
        tell_user(
            admin,
            OF_REFUSED_MAIL,
            key=f"{OF_REFUSED_MAIL}:{admin.id}:{mails[-1].id}:{mails[-1].attempts}",
            lines=lines,
            more=max(0, len(mails) - MAILS_NAMED),
        )
