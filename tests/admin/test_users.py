"""The admin's pages about people: add, change, password, sessions, tokens; and that nobody else gets in."""

from __future__ import annotations

import pytest
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.people.commands.users import add_user
from compliance.people.models import User
from compliance.policy import SYSTEM
from tests.browser import PASSWORD, Browser
from tests.cast import Cast
from tests.factories import a_case, a_company
from tests.queries import queries

pytestmark = pytest.mark.one_store

NEW = {
    "name": "Wati Contoh",
    "email": "wati@contoh.example",
    "role": "inspector",
}
PAGES = (
    "users",
    "users/new",
    "offices",
    "offices/ptsp-53.71",
    "calendar",
    "calendar/change?fill=2031",
    "settings",
    "jobs",
    "audit",
)


def last(kind: str) -> Event:
    db.session.rollback()
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id.desc()).first()


@pytest.mark.parametrize("who", ["ina", "sari", "tika", "lia"])
def test_only_an_admin_enters(browser, who: str) -> None:
    opened = browser(who)
    assert {page: opened.get(f"/admin/{page}").status for page in PAGES} == dict.fromkeys(
        PAGES, 403
    )


def test_only_an_admin_acts(browser, cast: Cast) -> None:
    lia, ina = browser("lia"), cast.ids["ina"]
    acts = (
        "users/new",
        f"users/{ina}",
        f"users/{ina}/link",
        f"users/{ina}/sign-out",
        "tokens/1/revoke",
        "offices/ptsp-53.71",
        "calendar/change?add=2031-01-06&name=x&kind=public",
        "settings",
        "jobs/deliver_messages/run",
        "jobs/cases/1/release",
        "jobs/messages/1/retry",
    )
    assert {act: lia.post(f"/admin/{act}").status for act in acts} == dict.fromkeys(acts, 403)


def test_a_person_who_makes_no_sense_is_refused_and_what_was_typed_stays(browser) -> None:
    typed = {
        **NEW,
        "name": "",
        "email": "wati",
        "role": "licensing",
        "phone": "0" * 41,
    }
    page = browser("adi").submit("/admin/users/new", typed)
    assert page.status == 422
    assert "Tulis alamat surel yang lengkap" in page.text
    assert "Paling panjang 40 huruf." in page.text
    assert page.title.startswith("Kesalahan:")
    assert "Petugas perizinan harus punya kantor perizinan." in page.text
    assert "Isi nama, misalnya Ina Contoh" in page.text
    assert (page.value("email"), page.value("role")) == ("wati", "licensing")


def test_an_address_that_is_taken_says_whose_it_is(browser) -> None:
    page = browser("adi").submit("/admin/users/new", {**NEW, "email": "INA@contoh.example"})
    assert page.status == 409
    assert "Alamat ina@contoh.example sudah dipakai Ina Contoh." in page.text


def test_a_change_is_kept_and_told_with_before_and_after(browser, cast: Cast) -> None:
    adi, where = browser("adi"), f"/admin/users/{cast.ids['budi']}"
    page = adi.submit(where, role="licensing", office="ptsp-53.08", phone="0381-000")
    assert "Data Budi Misal disimpan." in page.text
    assert (page.value("role"), page.value("office"), page.value("phone")) == (
        "licensing",
        "ptsp-53.08",
        "0381-000",
    )
    event = last("user.changed")
    assert (event.fact("before"), event.fact("after")) == (
        {"role": "inspector", "office": None, "phone": "0380-000-000"},
        {"role": "licensing", "office": "ptsp-53.08", "phone": "0381-000"},
    )


def test_a_stale_form_is_refused_with_what_changed(browser, cast: Cast) -> None:
    where = f"/admin/users/{cast.ids['ina']}"
    adi, twin = browser("adi"), browser("adi")
    seen = adi.get(where)
    twin.submit(where, name="Ina Baru")
    page = adi.post(
        where, name="Ina Lama", role="inspector", active="y", version=seen.value("version")
    )
    assert page.status == 412
    assert "Data Ina Baru diubah" in page.text
    assert adi.get(where).value("name") == "Ina Baru"


def test_taking_access_away_ends_it_at_once(browser, cast: Cast) -> None:
    ina, adi, where = browser("ina"), browser("adi"), f"/admin/users/{cast.ids['ina']}"
    kept = {"name": "Ina Contoh", "role": "inspector", "version": adi.get(where).value("version")}
    assert "Nonaktif" in adi.post(where, kept).text
    assert ina.get("/account").path == "/login"
    assert "Nonaktif" not in adi.submit(where, active="y").text
    assert ina.get("/account").path == "/login"
    changed = db.session.query(Event).filter_by(kind="user.changed").order_by(Event.id)
    assert [event.fact("after") for event in changed] == [{"active": False}, {"active": True}]


def test_the_cases_of_somebody_who_leaves_are_shown_first_and_then_told_to_the_team(
    browser, cast: Cast
) -> None:
    case, adi, where = (
        a_case(company=a_company("PT Contoh Tinggal")),
        browser("adi"),
        f"/admin/users/{cast.ids['ina']}",
    )
    kept = {
        "name": "Ina Contoh",
        "role": "inspector",
        "phone": "0380-1",
        "version": adi.get(where).value("version"),
    }
    page = adi.post(where, kept)
    assert "Ina Contoh masih memegang kasus" in page.text
    assert f"PT Contoh Tinggal {case.number} · jatuh tempo 1 Maret 2027" in page.text
    assert f"/queue?inspector={cast.ids['ina']}" in page.text
    assert browser("ina").get("/account").path == "/account", "nothing has happened yet"
    hidden = page.soup.select("main form:not([action]) input[type=hidden]")
    page = adi.post(where, {str(each["name"]): each.get("value", "") for each in hidden})
    assert "Data Ina Contoh disimpan." in page.text
    assert last("user.changed").fact("after") == {"phone": "0380-1", "active": False}
    tika = browser("tika")
    inbox = tika.get("/inbox")
    assert "1 kasus terbuka tanpa pengawas: Ina Contoh" in inbox.text
    assert f"PT Contoh Tinggal, {case.number}" in inbox.text
    assert tika.get(f"/queue?inspector={cast.ids['ina']}").status == 200


def test_a_role_that_holds_no_cases_leaves_them_behind_as_well(browser, cast: Cast) -> None:
    a_case()
    adi, where = browser("adi"), f"/admin/users/{cast.ids['ina']}"
    assert "masih memegang kasus" in adi.submit(where, role="compliance").text
    assert "Data Ina Contoh disimpan." in adi.submit(where, role="supervisor").text
    assert "Data Ina Contoh disimpan." in adi.submit(where, role="compliance", sure="y").text
    assert db.session.query(Message).filter_by(kind="user.changed").count() > 0


def test_somebody_without_open_cases_leaves_without_a_question(browser, cast: Cast) -> None:
    adi, where = browser("adi"), f"/admin/users/{cast.ids['budi']}"
    page = adi.post(
        where, name="Budi Misal", role="inspector", version=adi.get(where).value("version")
    )
    assert "Data Budi Misal disimpan." in page.text
    db.session.rollback()
    assert db.session.query(Message).filter_by(kind="user.changed").count() == 0


def test_an_admin_cannot_lock_themselves_out(browser, cast: Cast) -> None:
    page = browser("adi").post(f"/admin/users/{cast.ids['adi']}", name="Adi Andai", role="admin")
    assert page.status == 422
    assert "Anda tidak dapat mencabut akses Anda sendiri." in page.text


def test_all_sessions_of_a_person_are_ended_but_not_the_admins_own(browser, cast: Cast) -> None:
    ina, adi = browser("ina"), browser("adi")
    assert "Sesi yang berjalan 1" in adi.get(f"/admin/users/{cast.ids['ina']}").text
    assert (
        "Semua sesi Ina Contoh diakhiri."
        in adi.post(f"/admin/users/{cast.ids['ina']}/sign-out").text
    )
    assert ina.get("/account").path == "/login"
    assert (
        adi.post(f"/admin/users/{cast.ids['adi']}/sign-out").path
        == f"/admin/users/{cast.ids['adi']}"
    )
    assert last("user.signed_out").actor_name == "Adi Andai"


def test_people_are_found_by_name_address_and_role(browser) -> None:
    adi = browser("adi")
    assert "Ina Contoh" in adi.get("/admin/users?q=CONTOH&role=inspector").text
    assert (
        "Budi Misal"
        not in adi.get("/admin/users?q=ina%20c&role=inspector").soup.find("table").get_text()
    )
    assert "Tika Andai" in adi.get("/admin/users?q=tika@").text
    assert "Tidak ada pengguna yang cocok" in adi.get("/admin/users?q=100%25").text


def test_the_list_goes_on_page_by_page_without_more_queries(browser) -> None:
    adi = browser("adi")
    with queries() as few:
        adi.get("/admin/users")
    with transaction():
        for number in range(60):
            add_user(
                by=SYSTEM,
                email=f"orang{number}@contoh.example",
                name="Orang Contoh",
                role="inspector",
            )
    seen: list[str] = []
    page = adi.get("/admin/users?role=inspector")
    while True:
        seen += [row.get_text() for row in page.soup.select("td small")]
        forward = page.soup.find("a", rel="next")
        if forward is None:
            break
        page = adi.get(str(forward["href"]))
    assert len(seen) == len(set(seen)) == 62
    with queries() as many:
        adi.get(
            "/admin/users?size=50&after="
            + str(db.session.query(User.id).filter_by(name="Adi Andai").scalar())
        )
    assert len(many) <= len(few) + 1 <= 10, many


def test_a_persons_page_asks_the_store_little(browser, cast: Cast) -> None:
    adi = browser("adi")
    with queries() as seen:
        assert adi.get(f"/admin/users/{cast.ids['ina']}").status == 200
    assert len(seen) <= 10, seen


@pytest.mark.parametrize(
    "where",
    [
        "users/0",
        "users/99999999999999999999",
        "users/x",
        "offices/nowhere",
        "users?after=99999999999",
    ],
)
def test_what_is_not_there_is_not_found(browser, where: str) -> None:
    assert browser("adi").get(f"/admin/{where}").status == (200 if "after" in where else 404)


def test_the_cast_still_knows_its_password(app: Flask, cast: Cast) -> None:
    assert Browser(app).sign_in(cast.email("adi"), PASSWORD).path == "/admin/users"
