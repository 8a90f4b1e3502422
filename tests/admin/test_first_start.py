"""The very first start: pages that set an empty store up, opened by the code that the server prints."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.first_start.views import BEGUN, PRINTED
from compliance.companies.models import Company
from compliance.core.calendar import Holiday
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.office.models import Office
from compliance.office.settings import office_settings
from compliance.people.models import User
from tests.browser import Browser, Page

Open = Callable[..., Browser]
PASSWORD = "hujan sore di dermaga tua"
PEOPLE = (
    "nama;surel;peran;kantor\n"
    "Ina Contoh;ina@contoh.example;pengawas;\n"
    "Lia Misal;lia@contoh.example;petugas perizinan;Kota Serang\n"
)
ADMIN = {
    "name": "Adi Andai",
    "email": "adi@kantor.example",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture
def empty(app: Flask) -> Iterator[Flask]:
    """A store as `flask db upgrade` leaves it, and a process that has just begun."""
    with transaction():
        db.session.execute(sa.delete(User))
    for mark in (BEGUN, PRINTED):
        app.extensions.pop(mark, None)
    yield app
    app.extensions[BEGUN] = True


@pytest.fixture
def code(empty: Flask, browser: Open, capsys: pytest.CaptureFixture[str]) -> str:
    """The code as somebody reads it where the server was started."""
    browser().get("/setup")
    found = re.search(r"/setup opens with the code (\w{5}-\w{5})", capsys.readouterr().err)
    assert found is not None
    return found[1]


def steps(page: Browser, code: str, **people: Any) -> Page:
    """All steps for Banten, to the end."""
    assert page.submit("/setup", code=code).path == "/setup/province"
    assert page.submit("/setup/province", province="36").path == "/setup/offices"
    assert (
        page.submit("/setup/offices", office_0="Disnaker Contoh Banten").path == "/setup/settings"
    )
    after = page.submit("/setup/settings", days_off="4-10-2027 Hari Jadi Contoh\n")
    assert after.path == "/setup/people", after.text
    return page.submit("/setup/people", **{**ADMIN, **people})


@pytest.mark.parametrize("address", ["/", "/login", "/cases", "/admin/users", "/help", "/verify"])
def test_every_page_leads_to_the_first_one_while_nobody_works_here(
    empty: Flask, browser: Open, address: str
) -> None:
    page = browser().get(address)
    assert (page.path, page.status) == ("/setup", 200)
    assert "Kode dari konsol server" in page.text


def test_what_runs_beside_the_pages_goes_on(empty: Flask, browser: Open) -> None:
    assert browser().get("/healthz").path == "/healthz"
    assert browser().get("/api/v1/cases").status == 401


def test_a_province_is_set_up_by_pages_alone(code: str, browser: Open) -> None:
    page = browser()
    done = steps(page, code, people=(io.BytesIO(PEOPLE.encode()), "orang.csv"))
    assert done.path == "/login" and "Patuh siap dipakai" in done.text
    settings = office_settings()
    assert (settings.province, settings.office_name) == ("36", "Disnaker Contoh Banten")
    assert settings.time_zone == "Asia/Jakarta"
    names = set(db.session.scalars(sa.select(Office.name)))
    assert "Disnaker Contoh Banten" in names and not any("Kupang" in name for name in names)
    people = {user.email: user for user in db.session.scalars(sa.select(User))}
    assert set(people) == {"adi@kantor.example", "ina@contoh.example", "lia@contoh.example"}
    assert people["lia@contoh.example"].region_code == "36.73"
    assert db.session.scalars(sa.select(Holiday).where(Holiday.name == "Hari Jadi Contoh")).one()
    assert page.sign_in("adi@kantor.example", PASSWORD).path == "/admin/users"
    assert "province.set_up" in db.session.scalars(sa.select(Event.kind)).all()


def test_the_code_is_over_when_somebody_works_here(code: str, browser: Open) -> None:
    page = browser()
    steps(page, code)
    for address in ("/setup", "/setup/province", "/setup/people"):
        assert browser().get(address).path == "/login"
        assert page.get(address).path == "/login"
    events = len(db.session.scalars(sa.select(Event.id)).all())
    page.post("/setup/province", province="53")
    page.post("/setup", code=code)
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Event.id)).all()) == events


def test_no_step_opens_without_the_code(empty: Flask, browser: Open) -> None:
    stranger = browser()
    for step in ("province", "offices", "settings", "people"):
        assert stranger.get(f"/setup/{step}").path == "/setup"
        assert stranger.post(f"/setup/{step}", province="36", **ADMIN).path == "/setup"
    assert db.session.scalars(sa.select(User)).all() == []
    assert office_settings().province == "53"


def test_guesses_are_slowed_down_and_a_wrong_code_opens_nothing(code: str, browser: Open) -> None:
    stranger = browser()
    for _ in range(5):
        page = stranger.submit("/setup", code="00000-00000")
        assert page.status == 422 and "Kode ini tidak cocok" in page.text
    page = stranger.submit("/setup", code=code)
    assert page.status == 429 and "Terlalu banyak percobaan" in page.text
    assert stranger.get("/setup/province").path == "/setup"


def test_a_code_is_read_as_people_type_it(code: str, browser: Open) -> None:
    typed = code.replace("-", " ").lower().replace("0", "o")
    assert browser().submit("/setup", code=typed).path == "/setup/province"


def test_a_step_may_be_made_again_and_the_last_choice_counts(code: str, browser: Open) -> None:
    page = browser()
    page.submit("/setup", code=code)
    page.submit("/setup/province", province="16")
    page.submit("/setup/offices", office_0="Disnaker Contoh Sumsel", office_3="PTSP Contoh")
    before = len(db.session.scalars(sa.select(Event.id)).all())
    page.submit("/setup/offices")
    page.submit("/setup/province")
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Event.id)).all()) == before, "again changes nothing"
    page.submit("/setup/province", province="36")
    db.session.rollback()
    regions = {office.region_code[:2] for office in db.session.scalars(sa.select(Office))}
    assert regions == {"36"} and office_settings().office_name.endswith("Banten")


def test_what_makes_no_sense_is_refused_on_its_page(code: str, browser: Open) -> None:
    page = browser()
    page.submit("/setup", code=code)
    assert page.get("/setup/province").value("province") == "", "nothing is chosen for anybody"
    assert "Pilih provinsi." in page.submit("/setup/province").text
    assert "Pilih provinsi." in page.submit("/setup/province", province="99").text
    page.submit("/setup/province", province="36")
    refused = page.submit("/setup/offices", office_1=" ", email="bukan surel")
    assert refused.status == 422 and "Isi nama kantor." in refused.text
    assert "alamat surel yang lengkap" in refused.text
    refused = page.submit("/setup/settings", nota_number_template="{serial}", days_off="kapan saja")
    assert refused.status == 422 and "{year}" in refused.text
    refused = page.submit("/setup/settings", days_off="kapan saja")
    assert "tulis tanggal, lalu namanya" in refused.text
    for facts, sentence in (
        ({"again": "lain sekali"}, "Kedua kata sandi tidak sama."),
        ({"password": "pendek", "again": "pendek"}, "sedikitnya"),
        ({"email": "bukan"}, "alamat surel yang lengkap"),
        ({"people": (io.BytesIO(b"nama;surel\nA;b\n"), "a.csv")}, "Kolom role tidak ada."),
        ({"people": (io.BytesIO(b"nama;surel;peran\nA;b;pengawas\n"), "a.csv")}, "Baris 2:"),
    ):
        refused = page.submit("/setup/people", **{**ADMIN, **facts})
        assert refused.status == 422 and sentence in refused.text, refused.text
        assert db.session.scalars(sa.select(User)).all() == [], "all or nothing"


def test_the_pages_are_read_in_english_too(code: str, browser: Open) -> None:
    page = browser(language="en")
    assert "Code from the server's console" in page.get("/setup").text
    page.submit("/setup", code=code)
    for step in ("province", "offices", "settings", "people"):
        assert "of 4" in page.get(f"/setup/{step}").text


def test_the_console_prints_the_code_until_somebody_works_here(code: str, empty: Flask) -> None:
    run = empty.test_cli_runner().invoke
    assert f"opens with the code {code}" in run(args=["setup-code"]).output
    run(args=["user", "add", "a@contoh.example", "--name", "A Contoh", "--role", "admin"])
    over = run(args=["setup-code"])
    assert over.exit_code == 1 and "somebody works here already" in over.output


def test_a_store_in_use_never_asks(browser: Open) -> None:
    assert browser().get("/login").path == "/login"
    assert browser().get("/setup").path == "/login"
    assert db.session.scalars(sa.select(Company)).all() == []
