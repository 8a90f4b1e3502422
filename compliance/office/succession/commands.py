"""The verbs of offices that end: say that one ends, take that back, and hand its work over on the day.

A licensing office ends. An inspectorate takes another name by its letterhead, which holds from a day on.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, reason_problem, too_long
from compliance.core.stamp import replace_stamp
from compliance.core.text import Text, say
from compliance.office.commands import OFFICE_FACTS
from compliance.office.models import Office, PermitKind
from compliance.office.queries import find_office
from compliance.office.settings import today
from compliance.office.succession.queries import may_follow
from compliance.policy import SYSTEM, Actor, command, system_only

_DAYS_AHEAD, _DAYS_BACK = 730, 366


@command("office.manage", about=None)
def end_office(
    office: Office,
    *,
    by: Actor,
    ended_on: date | None,
    successor: Office | None,
    new_name: str | None,
    reason: str | None,
) -> None:
    """A licensing office is no more from `ended_on` on: its work goes to `successor`, or to a new office of
    the same region that is called `new_name`. When the day has come, that is done at once.

    Raises Invalid, Refusal.
    """
    problems = end_problems(
        office, ended_on=ended_on, successor=successor, new_name=new_name, reason=reason
    )
    if problems:
        raise Invalid(problems)
    db.session.refresh(office, with_for_update=True)
    if (refusal := no_end(office)) is not None:
        raise Refusal(refusal)
    assert ended_on is not None
    office.ended_on = ended_on
    office.successor_id = successor.id if successor else None
    office.successor_name = None if successor else clean_line(new_name)
    replace_stamp(db.session())
    record(
        "office.ended",
        by=by,
        subject=Subject("office", office.code),
        reason=clean_line(reason),
        name=office.name,
        successor=successor.name if successor else office.successor_name,
        successor_code=successor.code if successor else None,
        region_code=office.region_code,
        ended_on=ended_on,
    )
    if ended_on <= today():
        hand_over_office(office)


def no_end(office: Office) -> Text | None:
    """Why an office cannot be ended; None when it can."""
    if office.kind != "licensing":
        return say(
            "Dinas tidak berakhir di sini: nama barunya ditetapkan pada kepala surat, sejak tanggal"
            " berlakunya."
        )
    if office.ended_on is not None:
        return say("{name} sudah ditetapkan berakhir {day}.", name=office.name, day=office.ended_on)
    return None


def end_problems(
    office: Office,
    *,
    ended_on: date | None,
    successor: Office | None,
    new_name: str | None,
    reason: str | None,
) -> dict[str, Text]:
    """What is wrong with the end of an office as it was typed, by field."""
    problems: dict[str, Text] = {}
    if ended_on is None:
        problems["ended_on"] = say("Isi tanggal kantor ini berakhir.")
    elif ended_on > today() + timedelta(days=_DAYS_AHEAD):
        problems["ended_on"] = say("Isi tanggal dalam dua tahun ke depan.")
    elif ended_on < today() - timedelta(days=_DAYS_BACK):
        problems["ended_on"] = say("Isi tanggal paling lama setahun yang lalu.")
    name = clean_line(new_name)
    if (successor is None) == (name is None):
        problems["successor"] = say("Pilih kantor penggantinya, atau isi nama kantor barunya.")
    elif name is not None and (too := too_long(name, OFFICE_FACTS["name"])):
        problems["new_name"] = too
    elif name is not None and name == office.name:
        problems["new_name"] = say("Itu namanya sekarang.")
    elif successor is not None and successor.id not in {each.id for each in may_follow(office)}:
        problems["successor"] = say(
            "{name} tidak dapat menggantikannya: pilih kantor perizinan di wilayah yang sama atau kantor"
            " provinsi, yang tidak berakhir juga.",
            name=successor.name,
        )
    if problem := reason_problem(clean_line(reason) or "", most=500):
        problems["reason"] = problem
    return problems


@command("office.manage", about=None)
def keep_office(office: Office, *, by: Actor) -> None:
    """The office does not end after all; only before its day. Raises Refusal."""
    db.session.refresh(office, with_for_update=True)
    if office.ended_on is None:
        raise Refusal(say("{name} tidak ditetapkan berakhir.", name=office.name))
    if office.has_ended:
        raise Refusal(say("{name} sudah berakhir {day}.", name=office.name, day=office.ended_on))
    day = office.ended_on
    office.ended_on = office.successor_id = office.successor_name = None
    replace_stamp(db.session())
    record(
        "office.kept",
        by=by,
        subject=Subject("office", office.code),
        name=office.name,
        region_code=office.region_code,
        ended_on=day,
    )


@system_only
def hand_over_office(office: Office) -> None:
    """The day has come: the work of the office goes to its successor. Users follow in the reactions."""
    successor = _successor_of(office)
    moved = _move_permit_kinds(office, successor)
    office.successor_id, office.handed_over_at = successor.id, clock.now()
    replace_stamp(db.session())
    record(
        "office.handed_over",
        by=SYSTEM,
        subject=Subject("office", office.code),
        name=office.name,
        successor=successor.name,
        successor_code=successor.code,
        region_code=office.region_code,
        ended_on=office.ended_on,
        permits=moved,
    )


def _successor_of(office: Office) -> Office:
    """The office that takes over: the chosen one, whoever took over from that one since, or a new one."""
    if office.successor_id is None:
        return _new_office(office)
    successor = db.session.get_one(Office, office.successor_id, with_for_update={"of": Office})
    while successor.has_ended and successor.successor_id is not None:
        successor = db.session.get_one(Office, successor.successor_id)
    return successor


def _new_office(office: Office) -> Office:
    """An office of another name that is reached as `office` was, and acts on the same regulations."""
    base, number = re.sub(r"-[0-9]+$", "", office.code), 2
    while find_office(f"{base}-{number}") is not None:
        number += 1
    facts = {fact: getattr(office, fact) for fact in OFFICE_FACTS}
    successor = Office(
        **{**facts, "name": office.successor_name},
        code=f"{base}-{number}",
        kind=office.kind,
        region_code=office.region_code,
    )
    db.session.add(successor)
    db.session.flush()
    return successor


def _move_permit_kinds(office: Office, successor: Office) -> list[str]:
    """Give the successor the kinds of permit that it does not keep itself; answers their names."""
    kinds = db.session.scalars(
        sa.select(PermitKind)
        .where(PermitKind.office_id.in_((office.id, successor.id)))
        .order_by(PermitKind.name)
    ).all()
    kept = {kind.name.casefold() for kind in kinds if kind.office_id == successor.id}
    moved = []
    for kind in kinds:
        if kind.office_id == office.id and kind.name.casefold() not in kept:
            kind.office_id = successor.id
            moved.append(kind.name)
    return moved
