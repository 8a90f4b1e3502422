"""The letterhead in a real browser: the example follows what is typed, with a script and without; on a phone
it opens in a tab of its own. axe looks at the pages of letters that the admin has.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.browser import PASSWORD
from tests.journeys.test_everybody_can_use_it import faults

pytestmark = pytest.mark.one_store
PAGE = "/admin/offices/disnaker-53/letterhead"


def is_example(response: Response) -> bool:
    """The answer to what was typed, and not to the page as it was saved."""
    return f"{PAGE}/preview" in response.url and response.request.method == "POST"


def test_the_example_follows_what_is_typed(person: Callable[..., Page]) -> None:
    page = person("adi")
    page.goto(PAGE)
    with page.expect_response(is_example) as seen:
        page.fill("#office", "Dinas Misal")
    assert seen.value.headers["content-type"] == "application/pdf"
    with page.expect_response(is_example) as seen:
        page.fill("#margin_left", "90")
    assert seen.value.status == 422
    frame = page.frame_locator("iframe[name=preview]")
    assert "Margin kiri: Isi bilangan" in frame.locator("main").inner_text()
    assert page.url.endswith(PAGE)
    page.fill("#margin_left", "30")
    page.click("text=Simpan kepala surat")
    assert "Kepala surat disimpan" in page.inner_text("main")
    assert page.input_value("#office") == "Dinas Misal"


def test_without_a_script_a_button_shows_the_example(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("#email", "adi@contoh.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(PAGE)
    page.fill("#office", "Dinas Misal")
    with page.expect_response(is_example) as seen:
        page.click("text=Lihat contoh")
    assert seen.value.headers["content-type"] == "application/pdf"
    assert page.url.endswith(PAGE)
    context.close()


def test_on_a_phone_the_example_has_a_tab_of_its_own(person: Callable[..., Page]) -> None:
    page = person("adi", width=360)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGE)
    page.fill("#office", "Dinas Misal")
    assert not page.is_visible("iframe[name=preview]")
    assert not page.is_visible("text=Lihat contoh")
    with page.context.expect_page():
        page.click("text=Buka contoh di tab baru")
    assert not [url for url in asked if f"{PAGE}/preview" in url]


@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1280, "en")])
def test_axe_finds_nothing_serious_on_the_pages_about_letters(
    person: Callable[..., Page], width: int, language: str
) -> None:
    page = person("adi", width=width, language=language)
    for address in ("/admin/signatories", PAGE):
        page.goto(address)
        assert faults(page) == []
