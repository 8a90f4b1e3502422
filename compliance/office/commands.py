"""The verbs on offices and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db, hold_table
from compliance.core.errors import Invalid, NotFound
from compliance.core.events import Subject, expect_nothing_since, record
from compliance.core.parsing import clean_email, clean_line, clean_lines, too_long
from compliance.core.stamp import forget_stamp, replace_stamp
from compliance.core.text import Text, say
from compliance.office.models import Office, PermitKind, Setting
from compliance.office.settings import changed_settings
from compliance.policy import Actor, command


@command("office.manage", about=None)
def change_office(office: Office, *, by: Actor, **facts: Any) -> None:
    """Change what is known of an office: name, legal_basis, membership_basis, address, phone, email."""
    new = {field: clean_lines(facts.get(field)) for field in OFFICE_FACTS}
    problems = {
        field: reason
        for field, most in OFFICE_FACTS.items()
        if (reason := too_long(new[field], most))
    }
    if new["name"] is None:
        problems["name"] = say("Isi nama kantor.")
    if new["email"] is not None:
        try:
            new["email"] = clean_email(new["email"])
        except Invalid as refusal:
            problems.update(refusal.errors)
    if problems:
        raise Invalid(problems)
    before = {
        field: getattr(office, field) for field in new if new[field] != getattr(office, field)
    }
    for field in before:
        setattr(office, field, new[field])
    if before:
        after = {field: getattr(office, field) for field in before}
        replace_stamp(db.session())
        record(
            "office.changed",
            by=by,
            subject=Subject("office", office.code),
            name=office.name,
            before=before,
            after=after,
        )


@command("office.manage", about=None)
def keep_permit_kind(
    office: Office,
    *,
    by: Actor,
    name: str,
    days: int | None,
    day_type: str,
    legal_basis: str | None,
) -> None:
    """Keep a kind of permit of a licensing office with its days; a name known already gets the new days.

    `days` None says that the permit's own rule sets no time. Raises Invalid.
    """
    line, basis = clean_line(name), clean_line(legal_basis)
    problems: dict[str, Text] = {}
    if line is None:
        problems["name"] = say("Isi jenis izin, misalnya Izin Praktik Dokter.")
    elif reason := too_long(line, 100):
        problems["name"] = reason
    if days is not None and not 1 <= days <= 365:
        problems["days"] = say("Isi bilangan antara 1 dan 365, atau kosongkan.")
    if day_type not in ("working", "calendar"):
        problems["day_type"] = say("Pilih salah satu.")
    if days is not None and basis is None:
        problems["legal_basis"] = say("Sebutkan aturan yang menetapkan waktu itu.")
    elif reason := too_long(basis, 300):
        problems["legal_basis"] = reason
    if problems:
        raise Invalid(problems)
    assert line is not None
    kinds = db.session.scalars(sa.select(PermitKind).where(PermitKind.office_id == office.id))
    kind = next((kind for kind in kinds if kind.name.casefold() == line.casefold()), None)
    facts = {"days": days, "day_type": day_type, "legal_basis": basis}
    before = {fact: getattr(kind, fact) for fact in facts} if kind else {}
    if before == facts:
        return
    if kind is None:
        kind = PermitKind(office_id=office.id, name=line, **facts)
        db.session.add(kind)
    for fact, value in facts.items():
        setattr(kind, fact, value)
    replace_stamp(db.session())
    _record_permit(office, by, kind.name, before=before, after=facts)


@command("office.manage", about=None)
def drop_permit_kind(office: Office, *, kind_id: int, by: Actor) -> None:
    """The office keeps a kind of permit no longer. Receipts say for ever what they said. Raises NotFound."""
    kind = db.session.get(PermitKind, kind_id)
    if kind is None or kind.office_id != office.id:
        raise NotFound()
    before = {"days": kind.days, "day_type": kind.day_type, "legal_basis": kind.legal_basis}
    db.session.delete(kind)
    replace_stamp(db.session())
    _record_permit(office, by, kind.name, before=before, after={})


def _record_permit(
    office: Office, by: Actor, permit: str, *, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    record(
        "office.permit_changed",
        by=by,
        subject=Subject("office", office.code),
        name=office.name,
        permit=permit,
        before=before,
        after=after,
    )


@command("settings.manage", about=None)
def change_settings(
    values: Mapping[str, Any], *, by: Actor, seen: int | None = None, cases: int | None = None
) -> bool:
    """Change settings of the office. Returns whether anything changed. Dates that were already given stay
    as they are.

    `seen` is the last settings.changed event the form knew; `cases` how many open cases the caller
    moves with it. Raises Invalid, Stale.
    """
    hold_table(Setting)
    forget_stamp()
    expect_nothing_since(seen, "settings.changed")
    before, after = changed_settings(values)
    for key, value in after.items():
        db.session.merge(Setting(key=key, value=value, changed_at=clock.now()))
    if after:
        replace_stamp(db.session())
        record(
            "settings.changed",
            by=by,
            subject=Subject("settings"),
            before=before,
            after=after,
            cases=cases,
        )
    return bool(after)


OFFICE_FACTS = {
    "name": 200,
    "legal_basis": 500,
    "membership_basis": 500,
    "address": 500,
    "phone": 40,
    "email": 254,
}
"""What may be changed about an office, and how many letters each holds."""
