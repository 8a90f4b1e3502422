"""Storing what a run of an import decided, in at most five statements for a whole chunk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import cast

import sqlalchemy as sa

from compliance.companies.commands import MANY, CompanyFacts
from compliance.companies.identity import NUMBERS
from compliance.companies.models import Company, CompanyName, CompanyNumber
from compliance.companies.search.words import learn_words
from compliance.core import clock
from compliance.core.db import db
from compliance.imports.deciding.outcomes import Known
from compliance.policy import system_only

COMPANIES = cast(sa.Table, Company.__table__)
NAMES = cast(sa.Table, CompanyName.__table__)
FURTHER = cast(sa.Table, CompanyNumber.__table__)
FILLED = tuple(each.name for each in fields(CompanyFacts) if each.name not in ("name", "region_code", *MANY))
"""What a row may add to a known company."""
ADDED = (*FILLED, "npwp_core", "kbli_version")
STORED = ("name", "name_key", "region_code", *ADDED)
_IDENTITY = ("name_key", "region_code", *NUMBERS)  # no two new companies of one run share all of these
_FILL = (
    sa.update(COMPANIES)
    .where(COMPANIES.c.id == sa.bindparam("known_id"))
    .values(
        {
            each: sa.func.coalesce(
                COMPANIES.c[each], sa.bindparam(f"new_{each}", type_=COMPANIES.c[each].type)
            )
            for each in ADDED
        }
        | {"version": COMPANIES.c.version + 1}
    )
)


@system_only
def write(touched: Collection[Known]) -> tuple[list[int], list[int]]:
    """Store what is new of `touched`. Answers the ids of new and of updated companies."""
    new = {tuple(each.columns[name] for name in _IDENTITY): each for each in touched if each.id is None}
    updated = [each for each in touched if each.id is not None]
    if new:
        stored = sa.insert(COMPANIES).returning(*(COMPANIES.c[name] for name in ("id", *_IDENTITY)))
        for row in db.session.execute(stored, [each.columns for each in new.values()]):
            new[tuple(row[1:])].id = row.id
    if updated:
        db.session.execute(
            _FILL,
            [
                {"known_id": each.id, **{f"new_{name}": each.filled.get(name) for name in ADDED}}
                for each in updated
            ],
        )
    names = [(each, "current", each.columns["name"], each.columns["name_key"]) for each in new.values()]
    names += [(each, "alias", *alias) for each in touched for alias in each.aliases.items()]
    if names:
        rows = [
            {"company_id": each.id, "kind": kind, "name": name, "key": key} for each, kind, name, key in names
        ]
        db.session.execute(sa.insert(NAMES), rows)
        learn_words(key for *_, key in names)
    further = [
        {"company_id": each.id, "kind": "npwp", "number": number, "core": core, "since": clock.now()}
        for each in touched
        for number, core in each.npwps.items()
    ]
    if further:
        db.session.execute(sa.insert(FURTHER), further)
    return [cast(int, each.id) for each in new.values()], [cast(int, each.id) for each in updated]
