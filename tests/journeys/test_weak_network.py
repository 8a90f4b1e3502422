"""A weak network, a lost one, and a session that ends: in a real browser, nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Locator, Page, Route, expect

from compliance.cases.models import Case, Visit
from compliance.core.db import db, transaction
from compliance.core.text import say
from compliance.office.commands import change_settings
from compliance.web import offline
from tests.browser import PASSWORD
from tests.factories import a_case, a_visit, user

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("browser")]
Sit = Callable[..., Page]
At = Callable[[str], None]
KEPT = re.compile(r"Tersimpan di perangkat ini \d\d\.\d\d")
RESTORED = "Yang Anda tulis tadi belum terkirim; sudah dikembalikan dari perangkat ini."
GIVEN_BACK = "Isian Anda dipulihkan. Periksa, lalu kirim."


def a_case_page() -> str:
    """A case of Ina's; the address of its page. The test itself lets go of the store."""
    where = f"/cases/{a_case().number}"
    db.session.rollback()
    return where


def write(page: Page, note: str) -> None:
    """Fill in a recheck."""
    page.get_by_role("radio", name="Patuh sebagian").check()
    page.fill("#workers_registered", "30")
    page.fill("#note", note)


def alert(page: Page) -> Locator:
    """What the page itself says at once; the banner of a silent clock stands above it."""
    return page.locator("main [role=alert]")


def copies(page: Page) -> list[str]:
    """What this device keeps for Patuh."""
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('patuh:'))"
    )
    return found


def notes() -> list[str]:
    db.session.rollback()
    found = list(db.session.scalars(sa.select(Visit.note).order_by(Visit.id)))
    db.session.rollback()
    return found


def lose(page: Page, what: str) -> None:
    """The network is gone at the very moment of sending."""

    def cut(route: Route) -> None:
        route.abort("connectionfailed") if route.request.method == "POST" else route.continue_()

    page.route(what, cut)


def press_in_vain(page: Page, button: str) -> None:
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name=button).click()


def sign_in(page: Page, who: str) -> None:
    page.fill("#email", f"{who}@contoh.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def wait_until(page: Page, condition: str) -> None:
    """Wait until an expression, or the promise it gives, is true in the page.

    Playwright's own `wait_for_function` evaluates its text again at every frame, which the
    page's policy on scripts refuses.
    """
    page.evaluate(f"""async () => {{
      const ends = Date.now() + 10_000;
      while (!(await ({condition}))) {{
        if (Date.now() > ends) throw new Error("still not true after 10 s");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }}
    }}""")


def with_worker(page: Page) -> None:
    """Wait until the service worker stands behind the page."""
    wait_until(page, "navigator.serviceWorker.controller !== null")


def test_a_connection_lost_while_sending_loses_no_text(person: Sit) -> None:
    where = a_case_page()
    ina = person("ina", width=360)
    ina.goto(f"{where}/recheck")
    write(ina, "Gerbang ditutup.\nDitemui Ani Contoh.")
    expect(ina.locator("main")).to_contain_text(KEPT)
    lose(ina, "**/recheck")
    press_in_vain(ina, "Simpan hasil")
    ina.unroute_all()
    ina.goto(f"{where}/recheck")
    expect(ina.get_by_role("status").filter(has_text=RESTORED)).to_be_visible()
    expect(ina.get_by_role("radio", name="Patuh sebagian")).to_be_checked()
    expect(ina.locator("#workers_registered")).to_have_value("30")
    expect(ina.locator("#note")).to_have_value("Gerbang ditutup.\nDitemui Ani Contoh.")
    ina.get_by_role("button", name="Simpan hasil").click()
    ina.wait_for_url(f"**{where}")
    assert [each.replace("\r", "") for each in notes()] == ["Gerbang ditutup.\nDitemui Ani Contoh."]
    assert copies(ina) == [], "the server has it"
    ina.goto(f"{where}/recheck")
    expect(ina.locator("#note")).to_have_value("")


def test_what_the_server_refused_stays_until_it_is_right(person: Sit) -> None:
    where = a_case_page()
    ina = person("ina")
    ina.goto(f"{where}/recheck")
    write(ina, "Belum lengkap")
    ina.fill("#workers_registered", "banyak")
    ina.get_by_role("button", name="Simpan hasil").click()
    expect(alert(ina)).to_contain_text("Ada yang perlu diperbaiki")
    expect(ina.get_by_text(RESTORED)).to_be_hidden()
    assert len(copies(ina)) == 1
    ina.fill("#workers_registered", "30")
    ina.get_by_role("button", name="Simpan hasil").click()
    ina.wait_for_url(f"**{where}")
    assert copies(ina) == []


def test_a_copy_is_good_only_for_the_record_it_was_typed_on(person: Sit) -> None:
    where = f"{a_case_page()}/recheck"
    ina = person("ina")
    ina.goto(where)
    write(ina, "Untuk keadaan yang lama")
    ina.goto("/account")
    a_visit(db.session.scalars(sa.select(Case)).one(), "partly_complied", by="sari", registered=29)
    db.session.rollback()
    ina.goto(where)
    expect(ina.locator("#note")).to_have_value("")
    assert copies(ina) == []


def test_signing_out_leaves_nothing_on_the_device_and_nobody_else_reads_it_before(
    person: Sit,
) -> None:
    where = f"{a_case_page()}/recheck"
    page = person("ina")
    page.goto(where)
    write(page, "Hanya untuk Ina")
    page.context.clear_cookies()
    page.goto("/login")
    sign_in(page, "sari")
    page.goto(where)
    expect(page.locator("#note")).to_have_value("")
    page.context.clear_cookies()
    page.goto("/login")
    sign_in(page, "ina")
    page.goto(where)
    expect(page.locator("#note")).to_have_value("Hanya untuk Ina")
    page.goto("/account")
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/login*")
    assert copies(page) == []


def test_no_password_and_no_question_at_the_counter_is_kept_on_the_device(person: Sit) -> None:
    lia = person("lia")
    lia.goto("/check")
    lia.fill("#asked", "Contoh Bahari")
    lia.goto("/account/password")
    for field in ("current", "password", "again"):
        lia.fill(f"#{field}", "sandi yang rahasia")
    adi = person("adi")
    adi.goto("/admin/users/new")
    adi.fill("#name", "Orang Baru")
    adi.goto("/account/tokens/new")
    adi.fill("#label", "Lembar baru")
    adi.fill("#current", "sandi yang rahasia")
    kept = "JSON.stringify(localStorage)"
    assert lia.evaluate(kept) == "{}"
    assert "Orang Baru" in adi.evaluate(kept)
    assert "rahasia" not in adi.evaluate(kept)


def test_without_a_network_a_page_says_so_and_leads_back_to_the_form(person: Sit) -> None:
    where = a_case_page()
    ina = person("ina", width=360, worker=True)
    ina.goto(f"{where}/recheck")
    with_worker(ina)
    write(ina, "Tanpa sinyal")
    ina.context.set_offline(True)
    ina.get_by_role("button", name="Simpan hasil").press("Enter")
    expect(ina.get_by_role("heading", level=1)).to_have_text("Tidak ada sambungan")
    expect(ina.locator("main")).to_contain_text("Tidak ada yang terkirim.")
    assert notes() == []
    again = ina.get_by_role("link", name="Coba lagi")
    again.click()
    expect(ina.get_by_role("heading", level=1)).to_have_text("Tidak ada sambungan")
    assert ina.url.endswith(f"{where}/recheck")
    ina.context.set_offline(False)
    ina.get_by_role("link", name="Coba lagi").click()
    expect(ina.get_by_text(RESTORED)).to_be_visible()
    expect(ina.locator("#note")).to_have_value("Tanpa sinyal")
    ina.get_by_role("button", name="Simpan hasil").click()
    ina.wait_for_url(f"**{where}")
    assert notes() == ["Tanpa sinyal"]


def test_the_browser_keeps_the_shell_only_and_lets_go_of_what_is_old(
    person: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    ina = person("ina", worker=True)
    ina.goto("/account")
    with_worker(ina)
    for path in ("/field", "/inbox", "/account"):
        ina.goto(path)
    everything = (
        "Promise.all((await caches.keys()).map(async (n) => (await (await"
        " caches.open(n)).keys()).map((r) => new URL(r.url).pathname)))"
    )
    (kept,) = ina.evaluate(f"(async () => {everything})()")
    assert "/offline" in kept
    assert [path for path in kept if path != "/offline" and not path.startswith("/assets/")] == []
    (before,) = ina.evaluate("caches.keys()")
    monkeypatch.setitem(
        offline.OFFLINE_TEXTS, "again", say("Kirim lagi")
    )  # another page, as of a new version
    ina.evaluate("navigator.serviceWorker.getRegistration().then((own) => own.update())")
    wait_until(ina, f"caches.keys().then((names) => names.length === 1 && names[0] !== '{before}')")


def test_a_session_that_ends_over_a_form_gives_the_form_back(person: Sit, at: At) -> None:
    where = a_case_page()
    ina = person("ina", width=360)
    ina.goto(f"{where}/recheck")
    write(ina, "Sesudah dua belas jam")
    at("2026-11-30 21:30")
    ina.get_by_role("button", name="Simpan hasil").click()
    expect(ina.get_by_role("status")).to_contain_text("Yang Anda tulis aman")
    sign_in(ina, "ina")
    expect(ina.get_by_text(GIVEN_BACK)).to_be_visible()
    expect(ina.get_by_text(RESTORED)).to_be_hidden()
    expect(ina.locator("#note")).to_have_value("Sesudah dua belas jam")
    expect(ina.get_by_role("radio", name="Patuh sebagian")).to_be_checked()
    ina.get_by_role("button", name="Simpan hasil").click()
    ina.wait_for_url(f"**{where}")
    assert notes() == ["Sesudah dua belas jam"]
    assert copies(ina) == []


def test_five_minutes_before_the_end_one_key_extends_the_session(person: Sit, at: At) -> None:
    ina = person("ina")
    ina.clock.install()
    ina.goto("/account")
    expect(alert(ina)).to_have_count(0)
    at("2026-11-30 20:56")
    ina.clock.fast_forward("11:56:00")
    warning = alert(ina)
    expect(warning).to_contain_text(re.compile(r"Sesi Anda berakhir pukul \d\d\.\d\d\."))
    expect(warning.get_by_role("button", name="Perpanjang sesi")).to_be_focused()
    ina.keyboard.press("Enter")
    expect(ina.get_by_role("status")).to_contain_text("Sesi diperpanjang sampai pukul")
    at("2026-11-30 21:05")
    ina.goto("/account")
    assert ina.url.endswith("/account")
    expect(alert(ina)).to_have_count(0)


def test_the_warning_takes_no_focus_from_who_types_and_says_when_it_is_over(
    person: Sit, at: At
) -> None:
    where = f"{a_case_page()}/recheck"
    ina = person("ina", language="en")
    ina.clock.install()
    ina.goto(where)
    ina.locator("#note").focus()
    ina.keyboard.type("Half a ")
    at("2026-11-30 20:55")
    ina.clock.fast_forward("11:55:30")
    expect(alert(ina)).to_contain_text("Your session ends at")
    ina.keyboard.type("sentence")
    expect(ina.locator("#note")).to_have_value("Half a sentence")
    ina.context.set_offline(True)
    ina.get_by_role("button", name="Extend the session").press("Enter")
    expect(alert(ina)).to_contain_text("The session is not extended yet.")
    ina.clock.fast_forward(300_000)
    expect(alert(ina)).to_contain_text("What you wrote is not lost")
    expect(ina.get_by_role("button", name="Extend the session")).to_have_count(0)


def test_a_session_at_its_limit_in_days_offers_no_key_that_cannot_help(person: Sit, at: At) -> None:
    ina = person("ina")
    with transaction():
        change_settings({"session_idle_hours": 72, "session_days": 1}, by=user("adi"))
    at("2026-11-30 09:30")
    ina.clock.install()
    ina.goto("/account")
    ina.clock.fast_forward("23:26:00")
    expect(alert(ina)).to_contain_text(
        "tidak dapat diperpanjang lagi. Yang Anda tulis tidak hilang."
    )
    expect(ina.get_by_role("button", name="Perpanjang sesi")).to_have_count(0)


def test_passwords_can_be_looked_at_and_pasted(person: Sit) -> None:
    page = person("ina")
    page.context.clear_cookies()
    page.goto("/login")
    page.fill("#email", "ina@contoh.example")
    page.locator("#password").focus()
    page.evaluate(
        "document.getElementById('password').dispatchEvent(new ClipboardEvent('paste', {cancelable:"
        " true, bubbles: true})) || document.body.remove()"
    )
    page.keyboard.insert_text(PASSWORD)
    page.get_by_label("Tampilkan kata sandi").check()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_label("Tampilkan kata sandi").uncheck()
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/field")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_around_signing_in(
    chromium: Browser, address: str, scheme: str
) -> None:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": 320, "height": 640},
        color_scheme=scheme,
        service_workers="block",  # type: ignore[arg-type]
    )
    page, found = context.new_page(), []
    for path in ("/login?next=/field?held=1", "/forgot-password", "/reset-password/x", "/offline"):
        page.goto(path)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append(f"{path}: {violation['id']}")
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main .btn, main"
            " .form-control')].filter((e) => e.offsetHeight && e.offsetHeight < 44 ||"
            " parseFloat(getComputedStyle(e).fontSize) < 16).map((e) => e.outerHTML)"
        )
        found += [f"{path}: too small {each}" for each in small]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: scrolls sideways")
    context.close()
    assert found == []


def test_a_lost_network_is_an_error_of_the_browser_where_there_is_no_worker(person: Sit) -> None:
    """What the other tests call offline really is."""
    ina = person("ina")
    ina.context.set_offline(True)
    with pytest.raises(Error):
        ina.goto("/account")
