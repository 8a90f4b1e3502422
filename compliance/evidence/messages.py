"""Event → messages of evidence: whoever sent a photo is told when it cannot be read."""

from __future__ import annotations

from compliance.core.db import db
from compliance.core.events import Event
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.policy import system_only


@system_only
def tell_sender(event: Event) -> None:
    """The sender of an unreadable photo, who may still have it on the phone."""
    tell_user(
        db.session.get_one(User, event.fact("sender")),
        event.kind,
        key=f"{event.kind}:{event.subject}",
        case_id=event.case_id,
        file_name=event.fact("file_name"),
        case_number=event.fact("case_number"),
        company=event.fact("company"),
    )
