"""No admin becomes another person: passwords are set by a mailed link, tokens are made by their owner, and a
changed address is told to the old one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.errors import NotAllowed
from compliance.core.events import Event
from compliance.people.commands.accounts import (
    add_token,
    add_token_at_console,
    change_account,
    set_password,
)
from compliance.people.commands.users import add_user
from compliance.people.jobs import deliver_messages
from compliance.people.models import ApiToken, PasswordReset, User
from compliance.people.queries import caller_with
from compliance.policy import SYSTEM
from tests.browser import PASSWORD, Browser, Page
from tests.cast import Cast
from tests.factories import user
from tests.people.mailserver import MailServer, running, words

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
At = Callable[[str], None]
INA, WATI = "ina@contoh.example", "wati@contoh.example"
NEW = "empat kata yang baru"
WATI_AS_TYPED = {"name": "Wati Contoh", "email": WATI, "role": "inspector"}


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with running() as (server, address):
        app.config["MAIL_URL"] = address
        yield server
        app.config["MAIL_URL"] = ""


def mails_to(server: MailServer, address: str) -> list[str]:
    deliver_messages()
    return [words(mail) for mail in server.arrived if mail["To"] == address]


def link_for(server: MailServer, address: str) -> str:
    found = re.search(
        r"http://127\.0\.0\.1:8000(/reset-password/\S+)", mails_to(server, address)[-1]
    )
    assert found
    return found[1]


def set_new(browser: Browser, link: str) -> Page:
    return browser.post(link, password=NEW, again=NEW)


def id_of(email: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(User.id).where(User.email == email)).one()


def last(kind: str) -> Event:
    db.session.rollback()
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id.desc()).first()


def test_a_new_person_sets_the_first_password_by_the_link_of_the_invitation(
    browser: Open, server: MailServer, at: At
) -> None:
    adi = browser("adi")
    form = adi.get("/admin/users/new")
    assert form.soup.select("input[type=password]") == []
    page = adi.submit("/admin/users/new", WATI_AS_TYPED)
    assert (
        "Surel untuk Wati Contoh dibuat. Tautannya berlaku satu kali, sampai 7 Desember 2026"
        in page.text
    )
    assert "surel menunggu dikirim sejak 30 November 2026" in page.text
    link = link_for(server, WATI)
    assert link.rpartition("/")[2] not in page.html
    assert "Adi Andai menambahkan Anda sebagai pengguna Patuh" in mails_to(server, WATI)[0]
    assert "halaman Akun" not in mails_to(server, WATI)[0]
    assert "surel terkirim 30 November 2026" in adi.get(page.path).text
    at("2026-12-07 08:59")
    assert set_new(browser(), link).path == "/login"
    assert browser().sign_in(WATI, NEW).path == "/field"
    assert set_new(browser(), link).status == 410
    assert (last("user.invited").actor_name, last("user.invited").channel) == ("Adi Andai", "web")


def test_an_invitation_ends_after_a_week_and_can_be_sent_again(
    browser: Open, server: MailServer, at: At
) -> None:
    browser("adi").submit("/admin/users/new", WATI_AS_TYPED)
    first = link_for(server, WATI)
    at("2026-12-07 09:00")
    assert set_new(browser(), first).status == 410
    where = f"/admin/users/{id_of(WATI)}"
    adi = browser("adi")
    assert "Kirim undangan lagi" in adi.get(where).text
    adi.post(f"{where}/link")
    second = link_for(server, WATI)
    adi.post(f"{where}/link")
    assert set_new(browser(), second).status == 410, "only the newest works"
    assert set_new(browser(), link_for(server, WATI)).path == "/login"


def test_an_admin_sends_a_link_and_never_sees_or_types_a_password(
    browser: Open, server: MailServer
) -> None:
    ina, adi, where = browser("ina"), browser("adi"), f"/admin/users/{user('ina').id}"
    assert adi.post(f"{where}/password", password=NEW).status == 404
    page = adi.post(f"{where}/link")
    assert page.path == where
    link = link_for(server, INA)
    assert link not in page.html
    assert link.rpartition("/")[2] not in str(last("user.link_sent").data)
    assert "Adi Andai mengirim tautan ini" in mails_to(server, INA)[0]
    assert ina.get("/account").path == "/account", "nothing has changed yet"
    set_new(browser(), link)
    assert ina.get("/account").path == "/login"
    assert "Kata sandi akun Anda ditetapkan dengan tautan." in mails_to(server, INA)[-1]
    assert browser().sign_in(INA, NEW).path != "/login"


def test_nobody_but_an_admin_sends_a_link(browser: Open, cast: Cast) -> None:
    for who in ("ina", "sari", "tika", "lia"):
        assert browser(who).post(f"/admin/users/{cast.ids['budi']}/link").status == 403
    db.session.rollback()
    assert db.session.query(PasswordReset).count() == 0


def test_who_may_not_sign_in_gets_no_link(browser: Open) -> None:
    with transaction():
        user("ina").active = False
    adi, where = browser("adi"), f"/admin/users/{user('ina').id}"
    assert "Kirim tautan kata sandi" not in adi.get(where).text
    assert adi.post(f"{where}/link").status == 409


@pytest.mark.parametrize("trouble", ["no server", "refused", "for good"])
def test_where_mail_does_not_go_out_the_page_says_so_and_what_helps(
    app: Flask, browser: Open, server: MailServer, trouble: str
) -> None:
    if trouble == "no server":
        app.config["MAIL_URL"] = ""
    server.refusal = "550 no" if trouble == "for good" else "451 later"
    page = browser("adi").submit("/admin/users/new", WATI_AS_TYPED)
    deliver_messages()
    text = browser("adi").get(page.path).text
    if trouble == "no server":
        assert "Server surel belum dipasang" in text
        assert "surel ditulis sebagai berkas" in text
    elif trouble == "for good":
        assert "surel tidak terkirim" in text
    else:
        assert "surel belum terkirim" in text
        assert "Dicoba lagi" in text
    assert f"flask user link {WATI}" in text


def test_the_console_prints_a_link_and_the_person_is_told(
    app: Flask, browser: Open, server: MailServer, at: At
) -> None:
    db.session.rollback()
    printed = app.test_cli_runner().invoke(args=["user", "link", INA.upper()])
    assert printed.exit_code == 0, printed.output
    link = printed.output.strip().removeprefix("http://127.0.0.1:8000")
    event = last("user.link_printed")
    assert (event.channel, event.actor_id) == ("console", None)
    assert link.rpartition("/")[2] not in str(event.data)
    (told,) = mails_to(server, INA)
    assert "Di konsol server dicetak tautan" in told
    assert "Lewat: Konsol server." in told
    assert set_new(browser(), link).path == "/login"
    db.session.rollback()
    again = app.test_cli_runner().invoke(args=["user", "link", INA]).output.strip()
    at("2026-12-01 09:00")
    assert browser().get(again.removeprefix("http://127.0.0.1:8000")).status == 410
    db.session.rollback()
    assert app.test_cli_runner().invoke(args=["user", "link", "x@contoh.example"]).exit_code == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda ina, adi: add_token(ina, by=adi, label="Loket"),
        lambda ina, adi: set_password(ina, by=adi, password=NEW),
        lambda ina, adi: change_account(ina, by=adi, language="en"),
        lambda _ina, adi: add_user(by=adi, email=WATI, name="Wati", role="admin", password=NEW),
    ],
)
def test_no_command_lets_an_admin_act_for_another(
    app: Flask, act: Callable[[User, User], object]
) -> None:
    with pytest.raises(NotAllowed), transaction():
        act(user("ina"), user("adi"))


def test_a_token_is_made_by_its_owner_who_knows_the_password(
    browser: Open, server: MailServer
) -> None:
    lia = browser("lia")
    assert "/account/tokens/new" in lia.get("/account").links()
    refused = lia.submit("/account/tokens/new", label="Loket Kupang", current="tebakan saja")
    assert (refused.status, "Kata sandi sekarang tidak cocok" in refused.text) == (422, True)
    page = lia.submit("/account/tokens/new", label="Loket Kupang", days="30", current=PASSWORD)
    assert page.status == 201
    secret = str(page.soup.find(id="secret")["value"])
    db.session.rollback()
    caller = caller_with(secret)
    assert caller is not None
    assert caller.id == user("lia").id
    assert secret not in lia.get("/account").html
    assert (
        "Token baru dibuat yang bertindak atas nama Anda: Loket Kupang."
        in mails_to(server, "lia@contoh.example")[-1]
    )
    adi, where = browser("adi"), f"/admin/users/{user('lia').id}"
    seen = adi.get(where)
    assert "Loket Kupang" in seen.text
    assert secret not in seen.html
    assert adi.post(f"{where}/tokens/new", label="Lain").status == 404
    assert "dicabut" in adi.post(f"/admin/tokens/{caller.token_id}/revoke").text
    db.session.rollback()
    assert caller_with(secret) is None


def test_a_token_without_a_name_or_for_ever_and_a_day_is_refused(browser: Open) -> None:
    page = browser("lia").submit("/account/tokens/new", label=" ", days="3.651", current=PASSWORD)
    assert page.status == 422
    assert "Beri token nama" in page.text
    assert "Isi masa berlaku antara 1 dan 3.650 hari." in page.text
    assert page.value("days") == "3.651"


def test_guesses_at_the_password_before_a_token_are_counted(browser: Open) -> None:
    lia = browser("lia")
    for _ in range(5):
        lia.submit("/account/tokens/new", label="Loket", current="tebakan saja")
    page = lia.submit("/account/tokens/new", label="Loket", current=PASSWORD)
    assert "Terlalu banyak percobaan" in page.text


def test_a_changed_address_is_told_to_the_old_and_the_new_one(
    browser: Open, server: MailServer
) -> None:
    adi, where = browser("adi"), f"/admin/users/{user('ina').id}"
    page = adi.submit(where, email=" Ina.Baru@Contoh.example ")
    assert page.value("email") == "ina.baru@contoh.example"
    for address in (INA, "ina.baru@contoh.example"):
        (told,) = mails_to(server, address)
        assert f"diganti dari {INA} menjadi ina.baru@contoh.example" in " ".join(told.split())
        assert "Dilakukan oleh Adi Andai" in told
        assert "Peran atau akses" not in told
    assert last("user.changed").fact("before") == {"email": INA}
    assert browser().sign_in("ina.baru@contoh.example").path == "/field"
    assert browser().sign_in(INA).status == 422


def test_who_changed_an_address_cannot_take_the_account_over_before_its_owner_can_object(
    browser: Open, server: MailServer, at: At
) -> None:
    browser().post("/forgot-password", email=INA)
    old_link = link_for(server, INA)
    adi, where, new = browser("adi"), f"/admin/users/{user('ina').id}", "punya.adi@contoh.example"
    assert "Tautan baru dapat dikirim sesudah 1 Desember 2026" in adi.submit(where, email=new).text
    assert adi.post(f"{where}/link").status == 409
    browser().post("/forgot-password", email=new)
    told = mails_to(server, new)[-1]
    assert "/reset-password/" not in told
    assert "tautan baru dapat diminta sesudah 1 Desember 2026" in " ".join(told.split())
    assert set_new(browser(), old_link).status == 410
    at("2026-12-01 09:00")
    browser("adi").post(f"{where}/link")
    assert set_new(browser(), link_for(server, new)).path == "/login"


def test_an_account_that_only_had_a_token_is_not_taken_over_by_revoking_it(
    app: Flask, browser: Open, server: MailServer
) -> None:
    with transaction():
        robot = add_user(by=SYSTEM, email=WATI, name="Wati Contoh", role="inspector")
        add_token_at_console(robot, label="Loket")
        id = robot.id
    adi, where, new = browser("adi"), f"/admin/users/{id}", "punya.adi@contoh.example"
    adi.submit(where, email=new)
    token = db.session.scalars(sa.select(ApiToken).where(ApiToken.user_id == id)).one()
    adi.post(f"/admin/tokens/{token.id}/revoke")
    assert adi.post(f"{where}/link").status == 409
    browser().post("/forgot-password", email=new)
    assert not any("/reset-password/" in mail for mail in mails_to(server, new))


def test_a_mistyped_address_of_an_invitation_is_put_right_at_once(
    browser: Open, server: MailServer
) -> None:
    adi = browser("adi")
    where = adi.submit("/admin/users/new", {**WATI_AS_TYPED, "email": "watty@contoh.example"}).path
    wrong = link_for(server, "watty@contoh.example")
    adi.submit(where, email=WATI)
    adi.post(f"{where}/link")
    assert set_new(browser(), wrong).status == 410
    assert set_new(browser(), link_for(server, WATI)).path == "/login"


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("ina", 422, "Tulis alamat surel yang lengkap"),
        ("", 422, "Tulis alamat surel yang lengkap"),
        ("BUDI@contoh.example", 409, "Alamat budi@contoh.example sudah dipakai Budi Misal."),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_stays_as_typed(
    browser: Open, typed: str, status: int, said: str
) -> None:
    page = browser("adi").submit(f"/admin/users/{user('ina').id}", email=typed)
    assert (page.status, said in page.text, page.value("email")) == (status, True, typed)
