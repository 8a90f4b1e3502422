"""Somebody forgot their password: a link by mail, once, for an hour; strangers learn nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.people.commands import resets as reset_commands
from compliance.people.commands.accounts import add_token
from compliance.people.jobs import deliver_messages, purge_sign_ins
from compliance.people.models import PasswordReset
from compliance.people.queries import caller_with
from compliance.web.mailroom import secret_of
from tests.browser import PASSWORD, Browser, Page
from tests.factories import user
from tests.people.mailserver import MailServer, running, words

Open = Callable[..., Browser]
At = Callable[[str], None]
INA = "ina@contoh.example"
NEW = "empat kata yang baru"
SAME = "Bila alamat itu dikenal, surel dengan tautan sudah dikirim ke sana. Tautannya berlaku satu jam."


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with running() as (server, address):
        app.config["MAIL_URL"] = address
        yield server
        app.config["MAIL_URL"] = ""


def asked(browser: Browser, email: str = INA) -> Page:
    return browser.post("/forgot-password", email=email)


def mailed_link(server: MailServer, to: str = INA) -> str:
    """The address in the newest mail to `to`, without the host."""
    deliver_messages()
    mail = [each for each in server.arrived if each["To"] == to][-1]
    found = re.search(r"http://127\.0\.0\.1:8000(/reset-password/\S+)", words(mail))
    assert found, words(mail)
    return found[1]


def set_new(browser: Browser, link: str, password: str = NEW, again: str | None = None) -> Page:
    return browser.post(link, password=password, again=password if again is None else again)


def test_the_link_sets_a_new_password_and_ends_every_session(
    browser: Open, server: MailServer
) -> None:
    inside, somebody, stranger = browser("ina"), browser("budi"), browser()
    page = asked(stranger, "  INA@Contoh.Example ")
    assert (page.path, SAME in page.text) == ("/login", True)
    link = mailed_link(server)
    form = stranger.get(link)
    assert form.soup.select_one("input[autocomplete=username]")["value"] == INA
    done = set_new(stranger, link)
    assert done.path == "/login"
    assert "Kata sandi diganti. Masuk dengan kata sandi yang baru." in done.text
    assert inside.get("/account").path == "/login"
    assert somebody.get("/account").path == "/account"
    assert browser().sign_in(INA).status == 422
    assert browser().sign_in(INA, NEW).path != "/login"


def test_a_token_that_somebody_made_meanwhile_ends_with_the_link_too(
    app: Flask, browser: Open, server: MailServer
) -> None:
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="Penyusup")
    deliver_messages()
    asked(browser())
    assert caller_with(secret)
    set_new(browser(), mailed_link(server))
    assert caller_with(secret) is None
    deliver_messages()
    told = words(server.arrived[-1])
    assert "Semua sesi dan token Anda berakhir." in " ".join(told.split())


def test_whoever_asks_learns_nothing_about_who_works_here(
    browser: Open, server: MailServer
) -> None:
    with transaction():
        user("budi").active = False
    for email in ("tidakada@contoh.example", "budi@contoh.example", "x@" * 2500):
        page = asked(browser(), email)
        assert (page.path, SAME in page.text) == ("/login", True), email
    deliver_messages()
    assert server.arrived == []
    assert db.session.query(PasswordReset).count() == 0
    for typed, said in (
        ("", "Isi alamat surel Anda"),
        ("bukan surel", "Tulis alamat surel yang lengkap"),
    ):
        page = asked(browser(), typed)
        assert (page.status, said in page.text) == (422, True)


def test_a_link_works_once(browser: Open, server: MailServer) -> None:
    asked(browser())
    link = mailed_link(server)
    set_new(browser(), link)
    for page in (browser().get(link), set_new(browser(), link, "lima kata yang lain lagi")):
        assert page.status == 410
        assert "Tautan tidak berlaku lagi" in page.text
        assert "/forgot-password" in page.links()
    assert browser().sign_in(INA, NEW).path != "/login"


def test_a_link_that_was_used_makes_the_others_worthless(browser: Open, server: MailServer) -> None:
    asked(browser())
    first = mailed_link(server)
    asked(browser())
    second = mailed_link(server)
    assert first != second
    set_new(browser(), second)
    assert browser().get(first).status == 410


def test_a_password_that_is_set_otherwise_makes_a_mailed_link_worthless(
    browser: Open, server: MailServer
) -> None:
    """Somebody else reads the mails of Ina; she sets a new password because of that."""
    asked(browser())
    link = mailed_link(server)
    browser("ina").submit("/account/password", current=PASSWORD, password=NEW, again=NEW)
    assert browser().get(link).status == 410
    assert set_new(browser(), link, "lima kata yang lain lagi").status == 410
    assert browser().sign_in(INA, NEW).path != "/login"


def test_a_link_from_before_access_was_taken_stays_worthless_when_it_is_given_back(
    browser: Open, server: MailServer
) -> None:
    asked(browser())
    link, where, adi = mailed_link(server), f"/admin/users/{user('ina').id}", browser("adi")
    adi.submit(where, active=[])
    assert user("ina").active is False
    adi.submit(where, active="y")
    assert browser().get(link).status == 410


def test_a_link_lasts_an_hour(browser: Open, server: MailServer, at: At) -> None:
    asked(browser())
    link = mailed_link(server)
    at("2026-11-30 09:59")
    assert browser().get(link).status == 200
    at("2026-11-30 10:00")
    assert browser().get(link).status == 410
    assert set_new(browser(), link).status == 410
    assert browser().sign_in(INA).path != "/login"


def test_who_lost_access_meanwhile_cannot_use_the_link(browser: Open, server: MailServer) -> None:
    asked(browser())
    link = mailed_link(server)
    with transaction():
        user("ina").active = False
    assert browser().get(link).status == 410


@pytest.mark.parametrize(
    ("password", "again", "reason"),
    [
        ("pendek", "pendek", "Kata sandi sedikitnya 10 karakter"),
        (INA, INA, "hampir hanya nama atau alamat Anda"),
        (NEW, "yang lain", "tidak sama"),
        ("", "", "Isi kata sandi baru"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_good(
    browser: Open, server: MailServer, password: str, again: str, reason: str
) -> None:
    asked(browser())
    link = mailed_link(server)
    page = set_new(browser(), link, password, again)
    assert page.status == 422
    assert reason in page.text
    assert set_new(browser(), link).path == "/login"


def test_the_mail_is_in_its_readers_language_and_says_what_to_do_if_it_was_not_them(
    browser: Open, server: MailServer
) -> None:
    browser("eda", "en")
    for who in ("eda", "lia"):
        asked(browser(), f"{who}@contoh.example")
    deliver_messages()
    english, indonesian = server.to("eda@contoh.example"), server.to("lia@contoh.example")
    assert english["Subject"] == "Link for a new password"
    assert "your password has not changed" in words(english)
    assert indonesian["Subject"] == "Tautan untuk kata sandi baru"
    assert "Bukan Anda? Abaikan surel ini: kata sandi Anda tidak berubah." in words(indonesian)
    assert "30 November 2026 pukul 10.00 WITA" in words(indonesian)
    assert "halaman Akun" not in words(indonesian), "nobody can opt out of what they asked for"


def test_the_store_holds_no_link_that_works(browser: Open, server: MailServer) -> None:
    asked(browser())
    (message,) = db.session.query(Message).filter_by(kind="user.reset_asked").all()
    secret = mailed_link(server).rpartition("/")[2]
    stored = [
        *message.data.values(),
        message.key,
        db.session.query(PasswordReset).one().secret_hash,
    ]
    assert all(secret not in str(each) for each in stored)
    assert browser().get(f"/reset-password/{message.data['seed']}").status == 410
    assert browser("ina").get("/inbox").text.count("kata sandi baru") == 0, (
        "an open session is no way to it"
    )


def test_the_link_is_made_with_the_key_of_this_installation(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = secret_of("benih")
    monkeypatch.setattr(app, "secret_key", "another key of another installation")
    assert secret_of("benih") != here


def test_of_two_who_use_a_link_at_once_one_sets_the_password(
    browser: Open, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(browser())
    link, hashed = mailed_link(server), reset_commands.hash_password
    browsers = [browser(), browser()]

    def while_somebody_is_faster(password: str) -> str:
        monkeypatch.setattr(reset_commands, "hash_password", hashed)
        assert set_new(browsers[0], link).path == "/login"
        return hashed(password)

    monkeypatch.setattr(reset_commands, "hash_password", while_somebody_is_faster)
    assert set_new(browsers[1], link, "lima kata yang lain lagi").status == 422
    assert browser().sign_in(INA, NEW).path != "/login"


def test_asking_is_throttled_by_address_and_by_place(
    browser: Open, server: MailServer, at: At
) -> None:
    stranger = browser()
    for email in (INA, "tidakada@contoh.example"):
        for _ in range(3):
            assert SAME in asked(stranger, email).text
        refused = asked(stranger, email)
        assert (refused.status, refused.response.headers["Retry-After"]) == (429, "900")
    for number in range(20 - 6):
        asked(stranger, f"orang{number}@contoh.example")
    assert asked(stranger, "satulagi@contoh.example").status == 429
    deliver_messages()
    assert len(server.arrived) == 3
    assert browser().sign_in(INA).path != "/login", "signing in is not held up"
    at("2026-11-30 09:16")
    assert SAME in asked(stranger).text


def test_too_many_wrong_passwords_do_not_hold_up_the_new_one(
    browser: Open, server: MailServer
) -> None:
    for _ in range(6):
        browser().sign_in(INA, "tebakan yang salah")
    asked(browser())
    set_new(browser(), mailed_link(server))
    assert browser().sign_in(INA, NEW).path != "/login"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_audit_tells_who_asked_and_who_set_it(
    browser: Open, server: MailServer, language: str
) -> None:
    asked(browser())
    set_new(browser(), mailed_link(server))
    kinds = [
        each.kind
        for each in db.session.query(Event).order_by(Event.id)
        if each.subject == f"user:{user('ina').id}"
    ]
    assert kinds[-2:] == ["user.reset_asked", "user.password_reset"]
    page = browser("adi", language).get("/admin/audit")
    told = {
        "id": (
            "Tautan kata sandi baru diminta untuk Ina Contoh",
            "Ina Contoh menetapkan kata sandi baru dengan tautan",
        ),
        "en": (
            "A link for a new password was asked for Ina Contoh",
            "Ina Contoh set a new password with a link",
        ),
    }
    for sentence in told[language]:
        assert sentence in page.text


def test_links_that_are_over_are_forgotten_after_a_day(browser: Open, at: At) -> None:
    asked(browser())
    at("2026-12-01 09:59")
    assert purge_sign_ins()["links"] == 0
    at("2026-12-01 10:01")
    assert purge_sign_ins()["links"] == 1


def test_a_password_is_changed_by_its_owner_as_before(browser: Open) -> None:
    page = browser("ina").submit("/account/password", current=PASSWORD, password=NEW, again=NEW)
    assert page.path == "/account"
