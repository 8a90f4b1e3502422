"""A passkey of a real browser: made on the account page, asked at sign-in and before an act of weight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from compliance.core.db import db
from compliance.people.factors.models import Factor
from tests.browser import PASSWORD

pytestmark = pytest.mark.one_store
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(
    app: Flask, address: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """A phone with a device that makes passkeys, at an address with a name: passkeys need one."""
    named = address.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(app.config, "PATUH_BASE_URL", named)
    context = chromium.new_context(base_url=named, viewport={"width": 360, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    device = context.new_cdp_session(opened)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield opened
    context.close()


def sign_in(page: Page, who: str = "adi") -> None:
    page.goto("/login")
    page.fill("#email", f"{who}@contoh.example")
    page.fill("#password", PASSWORD)
    page.click("main form button")


def make_passkey(page: Page) -> None:
    page.goto("/account/factors")
    page.get_by_role("link", name="Pasang kunci sandi").click()
    page.fill("#name", "Laptop contoh")
    page.get_by_role("button", name="Buat kunci sandi").click()
    expect(page.locator("h1")).to_have_text("Kode pemulihan Anda")


def test_a_passkey_is_made_and_opens_the_account_at_the_second_step(page: Page) -> None:
    sign_in(page)
    make_passkey(page)
    assert page.locator("main li code").count() == 10
    page.goto("/account")
    page.get_by_role("button", name="Keluar").click()
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Langkah kedua")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Pakai kunci sandi").click()
    page.wait_for_url("**/admin/users")
    key = db.session.query(Factor).one()
    assert (key.name, key.last_used_at is not None) == ("Laptop contoh", True)


def test_what_one_page_asked_to_be_signed_is_not_taken_by_another(page: Page) -> None:
    """A captured answer is replayed to a second step of its own."""
    sign_in(page)
    make_passkey(page)
    page.goto("/account")
    page.get_by_role("button", name="Keluar").click()
    sign_in(page)
    page.evaluate("HTMLFormElement.prototype.submit = function () { window.held = this; }")
    page.get_by_role("button", name="Pakai kunci sandi").click()
    expect(page.locator("#credential")).not_to_have_value("")
    answer = page.input_value("#credential")
    sign_in(page)
    page.evaluate(
        "answer => { const form = document.querySelector('main form');"
        " form.elements.credential.value = answer; form.submit(); }",
        answer,
    )
    expect(page.locator("#problems")).to_contain_text("Kunci sandi tidak dapat diperiksa")
    page.goto("/account")
    expect(page.locator("h1")).to_have_text("Masuk ke Patuh")
