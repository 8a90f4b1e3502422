"""The whole road as people walk it: a nota on a phone, the day it falls due, the counter, the
queue, the end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from compliance.cases.jobs import sweep_due_rechecks
from tests.factories import a_company

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WORDS = {
    "id": {
        "next": "Lanjut", "issue": "Terbitkan nota", "save": "Simpan hasil",
        "due": "28 Februari 2027", "effective": "1 Maret 2027",
        "caution": "KUNING – NOTA TERBUKA", "late": "KUNING – LEWAT WAKTU", "hold": "MERAH – ADA CATATAN",
        "clear": "HIJAU – TIDAK ADA CATATAN", "failed": "Belum patuh", "complied": "Patuh",
    },
    "en": {
        "next": "Continue", "issue": "Issue the nota", "save": "Save the result",
        "due": "28 February 2027", "effective": "1 March 2027",
        "caution": "YELLOW – OPEN NOTA", "late": "YELLOW – RECHECK OVERDUE",
        "hold": "RED – RECORD EXISTS",
        "clear": "GREEN – NO RECORD", "failed": "Not compliant", "complied": "Compliant",
    },
}  # fmt: skip
NIB = "9120000000017"


def issue(page: Page, words: dict[str, str]) -> str:
    """Make a nota, one thing per page; answers the address of its case."""
    page.goto("/notas/new")
    page.fill("#q", NIB)
    page.keyboard.press("Enter")
    page.check("input[name=company]")
    page.click(f"main button:has-text('{words['next']}')")
    page.click(f"main button:has-text('{words['next']}')")  # the place is known
    page.fill("#workers_total", "40")
    page.fill("#workers_registered", "28")
    page.click(f"main button:has-text('{words['next']}')")
    page.check("#findings-JS-02")
    page.click(f"main button:has-text('{words['next']}')")
    page.click(f"main button:has-text('{words['next']}')")  # dates are today's
    page.click(f"main button:has-text('{words['issue']}')")
    expect(page.locator("main")).to_contain_text(words["due"])
    expect(page.locator("main")).to_contain_text(words["effective"])
    return str(page.locator("main a[href^='/cases/']").first.get_attribute("href"))


def asked(page: Page) -> str:
    """The verdict word that the counter gets for the company's NIB: 0 clicks, 14 keys."""
    page.goto("/check")
    expect(page.locator("#asked")).to_be_focused()
    page.keyboard.type(NIB)
    page.keyboard.press("Enter")
    word = page.locator(".verdict .word")
    expect(word).to_be_visible()
    return " ".join(word.inner_text().split())


def visited(page: Page, case: str, outcome: str, registered: str, words: dict[str, str]) -> None:
    page.goto(f"{case}/recheck")
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.fill("#workers_registered", registered)
    if outcome == words["complied"]:
        page.check("input[name=fixed]")
        page.fill("#proof", "Sertifikat 12, iuran Februari 2029")
        page.click(f"main button:has-text('{words['save']}')")
        expect(page.locator("#problems")).to_be_visible()
    page.click(f"main button:has-text('{words['save']}')")
    page.wait_for_url(f"**{case}")


def test_the_road_is_walked_from_the_nota_to_compliance_years_later(
    person: Callable[..., Page], at, store
) -> None:
    language = {"sqlite": "id", "postgresql": "en"}[store.name]
    a_company("PT Contoh Bahari Timur", nib=NIB, scale="medium")
    words = WORDS[language]
    case = issue(person("ina", width=360, language=language), words)
    assert words["caution"] in asked(person("lia", language=language))

    at("2027-02-28 23:00")
    assert sweep_due_rechecks()["due"] == 0
    at("2027-03-01 00:01")
    assert sweep_due_rechecks()["due"] == 1
    tika = person("tika", language=language)
    tika.goto("/queue")
    expect(tika.locator("main")).not_to_contain_text("PT Contoh Bahari Timur")

    at("2027-03-02 08:00")
    assert sweep_due_rechecks()["missed"] == 1
    tika = person("tika", language=language)
    tika.goto("/queue")
    expect(tika.locator("main")).to_contain_text("PT Contoh Bahari Timur")
    assert words["late"] in asked(person("lia", language=language))

    ina = person("ina", width=360, language=language)
    visited(ina, case, words["failed"], "30", words)
    assert words["hold"] in asked(person("lia", language=language))

    at("2029-03-05 08:00")
    assert words["hold"] in asked(person("lia", language=language))
    visited(person("ina", width=360, language=language), case, words["complied"], "40", words)
    assert words["clear"] in asked(person("lia", language=language))
