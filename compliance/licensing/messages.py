"""Event → messages, for flags: licensing is told of each flag and of each lift, the inspector too."""

from __future__ import annotations

from typing import Any

from compliance.core.db import db
from compliance.core.events import Event
from compliance.licensing.models import Flag
from compliance.people.notify import tell_licensing, tell_user


def _facts(event: Event) -> tuple[Flag, dict[str, Any]]:
    flag = db.session.get_one(Flag, int((event.subject or "").removeprefix("flag:")))
    nota = flag.case.nota
    return flag, {
        "level": flag.level,
        "company": flag.case.company.name,
        "case_number": flag.case.number,
        "nota_number": nota.number if nota else None,
        "since_on": flag.since_on,
        "why": event.fact("why"),
        "by": event.actor_name,
    }


def tell_offices_of_flag(event: Event) -> None:
    """A flag was raised: the licensing offices of regency and province hear of it within a minute."""
    flag, facts = _facts(event)
    tell_licensing(
        flag.region_code,
        event.kind,
        key=f"flag:{flag.id}:raised",
        case_id=flag.case_id,
        reader="licensing",
        **facts,
    )


def tell_offices_of_lift(event: Event) -> None:
    """A flag was lifted: a counter that does not hear of it would keep a company waiting for nothing.

    Not told when a stronger flag takes its place: that one is told itself, and "lifted" would read as good news.
    """
    if event.fact("replaced_by"):
        return
    flag, facts = _facts(event)
    tell_licensing(flag.region_code, event.kind, key=f"flag:{flag.id}:lifted", case_id=flag.case_id, **facts)


def tell_inspector_of_flag(event: Event) -> None:
    """The inspector of the case reads in the inbox that licensing now sees a flag."""
    flag, facts = _facts(event)
    tell_user(
        flag.case.inspector,
        event.kind,
        key=f"flag:{flag.id}:raised",
        case_id=flag.case_id,
        mail=False,
        **facts,
    )


def tell_inspector_of_acknowledgement(event: Event) -> None:
    """The inspector reads in the inbox which office has seen the flag."""
    flag, facts = _facts(event)
    tell_user(
        flag.case.inspector, event.kind, key=f"flag:{flag.id}:acknowledged:{event.actor_id}", case_id=flag.case_id,
        mail=False, office=event.fact("office"), **facts,
    )  # fmt: skip
