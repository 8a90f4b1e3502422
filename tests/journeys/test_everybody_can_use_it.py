"""axe on every page for every role, in both languages, light and dark, on a phone, a tablet and a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from compliance import demo
from tests.browser import Browser as PlainBrowser
from tests.journeys.inventory import MISSING, ROLES, STRANGER, pages, sit_down, speak
from tests.queries import queries

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTHS, SCHEMES, LANGUAGES = (1280, 768, 320), ("light", "dark"), ("id", "en")
PAIRS = {("id", 1280, "light"), ("id", 768, "dark"), ("id", 320, "light"),
         ("en", 1280, "dark"), ("en", 768, "light"), ("en", 320, "dark")}  # fmt: skip
"""Every language, width and theme, and every pair of two of them, in half the cells. `--every-cell` looks at all twelve."""


def cells(language: str, *, every: bool) -> list[tuple[int, str]]:
    """The windows in which the pages are looked at in `language`: (width, theme)."""
    return [
        (width, scheme)
        for width in WIDTHS
        for scheme in SCHEMES
        if every or (language, width, scheme) in PAIRS
    ]


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands, and whether it scrolls sideways."""
    found = []
    for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            where = [node["target"] for node in violation["nodes"][:3]]
            found.append(f"{violation['id']} {where} {violation['nodes'][0].get('failureSummary', '')[:150]}")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_serious_on_any_page(
    chromium: Browser,
    demo_address: str,
    province: Flask,
    pytestconfig: pytest.Config,
    role: str,
    language: str,
) -> None:
    page = sit_down(chromium, demo_address, role)
    speak(page, language)
    found = {}
    for path in pages(province, role):
        response = page.goto(path)
        assert response is not None
        assert response.status == (404 if path == MISSING and role != STRANGER else 200), path
        assert page.locator("html").get_attribute("lang") == language
        for width, scheme in cells(language, every=pytestconfig.getoption("--every-cell")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if seen := faults(page):
                found[path, width, scheme] = seen
    page.context.close()
    assert found == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_asks_the_store_more_than_ten_questions(province: Flask, role: str) -> None:
    with province.app_context():
        plain = PlainBrowser(province)
        if role != STRANGER:
            plain.sign_in(demo.ACCOUNTS[role][0], demo.PASSWORD)
        many = {}
        for path in pages(province, role):
            with queries() as statements:
                plain.get(path)
            if len(statements) > 10:
                many[path] = len(statements)
    assert many == {}
