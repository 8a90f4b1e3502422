"""Event → messages, for cases: which office and which person hears of what. Mails leave after the commit."""

from __future__ import annotations

from typing import Any

from compliance.cases.commands.circumstances import open_cases_about
from compliance.cases.deadlines import dates_of_nota
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.events import Event
from compliance.people.messages import tell_licensing, tell_of_case, tell_user
from compliance.people.models import User
from compliance.people.queries import in_role
from compliance.policy import system_only


def _about(event: Event) -> tuple[Case, dict[str, Any]]:
    """The case of an event, and what every message says of it."""
    case = db.session.get_one(Case, event.case_id)
    nota = case.nota
    return case, {
        "company": case.company.name,
        "case_number": case.number,
        "nota_number": nota.number if nota else None,
        "effective_on": case.effective_on,
    }


def _tell(user: User, kind: str, event: Event, *, mail: bool = True, **facts: Any) -> None:
    """Tell a person who did something to a case, and why."""
    case, about = _about(event)
    key = f"{kind}:{case.id}:{event.at.isoformat()}"
    tell_of_case(
        user,
        kind,
        key=key,
        case_id=case.id,
        about=about,
        mail=mail,
        by=event.actor_name,
        reason=event.reason,
        cause=event.fact("cause"),
        **facts,
    )


@system_only
def tell_offices_of_nota(event: Event) -> None:
    """A nota was issued: the licensing offices of regency and province hear of it at once (design §1.2)."""
    case, about = _about(event)
    assert case.nota is not None
    assert case.effective_on is not None
    offices = tell_licensing(
        case.region_code,
        event.kind,
        key=f"nota:{case.nota.id}",
        case_id=case.id,
        issued_on=case.nota.issued_on,
        workers_total=case.workers_total,
        workers_registered=case.workers_registered,
        dates=dates_of_nota(case.deadline, recheck_on=case.effective_on).stored(),
        by=event.actor_name,
        **about,
    )
    event.data = {**event.data, "offices": offices}


@system_only
def tell_offices_of_end(event: Event) -> None:
    """The case is closed, by compliance or withdrawal: what was conveyed no longer stands."""
    case, about = _about(event)
    tell_licensing(
        case.region_code,
        event.kind,
        key=f"{event.kind}:{case.id}:{event.at.isoformat()}",
        case_id=case.id,
        by=event.actor_name,
        reason=event.reason,
        **about,
    )


@system_only
def tell_offices_of_undone_visit(event: Event) -> None:
    """A visit that had closed the case was taken back: what the offices were told does not hold."""
    if event.fact("outcome") == "complied":
        tell_offices_of_end(event)


@system_only
def tell_inspector(event: Event, *, mail: bool = True) -> None:
    """Somebody else did something to an inspector's case."""
    case, _about_it = _about(event)
    if event.actor_id != case.inspector_id:
        _tell(case.inspector, event.kind, event, mail=mail)


@system_only
def tell_holder_of_refused_mail(event: Event) -> None:
    """A mail about a case cannot be delivered: whoever holds the case reaches its reader otherwise."""
    case, _about_it = _about(event)
    address, why = event.fact("address"), event.fact("why")
    _tell(case.inspector, event.kind, event, address=address, why=why)


@system_only
def tell_inspector_in_the_inbox(event: Event) -> None:
    """The same without a mail: one day off may move many cases at once."""
    tell_inspector(event, mail=False)


@system_only
def tell_new_inspector(event: Event) -> None:
    """A case changed hands: the one who gets it hears at once, the one who had it reads it in the inbox."""
    tell_inspector(event)
    if before := _holder(event.fact("from_id")):
        _tell(before, "case.handed_over", event, mail=False, to=event.fact("to_name"))


@system_only
def tell_of_the_return(event: Event) -> None:
    """A reassignment was undone: the inspector who had the case by mistake gets a mail about it."""
    if mistaken := _holder(event.fact("from_id")):
        _tell(mistaken, "case.taken_back", event)
    tell_inspector(event, mail=False)


@system_only
def tell_supervisors(event: Event) -> None:
    """The compliance team asks the supervisors to step in."""
    for supervisor in in_role("supervisor"):
        _tell(supervisor, event.kind, event)
    tell_inspector(event)


@system_only
def tell_of_the_answer(event: Event) -> None:
    """The supervisors answered: who asked hears, and the inspector, unless they answered themselves."""
    case, _about_it = _about(event)
    people = {event.fact("asked_by_id"), case.inspector_id} - {None, event.actor_id}
    for id in sorted(people):
        if person := db.session.get(User, id):
            _tell(person, event.kind, event)


@system_only
def tell_approvers(event: Event) -> None:
    """A nota waits: the supervisors who may approve it hear so, once."""
    case = db.session.get_one(Case, event.case_id)
    for supervisor in in_role("supervisor"):
        if supervisor.id not in (event.actor_id, case.inspector_id):
            tell_user(
                supervisor,
                event.kind,
                key=f"{event.kind}:{event.fact('submission')}",
                case_id=case.id,
                company=case.company.name,
                case_number=case.number,
                nota_kind=event.fact("nota_kind"),
                by=event.actor_name,
            )


@system_only
def tell_of_the_decision(event: Event) -> None:
    """A nota that waited was approved or sent back: its inspector hears, unless they did it themselves."""
    case = db.session.get_one(Case, event.case_id)
    if event.actor_id != case.inspector_id:
        tell_user(
            case.inspector,
            event.kind,
            key=f"{event.kind}:{case.id}:{event.at.isoformat()}",
            case_id=case.id,
            company=case.company.name,
            case_number=case.number,
            nota_kind=event.fact("nota_kind"),
            nota_number=event.fact("number"),
            draft_key=case.draft_key,
            reason=event.reason,
            by=event.actor_name,
        )


@system_only
def tell_of_circumstance(event: Event) -> None:
    """A company closed, went bankrupt or moved: the inspectors of its open cases hear it; of a move also the
    team, which may give the case to another inspector.
    """
    moved = event.fact("region_code") is not None
    team = [*in_role("supervisor"), *in_role("compliance")] if moved else []
    for case in open_cases_about(event.company_id or 0):
        readers = {user.id: user for user in (case.inspector, *team) if user.id != event.actor_id}
        for user in readers.values():
            tell_user(
                user,
                event.kind,
                key=f"{event.kind}:{event.subject}:{case.id}",
                case_id=case.id,
                mail=user.id == case.inspector_id,
                company=case.company.name,
                case_number=case.number,
                nota_number=case.nota.number if case.nota else None,
                circumstance=event.fact("circumstance"),
                on=event.fact("since_on"),
                place=event.fact("region_code"),
                revoked=event.kind == "company.circumstance_revoked",
                reason=event.reason,
                by=event.actor_name,
            )


def _holder(id: int) -> User | None:
    """The inspector or supervisor with this id, unless they do other work now."""
    user = db.session.get(User, id)
    return user if user is not None and user.role in ("inspector", "supervisor") else None
