"""The licensing officer's tasks, counted in taps and keys against their budgets, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from compliance.cases.jobs import sweep_due_rechecks
from compliance.core.db import db
from compliance.licensing.codes import shown_code
from tests.factories import a_case, a_company
from tests.journeys.hands import Hands
from tests.licensing.desk import NIB, a_held_company, checks

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
Person = Callable[..., Page]
NEXT_NIB = "1230007654321"  # begins with the digits of three decisions


def see(page: Page, word: str) -> None:
    """The verdict is there, and the box is empty and ready for the next applicant."""
    expect(page.locator(".verdict .word")).to_contain_text(word)
    box_is_ready(page)


def box_is_ready(page: Page) -> None:
    expect(page.locator("#asked")).to_be_focused()
    expect(page.locator("#asked")).to_have_value("")


def at_the_counter(person: Person) -> Page:
    """lia, whose browser shows the counter and waits for the first key."""
    page = person("lia")
    box_is_ready(page)
    return page


def decided() -> list[str | None]:
    found = [each.decision for each in checks()]
    db.session.rollback()  # who looks must not keep the browser waiting
    return found


def test_one_applicant_takes_14_keys_the_decision_one_more_and_the_next_14_again(
    person: Person, at
) -> None:
    a_held_company(at)
    a_company("PT Contoh Jernih", nib=NEXT_NIB)
    page = at_the_counter(person)
    hands = Hands(page)
    hands.type(NIB)
    hands.press("Enter")
    see(page, "MERAH")
    hands.spent(taps=0, keys=14)

    hands.press("Alt+1")
    expect(page.locator("main")).to_contain_text("Keputusan dicatat. Ditunda, menunggu bukti.")
    box_is_ready(page)
    hands.spent(taps=0, keys=1)

    hands.type(NEXT_NIB)
    hands.press("Enter")
    see(page, "HIJAU")
    hands.spent(taps=0, keys=14)

    hands.type(NEXT_NIB)  # without deciding first
    hands.press("Enter")
    expect(page).to_have_url(re.compile("000003$"))
    see(page, "HIJAU")
    assert decided() == ["postponed", None, None], "the digits of the next number decide nothing"


def test_a_decision_that_needs_a_reason_leads_to_the_reason(person: Person, at) -> None:
    a_held_company(at)
    page = at_the_counter(person)
    hands = Hands(page)
    hands.type(NIB)
    hands.press("Enter")
    see(page, "MERAH")
    hands.press("Alt+3")
    expect(page.locator("#note")).to_be_focused()
    assert decided() == [None]
    hands.type("Perwali contoh 12/2025 pasal 7")
    hands.press("Alt+3")
    expect(page.locator("main")).to_contain_text(
        "Keputusan dicatat. Ditolak dengan alasan tertulis."
    )
    assert decided() == ["refused"]


def test_esc_clears_the_box_an_empty_one_asks_nothing_and_shortcuts_can_be_off(
    person: Person,
) -> None:
    a_company("PT Contoh Jernih", nib=NIB)
    page = at_the_counter(person)
    hands = Hands(page)
    hands.type(NIB)
    hands.press("Enter")
    see(page, "HIJAU")
    hands.press("Enter")
    see(page, "HIJAU")
    hands.type("salah")
    hands.press("Escape")
    box_is_ready(page)
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    hands.press("Alt+1")
    box_is_ready(page)
    assert decided() == [None]


def test_a_hand_that_types_before_the_script_has_come_loses_no_letter(person: Person) -> None:
    a_company("PT Contoh Jernih", nib=NIB)
    page = at_the_counter(person)
    held: list[Route] = []
    page.route("**/check.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    box_is_ready(page)
    page.keyboard.type(NIB[:6])
    held[0].continue_()
    page.wait_for_load_state("load")
    page.keyboard.type(NIB[6:])
    page.keyboard.press("Enter")
    see(page, "HIJAU")


def test_a_name_with_three_matches_takes_9_keys(person: Person) -> None:
    for name in ("PT Contoh Bahari Timur", "CV Contoh Bahari", "UD Contoh Bahari Sejahtera"):
        a_company(name)
    page = at_the_counter(person)
    hands = Hands(page)
    hands.type("bahari")
    hands.press("Enter")
    expect(page.locator("h1")).to_have_text("Pilih salah satu")
    box_is_ready(page)
    third = page.locator("button.title").nth(2).inner_text()
    hands.type("3")
    hands.press("Enter")
    see(page, "HIJAU")
    expect(page.locator(".verdict")).to_contain_text(third)
    hands.spent(taps=0, keys=9)


def test_a_flag_is_answered_in_four_taps(person: Person, at) -> None:
    a_case(company=a_company("PT Contoh Bahari"))
    at("2027-03-02 08:00")
    sweep_due_rechecks()
    page = person("lia")
    hands = Hands(page)
    expect(page.locator("nav .count")).to_have_text("1 belum dijawab kantor Anda")
    hands.tap(page.get_by_role("link", name="Catatan 1 belum dijawab kantor Anda"))
    hands.tap(page.get_by_role("link", name="PT Contoh Bahari"))
    hands.tap(page.get_by_label("Sudah dibaca, dipakai dalam keputusan"))
    hands.tap(page.get_by_role("button", name="Simpan jawaban"))
    expect(page.locator("main")).to_contain_text("Jawaban kantor Anda dicatat.")
    expect(page.locator("nav .count")).to_have_count(0)
    hands.spent(taps=4)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_receipt_fills_no_more_than_half_a_sheet(person: Person, at, language: str) -> None:
    a_held_company(at)
    page = person("lia", language=language)
    page.goto("/check")
    box_is_ready(page)
    page.keyboard.type(NIB)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_visible()
    page.get_by_role(
        "link", name="Cetak bukti" if language == "id" else "Print the receipt"
    ).click()
    page.emulate_media(media="print")
    page.set_viewport_size(
        {"width": 718, "height": 1000}
    )  # A4 between margins of 10 mm, at 96 px an inch
    slip, word = page.locator(".slip").bounding_box(), page.locator(".slip .word")
    assert slip is not None
    assert slip["y"] + slip["height"] < 138 / 25.4 * 96, "half of A4 less the margin is 138 mm"
    assert word.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    colours = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    assert word.evaluate(colours)[0] == "rgb(0, 0, 0)"


def test_the_square_on_the_receipt_is_large_enough_and_leads_where_strangers_may_go(
    person: Person, at
) -> None:
    a_held_company(at)
    page = at_the_counter(person)
    page.keyboard.type(NIB)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_visible()
    receipt, code = page.url, shown_code(checks()[0].code)
    db.session.rollback()
    page.goto(f"{receipt}/print")
    expect(page.locator(".slip")).to_contain_text(code)
    box = page.locator("svg.qr").bounding_box()
    assert box is not None
    assert 80 <= box["width"] <= 160
    page.context.clear_cookies()
    page.goto(f"/verify/{code}")
    expect(page.locator("h1")).to_have_text("Bukti ini asli")
