"""What the policy says of one row in Python it says to the store of all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db
from compliance.policy import ROLES, SYSTEM, TABLE, Actor, in_region, lies_in, may, within_scope
from compliance.reference.provinces import find_province

NTT = find_province("53")
assert NTT is not None
ODD = (
    "",
    "5",
    "53.",
    ".71",
    "53.7",
    "53.71.01",
    "54",
    "54.71",
    "5371",
    "53%",
    "5_",
    "%",
    "_",
    "53._1",
    "53.%",
)


def codes() -> list[str]:
    """The codes there are, some that look like them, and whatever else is made of the same characters."""
    chance = Random(53)
    strange = ["".join(chance.choices("5371.%_\\", k=chance.randint(1, 6))) for _ in range(200)]
    return sorted({NTT.code, *(region.code for region in NTT.regencies), *ODD, *strange})


def store_rows(*columns: tuple[str, Any], rows: Sequence[tuple[Any, ...]]) -> sa.CTE:
    """These rows, as a statement can read them."""
    named = [sa.column(name, kind) for name, kind in (("id", sa.Integer), *columns)]
    return sa.values(*named, name="rows").data(rows).cte("rows")


def rows_in(table: sa.CTE, condition: sa.ColumnElement[bool]) -> set[int]:
    return set(db.session.scalars(sa.select(table.c.id).where(condition)))


def test_a_region_holds_the_same_places_in_python_and_in_the_store(app: Flask) -> None:
    every = codes()
    table = store_rows(("code", sa.String), rows=[(at, code) for at, code in enumerate(every)])
    for region in (None, *every):
        inside = {at for at, code in enumerate(every) if lies_in(code, region)}
        assert rows_in(table, in_region(table.c.code, region)) == inside, region


def test_a_province_holds_its_regencies_and_a_regency_only_itself() -> None:
    assert all(lies_in(region.code, NTT.code) for region in (NTT.region, *NTT.regencies))
    assert [region.code for region in NTT.regencies if lies_in(region.code, "53.71")] == ["53.71"]
    assert not lies_in("53", "53.71") and not lies_in("53.71", None) and not lies_in(None, "53")


@dataclass(frozen=True)
class Somebody:
    actor_id: int | None
    role: str
    region_code: str | None
    actor_name: str = "Contoh"


@dataclass(frozen=True)
class Something:
    owner_id: int | None
    region_code: str | None


@pytest.mark.parametrize("action", TABLE)
def test_who_may_with_one_row_may_with_the_same_of_all_rows(app: Flask, action: str) -> None:
    things = [
        Something(owner, code)
        for owner in (None, 1, 2)
        for code in (None, "53", "53.71", "53.08", "54.71")
    ]
    table = store_rows(
        ("owner_id", sa.Integer),
        ("code", sa.String),
        rows=[
            (at, thing.owner_id or 0, thing.region_code or "") for at, thing in enumerate(things)
        ],
    )
    actors: list[Actor] = [SYSTEM]
    actors += [
        Somebody(actor, role, region)
        for actor in (None, 1)
        for role in (*ROLES, "nobody")
        for region in (None, "", "53", "53.71")
    ]
    for by in actors:
        allowed = within_scope(by, action, own=table.c.owner_id == by.actor_id, region=table.c.code)
        assert rows_in(table, allowed) == {
            at for at, thing in enumerate(things) if may(by, action, thing)
        }, by
