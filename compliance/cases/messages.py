"""Event → messages, for cases: which office and which person hears of what. Mails leave after the commit."""

from __future__ import annotations

from typing import Any

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.events import Event
from compliance.people.notify import tell_licensing, tell_user
from compliance.people.queries import in_role


def _facts(event: Event) -> tuple[Case, dict[str, Any]]:
    case = db.session.get_one(Case, event.case_id)
    nota = case.nota
    return case, {
        "company": case.company.name,
        "case_number": case.number,
        "nota_number": nota.number if nota else None,
        "effective_on": case.effective_on,
        "by": event.actor_name,
        "reason": event.reason,
        "cause": event.fact("cause"),
    }


def tell_offices_of_nota(event: Event) -> None:
    """A nota was issued: the licensing offices of regency and province hear of it at once (design §1.2)."""
    case, facts = _facts(event)
    assert case.nota is not None
    told = tell_licensing(
        case.region_code, event.kind, key=f"nota:{case.nota.id}", case_id=case.id, issued_on=case.nota.issued_on,
        workers_total=case.workers_total, workers_registered=case.workers_registered, **facts,
    )  # fmt: skip
    event.data = {**event.data, "offices": told}


def tell_offices_of_end(event: Event) -> None:
    """The case is closed, by compliance or withdrawal: what was conveyed no longer stands."""
    case, facts = _facts(event)
    tell_licensing(
        case.region_code,
        event.kind,
        key=f"{event.kind}:{case.id}:{event.at.isoformat()}",
        case_id=case.id,
        **facts,
    )


def tell_inspector(event: Event, *, mail: bool = True) -> None:
    """Somebody else did something to an inspector's case."""
    case, facts = _facts(event)
    if event.actor_id != case.inspector_id:
        key = f"{event.kind}:{case.id}:{event.at.isoformat()}"
        tell_user(case.inspector, event.kind, key=key, case_id=case.id, mail=mail, **facts)


def tell_inspector_in_the_inbox(event: Event) -> None:
    """The same without a mail: one day off may move many cases at once."""
    tell_inspector(event, mail=False)


def tell_new_inspector(event: Event) -> None:
    """A case changed hands: the one who gets it hears at once, the one who had it reads it in the inbox."""
    case, facts = _facts(event)
    tell_inspector(event)
    before = next(
        (each for each in in_role("inspector", "supervisor") if each.id == event.fact("from_id")), None
    )
    if before is not None:
        key = f"case.handed_over:{case.id}:{event.at.isoformat()}"
        tell_user(
            before, "case.handed_over", key=key, case_id=case.id, mail=False, to=case.inspector.name, **facts
        )


def tell_supervisors(event: Event) -> None:
    """The compliance team asks the supervisors to step in."""
    case, facts = _facts(event)
    for supervisor in in_role("supervisor"):
        key = f"{event.kind}:{case.id}:{event.at.isoformat()}"
        tell_user(supervisor, event.kind, key=key, case_id=case.id, **facts)
    tell_inspector(event)
