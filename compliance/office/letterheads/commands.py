"""The verbs on letterheads. Letters that have their number bear the letterhead of their day for ever."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.text import say
from compliance.core.typesetting import installed_fonts
from compliance.files.commands import KeptBytes, add_file
from compliance.files.models import StoredFile
from compliance.office.letterheads.models import Letterhead
from compliance.office.letterheads.queries import letterhead_on
from compliance.office.letterheads.rules import LetterheadFacts
from compliance.office.models import Office
from compliance.office.settings import today
from compliance.policy import Actor, command

_FURTHEST_AHEAD = 366
"""Days."""


def check_letterhead(facts: LetterheadFacts, from_on: date | None) -> LetterheadFacts:
    """The facts as they would be kept. Raises Invalid, by field."""
    facts = facts.cleaned()
    problems = facts.problems(installed_fonts())
    if from_on is None:
        problems["from_on"] = say("Isi tanggal, misalnya 18-3-2026")
    elif (from_on - today()).days > _FURTHEST_AHEAD:
        problems["from_on"] = say("Isi tanggal paling lama setahun dari sekarang.")
    if problems:
        raise Invalid(problems)
    return facts


@command("office.manage", about=None)
def keep_letterhead(
    office: Office,
    *,
    by: Actor,
    facts: LetterheadFacts,
    from_on: date | None,
    crest: KeptBytes | StoredFile | None,
) -> Letterhead | None:
    """The letters of an office look so from a day on. One that begins on the same day is replaced.

    `crest` is a clean PNG (office/letterheads/crests). Returns None when all is as before. Raises Invalid.
    """
    facts = check_letterhead(facts, from_on)
    assert from_on is not None
    file = add_file(crest) if isinstance(crest, KeptBytes) else crest
    new = {fact.name: getattr(facts, fact.name) for fact in fields(facts)}
    new["crest_id"] = file.id if file else None
    before = letterhead_on(office.id, from_on)
    changed = [name for name in new if before is None or getattr(before, name) != new[name]]
    if not changed:
        return None
    said = _said_of(before, changed) if before else {}
    kept = before if before is not None and before.from_on == from_on else None
    if kept is None:
        kept = Letterhead(office_id=office.id, from_on=from_on)
        db.session.add(kept)
    for name, value in new.items():
        setattr(kept, name, value)
    db.session.flush()
    db.session.refresh(kept)
    record(
        "office.letterhead_changed",
        by=by,
        subject=_subject(office),
        name=office.name,
        from_on=from_on,
        before=said,
        after=_said_of(kept, changed),
    )
    return kept


@command("office.manage", about=None)
def drop_letterhead(office: Office, kept: Letterhead, *, by: Actor) -> None:
    """A letterhead that does not hold yet is not wanted after all. Raises Refusal."""
    if kept.from_on <= today():
        raise Refusal(say("Kepala surat ini sudah berlaku. Simpan yang baru mulai hari ini."))
    db.session.delete(kept)
    record(
        "office.letterhead_dropped",
        by=by,
        subject=_subject(office),
        name=office.name,
        from_on=kept.from_on,
    )


def _subject(office: Office) -> Subject:
    return Subject("office", office.code)


def _said_of(kept: Letterhead, names: list[str]) -> dict[str, Any]:
    """What an event says of a letterhead: the crest by its SHA-256."""
    said = {name: getattr(kept, name) for name in names if name != "crest_id"}
    if "crest_id" in names:
        said["crest"] = kept.crest.sha256 if kept.crest else None
    return said
