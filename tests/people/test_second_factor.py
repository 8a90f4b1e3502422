"""A second factor: set up, asked at sign-in and before acts of weight, lost and removed by two people."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.office.commands import change_settings
from compliance.people.commands.users import add_user
from compliance.people.factors.models import Factor, RecoveryCode
from compliance.people.factors.rules import step_of_code
from compliance.policy import SYSTEM
from tests.browser import PASSWORD, Browser, Page
from tests.factories import user

Open = Callable[..., Browser]
At = Callable[[str], None]


def code_of(secret: str, steps_on: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // 30 + steps_on)


def set_up_app(browser: Browser, name: str = "Ponsel contoh") -> tuple[str, list[str]]:
    """Connect an app on the account page; its secret and the recovery codes that were shown."""
    page = browser.get("/account/factors/app")
    secret = str(page.tree.findtext(".//figcaption/code"))
    page = browser.post(
        "/account/factors/app",
        name=name,
        enrolment=page.value("enrolment"),
        factor_code=code_of(secret, -1),
    )
    assert page.status in (200, 201), page.text
    return secret, [str(code.text) for code in page.tree.iterfind(".//main//li/code")]


@pytest.fixture
def app_of_ina(browser: Open) -> tuple[str, list[str]]:
    """Ina's authenticator app: its secret and her recovery codes."""
    return set_up_app(browser("ina"))


def at_the_second_step(browser: Open, who: str = "ina") -> Browser:
    opened = browser()
    page = opened.sign_in(f"{who}@contoh.example")
    assert (page.path, page.status) == ("/login/second", 200)
    return opened


def second(browser: Browser, code: str, **more: str) -> Page:
    return browser.post("/login/second", factor_code=code, **more)


def test_with_an_app_the_password_opens_nothing_until_its_code_comes(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    opened = at_the_second_step(browser)
    assert opened.get("/account").path == "/login"
    assert opened.get("/field").path == "/login"
    page = second(opened, code_of(app_of_ina[0]))
    assert (page.path, page.status) == ("/field", 200)


@pytest.mark.parametrize("code", ["000000", "", "12345", "abcdef", "1" * 500])
def test_a_wrong_code_is_refused_with_its_sentence(
    browser: Open, app_of_ina: tuple[str, list[str]], code: str
) -> None:
    opened = at_the_second_step(browser)
    page = second(opened, code)
    assert page.status == 422
    assert "Kode tidak cocok" in page.text or "Ketik kode" in page.text
    assert opened.get("/account").path == "/login"


def test_a_code_is_taken_once_whoever_read_it_over_the_shoulder(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    code = code_of(app_of_ina[0])
    assert second(at_the_second_step(browser), code).path == "/field"
    assert second(at_the_second_step(browser), code).status == 422


def test_a_code_of_a_minute_ago_or_of_another_person_is_none(
    browser: Open, app_of_ina: tuple[str, list[str]], at: At
) -> None:
    old = code_of(app_of_ina[0])
    other, _codes = set_up_app(browser("budi"))
    at("2026-11-30 09:02")
    assert second(at_the_second_step(browser), old).status == 422
    assert second(at_the_second_step(browser), code_of(other)).status == 422


def test_a_recovery_code_opens_once_and_its_owner_is_told(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    _secret, codes = app_of_ina
    assert len(set(codes)) == 10
    assert second(at_the_second_step(browser), f" {codes[0].upper()} ").path == "/field"
    assert second(at_the_second_step(browser), codes[0]).status == 422
    changes = [message.fact("change") for message in db.session.query(Message)]
    assert changes.count("user.code_used") == 1
    assert "user.factor_added" in changes
    opened = at_the_second_step(browser)
    second(opened, codes[1])
    assert "8 kode belum dipakai" in opened.get("/account/factors").text


def test_guesses_are_slowed_down_and_do_not_shut_the_owner_out_for_good(
    browser: Open, app_of_ina: tuple[str, list[str]], at: At
) -> None:
    opened = at_the_second_step(browser)
    pages = [second(opened, "000000") for _ in range(7)]
    assert [page.status for page in pages[:5]] == [422] * 5
    assert pages[5].status == 429
    assert second(opened, code_of(app_of_ina[0])).status == 429
    at("2026-11-30 09:09")
    assert second(opened, code_of(app_of_ina[0])).path == "/field"


def test_the_second_step_waits_ten_minutes(
    browser: Open, app_of_ina: tuple[str, list[str]], at: At
) -> None:
    opened = at_the_second_step(browser)
    at("2026-11-30 09:11")
    page = second(opened, code_of(app_of_ina[0]))
    assert page.path == "/login"
    assert "sepuluh menit" in page.text


def test_a_remembered_browser_is_not_asked_for_thirty_days_and_no_other(
    browser: Open, app_of_ina: tuple[str, list[str]], at: At
) -> None:
    opened = at_the_second_step(browser)
    second(opened, code_of(app_of_ina[0]), remember="y")
    opened.post("/logout")
    at("2026-12-29 09:00")
    assert opened.sign_in("ina@contoh.example").path == "/field"
    at_the_second_step(browser)
    opened.post("/logout")
    at("2026-12-31 09:00")
    assert opened.sign_in("ina@contoh.example").path == "/login/second"


def test_a_change_of_the_password_asks_every_browser_again(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    opened = at_the_second_step(browser)
    second(opened, code_of(app_of_ina[0]), remember="y")
    new = "lain sekali kata sandinya"
    opened.post("/account/password", current=PASSWORD, password=new, again=new)
    opened.post("/logout")
    assert opened.sign_in("ina@contoh.example", new).path == "/login/second"


def test_the_secret_of_an_app_is_not_to_be_read_in_the_store(
    app_of_ina: tuple[str, list[str]],
) -> None:
    secret, codes = app_of_ina
    kept = db.session.query(Factor).one()
    assert secret not in str(kept.secret)
    hashes = {row.code_hash for row in db.session.query(RecoveryCode)}
    assert not hashes & set(codes)


def test_a_page_sent_with_another_persons_secret_adds_nothing(browser: Open) -> None:
    ina, budi = browser("ina"), browser("budi")
    page = ina.get("/account/factors/app")
    secret = str(page.tree.findtext(".//figcaption/code"))
    budi.get("/account/factors/app")
    page = budi.post(
        "/account/factors/app",
        name="x",
        enrolment=page.value("enrolment"),
        factor_code=code_of(secret),
    )
    assert page.status == 422
    assert "terbuka terlalu lama" in page.text
    assert db.session.query(Factor).count() == 0


def test_the_last_factor_that_goes_takes_codes_and_the_second_step_along(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    opened = at_the_second_step(browser)
    second(opened, code_of(app_of_ina[0]))
    factor = db.session.query(Factor).one()
    page = opened.post(f"/account/factors/{factor.id}/remove")
    assert "Ponsel contoh dihapus" in page.text
    assert db.session.query(RecoveryCode).count() == 0
    assert browser().sign_in("ina@contoh.example").path == "/field"


def test_nobody_removes_the_factor_of_another(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    factor = db.session.query(Factor).one()
    assert browser("adi").post(f"/account/factors/{factor.id}/remove").status == 404
    assert db.session.query(Factor).filter_by(removed_at=None).count() == 1


# Acts of weight


def test_after_a_quarter_of_an_hour_an_act_of_weight_asks_again_and_loses_nothing(
    browser: Open, at: At
) -> None:
    adi = browser("adi")
    adi.get("/admin/users/new")
    at("2026-11-30 09:16")
    page = adi.post(
        "/admin/users/new",
        name="Wira Contoh",
        email="wira@contoh.example",
        role="inspector",
        language="id",
    )
    assert page.path == "/account/confirm"
    assert adi.post(page.response.request.full_path, current="salah sekali").status == 422
    page = adi.post(page.response.request.full_path, current=PASSWORD)
    assert page.path == "/admin/users/new"
    assert page.value("email") == "wira@contoh.example"


def test_who_has_a_factor_confirms_by_it_and_not_by_the_password(browser: Open, at: At) -> None:
    adi = browser("adi")
    secret, _codes = set_up_app(adi)
    at("2026-11-30 09:16")
    page = adi.get("/admin/audit.csv")
    assert page.path == "/account/confirm"
    assert adi.post("/account/confirm?next=/admin/users", current=PASSWORD).status == 422
    page = adi.post("/account/confirm?next=/admin/users", factor_code=code_of(secret))
    assert page.path == "/admin/users"
    assert adi.get("/admin/audit.csv").status == 200


# Required by role


def require_it(days: int = 14) -> None:
    with transaction():
        change_settings(
            {"second_factor_for": "deciding", "second_factor_days": days}, by=user("adi")
        )


def test_a_role_that_must_have_one_is_told_by_when_and_then_opens_nothing_else(
    browser: Open, at: At
) -> None:
    require_it()
    sari = browser("sari")
    assert "Pasang faktor kedua sebelum 14 Desember 2026" in html(sari.get("/queue"))
    at("2026-12-14 08:59")
    assert browser("sari").get("/queue").path == "/queue"
    at("2026-12-14 09:00")
    sari = browser("sari")
    page = sari.get("/queue")
    assert page.path == "/account/factors"
    assert "Pasang satu untuk melanjutkan" in page.text
    assert sari.post("/account/density").path == "/account/factors"
    set_up_app(sari)
    assert sari.get("/queue").path == "/queue"


def html(page: Page) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.html).split())


def test_a_role_that_need_not_is_not_asked(browser: Open) -> None:
    require_it(days=0)
    assert "faktor kedua" not in html(browser("ina").get("/field")).casefold()
    assert browser("sari").get("/queue").path == "/account/factors"


# Lost


def test_two_admins_together_remove_lost_factors_and_each_step_is_told(
    browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    adi, wira = browser("adi"), a_second_admin(browser)
    where = f"/admin/users/{user('ina').id}/factors"
    assert adi.post(where, reason="").status == 422
    adi.post(where, reason="Ponsel hilang di pelabuhan")
    assert adi.post(f"{where}/agree").status == 409
    assert db.session.query(Factor).filter_by(removed_at=None).count() == 1
    told = db.session.query(Message).filter_by(kind="user.factor_reset_asked").all()
    assert {message.user_id for message in told} == {user("wira").id}
    assert "Ponsel hilang di pelabuhan" in wira.get(where).text
    assert "Faktor kedua Ina Contoh dihapus" in wira.post(f"{where}/agree").text
    assert browser().sign_in("ina@contoh.example").path == "/field"
    assert "Ponsel hilang di pelabuhan" in adi.get("/admin/access").text


def a_second_admin(browser: Open) -> Browser:
    with transaction():
        add_user(
            by=SYSTEM,
            email="wira@contoh.example",
            name="Wira Contoh",
            role="admin",
            office=None,
            password=PASSWORD,
        )
    return browser("wira")


def test_a_request_lapses_after_a_day_and_the_person_themselves_cannot_agree(
    browser: Open, at: At
) -> None:
    wira = a_second_admin(browser)
    set_up_app(wira)
    where = f"/admin/users/{user('wira').id}/factors"
    adi = browser("adi")
    adi.post(where, reason="Ponsel hilang")
    assert wira.post(f"{where}/agree").status == 409
    at("2026-12-01 09:01")
    adi = browser("adi")
    assert "Ponsel hilang" not in adi.get(where).text.replace("Ponsel hilang?", "")
    assert adi.post(f"{where}/agree").status == 409


def test_after_a_removal_a_role_that_must_have_one_sets_up_a_new_one_first(browser: Open) -> None:
    require_it()
    set_up_app(browser("sari"))
    wira = a_second_admin(browser)
    where = f"/admin/users/{user('sari').id}/factors"
    browser("adi").post(where, reason="Ponsel hilang")
    wira.post(f"{where}/agree")
    sari = browser()
    assert sari.sign_in("sari@contoh.example").path == "/account/factors"


def test_the_console_removes_lost_factors_and_says_so(
    app: Flask, browser: Open, app_of_ina: tuple[str, list[str]]
) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["user", "reset-factor", "budi@contoh.example", "--because", "x"]).exit_code
    done = run(args=["user", "reset-factor", "ina@contoh.example", "--because", "Ponsel hilang"])
    assert done.exit_code == 0, done.output
    assert browser().sign_in("ina@contoh.example").path == "/field"


# Codes


@pytest.mark.parametrize(
    ("offset", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_the_clock_of_a_phone_may_be_half_a_minute_off(offset: int, right: bool) -> None:
    secret, now = "JBSWY3DPEHPK3PXP" * 2, clock.now()
    code = pyotp.TOTP(secret).generate_otp(int(now.timestamp()) // 30 + offset)
    assert (step_of_code(secret, code, at=now) is not None) is right
