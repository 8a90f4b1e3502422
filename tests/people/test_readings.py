"""Who opened what is confidential: noted after the answer, shown to the head, forgotten by rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compliance.core.db import db
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.people.jobs import purge_sign_ins
from compliance.people.readings.models import ReadingRecord
from tests.browser import Browser, Page
from tests.factories import a_case, user

Open = Callable[..., Browser]


@pytest.fixture
def number(app: Flask) -> str:
    """A case whose letter is set."""
    case = a_case()
    set_letters()
    assert case.number is not None
    return case.number


def rows_of(page: Page) -> list[str]:
    return [" ".join(row.text_content().split()) for row in page.tree.iterfind(".//tbody/tr")]


def test_the_head_sees_who_opened_the_case_and_its_letter_and_how_often(
    browser: Open, number: str
) -> None:
    letter = db.session.query(Letter).one().id
    ina, lia = browser("ina"), browser("lia")
    for _ in range(3):
        ina.get(f"/cases/{number}")
    ina.get(f"/letters/{letter}.pdf")
    lia.get(f"/cases/{number}")
    page = browser("sari").get(f"/cases/{number}/readings")
    rows = rows_of(page)
    opened = next(row for row in rows if row.startswith("Ina Contoh Kasus dibuka"))
    assert "Halaman Patuh 3 30 November 2026" in opened
    assert any(row.startswith("Ina Contoh Surat dibuka") for row in rows)
    assert any(row.startswith("Lia Misal Kasus dibuka") for row in rows)
    assert len(rows) == 3


@pytest.mark.parametrize("who", ["ina", "tika", "lia", "adi"])
def test_nobody_else_sees_who_read(browser: Open, number: str, who: str) -> None:
    page = browser(who).get(f"/cases/{number}/readings")
    assert page.status in (403, 404)
    assert "Siapa membuka kasus ini" not in browser(who).get(f"/cases/{number}").text


def test_what_was_refused_is_no_reading(browser: Open, number: str) -> None:
    browser("budi").get(f"/cases/{number}")
    assert db.session.query(ReadingRecord).count() == 0


def test_a_list_that_was_saved_stands_on_the_page_of_who_saved_it(browser: Open) -> None:
    browser("tika").get("/cases.csv")
    page = browser("adi").get(f"/admin/users/{user('tika').id}")
    assert "cases.csv" in page.text


def test_old_readings_are_deleted_and_those_of_the_time_that_is_kept_stay(
    browser: Open, number: str, at: Callable[[str], None]
) -> None:
    browser("ina").get(f"/cases/{number}")
    at("2028-11-29 09:00")
    assert purge_sign_ins()["readings"] == 0
    at("2028-12-01 09:00")
    assert purge_sign_ins()["readings"] == 1
