"""Signing in and staying signed in, through the front door."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Queue

import pytest
from flask import Flask

from compliance.core.db import db, transaction
from compliance.people import passwords
from compliance.people.commands.access import TooOften, reserve_attempt, turn_to_sign_in
from compliance.people.commands.accounts import set_password
from compliance.people.models import SignInAttempt
from tests.browser import PASSWORD, Browser, Page
from tests.factories import user

Open = Callable[..., Browser]
INA = "ina@contoh.example"


def wrong(browser: Browser, email: str = INA, times: int = 1) -> Page:
    for _ in range(times):
        page = browser.sign_in(email, "bukan kata sandinya")
    return page


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("path", ["/account", "/inbox", "/account/password", "/"])
def test_a_stranger_signs_in_first_and_comes_back(browser: Open, path: str) -> None:
    page = browser().get(path)
    assert (page.path, page.status) == ("/login", 200)


@pytest.mark.parametrize(
    ("email", "password"), [(INA, "bukan kata sandinya"), ("tidakada@contoh.example", PASSWORD)]
)
def test_a_wrong_pair_says_the_same_whoever_it_was(
    browser: Open, email: str, password: str
) -> None:
    page = browser().sign_in(email, password)
    assert page.status == 422
    assert "Surel atau kata sandi tidak cocok" in page.text
    assert page.title.startswith("Kesalahan:")
    assert page.value("email") == email
    assert page.value("password") == ""


def test_an_empty_form_says_what_to_fill_in(browser: Open) -> None:
    page = browser().post("/login", email="", password="")
    assert page.status == 422
    assert "Isi alamat surel Anda" in page.text
    assert "Isi kata sandi" in page.text


def test_the_address_may_be_written_in_capitals_and_with_spaces(browser: Open) -> None:
    assert browser().sign_in("  INA@Contoh.Example ").path != "/login"


@pytest.mark.parametrize(
    "typed",
    [
        "\u200bina@contoh.example",
        "ina@contoh.example\ufeff",
        "ina\u00ad@contoh.example",
        "ina＠contoh.example\xa0",
    ],
)
def test_signs_that_nobody_sees_in_an_address_keep_nobody_out(browser: Open, typed: str) -> None:
    """They come along when an address is copied from a letter."""
    assert browser().sign_in(typed).path != "/login"


def test_a_password_is_the_same_however_the_keyboard_spells_it(app: Flask, browser: Open) -> None:
    one_sign, two_signs = "pembé caf\u00e9 pagi", "pembé cafe\u0301 pagi"
    with transaction():
        set_password(user("ina"), by=user("ina"), password=two_signs)
    for typed in (one_sign, two_signs):
        assert browser().sign_in("ina@contoh.example", typed).path != "/login"


def test_a_password_of_before_there_was_one_spelling_still_opens(app: Flask, browser: Open) -> None:
    with transaction():
        user("ina").password_hash = passwords._hasher.hash("kata cafe\u0301 sandi")
    assert browser().sign_in("ina@contoh.example", "kata cafe\u0301 sandi").path != "/login"


def test_after_five_wrong_attempts_there_is_a_pause_that_grows_and_never_a_closed_door(
    browser: Open, at: Callable[[str], None]
) -> None:
    stranger = browser()
    assert wrong(stranger, times=5).status == 422
    refused = stranger.sign_in(INA)
    assert refused.status == 429
    assert refused.response.headers["Retry-After"] == "1"
    assert "Tunggu 1 detik" in refused.text
    assert browser().sign_in(INA).status == 429, "from another place too: the account is guarded"
    moments = ["09:00:01", "09:00:03", "09:00:07", "09:00:15", "09:00:31", "09:01:03", "09:02:03"]
    for moment in moments:
        at(f"2026-11-30 {moment}")
        assert wrong(stranger).status == 422
        assert wrong(stranger).status == 429
    at("2026-11-30 09:03:03")
    assert browser().sign_in(INA).path != "/login"


def test_strangers_who_guess_do_not_hold_up_the_owner_at_a_known_device(browser: Open) -> None:
    ina = browser()
    assert ina.sign_in(INA).path != "/login"
    ina.post("/logout")
    wrong(browser(), times=7)
    assert browser().sign_in(INA).status == 429
    assert ina.sign_in(INA).path != "/login"


def test_a_device_is_known_for_its_people_and_until_their_password_changes(browser: Open) -> None:
    desk = browser()
    desk.sign_in("budi@contoh.example")
    desk.post("/logout")
    wrong(browser(), times=5)
    assert desk.sign_in(INA).status == 429, "Budi is known here, Ina is not"
    with transaction():
        set_password(user("budi"), by=user("budi"), password="sandi budi yang baru")
    wrong(browser(), "budi@contoh.example", times=5)
    assert desk.sign_in("budi@contoh.example", "sandi budi yang baru").status == 429


def test_a_made_up_cookie_makes_no_device_known(browser: Open) -> None:
    wrong(browser(), times=5)
    desk = browser()
    desk.client.set_cookie("patuh_known", "WyJ4Il0.abc")
    assert desk.sign_in(INA).status == 429


def test_many_tries_at_once_are_counted_before_a_password_is_looked_at(app: Flask) -> None:
    refused = []

    def guess() -> None:
        with app.app_context():
            try:
                reserve_attempt(email=INA, came_from="192.0.2.1", known_device=False)
            except TooOften:
                refused.append(1)

    tries = [threading.Thread(target=guess) for _ in range(12)]
    for each in tries:
        each.start()
    for each in tries:
        each.join(20)
    assert len(refused) == 7


def test_a_crowd_of_strangers_keeps_few_threads_busy_and_holds_up_no_known_device(
    app: Flask, browser: Open
) -> None:
    """Every address of theirs is another one, and so is every account: nothing else bounds them."""
    desk = browser()
    desk.sign_in(INA)
    desk.post("/logout")
    answered: Queue[int] = Queue()

    def come(number: int) -> None:
        stranger = Browser(app)
        stranger.client.environ_base["REMOTE_ADDR"] = f"2001:db8:0:{number}::1"
        with app.app_context():
            answered.put(stranger.sign_in(f"orang{number}@contoh.example").status)

    crowd = [threading.Thread(target=come, args=(number,)) for number in range(3)]
    with turn_to_sign_in(known_device=False):
        for each in crowd:
            each.start()
        assert answered.get(timeout=20) == 429
        assert desk.sign_in(INA).path != "/login"
        assert answered.empty(), "two wait"
    for each in crowd:
        each.join(20)
    assert [answered.get(timeout=20) for _ in range(2)] == [422, 422]


def test_another_address_is_not_held_up_by_the_attempts_on_one(browser: Open) -> None:
    stranger = browser()
    wrong(stranger, times=6)
    assert stranger.sign_in("budi@contoh.example").path != "/login"


def test_attempts_are_counted_in_the_store(app: Flask, browser: Open) -> None:
    wrong(browser(), times=3)
    counted = db.session.query(SignInAttempt).filter_by(who=f"email:{INA}").count()
    assert counted == 3


def test_a_right_password_ends_the_counting(browser: Open) -> None:
    wrong(browser(), times=4)
    assert browser().sign_in(INA).path != "/login"
    assert wrong(browser(), times=4).status == 422
    assert browser().sign_in(INA).path != "/login"


def test_guessing_many_addresses_from_one_place_is_stopped(browser: Open) -> None:
    stranger = browser()
    for number in range(50):
        wrong(stranger, f"orang{number}@contoh.example")
    assert wrong(stranger, "satulagi@contoh.example").status == 429


def test_who_lost_access_cannot_come_in_nor_stay(browser: Open) -> None:
    inside = browser("budi")
    with transaction():
        user("budi").active = False
    assert inside.get("/inbox").path == "/login"
    page = browser().sign_in("budi@contoh.example")
    assert (page.path, page.status) == ("/login", 422)


def test_the_sign_in_page_helps_password_managers_and_thumbs(browser: Open) -> None:
    page = browser().get("/login")
    tokens = {
        each["name"]: each.get("autocomplete")
        for each in page.soup.select("main input[name]:not([type=hidden])")
    }
    assert tokens == {"email": "username", "password": "current-password"}
    assert "/forgot-password" in page.links()
    assert "onpaste" not in page.html
    assert page.soup.select_one("[data-reveals=password]").parent.has_attr("hidden"), (
        "a script shows it"
    )


def test_signing_out_ends_the_session_itself_not_only_the_cookie(browser: Open) -> None:
    ina = browser("ina")
    cookie = ina.client.get_cookie("patuh_session")
    assert cookie is not None
    assert ina.post("/logout").path == "/login"
    ina.client.set_cookie("patuh_session", cookie.value)
    assert ina.get("/account").path == "/login"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Open) -> None:
    stranger = browser()
    stranger.get("/login")
    response = stranger.client.post(
        "/login",
        data={"email": INA, "password": PASSWORD, "csrf_token": stranger.token},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/login"},
    )
    cookie = next(
        value
        for value in response.headers.getlist("Set-Cookie")
        if value.startswith("patuh_session=")
    )
    for part in ("HttpOnly", "SameSite=Lax", "Secure", "Max-Age=5184000"):
        assert part in cookie


def test_in_production_every_cookie_goes_over_https_only_whatever_a_proxy_says(
    app: Flask, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = browser()
    stranger.get("/login")
    monkeypatch.setitem(
        app.config, "SESSION_COOKIE_SECURE", True
    )  # as PATUH_ENV=production sets it
    set_by = [
        stranger.client.post(path, data={**fields, "csrf_token": stranger.token})
        for path, fields in (
            ("/language/en", {"next": "/login"}),
            ("/login", {"email": INA, "password": PASSWORD}),
        )
    ]
    cookies = [each for answer in set_by for each in answer.headers.getlist("Set-Cookie")]
    assert {each.partition("=")[0] for each in cookies} == {
        "language",
        "__Host-patuh_session",
        "__Host-patuh_known",
    }
    for cookie in cookies:
        if cookie.startswith("__Host-"):
            assert "; Path=/" in cookie
            assert "Domain" not in cookie
    assert [each for each in cookies if "Secure" not in each] == []


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/", "//jahat.example/", "/\\jahat.example", "\\\\jahat.example",
        "/\t/jahat.example",
        "/%09/jahat.example", "javascript:alert(1)", "///jahat.example", "/ /jahat.example",
        "http:jahat.example",
        "//jahat.example/inbox",
        "///inbox",
        "/\\inbox",
        "/\t/inbox",
        "/\n/inbox",
        "/tidak/ada", "/logout", "/login", "/login?next=//jahat.example", "", "account",
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_a_page_that_is_not_ours(browser: Open, target: str) -> None:
    stranger = browser()
    stranger.get("/login")
    response = stranger.client.post(
        "/login",
        query_string={"next": target},
        data={"email": INA, "password": PASSWORD, "csrf_token": stranger.token},
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/field")


def test_signing_in_leads_back_to_where_one_wanted_to_go(browser: Open) -> None:
    page = browser().get("/inbox?size=50")
    where = page.response.request
    stranger = browser()
    back = stranger.post(
        f"{where.path}?{where.query_string.decode()}", email=INA, password=PASSWORD
    )
    assert (back.path, back.response.request.args.to_dict()) == ("/inbox", {"size": "50"})


def test_a_form_sent_after_the_session_ended_leads_to_signing_in(
    browser: Open, at: Callable[[str], None]
) -> None:
    ina = browser("ina")
    at("2026-12-01 09:00")
    assert ina.post("/logout").path == "/login"
    assert ina.post("/account", language="en").path == "/login"


def test_a_stranger_keeps_a_language_in_the_browser_alone(browser: Open) -> None:
    stranger = browser()
    assert stranger.get("/help").soup.html["lang"] == "id"
    page = stranger.post("/language/en", next="/help")
    assert (page.path, page.soup.html["lang"]) == ("/help", "en")
    assert stranger.get("/login").soup.html["lang"] == "en"
    assert browser().get("/login").soup.html["lang"] == "id"


def test_a_language_that_nobody_speaks_here_changes_nothing(browser: Open) -> None:
    page = browser().post("/language/xx", next="/help")
    assert (page.path, page.soup.html["lang"]) == ("/help", "id")


def test_the_language_of_a_person_follows_them_to_another_browser(browser: Open) -> None:
    browser("ina", "en")
    assert user("ina").language == "en"
    assert browser("ina").get("/account").soup.html["lang"] == "en"
    assert browser("budi").get("/account").soup.html["lang"] == "id"


def test_the_language_toggle_keeps_the_page_with_its_query(browser: Open) -> None:
    for who, path in (("ina", "/inbox?size=50"), (None, "/login?next=/inbox")):
        opened = browser(who)
        kept = opened.get(path).value("next")
        page = opened.post("/language/en", next=kept)
        assert page.response.request.full_path.rstrip("?") in (path, path.replace("=/", "=%2F"))
        assert page.soup.html["lang"] == "en"


def test_the_language_toggle_never_leads_away(browser: Open) -> None:
    stranger = browser()
    stranger.get("/help")
    response = stranger.client.post(
        "/language/en", data={"next": "//jahat.example", "csrf_token": stranger.token}
    )
    assert response.headers["Location"] == "/"


def test_a_post_from_another_site_is_refused(browser: Open) -> None:
    ina = browser("ina")
    response = ina.client.post("/account", data={"language": "en"})
    assert response.status_code == 400
    assert user("ina").language == "id"
