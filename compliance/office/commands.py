"""The verbs on offices and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compliance.core import clock
from compliance.core.db import db, hold_table
from compliance.core.errors import Invalid
from compliance.core.events import Subject, expect_nothing_since, record
from compliance.core.parsing import clean_email, clean_lines, too_long
from compliance.core.stamp import forget_stamp, replace_stamp
from compliance.core.text import say
from compliance.office.models import Office, Setting
from compliance.office.settings import changed_settings
from compliance.policy import Actor, command


@command("office.manage", about=None)
def change_office(office: Office, *, by: Actor, **facts: Any) -> None:
    """Change what is known of an office: name, legal_basis, address, phone, email."""
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
        record(
            "office.changed",
            by=by,
            subject=Subject("office", office.code),
            name=office.name,
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


OFFICE_FACTS = {"name": 200, "legal_basis": 500, "address": 500, "phone": 40, "email": 254}
"""What may be changed about an office, and how many letters each holds."""
