"""A letter shared through the sheet of a phone: offered where the device has one, and only there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from compliance.core.db import db
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from tests.factories import a_case

pytestmark = pytest.mark.one_store
A_SHEET = """
window.shared = [];
window.refusals = [];
navigator.canShare = (data) => data.files.every((file) => file.type === "application/pdf");
navigator.share = async (data) => {
  if (refusals.length) throw new DOMException("no", refusals.shift());
  const begins = (await data.files[0].text()).slice(0, 5);
  shared.push([data.files[0].name, data.files[0].size, begins]);
  document.documentElement.dataset.shares = shared.length;
};
"""
BUTTON = "button[data-shares]"
ONE_SHARED = "html[data-shares='1']"


@pytest.fixture
def pages(address: str) -> list[str]:
    """The pages of a nota's letter, and of the nota that was just issued."""
    a_case()
    letter = db.session.query(Letter).one()
    assert letter.case is not None
    addresses = [f"/letters/{letter.id}", f"/notas/{letter.case.draft_key}/done"]
    db.session.rollback()
    return addresses


def test_a_phone_shares_the_pdf_through_its_sheet(
    person: Callable[..., Page], pages: list[str]
) -> None:
    set_letters()
    page = person("ina", width=360)
    page.add_init_script(A_SHEET)
    for address in pages:
        page.goto(address)
        page.click(BUTTON)
        expect(page.locator(ONE_SHARED)).to_be_attached()
        [[name, size, begins]] = page.evaluate("shared")
        assert (name.startswith("nota-1-560-001-NP-XI-2026"), begins) == (True, "%PDF-")
        assert size > 1000
        expect(page.locator("#shared")).to_be_empty()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_goes_wrong_is_said_and_a_second_tap_shares(
    person: Callable[..., Page], pages: list[str]
) -> None:
    set_letters()
    page = person("ina", width=360)
    page.add_init_script(A_SHEET)
    page.goto(pages[0])
    page.route("**/*.pdf", lambda route: route.abort())
    page.click(BUTTON)
    expect(page.locator("#shared")).to_contain_text("Periksa sambungan")
    page.unroute("**/*.pdf")
    page.evaluate("refusals.push('NotAllowedError', 'AbortError', 'DataError')")
    for said in ("Tekan sekali lagi", "", "tidak dapat membagikan PDF", ""):
        page.click(BUTTON)
        expect(page.locator("#shared")).to_have_text(re.compile(said) if said else "")
    expect(page.locator(ONE_SHARED)).to_be_attached()


def test_a_pdf_that_is_still_being_set_is_not_shared(
    person: Callable[..., Page], pages: list[str]
) -> None:
    page = person("ina", width=360)
    page.add_init_script(A_SHEET)
    page.goto(pages[1])
    page.click(BUTTON)
    expect(page.locator("#shared")).to_contain_text("masih disusun")
    assert page.evaluate("shared") == []


def test_without_a_sheet_the_pdf_is_opened_or_saved(
    person: Callable[..., Page], pages: list[str]
) -> None:
    set_letters()
    page = person("ina")
    for address in pages:
        page.goto(address)
        expect(page.locator(BUTTON)).to_be_hidden()
        link = page.locator("a[download]")
        expect(link).to_be_visible()
        assert str(link.get_attribute("download")).endswith(".pdf")
