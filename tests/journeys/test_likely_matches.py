"""Search first, add second: known companies appear while somebody types, with a script and without,
on a phone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import a_company
from tests.journeys.test_everybody_can_use_it import faults
from tests.merges.twins import twins

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
Person = Callable[..., Page]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_known_company_appears_while_its_name_is_typed_and_moves_no_focus(
    person: Person, language: str
) -> None:
    a_company("PT Contoh Bahari", nib="9120000000011")
    page = person("ina", width=360, language=language)
    page.goto("/companies/new")
    page.locator("#name").press_sequentially("Contho Bahari")
    card = page.locator("[data-alike] li")
    expect(card).to_contain_text("PT Contoh Bahari")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("[data-alike] [role=status]").first).to_contain_text("1 ")
    assert faults(page) == []
    page.select_option("#region_code", "53.71")
    expect(card).to_contain_text(
        "kabupaten/kota sama" if language == "id" else "same regency or city"
    )
    page.fill("#name", "Misal Lain Sekali")
    expect(card).to_have_count(0)
    expect(page.locator("[data-alike]").first).to_be_hidden()


def test_a_number_brings_its_company_whatever_the_name(person: Person) -> None:
    a_company("PT Contoh Bahari", npwp="01.234.567.4-901.000")
    page = person("ina", width=360)
    page.goto("/companies/new")
    page.fill("#name", "Lain Sekali")
    page.locator("#npwp").press_sequentially("01.234.567.4-922.000")
    expect(page.locator("[data-alike] li")).to_contain_text("pokok NPWP sama")
    expect(page.locator("#npwp")).to_be_focused()


def test_a_company_is_chosen_for_a_nota_while_its_name_is_typed(person: Person) -> None:
    a_company("PT Contoh Bahari")
    page = person("ina", width=360)
    page.goto("/notas/new")
    page.locator("#q").press_sequentially("contho bahari")
    expect(page.locator("[data-alike] li")).to_contain_text("PT Contoh Bahari")
    assert faults(page) == []
    page.click("[data-alike] a")
    expect(page.locator("input[name=company]")).to_be_checked()
    page.click("main form[method=post] button")
    page.wait_for_url("**/place")


def test_without_a_script_the_form_asks_before_it_registers_a_second_one(
    chromium, address: str, app
) -> None:
    a_company("PT Contoh Bahari")
    context = chromium.new_context(
        base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto("/login?next=/companies/new")
    page.fill("#email", "ina@contoh.example")
    page.fill("#password", "kata sandi contoh")
    page.click("main button")
    page.fill("#name", "PT Contho Bahari")
    page.select_option("#region_code", "53.71")
    page.click("main form[method=post] .acts button")
    expect(page.locator("h1")).to_have_text("Mungkin sudah ada di Patuh")
    expect(page.locator("main")).to_contain_text("nama 91% mirip, kabupaten/kota sama")
    context.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_of_two_records_can_be_used_by_everybody(person: Person, language: str) -> None:
    from compliance.merges.jobs import find_duplicates

    kept, gone = twins()
    find_duplicates()
    page = person("tika", width=360, language=language)
    for path in (
        "/companies/duplicates",
        f"/companies/{kept}/merge",
        f"/companies/{kept}/merge/{gone}",
    ):
        page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            assert faults(page) == [], (path, scheme)
    page.click("main form[method=get] button")
    assert faults(page) == []
    page.click("main form[method=post] button.btn-go")
    page.wait_for_url(f"**/companies/{kept}")
    assert faults(page) == []
    page.click("main a[href*='/merges/']")
    assert faults(page) == []
    page.click("main form[method=post] button.btn-danger")
    page.wait_for_url(f"**/companies/{gone}")
