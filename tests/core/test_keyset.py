"""Cursors come back as they were written, and nothing else comes back at all."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.keyset import (
    LARGEST_ID,
    LARGEST_LONG_ID,
    Keyset,
    is_id,
    read_cursor,
    read_digits,
    read_id,
    write_cursor,
)
from tests.factories import a_company

NAME, DAY, ID, LONG_ID = sa.String(), sa.Date(), sa.Integer(), sa.BigInteger()
pytestmark = pytest.mark.one_store


@given(
    st.text().filter(str.isprintable),
    st.dates(),
    st.integers(0, LARGEST_ID),
    st.integers(0, LARGEST_LONG_ID),
)
def test_values_come_back_as_they_were_written(name: str, day: date, id: int, long_id: int) -> None:
    cursor = write_cursor(name, day, id, long_id)
    assert read_cursor(cursor, NAME, DAY, ID, LONG_ID) == (name, day, id, long_id)


@pytest.mark.parametrize(
    "cursor",
    [None, "", "x", ".", "a.b.1", "pt contoh.-1", "pt contoh.²", "pt contoh.1_0", "pt contoh. 1",
        "pt\n.1", "pt%00.1",
     f"pt contoh.{LARGEST_ID + 1}", "pt contoh." + "9" * 5000],
)  # fmt: skip
def test_what_no_list_wrote_is_no_cursor(cursor: str | None) -> None:
    assert read_cursor(cursor, NAME, ID) is None


def test_days_that_are_none_are_no_cursor() -> None:
    assert read_cursor("2027-02-30.1", DAY, ID) is None
    assert read_cursor("2027-02-28.1", DAY, ID) == (date(2027, 2, 28), 1)


def test_ids_and_digits_are_read_from_plain_digits_only() -> None:
    assert [
        read_id(typed)
        for typed in ("1", "0", "", None, "-1", "1.0", "٣", str(LARGEST_ID), str(LARGEST_ID + 1))
    ] == [
        1,
        None,
        None,
        None,
        None,
        None,
        None,
        LARGEST_ID,
        None,
    ]
    assert [read_digits(typed, most=99) for typed in ("0", "99", "100", "007", "+1")] == [
        0,
        99,
        None,
        None,
        None,
    ]
    assert [is_id(number) for number in (-1, 0, 1, LARGEST_ID, LARGEST_ID + 1)] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_list_by_a_column_that_no_cursor_can_hold_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        read_cursor("15", sa.Float())


@pytest.mark.parametrize("falling", [False, True])
def test_a_list_is_walked_page_by_page_without_loss(app: Flask, falling: bool) -> None:
    for number in range(7):
        a_company(name=f"PT Contoh {number % 3}")
    order = Keyset(Company.name_key, Company.id, falling=falling)
    seen: list[Company] = []
    while page := db.session.scalars(
        order.paged(sa.select(Company), order.cursor(seen[-1]) if seen else None).limit(2)
    ).all():
        seen += page
    places = [(company.name_key, company.id) for company in seen]
    assert len(places) == 7 and places == sorted(places, reverse=falling)
    here = order.values(seen[3])
    following = sa.select(Company).where(order.beyond(here, inclusive=True)).order_by(*order.order)
    assert list(db.session.scalars(following)) == seen[3:]


def test_the_row_of_a_list_may_hold_its_values_elsewhere() -> None:
    row = SimpleNamespace(company=SimpleNamespace(id=5))
    order = Keyset(Company.id, row=["company.id"])
    assert order.cursor(row) == "5" and order.read("5") == (5,)
