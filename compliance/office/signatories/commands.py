"""The verbs on signatories. Who has signed a letter is no longer changed, only ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say, to_json
from compliance.office.models import Office
from compliance.office.signatories.models import LONGEST_SIGNATORY, Signatory
from compliance.office.signatories.queries import SigningToday, signing_on, signing_today
from compliance.office.signatories.rules import AN, CAPACITIES, DEFINITIVE, read_title, titles_of
from compliance.policy import Actor, command, system_only


@command("signatory.manage", about=None)
def add_signatory(
    *,
    by: Actor,
    name: str | None,
    title: str | None,
    rank: str | None,
    nip: str | None,
    from_on: date | None,
    until_on: date | None,
    capacity: str = DEFINITIVE,
    on_behalf_of: str | None = None,
    office: Office | None = None,
) -> Signatory:
    """A person signs for `office` (for every inspectorate when None) from a day on. A letter takes who signs
    on the day on which it gets its number. Raises Invalid.
    """
    lines = {"name": name, "title": title, "rank": rank, "nip": nip, "on_behalf_of": on_behalf_of}
    columns = read_signatory(lines, capacity=capacity, from_on=from_on, until_on=until_on)
    signatory = Signatory(**columns, office_id=office.id if office else None)
    db.session.add(signatory)
    db.session.flush()
    record(
        "signatory.added", by=by, subject=Subject("signatory", signatory.id), **_said_of(signatory)
    )
    return signatory


@command("signatory.manage", about=None)
def change_signatory(
    signatory: Signatory,
    *,
    by: Actor,
    name: str | None,
    title: str | None,
    rank: str | None,
    nip: str | None,
    from_on: date | None,
    until_on: date | None,
    capacity: str,
    on_behalf_of: str | None,
    office: Office | None,
) -> bool:
    """Put right what was mistyped, while no letter bears the name. Returns whether anything changed.

    `signatory` was loaded for update. Raises Refusal, Invalid.
    """
    if signatory.used:
        raise Refusal(
            say("{name} sudah menandatangani surat. Akhiri, lalu tambah lagi.", name=signatory.name)
        )
    lines = {"name": name, "title": title, "rank": rank, "nip": nip, "on_behalf_of": on_behalf_of}
    new = read_signatory(lines, capacity=capacity, from_on=from_on, until_on=until_on)
    new["office_id"] = office.id if office else None
    before = {
        field: getattr(signatory, field) for field in new if getattr(signatory, field) != new[field]
    }
    for field in before:
        setattr(signatory, field, new[field])
    if before:
        record(
            "signatory.changed",
            by=by,
            subject=Subject("signatory", signatory.id),
            name=signatory.name,
            before={field: to_json(value) for field, value in before.items()},
            after={field: to_json(new[field]) for field in before},
        )
    return bool(before)


@command("signatory.manage", about=None)
def end_signatory(signatory: Signatory, *, by: Actor, until_on: date | None) -> None:
    """A person signs up to a day, and no longer. Letters of before stay as they are. Raises Invalid."""
    if until_on is None:
        raise Invalid({"until_on": say("Isi tanggal, misalnya 18-3-2026")})
    if problems := _problems_of_days(signatory.from_on, until_on):
        raise Invalid(problems)
    signatory.until_on = until_on
    record(
        "signatory.ended", by=by, subject=Subject("signatory", signatory.id), **_said_of(signatory)
    )


@dataclass(frozen=True)
class StandIn:
    """Who signs in place of the head from a day on, without an end, and who signs there until then."""

    name: str
    title: str
    from_on: date
    replaces: Sequence[SigningToday]


def stand_in_without_end(
    *,
    today: date,
    capacity: str,
    from_on: date | None,
    until_on: date | None,
    office: Office | None,
    **lines: str | None,
) -> StandIn | None:
    """What an a.n., Plt. or Plh. would do that is typed without a last day; None for anybody else.

    Such a person comes before the head on every letter, so it is asked before it is saved. Raises Invalid.
    """
    columns = read_signatory(lines, capacity=capacity, from_on=from_on, until_on=until_on)
    if columns["capacity"] == DEFINITIVE or until_on is not None:
        return None
    first = columns["from_on"]
    titles = titles_of(columns["title"], columns["capacity"], columns["on_behalf_of"])
    return StandIn(
        columns["name"],
        ", ".join(titles).rstrip(","),
        first,
        [
            row
            for row in signing_today(max(first, today))
            if office is None or row.office.id == office.id
        ],
    )


@system_only
def take_signatory(region_code: str, day: date) -> Signatory | None:
    """Who signs a letter of this day for the inspectorate of a region. The letter is frozen with their name,
    so it can no longer be changed.
    """
    signing = signing_on(region_code, day).limit(1)
    signatory = db.session.scalars(signing).first()
    if signatory is None or signatory.used:
        return signatory
    # A change that is under way ends first, and is seen.
    again = signing.with_for_update().execution_options(populate_existing=True)
    signatory = db.session.scalars(again).first()
    if signatory is not None:
        signatory.used = True
    return signatory


def read_signatory(
    typed: Mapping[str, str | None], *, capacity: str, from_on: date | None, until_on: date | None
) -> dict[str, Any]:
    """What was typed about a person, as columns; nothing is kept. Raises Invalid, by field."""
    lines = {field: clean_line(words) for field, words in typed.items()}
    if capacity not in CAPACITIES:
        raise Invalid({"capacity": say("Pilih salah satu.")})
    if lines["title"] is not None:
        lines["title"], capacity = read_title(lines["title"], capacity)
    if capacity != AN:
        lines["on_behalf_of"] = None
    if problems := {**_problems_of_lines(lines, capacity), **_problems_of_days(from_on, until_on)}:
        raise Invalid(problems)
    return {**lines, "capacity": capacity, "from_on": from_on, "until_on": until_on}


def _problems_of_lines(lines: Mapping[str, str | None], capacity: str) -> dict[str, Text]:
    problems = {
        field: reason
        for field, words in lines.items()
        if (reason := too_long(words, LONGEST_SIGNATORY[field]))
    }
    if lines["name"] is None:
        problems["name"] = say("Isi nama dengan gelarnya.")
    if lines["title"] is None:
        problems["title"] = say("Isi jabatan di atas tanda tangan, misalnya Kepala Dinas.")
    if capacity == AN and lines["on_behalf_of"] is None:
        problems["on_behalf_of"] = say("Isi jabatan yang diwakili, misalnya Kepala Dinas.")
    return problems


def _problems_of_days(from_on: date | None, until_on: date | None) -> dict[str, Text]:
    if from_on is None:
        return {"from_on": say("Isi tanggal, misalnya 18-3-2026")}
    if until_on is not None and until_on < from_on:
        return {"until_on": say("Isi tanggal mulai {first}.", first=from_on)}
    return {}


def _said_of(signatory: Signatory) -> dict[str, Any]:
    return {
        "name": signatory.name,
        "title": signatory.title_in_full,
        "from_on": signatory.from_on,
        "until_on": signatory.until_on,
    }
