"""The account page: who one is, preferences, password, sessions, tokens. Nobody reaches another's."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.errors import Invalid
from compliance.people.commands.accounts import add_token, confirm_password
from compliance.people.models import ApiToken, SignIn
from compliance.people.queries import caller_with
from compliance.people.rules import device_name
from tests.browser import PASSWORD, Browser
from tests.factories import user

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
NEW = "empat kata yang baru"


def change(browser: Browser, **fields: str) -> object:
    return browser.submit(
        "/account/password", **{"current": PASSWORD, "password": NEW, "again": NEW, **fields}
    )


def test_the_account_shows_who_one_is(browser: Open) -> None:
    page = browser("lia").get("/account")
    for fact in (
        "Lia Misal",
        "lia@contoh.example",
        "Petugas perizinan",
        "DPMPTSP Kota Kupang",
        "0380-000-000",
    ):
        assert fact in page.text


def test_preferences_are_kept(browser: Open) -> None:
    ina = browser("ina")
    page = ina.submit("/account", language="en", wants_email=[])
    assert (page.path, page.status, page.soup.html["lang"]) == ("/account", 200, "en")
    assert (user("ina").language, user("ina").wants_email) == ("en", False)
    assert "Your preferences are saved." in page.text, "in the language just chosen"
    ina.submit("/account", wants_email="y")
    assert (user("ina").language, user("ina").wants_email) == ("en", True)


def test_shortcuts_are_on_until_one_switches_them_off(browser: Open) -> None:
    ina = browser("ina")
    assert ina.get("/help").soup.body["data-shortcuts"] == "on"
    page = ina.submit("/account", shortcuts=[])
    assert page.soup.body["data-shortcuts"] == "off"
    ina.post("/language/en", next="/help")
    assert ina.get("/help").soup.body["data-shortcuts"] == "off", (
        "another language changes nothing else"
    )
    assert browser("budi").get("/help").soup.body["data-shortcuts"] == "on"
    assert browser().get("/help").soup.body["data-shortcuts"] == "off"


def test_a_language_that_is_not_on_offer_is_refused(browser: Open) -> None:
    assert browser("ina").submit("/account", language="xx").status == 422
    assert user("ina").language == "id"


def test_a_new_password_ends_every_other_session_and_only_those(browser: Open) -> None:
    here, elsewhere, somebody = browser("ina"), browser("ina"), browser("budi")
    page = change(here)
    assert page.path == "/account"
    assert "Kata sandi diganti" in page.text
    assert elsewhere.get("/account").path == "/login"
    assert somebody.get("/account").path == "/account"
    assert browser().sign_in("ina@contoh.example").status == 422
    assert browser().sign_in("ina@contoh.example", NEW).path != "/login"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"current": "bukan ini"}, "Kata sandi sekarang tidak cocok"),
        ({"current": ""}, "Isi kata sandi Anda yang sekarang"),
        ({"password": "pendek", "again": "pendek"}, "Kata sandi sedikitnya 10 karakter"),
        ({"password": "x" * 201, "again": "x" * 201}, "paling panjang 200 karakter"),
        ({"password": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "terlalu mudah ditebak"),
        (
            {"password": "ina@contoh.example", "again": "ina@contoh.example"},
            "hampir hanya nama atau alamat Anda",
        ),
        *(
            ({"password": password, "again": password}, reason)
            for password, reason in (
                ("Password123", "terlalu mudah ditebak"),
                ("p@ssw0rd2026", "terlalu mudah ditebak"),
                ("qwertyuiop12", "terlalu mudah ditebak"),
                ("rahasia12345", "terlalu mudah ditebak"),
                ("Disnaker2026!", "terlalu mudah ditebak"),
                ("katasandi123", "terlalu mudah ditebak"),
                ("agustus1945", "terlalu mudah ditebak"),
                ("InaContoh2026", "hampir hanya nama atau alamat Anda"),
            )
        ),
        ({"again": "kata yang lain"}, "tidak sama"),
        ({"again": ""}, "sekali lagi"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    browser: Open, fields: dict[str, str], reason: str
) -> None:
    page = change(browser("ina"), **fields)
    assert page.status == 422
    assert reason in page.text
    assert browser().sign_in("ina@contoh.example").path != "/login"


def test_the_current_password_cannot_be_guessed_from_an_open_session(browser: Open) -> None:
    ina = browser("ina")
    for _ in range(5):
        assert "tidak cocok" in change(ina, current="tebakan").text
    page = change(ina)
    assert page.status == 422
    assert "Tunggu 15 menit" in page.text
    assert browser().sign_in("ina@contoh.example").path != "/login", (
        "signing in elsewhere is not held up"
    )


def test_many_guesses_at_once_are_counted_before_the_password_is_looked_at(app: Flask) -> None:
    said: list[str] = []

    def guess() -> None:
        with app.app_context():
            ina = user("ina")
            with pytest.raises(Invalid) as refusal:
                confirm_password(ina, by=ina, current="tebakan")
        said.append(str(refusal.value.reason))

    tries = [threading.Thread(target=guess) for _ in range(12)]
    for each in tries:
        each.start()
    for each in tries:
        each.join(20)
    assert sum("Terlalu banyak" in sentence for sentence in said) == 7


def test_a_right_password_is_no_guess(browser: Open) -> None:
    ina = browser("ina")
    for _ in range(6):
        assert ina.submit("/account/tokens/new", label="Loket", current=PASSWORD).status == 201


def test_one_sees_where_one_is_signed_in_and_which_one_this_is(
    browser: Open, at: Callable[[str], None]
) -> None:
    browser("ina")
    browser("budi")
    at("2026-11-30 10:00")
    page = browser("ina").get("/account")
    rows = page.soup.select("section[aria-labelledby=sessions] tbody tr")
    assert len(rows) == 2
    assert "sesi ini" in rows[0].get_text()
    assert "sesi ini" not in rows[1].get_text()
    assert "30 November 2026 pukul 09.00 WITA" in rows[1].get_text()


def test_one_ends_a_session_of_ones_own(browser: Open) -> None:
    elsewhere, here = browser("ina"), browser("ina")
    button = here.get("/account").soup.select_one("form[action$='/end']")
    assert here.post(button["action"]).path == "/account"
    assert elsewhere.get("/account").path == "/login"
    assert here.get("/account").path == "/account"


def test_one_ends_all_other_sessions(browser: Open) -> None:
    others, here, somebody = [browser("ina"), browser("ina")], browser("ina"), browser("budi")
    assert here.post("/account/sessions/end-others").path == "/account"
    assert [other.get("/account").path for other in others] == ["/login", "/login"]
    assert here.get("/account").path == "/account"
    assert "Akhiri semua sesi lain" not in here.get("/account").text
    assert somebody.get("/account").path == "/account"


def test_tokens_are_listed_without_their_secret_and_revoked_at_once(
    app: Flask, browser: Open
) -> None:
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="Lembar <kerja>", days=30)
    ina = browser("ina")
    page = ina.get("/account")
    assert "Lembar <kerja>" in page.text
    assert "30 Desember 2026" in page.text
    assert secret not in page.html
    after = ina.post(page.soup.select_one("form[action$='/revoke']")["action"])
    assert "dicabut" in after.text
    assert after.soup.select_one("form[action$='/revoke']") is None
    assert caller_with(secret) is None


def test_what_has_expired_is_not_listed(
    app: Flask, browser: Open, at: Callable[[str], None]
) -> None:
    with transaction():
        add_token(user("ina"), by=user("ina"), label="Token sebentar", days=1)
    browser("ina")
    at("2026-12-02 09:00")
    page = browser("ina").get("/account")
    assert "Token sebentar" not in page.text
    assert len(page.soup.select("section[aria-labelledby=sessions] tbody tr")) == 1


def test_nobody_touches_what_is_anothers(app: Flask, browser: Open) -> None:
    budi, ina = browser("budi"), browser("ina")
    with transaction():
        add_token(user("budi"), by=user("budi"), label="Token Budi")
    token = db.session.query(ApiToken).one().id
    session = db.session.query(SignIn).filter_by(user_id=user("budi").id).one().id
    for path in (f"/account/tokens/{token}/revoke", f"/account/sessions/{session}/end"):
        assert ina.post(path).status == 404
    for number in (0, 2**31, 10**30):
        assert ina.post(f"/account/tokens/{number}/revoke").status == 404
        assert ina.post(f"/account/sessions/{number}/end").status == 404
    assert budi.get("/account").path == "/account"
    assert "Token Budi" in budi.get("/account").text


@pytest.mark.parametrize("who", ["ina", "sari", "tika", "lia", "adi"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_everybody_has_an_account_in_both_languages(browser: Open, who: str, language: str) -> None:
    opened = browser(who, language)
    for path in ("/account", "/account/password", "/inbox", "/help"):
        page = opened.get(path)
        assert (page.path, page.status, page.soup.html["lang"]) == (path, 200, language)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome di Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari di iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge di Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox di Linux",
        ),
        ("Werkzeug/3.1", "Peramban lain"),
        ("", "Peramban lain"),
        ("Firefox", "Firefox"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert str(device_name(agent)) == name
