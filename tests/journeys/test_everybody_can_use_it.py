"""axe on every page for every role, in both languages, light and dark, on a phone, a tablet and a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from compliance import demo
from tests.browser import Browser as PlainBrowser
from tests.journeys.inventory import (
    MISSING,
    ROLES,
    STRANGER,
    WITHOUT_NETWORK,
    pages,
    sit_down,
    speak,
)
from tests.queries import queries

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("province")]
WIDTHS, SCHEMES, LANGUAGES = (1280, 768, 320), ("light", "dark"), ("id", "en")
OPPOSITES = {"id": (1280, "light"), "en": (320, "dark")}
"""The two cells that share nothing: every language, both themes, the widest and the narrowest window."""


def cells(language: str, place: int, *, every: bool) -> list[tuple[int, str]]:
    """The windows in which axe looks at a page in `language`: (width, theme). `--every-cell` asks
    for all twelve.

    Otherwise each page is looked at once, by its `place` in one of the opposite cells or in the other.
    """
    if every:
        return [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
    return [OPPOSITES[language]] if LANGUAGES[place % 2] == language else []


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands, and whether it scrolls sideways."""
    found = []
    for violation in (
        Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ):
        if violation["impact"] in ("serious", "critical"):
            where = [node["target"] for node in violation["nodes"][:3]]
            found.append(
                f"{violation['id']} {where} {violation['nodes'][0].get('failureSummary', '')[:150]}"
            )
    return found + sideways(page)


def sideways(page: Page) -> list[str]:
    wider = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return ["scrolls sideways"] if wider else []


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
    for place, path in enumerate(pages(province, role)):
        response = page.goto(path)
        assert response is not None
        assert response.status == (404 if path == MISSING else 200), path
        if (
            path != WITHOUT_NETWORK
        ):  # one page for everybody, which says everything in both languages
            assert page.locator("html").get_attribute("lang") == language, path
        for width, scheme in cells(language, place, every=pytestconfig.getoption("--every-cell")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if seen := faults(page):
                found[path, width, scheme] = seen
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if seen := sideways(page):
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
