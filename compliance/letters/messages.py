"""Event → messages of letters: the writer of a draft learns what became of it."""

from __future__ import annotations

from compliance.core.db import db
from compliance.core.events import Event, Subject
from compliance.letters.models import Letter
from compliance.people.messages import tell_user
from compliance.people.models import User
from compliance.policy import system_only


@system_only
def tell_writer(event: Event) -> None:
    """A letter was issued or sent back by another person than its writer."""
    letter = db.session.get_one(Letter, Subject.parse(event.subject or "").id)
    if letter.drafted_by_id in (None, event.actor_id):
        return
    case = letter.case
    tell_user(
        db.session.get_one(User, letter.drafted_by_id),
        event.kind,
        key=f"{event.kind}:{event.id}",
        case_id=event.case_id,
        letter_kind=letter.kind,
        letter_id=letter.id,
        number=letter.number,
        why=event.reason,
        case_number=case.number if case is not None else None,
        company=letter.company.name,
    )
