"""A letter without a number is issued, and never said to be numbered."""

from __future__ import annotations

from typing import Any

from compliance.core.db import transaction
from compliance.office.commands import change_settings
from tests.factories import user
from tests.letters.conftest import FILLED
from tests.licensing.desk import Open


def test_a_kind_that_bears_no_number_is_issued_and_nothing_is_said_of_one(
    browser: Open, api: Any, case_id: int
) -> None:
    ina = api("ina")
    nota = ina.get(f"/cases/{case_id}/letters").json["items"][0]["id"]
    letter = ina.post(f"/cases/{case_id}/letters", kind="receipt", about_letter=nota).json["id"]
    page = browser("ina").submit(f"/letters/{letter}/number")
    assert "Surat terbit tanpa nomor." in page.text
    assert page.soup.select_one(".tag").get_text() == "Terbit"
    number = ina.get(f"/cases/{case_id}").json["number"]
    page = browser("ina").get(f"/cases/{number}")
    [row] = [one for one in page.soup.select("main .mb-2") if "Tanda terima" in one.get_text()]
    assert "Terbit" in row.get_text()
    assert "–" not in row.get_text()
    history = browser("ina").get(f"/cases/{number}/history").text
    assert "Surat terbit: Tanda terima" in history
    assert "nomor menyusul" not in page.text + history


def test_a_letter_whose_number_is_to_come_is_issued_and_says_so(
    browser: Open, api: Any, case_id: int
) -> None:
    with transaction():
        change_settings({"letter_numbering": "by_hand"}, by=user("adi"))
    asked = {"kind": "recheck_notice", **FILLED["recheck_notice"]}
    letter = api("ina").post(f"/cases/{case_id}/letters", **asked).json["id"]
    page = browser("sari").submit(f"/letters/{letter}/number")
    assert page.soup.select_one(".tag").get_text() == "Terbit"
    page = browser("sari").submit(f"/letters/{letter}/record-number", number="094/7/2026")
    assert page.soup.select_one(".tag").get_text() == "Bernomor"
