"""Work before chrome: where the first row of a list begins, what stays at hand, what is printed."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from compliance.cases.commands.drafts import start_draft
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.jobs import beat
from tests.factories import user
from tests.journeys.inventory import sit_down
from tests.team.crowd import Row, a_crowd

pytestmark = [pytest.mark.browser, pytest.mark.one_store]
Sit = Callable[..., Page]
LOWEST = 420
DESK, HAND = (1280, 800), (360, 740)
MASTHEADS = {DESK: 56, HAND: 64}
LISTS = {
    "supervisor": (
        "/queue", "/queue?region=53.71&late=8-30&mark=not_escalated", "/cases",
        "/cases?view=all&status=resolved",
        "/companies", "/companies?q=contoh", "/flags", "/flags?state=lifted", "/check/history", "/plan",
        "/companies/duplicates", "/inbox",
    ),
    "inspector": ("/field", "/drafts", "/cases", "/companies", "/plan", "/inbox"),
    "licensing": ("/flags", "/check/history", "/companies", "/inbox"),
    "admin": ("/admin/users", "/admin/offices", "/admin/jobs", "/admin/audit"),
}  # fmt: skip
FIRST_ROW = """() => {
  const rows = "main .list tbody tr, main .timeline > li, main .items > li, main article, main .empty";
  const first = [...document.querySelectorAll(rows)].find((row) => row.checkVisibility());
  return [document.querySelector(".masthead").offsetHeight, first?.getBoundingClientRect().top + scrollY];
}"""


@pytest.mark.xdist_group("province")
@pytest.mark.parametrize("role", LISTS)
def test_the_first_row_of_every_list_begins_within_420_pixels(
    chromium: Browser, demo_address: str, province: Flask, role: str
) -> None:
    with province.app_context(), transaction():
        beat()  # a clock that stands still is told above the list, and should be
    page = sit_down(chromium, demo_address, role)
    low = {}
    for path in LISTS[role]:
        page.goto(path)
        for width, height in (DESK, HAND):
            page.set_viewport_size({"width": width, "height": height})
            masthead, top = page.evaluate(FIRST_ROW)
            if masthead > MASTHEADS[width, height] or not top or top > LOWEST:
                low[path, width] = masthead, top
    page.context.close()
    assert low == {}


@pytest.fixture
def crowd(app: Flask) -> None:
    """30 late cases of Ina's: more than a screen holds."""
    a_crowd(Row(late=10 + each, inspector_id=user("ina").id) for each in range(30))
    with transaction():
        beat()
    db.session.rollback()


@pytest.mark.xdist_group("browser")
@pytest.mark.usefixtures("crowd")
def test_actions_stay_at_the_bottom_while_something_is_ticked(person: Sit) -> None:
    page = person("tika")
    dock = page.locator(".dock")
    expect(dock).to_be_hidden()
    page.locator("[data-rows] input").nth(2).check()
    expect(dock).to_be_in_viewport(ratio=1)
    page.mouse.wheel(0, 200)
    expect(dock).to_be_in_viewport(ratio=1)
    page.locator("[data-rows] input").nth(2).uncheck()
    expect(dock).to_be_hidden()


@pytest.mark.xdist_group("browser")
@pytest.mark.usefixtures("crowd")
def test_close_rows_are_chosen_once_and_hold_20_to_a_screen_but_not_under_a_thumb(
    person: Sit,
) -> None:
    page = person("tika")
    page.click(".hint-line button")
    page.click(".density button")
    seen = (
        "(rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    rows = page.locator("[data-rows] > tr")
    assert rows.evaluate_all(seen) >= 20
    assert max(rows.evaluate_all("(rows) => rows.map((row) => row.offsetHeight)")) <= 32
    targets = "(all) => all.map((each) => each.getBoundingClientRect().height)"
    assert min(page.locator("[data-rows] :is(a, input)").evaluate_all(targets)) >= 24
    page = person("tika")  # on another device
    expect(page.get_by_role("button", name="Baris lega")).to_be_visible()
    hand = person("tika", width=360)
    expect(hand.locator(".density").first).to_be_hidden()
    assert min(hand.locator("[data-rows] > tr").evaluate_all(targets)) >= 44
    assert hand.locator("[data-rows] .pick").first.bounding_box()["width"] >= 44  # type: ignore[index]


@pytest.mark.xdist_group("browser")
@pytest.mark.usefixtures("crowd")
def test_the_search_of_everything_is_one_key_away_and_the_menu_of_a_phone_one_tap(
    person: Sit,
) -> None:
    page = person("tika")
    page.wait_for_load_state("load")
    page.keyboard.press("/")
    page.keyboard.type("contoh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=contoh")
    hand = person("tika", width=360)
    expect(hand.get_by_role("link", name="Kasus", exact=True)).to_be_hidden()
    hand.get_by_role("button", name="Menu").click()
    hand.get_by_role("link", name="Kasus", exact=True).click()
    hand.wait_for_url("**/cases")


@pytest.mark.xdist_group("browser")
@pytest.mark.usefixtures("crowd")
def test_late_rechecks_stand_above_drafts_on_a_phone_and_beside_them_at_a_desk(person: Sit) -> None:
    with transaction():
        start_draft(db.session.query(Company).first(), by=user("ina"), draft_key=str(uuid.uuid4()))
    tops = {}
    for width in (360, 1280):
        page = person("ina", width=width)
        late, drafts = (page.locator(part).bounding_box() for part in ("#late", "#drafts"))
        assert late is not None
        assert drafts is not None
        tops[width] = (late["y"] + late["height"] <= drafts["y"], late["x"] > drafts["x"])
    assert tops == {360: (True, False), 1280: (False, True)}


@pytest.mark.xdist_group("browser")
@pytest.mark.usefixtures("crowd")
def test_paper_holds_a_head_and_the_rows_and_nothing_to_press(person: Sit) -> None:
    page = person("tika")
    page.goto("/queue?region=53.71")
    page.emulate_media(media="print")
    expect(page.locator(".paper-head")).to_contain_text("Dicetak oleh Tika Andai, ")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".applied")).to_contain_text("Kota Kupang")
    expect(page.locator("thead")).to_be_visible()
    shown = "(all) => all.filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 60))"
    assert page.locator(".masthead, button, input, select, .btn, footer").evaluate_all(shown) == []
