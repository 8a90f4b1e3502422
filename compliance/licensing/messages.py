"""Event → messages of licensing: offices and inspectors hear of flags, inspectors of questions,
askers of answers, offices of one that ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.commands.circumstances import open_cases_about
from compliance.cases.models import Case
from compliance.cases.queries import load_question
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.events import Event, for_many
from compliance.core.outbox import post_message
from compliance.core.text import to_json
from compliance.licensing import queries
from compliance.licensing.models import Flag
from compliance.licensing.queries import IS_ACTIVE, FlagNews, flag_news
from compliance.office.models import Office
from compliance.office.settings import today
from compliance.people.messages import LicensingOffices, tell_licensing, tell_user
from compliance.people.models import User
from compliance.people.queries import in_role, users_by_id
from compliance.policy import in_region, system_only


def _facts(event: Event, flag: FlagNews) -> dict[str, Any]:
    return {
        "level": flag.level,
        "company": flag.company,
        "case_number": flag.case_number,
        "nota_number": flag.nota_number,
        "letter_number": flag.letter_number,
        "since_on": flag.since_on,
        "why": event.data.get("why"),  # as it is kept: converted once for all who read it
        "by": event.actor_name,
    }


@for_many
@system_only
def tell_offices_and_inspectors_of_flags(events: Sequence[Event]) -> None:
    """Flags were raised: the licensing offices of regency and province hear of them within a minute.

    The inspector of each case reads in the inbox that licensing now sees a flag.
    """
    flags = flag_news([event.about.id for event in events])
    offices = LicensingOffices({flag.region_code for flag in flags.values()})
    inspectors = users_by_id({flag.inspector_id for flag in flags.values() if flag.inspector_id})
    for event in events:
        flag = flags[event.about.id]
        key, facts = f"flag:{flag.id}:raised", _facts(event, flag)
        offices.tell(flag.region_code, event.kind, key=key, case_id=flag.case_id, **facts)
        if flag.inspector_id is not None:
            inspector = inspectors[flag.inspector_id]
            tell_user(inspector, event.kind, key=key, case_id=flag.case_id, mail=False, **facts)


@system_only
def tell_offices_of_lift(event: Event) -> None:
    """A flag was lifted: a counter that does not hear of it would keep a company waiting for nothing.

    Not told when a stronger flag takes its place: that one is told itself, and "lifted" would read
    as good news.
    """
    if event.fact("replaced_by"):
        return
    flag = flag_news([event.about.id])[event.about.id]
    key, facts = f"flag:{flag.id}:lifted", _facts(event, flag)
    facts["proof"] = event.data.get("proof")
    tell_licensing(flag.region_code, event.kind, key=key, case_id=flag.case_id, **facts)


@system_only
def tell_offices_of_merge(event: Event) -> None:
    """Two companies became one record, or two again: offices with a flag that stands against it
    read who is meant now.
    """
    active = sa.select(Flag).where(Flag.company_id == event.company_id, IS_ACTIVE).order_by(Flag.id)
    informed: set[str] = set()
    for flag in db.session.scalars(active.options(joinedload(Flag.case))):
        if flag.region_code not in informed:
            informed.add(flag.region_code)
            tell_licensing(
                flag.region_code,
                event.kind,
                key=f"{event.kind}:{event.subject}:{event.company_id}:{flag.region_code}",
                case_id=flag.case_id,
                company=event.fact("name"),
                case_number=flag.case.number if flag.case else None,
                letter_number=flag.letter_number,
                names=event.fact("names"),
                other=event.fact("other_name"),
                by=event.actor_name,
            )


@system_only
def tell_offices_of_circumstance(event: Event) -> None:
    """A company closed, went bankrupt or moved, or not after all: the offices that know an open case or an
    active flag of it hear so, and the one at its new place is asked to look, too.
    """
    cases = open_cases_about(event.company_id or 0)
    flags = queries.active_flags_against(event.company_id or 0)
    if not cases and not flags:
        return
    place = event.fact("region_code")
    before = {*(case.region_code for case in cases), *(flag.region_code for flag in flags)}
    for region in [*sorted(before - {place}), *([place] if place else [])]:
        tell_licensing(  # the province hears once, with the offices that knew the company before
            region,
            event.kind,
            key=f"{event.kind}:{event.subject}",
            case_id=None,
            company=event.fact("name"),
            case_number=cases[0].number if cases else None,
            letter_number=None if cases else flags[0].letter_number,
            circumstance=event.fact("circumstance"),
            on=event.fact("since_on"),
            place=place,
            revoked=event.kind == "company.circumstance_revoked",
            comes_here=region == place and region not in before,
            by=event.actor_name,
        )


MOST_FLAGS_NAMED = 50
"""How many open flags the message to a successor names; the rest are counted."""


@system_only
def tell_of_succession(event: Event) -> None:
    """An office is to end, does not end after all, or has ended: both offices hear of it, and its successor
    reads which flags are open in the region.

    An end whose day has come is told by the handing over that follows at once.
    """
    if event.kind == "office.ended" and event.fact("ended_on") <= today():
        return
    named = [event.about.key, *filter(None, [event.fact("successor_code")])]
    offices = db.session.scalars(sa.select(Office).where(Office.code.in_(named))).all()
    facts = {
        fact: event.fact(fact)
        for fact in ("name", "successor", "ended_on", "permits")
        if event.fact(fact)
    }
    facts |= _open_flags_in(event.fact("region_code")) | {
        "why": event.reason,
        "by": event.actor_name,
    }
    key = f"{event.kind}:{event.about.key}:{event.at.isoformat()}"
    of_both = User.office_id.in_([office.id for office in offices])
    reading = (
        sa.select(User).where(of_both, User.active, User.role == "licensing").order_by(User.id)
    )
    for officer in db.session.scalars(reading):
        assert officer.office is not None
        tell_user(officer, event.kind, key=key, mail=officer.office.email is None, **facts)
    for address in sorted({office.email for office in offices if office.email}):
        data = {**facts, "reader": "licensing"}
        post_message(event.kind, key=key, channel="email", address=address, data=data)


def _open_flags_in(region_code: str) -> dict[str, Any]:
    """The flags that stand in a region: how many, and the first of them as a message names them."""
    there = sa.select(Flag).where(in_region(Flag.region_code, region_code), IS_ACTIVE)
    count = db.session.scalar(there.with_only_columns(sa.func.count()))
    first = there.join(Company, Company.id == Flag.company_id).with_only_columns(
        Company.name, Flag.level, Flag.since_on
    )
    rows = db.session.execute(first.order_by(Flag.since_on, Flag.id).limit(MOST_FLAGS_NAMED))
    return {
        "count": count,
        "flags": [
            {"company": row.name, "level": row.level, "since_on": to_json(row.since_on)}
            for row in rows
        ],
    }


@system_only
def tell_inspector_of_acknowledgement(event: Event) -> None:
    """The inspector reads in the inbox which office has seen the flag."""
    flag = flag_news([event.about.id])[event.about.id]
    if flag.inspector_id is None:
        return  # a sanction without a case has no inspector; its page says who has read it
    inspector, facts = db.session.get_one(User, flag.inspector_id), _facts(event, flag)
    tell_user(
        inspector,
        event.kind,
        key=f"flag:{flag.id}:acknowledged:{event.actor_id}:{event.fact('answer') or ''}",
        case_id=flag.case_id,
        mail=False,
        office=event.fact("office"),
        answer=event.fact("answer"),
        note=event.fact("note"),
        **facts,
    )


def _about(event: Event) -> tuple[Case, dict[str, Any]]:
    case = db.session.get_one(Case, event.case_id)
    return case, {
        "company": case.company.name,
        "case_number": case.number,
        "nota_number": case.nota.number if case.nota else None,
        "by": event.actor_name,
        "words": event.reason,
    }


@system_only
def tell_inspector_of_question(event: Event) -> None:
    """A counter asks about a case: its inspector hears at once; the supervisors, when the inspector
    has left.
    """
    case, facts = _about(event)
    for reader in [case.inspector] if case.inspector.active else in_role("supervisor"):
        key = f"case.asked:{case.id}:{event.actor_id}:{event.at.isoformat()}"
        tell_user(
            reader, event.kind, key=key, case_id=case.id, office=event.fact("office"), **facts
        )


@system_only
def tell_asker_of_answer(event: Event) -> None:
    """The officer at the counter reads the answer in the inbox and in a mail, beside what was asked."""
    case, facts = _about(event)
    asked = load_question(event.fact("question_id"))
    key = f"case.answered:{event.fact('question_id')}"
    tell_user(
        db.session.get_one(User, asked.actor_id),
        event.kind,
        key=key,
        case_id=case.id,
        question=asked.reason,
        page=asked.fact("page"),
        **facts,
    )
