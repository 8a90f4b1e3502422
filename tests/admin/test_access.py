"""The changes of access: who changed what of whose account, and how; read by those who did not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.jobs import send_access_digests
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.people.commands.access import end_other_sessions
from compliance.people.commands.users import add_user
from compliance.policy import SYSTEM
from compliance.web.formatting import in_language
from compliance.web.mailroom import WrittenMessage, write_message
from tests.browser import PASSWORD, Browser, Page
from tests.cast import Cast
from tests.factories import user
from tests.queries import queries

Open = Callable[..., Browser]
At = Callable[[str], None]
WHERE = "/admin/access"


def rows(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select("table.list tbody tr")]


def changes_of_all_kinds(app: Flask, browser: Open) -> None:
    """Ina's address and role by an admin, a token of her own, a link and a token from the console; her
    telephone, which is no change of access.
    """
    adi, where = browser("adi"), f"/admin/users/{user('ina').id}"
    adi.submit(where, phone="0380-77")
    adi.submit(where, role="supervisor")
    adi.submit(where, email="ina.baru@contoh.example")
    browser_of_ina = Browser(app)
    browser_of_ina.sign_in("ina.baru@contoh.example")
    browser_of_ina.submit("/account/tokens/new", label="Lembar kerja", current=PASSWORD)
    db.session.rollback()
    app.test_cli_runner().invoke(args=["user", "link", "ina.baru@contoh.example"])
    app.test_cli_runner().invoke(
        args=["token", "add", "ina.baru@contoh.example", "--name", "Loket"]
    )


def test_every_change_stands_there_with_whose_who_and_how(
    app: Flask, browser: Open, cast: Cast
) -> None:
    changes_of_all_kinds(app, browser)
    page = browser("adi").get(f"{WHERE}?person={cast.ids['ina']}")
    said = rows(page)
    assert [row.partition(" Ina Contoh")[0].split(" Alamat surel:")[0] for row in said[:3]] == [
        "Token Loket dibuat untuk",
        "Tautan kata sandi untuk",
        "Token Lembar kerja dibuat untuk",
    ]
    assert "sistem Konsol server" in said[0]
    assert "orang lain" not in said[2]
    assert "Alamat surel: ina@contoh.example → ina.baru@contoh.example" in said[3]
    assert "Adi Andai orang lain Halaman Patuh" in said[3]
    assert "Peran: Pengawas → Kepala pengawas" in said[4]
    assert len(said) == 6, "and that she was added; not her telephone"
    assert "0380-77" not in page.text
    foreign = rows(browser("adi").get(f"{WHERE}?person={cast.ids['ina']}&foreign=y"))
    assert [row for row in said if row not in foreign] == [said[2]]


def test_the_period_narrows_and_the_file_holds_the_same(app: Flask, browser: Open, at: At) -> None:
    browser("adi").submit(f"/admin/users/{user('ina').id}", role="supervisor")
    at("2026-12-03 09:00")
    adi = browser("adi")
    adi.submit(f"/admin/users/{user('ina').id}", role="inspector")
    assert len(rows(adi.get(f"{WHERE}?first_on=1-12-2026"))) == 1
    page = adi.get(f"{WHERE}?last_on=30-11-2026&foreign=y&person={user('ina').id}")
    assert "Peran: Pengawas → Kepala pengawas" in page.text
    assert any(link.startswith(f"{WHERE}.csv?") for link in page.links())
    file = adi.get(f"{WHERE}.csv?first_on=1-12-2026").response.text.lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(file), delimiter=";")
    assert (row["Akun siapa"], row["Oleh"], row["Lewat"]) == (
        "Ina Contoh",
        "Adi Andai",
        "Halaman Patuh",
    )
    assert "Peran: Kepala pengawas → Pengawas" in row["Rincian"]
    for wrong in (WHERE, f"{WHERE}.csv"):
        assert adi.get(f"{wrong}?first_on=kemarin").status == 422
    assert "Changes of access" in browser("adi", "en").get(WHERE).text


@pytest.mark.one_store
def test_only_admins_read_it_from_their_first_page(browser: Open) -> None:
    assert WHERE in browser("adi").get("/admin/users").links()
    for who in ("ina", "sari", "tika", "lia"):
        assert [browser(who).get(path).status for path in (WHERE, f"{WHERE}.csv")] == [403, 403]
    assert browser("adi").get(f"{WHERE}?person=x&after=99999999999").status == 200


@pytest.mark.one_store
def test_the_page_asks_the_same_of_the_store_however_long_it_is(browser: Open) -> None:
    adi = browser("adi")
    with queries() as few:
        adi.get(WHERE)
    with transaction():
        for number in range(30):
            add_user(by=SYSTEM, email=f"o{number}@contoh.example", name="Orang", role="inspector")
    with queries() as many:
        adi.get(WHERE)
    assert len(many) <= len(few)


def digests(language: str = "id") -> dict[str, WrittenMessage]:
    """The digests in the outbox that leave by mail, by their reader."""
    db.session.rollback()
    mailed = sa.select(Message).where(Message.kind == "access.digest", Message.channel == "email")
    with in_language(language):
        return {str(one.address): write_message(one) for one in db.session.scalars(mailed)}


def test_on_the_next_morning_the_others_read_what_one_admin_did(
    app: Flask, browser: Open, at: At
) -> None:
    with transaction():
        add_user(by=SYSTEM, email="ani@contoh.example", name="Ani Andai", role="admin")
    assert send_access_digests() == {"digests": 3}, "whom the console added"
    at("2026-11-30 10:00")
    changes_of_all_kinds(app, browser)
    at("2026-12-01 06:59")
    assert send_access_digests() == {}
    at("2026-12-01 07:00")
    send_access_digests()
    at("2026-12-01 07:10")
    assert send_access_digests() == {}, "once"
    assert db.session.query(Message).filter_by(kind="access.digest", channel="email").count() == 7
    told = digests()
    ani = " ".join(told["ani@contoh.example"].body.split())
    assert "Data pengguna diubah, Ina Contoh; oleh Adi Andai, Halaman Patuh" in ani
    assert "Token dibuat, Ina Contoh; oleh sistem, Konsol server" in ani
    assert "Lembar kerja" not in ani
    assert told["ani@contoh.example"].link == WHERE
    assert "oleh Adi Andai" not in told["adi@contoh.example"].body, (
        "his own acts are no news to him"
    )
    assert "by Adi Andai" in digests("en")["ani@contoh.example"].body


def test_the_head_of_inspection_reads_it_however_many_admins_there_are(
    app: Flask, browser: Open, at: At
) -> None:
    adi = browser("adi")
    adi.submit("/admin/users/new", name="Adi Dua", email="adi2@contoh.example", role="admin")
    adi.submit(f"/admin/users/{user('ina').id}", email="ina.baru@contoh.example")
    at("2026-12-01 08:00")
    send_access_digests()
    told = digests()
    assert "sari@contoh.example" in told
    assert told["sari@contoh.example"].link is None
    at("2026-12-02 08:00")
    assert send_access_digests() == {}, "nothing new"


def test_many_acts_of_one_kind_do_not_hide_one_of_another(
    app: Flask, browser: Open, at: At
) -> None:
    at("2026-12-01 08:00")
    send_access_digests()
    adi, sari = browser("adi"), user("sari").id
    with transaction():
        for _ in range(60):
            end_other_sessions(user("budi"), by=user("adi"))
    adi.submit(f"/admin/users/{user('ina').id}", email="ina.baru@contoh.example")
    at("2026-12-02 08:00")
    send_access_digests()
    [told] = db.session.scalars(
        sa.select(Message).where(
            Message.kind == "access.digest",
            Message.channel == "inbox",
            Message.user_id == sari,
            Message.created_at >= clock.now(),
        )
    )
    with in_language("id"):
        body = " ".join(write_message(told).body.split())
    assert "Sesi diakhiri 60×, Budi Misal; oleh Adi Andai" in body
    assert "Data pengguna diubah, Ina Contoh; oleh Adi Andai" in body
    assert told.data["count"] == 61


def test_no_day_is_free_of_the_digest_and_an_act_that_was_dated_back_is_told_too(
    app: Flask, browser: Open, at: At
) -> None:
    at("2026-12-05 08:00")
    browser("adi").submit(f"/admin/users/{user('ina').id}", role="supervisor")
    assert send_access_digests()["digests"] > 0, "on a Saturday"
    at("2026-12-05 06:00")
    browser("adi").submit(f"/admin/users/{user('budi').id}", email="budi.baru@contoh.example")
    at("2026-12-06 08:00")
    assert send_access_digests()["digests"] > 0
    assert "Budi Misal; oleh Adi Andai" in " ".join(letter.body for letter in digests().values())
