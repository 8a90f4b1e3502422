"""The compliance team's tasks within their budgets, by mouse and by keyboard alone; shortcuts that
stay out of fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db
from tests.factories import a_case, a_company, user
from tests.journeys.hands import Hands
from tests.team.crowd import Row, a_crowd
from tests.team.team import case_of

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
Sit = Callable[..., Page]


@pytest.fixture
def crowd(app: object) -> list[int]:
    """25 late cases of Ina's, and three of Budi's that are later."""
    ina, budi = user("ina").id, user("budi").id
    a_crowd(
        (Row(late=100 + each, inspector_id=budi, level="warning") for each in range(3)),
        first_id=20_000,
    )
    return a_crowd(Row(late=10 + each, inspector_id=ina) for each in range(25))


def came_to(page: Page, address: str) -> None:
    """Wait until the browser has gone there and the keys are ready."""
    expect(page).to_have_url(re.compile(address))
    page.evaluate(
        "new Promise((done) => (document.readyState === 'complete' ? done() :"
        " addEventListener('load', done)))"
    )


def at_the_queue(page: Page) -> Page:
    """Where both roles land, with the keys ready."""
    came_to(page, "/queue$")
    return page


def holders(ids: list[int]) -> set[str]:
    found = {case_of(id).inspector.name for id in ids}
    db.session.rollback()  # a reader in this thread would keep the server from writing
    return found


def test_25_cases_of_one_inspector_are_reassigned_in_7_clicks_and_taken_back_in_one(
    person: Sit, crowd: list[int]
) -> None:
    page = at_the_queue(person("tika"))
    hands = Hands(page)
    hands.tap("main a:has-text('Beban per pengawas')")
    hands.tap("#load a:has-text('Ina Contoh')")
    hands.tap("#this-page")
    hands.tap(".dock button:has-text('Alihkan')")
    expect(page.locator("h1")).to_have_text("Alihkan 25 kasus")
    hands.tap(page.get_by_label("Budi Misal"))
    hands.tap("#reason")
    hands.type("Cuti")
    hands.tap("main button.btn-go")
    expect(page.locator("main > .notice")).to_contain_text("25 kasus dialihkan ke Budi Misal.")
    hands.spent(taps=7, keys=len("Cuti"))
    assert holders(crowd) == {"Budi Misal"}
    hands.tap("main > .notice button")
    expect(page.locator("main > .notice")).to_contain_text("25 kasus kembali ke Ina Contoh.")
    hands.spent(taps=1)
    assert holders(crowd) == {"Ina Contoh"}


def test_the_same_by_keyboard_alone(person: Sit, crowd: list[int]) -> None:
    page = at_the_queue(person("tika"))
    hands = Hands(page)
    for key in (
        "f",
        "Tab",
        "Tab",
        "I",
        "Tab",
        "Tab",
        "Enter",
    ):  # the filter by inspector
        hands.press(key)
    came_to(page, "inspector=")
    hands.press("X")
    expect(page.locator("[data-ticked]")).to_have_text("25 dipilih")
    hands.press("a")
    came_to(page, "/queue/confirm")
    expect(page.locator("h1")).to_have_text("Alihkan 25 kasus")
    hands.press("j")
    hands.press("b")
    expect(page.get_by_label("Budi Misal")).to_be_checked()
    hands.press("Tab")
    hands.type("Cuti")
    hands.press("Tab")
    hands.press("Enter")
    expect(page.locator("main > .notice")).to_contain_text("25 kasus dialihkan ke Budi Misal.")
    hands.spent(taps=0, keys=7 + len(["X", "a", "j", "b", "Tab", "Tab", "Enter"]) + len("Cuti"))
    assert holders(crowd) == {"Budi Misal"}


def test_a_case_is_reviewed_and_the_next_one_opens_in_3_keys(person: Sit, crowd: list[int]) -> None:
    page = at_the_queue(person("tika"))
    hands = Hands(page)
    hands.press("Enter")
    came_to(page, "/queue/review")
    expect(page.locator("main")).to_contain_text("1 dari 28")
    hands.press("r")
    expect(page.get_by_label("Ingatkan pengawas")).to_be_checked()
    expect(page.locator("#save")).to_be_focused()
    hands.press("Enter")
    expect(page.locator("main > .notice")).to_contain_text("Budi Misal diingatkan untuk 1 kasus.")
    came_to(page, "after=")
    expect(page.locator("main")).to_contain_text("2 dari 28")
    hands.spent(taps=0, keys=3)
    hands.press("a")
    expect(page.locator("#reassign-to")).to_be_focused()
    hands.press("I")
    hands.press("Tab")
    hands.type("Cuti")
    hands.press("Tab")
    hands.press("Enter")
    expect(page.locator("main > .notice")).to_contain_text("dialihkan ke Ina Contoh")
    expect(page.locator("main")).to_contain_text("3 dari 28")
    came_to(page, "20001$")
    hands.spent(taps=0, keys=5 + len("Cuti"))
    hands.press("j")
    expect(page.locator("main")).to_contain_text("4 dari 28")


def test_a_failed_recheck_reaches_licensing_without_the_team(
    person: Sit, at: Callable[[str], None]
) -> None:
    number = a_case(company=a_company("PT Contoh Bahari", nib="new")).number
    at("2027-03-02 08:00")
    sweep_due_rechecks()
    ina = person("ina", width=360)
    ina.goto(f"/cases/{number}/recheck")
    expect(ina.locator("main")).to_contain_text(
        re.compile("catatan perizinan dikirim ke .*DPMPTSP Kota Kupang")
    )
    ina.get_by_role("radio", name="Belum patuh", exact=True).check()
    ina.click("main button.btn-go")
    ina.wait_for_url(f"**/cases/{number}")
    lia = person("lia")
    lia.goto("/flags")
    expect(lia.locator("main table")).to_contain_text("PT Contoh Bahari")
    expect(lia.locator("main table")).to_contain_text("Catatan hasil cek ulang")
    db.session.rollback()
    assert db.session.query(Case).one().status == "unresolved"


def test_rows_are_walked_ticked_and_opened_by_key(person: Sit, crowd: list[int]) -> None:
    page = at_the_queue(person("tika"))
    keys = page.keyboard
    row = page.locator("[data-rows] > tr")
    for pressed, at_row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        keys.press(pressed)
        expect(row.nth(at_row).locator("a.title")).to_be_focused()
    keys.press("x")
    expect(row.nth(1).locator("input")).to_be_checked()
    expect(page.locator("[data-ticked]")).to_have_text("1 dipilih")
    expect(row.nth(1).locator("a.title")).to_be_focused()
    assert page.locator("[data-key=a]").first.get_attribute("aria-keyshortcuts") == "a"
    keys.press("o")
    came_to(page, "/queue/review")
    expect(page.locator("h1")).to_have_text("PT Contoh Usaha 20001")
    page.go_back()
    came_to(page, "/queue$")
    for _ in range(25):
        keys.press("k")
    keys.press("r")  # nothing ticked: the row that has the focus is meant
    came_to(page, "/queue/confirm")


def test_every_list_answers_the_same_keys(person: Sit, crowd: list[int]) -> None:
    page = at_the_queue(person("tika"))
    keys = page.keyboard
    for letter, path in (("c", "/cases"), ("f", "/flags"), ("p", "/companies"), ("q", "/queue")):
        keys.press("g")
        keys.press(letter)
        came_to(page, f"{path}$")
        keys.press("j")
        keys.press("j")
        expect(page.locator("[data-rows] > tr").nth(1).locator("a").first).to_be_focused()
        if path != "/flags":
            keys.press("s")
            expect(page.locator("#q")).to_be_focused()
            keys.press("Tab")  # on to the button, outside the field
        keys.press("/")
        expect(page.locator("#anything")).to_be_focused()
        keys.press("Tab")
    page.goto("/companies", wait_until="load")
    name = page.locator("[data-rows] a").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


def test_the_sheet_opens_over_the_page_and_gives_the_focus_back(
    person: Sit, crowd: list[int]
) -> None:
    page = at_the_queue(person("tika", width=360, language="en"))
    page.keyboard.press("j")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("next row")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator("[data-rows] a").first).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()


def test_no_key_acts_inside_a_field_or_with_a_modifier(person: Sit, crowd: list[int]) -> None:
    page = at_the_queue(person("tika"))
    typed = "jkxXoarpe/?gqgc"
    page.focus("#q")
    page.keyboard.type(typed)
    assert page.input_value("#q") == typed
    page.click(".sieve summary")
    page.focus("#inspector")
    page.keyboard.type("xr")
    page.focus("[data-rows] input >> nth=0")
    page.keyboard.type("xar")
    page.evaluate("document.activeElement.blur()")
    for modifier in ("Control", "Alt", "Meta"):
        page.keyboard.press(f"{modifier}+r" if modifier == "Meta" else f"{modifier}+x")
    expect(page).to_have_url(re.compile("/queue$"))
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-rows] input:checked")).to_have_count(0)
    page.goto("/queue/review")
    page.get_by_label("Eskalasi ke kepala pengawas").check()
    page.focus("#escalate-reason")
    page.keyboard.type(typed)
    assert page.input_value("#escalate-reason") == typed
    expect(page.get_by_label("Eskalasi ke kepala pengawas")).to_be_checked()


def test_switched_off_no_key_does_anything(person: Sit, crowd: list[int]) -> None:
    page = at_the_queue(person("tika"))
    page.goto("/account")
    page.get_by_label("Pintasan papan ketik").uncheck()
    page.click("main button.btn-go")
    expect(page.locator("main > .notice")).to_contain_text("Pilihan Anda disimpan.")
    page.goto("/queue")
    page.keyboard.type("jxXoare/?gc")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/queue$"))
    assert page.evaluate("document.activeElement === document.body")
    expect(page.locator("[data-rows] input:checked, dialog")).to_have_count(0)
    page.goto("/account")
    page.get_by_label("Pintasan papan ketik").check()
    page.click("main button.btn-go")
    page.goto("/queue")
    page.keyboard.press("j")
    expect(page.locator("[data-rows] a").first).to_be_focused()
