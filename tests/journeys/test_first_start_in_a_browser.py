"""An empty store is set up by pages alone, with the keyboard, on a phone's width, without scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page

from compliance.admin.first_start.rules import code_of
from compliance.admin.first_start.views import BEGUN
from compliance.core.db import db, transaction
from compliance.people.models import User
from tests.journeys.test_everybody_can_use_it import faults, sideways

pytestmark = pytest.mark.browser
PASSWORD = "hujan sore di dermaga tua"
PICTURES = os.environ.get("PATUH_PICTURES")


def look(page: Page, step: str, width: int) -> None:
    """Keep a picture of the page where somebody asked for them."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{step}-{width}.png", full_page=True)


@pytest.fixture
def empty(app: Flask) -> Iterator[Flask]:
    with transaction():
        db.session.execute(sa.delete(User))
    app.extensions.pop(BEGUN, None)
    yield app
    app.extensions[BEGUN] = True


def press_on(page: Page) -> None:
    """Enter in a field sends the form."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.one_store
def test_somebody_with_a_keyboard_and_no_script_sets_a_province_up(
    chromium: Browser, empty: Flask, address: str
) -> None:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        service_workers="block",
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/cases")
    assert page.url.endswith("/setup")
    look(page, "code", 360)
    page.focus("#code")
    page.keyboard.type(code_of(str(empty.secret_key)).lower())
    press_on(page)
    look(page, "province", 360)
    page.focus("#province")
    page.select_option("#province", "36")
    page.keyboard.press("Tab")
    press_on(page)
    look(page, "offices", 360)
    page.fill("#office_0", "Dinas Tenaga Kerja Contoh")
    press_on(page)
    look(page, "settings", 360)
    page.focus("#letter_place")
    press_on(page)
    look(page, "people", 360)
    for name, typed in {
        "name": "Adi Andai",
        "email": "adi@kantor.example",
        "password": PASSWORD,
        "again": PASSWORD,
    }.items():
        page.fill(f"#{name}", typed)
    page.focus("#again")
    press_on(page)
    assert page.url.endswith("/login")
    assert "Patuh siap dipakai" in page.inner_text("main")
    context.close()


@pytest.mark.one_store
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_serious_on_the_pages_of_the_first_start(
    chromium: Browser, empty: Flask, address: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=address, viewport={"width": width, "height": 800}, service_workers="block"
    )
    page, found = context.new_page(), {}
    page.set_default_timeout(10_000)
    page.emulate_media(color_scheme="dark" if width == 320 else "light")
    page.goto("/setup")
    found["code"] = faults(page)
    page.fill("#code", code_of(str(empty.secret_key)))
    page.click("main button")
    page.wait_for_url(re.compile("/setup/province"))
    for step in ("province", "offices", "settings", "people"):
        page.goto(f"/setup/{step}")
        found[step] = faults(page)
        look(page, step, width)
    page.goto("/setup/people")
    page.click("main button")  # with nothing filled in: the page with its errors
    found["errors"] = [*faults(page), *sideways(page)]
    look(page, "errors", width)
    context.close()
    assert {step: seen for step, seen in found.items() if seen} == {}
