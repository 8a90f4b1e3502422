"""The accessibility statement: open to everybody, complete line by line, and honest about what is
not tested.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.core.db import transaction
from compliance.office.commands import change_settings
from compliance.people.accessibility import CRITERIA, METHODS
from tests.browser import Browser
from tests.factories import user

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
LEVEL_A = [
    "1.1.1",
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.3.1",
    "1.3.2",
    "1.3.3",
    "1.4.1",
    "1.4.2",
    "2.1.1",
    "2.1.2",
    "2.1.4",
    "2.2.1",
    "2.2.2",
    "2.3.1",
    "2.4.1",
    "2.4.2",
    "2.4.3",
    "2.4.4",
    "2.5.1",
    "2.5.2",
    "2.5.3",
    "2.5.4",
    "3.1.1",
    "3.2.1",
    "3.2.2",
    "3.2.6",
    "3.3.1",
    "3.3.2",
    "3.3.7",
    "4.1.2",
]
LEVEL_AA = [
    "1.2.4",
    "1.2.5",
    "1.3.4",
    "1.3.5",
    "1.4.3",
    "1.4.4",
    "1.4.5",
    "1.4.10",
    "1.4.11",
    "1.4.12",
    "1.4.13",
    "2.4.5",
    "2.4.6",
    "2.4.7",
    "2.4.11",
    "2.5.7",
    "2.5.8",
    "3.1.2",
    "3.2.3",
    "3.2.4",
    "3.3.3",
    "3.3.4",
    "3.3.8",
    "4.1.3",
]


def test_every_criterion_of_wcag_2_2_a_and_aa_is_answered_once() -> None:
    assert len(LEVEL_A) + len(LEVEL_AA) == 55
    assert sorted(each.number for each in CRITERIA) == sorted(LEVEL_A + LEVEL_AA)
    assert {each.number for each in CRITERIA if each.level == "A"} == set(LEVEL_A)


def test_a_claim_says_what_tests_it_and_nothing_else_is_said_to_be_tested() -> None:
    assert [each.number for each in CRITERIA if each.result == "met" and not each.tested] == []
    assert [each.number for each in CRITERIA if each.result == "none" and each.tested] == []
    assert {method for each in CRITERIA for method in each.tested} == set(METHODS)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("language", "title"), [("id", "Pernyataan aksesibilitas"), ("en", "Accessibility statement")]
)
def test_a_stranger_reads_it_in_both_languages(browser: Open, language: str, title: str) -> None:
    page = browser(language=language).get("/accessibility")
    assert (page.path, page.status, page.soup.h1.get_text()) == ("/accessibility", 200, title)
    rows = page.soup.select("tbody tr")
    assert len(rows) == 55
    for row in rows:
        assert [bool(cell.get_text(strip=True)) for cell in row.select("td")] == [True] * 4, (
            row.get("id")
        )


@pytest.mark.usefixtures("app")
def test_it_names_what_is_missing_what_is_untested_and_whom_to_tell(browser: Open) -> None:
    with transaction():
        change_settings({"office_contact": "0380-123-456"}, by=user("adi"))
    page = browser().get("/accessibility")
    assert "3.1.2 Bahasa bagian : Teks hukum" in page.text
    assert "Pembaca layar sungguhan" in page.text
    assert "Belum sepenuhnya" in page.soup.find(id="c3.1.2").get_text()
    assert "0380-123-456" in page.soup.find(id="feedback").get_text()
    assert "26 November 2026" in page.text
