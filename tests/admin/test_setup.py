"""`flask setup` makes an empty database serve a province, once; and people work there through every door."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from compliance.admin.commands.reference_data import fill_reference_data
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.core.stamp import replace_stamp
from compliance.licensing.checks.commands import make_check
from compliance.office.models import Office, Setting
from compliance.office.settings import OfficeSettings, office_settings
from compliance.people.models import User
from tests.api.conftest import Program
from tests.browser import PASSWORD, Browser
from tests.cast import RULED_OUT
from tests.factories import a_case, a_company, user
from tests.imports.importer import Desk

SUMSEL = (
    "setup",
    "--province",
    "16",
    "--inspectorate",
    "Dinas Tenaga Kerja Contoh Sumsel",
    "--yes",
)
PEOPLE = """nama;surel;peran;kantor
Ina Contoh;ina@contoh.example;pengawas;
Sari Umpama;sari@contoh.example;kepala pengawas;
Lia Misal;lia@contoh.example;petugas perizinan;Kota Palembang
Eda Andai;eda@contoh.example;licensing;Sumatera Selatan
"""


@pytest.fixture
def empty(app: Flask) -> Flask:
    """A database as `flask db upgrade` leaves it: nobody works here yet."""
    with transaction():
        db.session.execute(sa.delete(User))
    return app


def run(app: Flask, *words: str, typed: str | None = None) -> Result:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=list(words), input=typed)
    db.session.rollback()
    db.session.expire_all()
    assert "Traceback" not in result.output, result.output
    return result


def office_codes() -> list[str]:
    return list(db.session.scalars(sa.select(Office.code).order_by(Office.code)))


def events() -> list[str]:
    return list(db.session.scalars(sa.select(Event.kind).order_by(Event.id)))


def set_up(app: Flask, province: str, tmp_path: Path, people: str = PEOPLE) -> None:
    """Set up, with the first admin and people, who all have a password."""
    file = tmp_path / "orang.csv"
    file.write_text(people, encoding="utf-8")
    words = ("--province", province, "--admin-email", "adi@contoh.example", "--people", str(file))
    done = run(app, "setup", *words, "--yes")
    assert done.exit_code == 0, done.output
    links = [found[1] for found in re.finditer(r"reset-password/(\S+)", done.output)]
    assert len(links) == 1
    Browser(app).submit(f"/reset-password/{links[0]}", password=PASSWORD, again=PASSWORD)
    with transaction():
        secret = db.session.scalars(
            sa.select(User.password_hash).where(User.email == "adi@contoh.example")
        ).one()
        db.session.execute(sa.update(User).values(password_hash=secret))


def test_a_province_is_set_up_with_its_offices_zone_letterhead_and_numbers(empty: Flask) -> None:
    done = run(empty, *SUMSEL)
    assert done.exit_code == 0, done.output
    assert office_codes() == [
        "disnaker-16",
        "ptsp-16",
        *(f"ptsp-16.{number:02}" for number in range(1, 14)),
        *(f"ptsp-16.7{number}" for number in range(1, 5)),
    ]
    settings = office_settings()
    said = (
        settings.province,
        settings.office_name,
        settings.time_zone,
        settings.case_number_template,
    )
    assert said == ("16", SUMSEL[4], "Asia/Jakarta", "SUMSEL-{year}-{serial:04}")
    letterhead = (settings.letter_government, settings.letter_place)
    assert letterhead == ("Pemerintah Provinsi Sumatera Selatan", "Palembang")
    inspectorate = db.session.scalars(sa.select(Office).where(Office.kind == "inspectorate")).one()
    assert inspectorate.name == SUMSEL[4]
    assert events()[-2:] == ["settings.changed", "province.set_up"]
    told = db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (told.channel, told.data["province"], len(told.data["offices_removed"])) == (
        "console",
        "16",
        24,
    )


def test_done_twice_it_changes_nothing_and_says_so(empty: Flask) -> None:
    words = (*SUMSEL, "--admin-email", "adi@contoh.example")
    run(empty, *words)
    before = (office_codes(), events(), office_settings())
    again = run(empty, *words)
    assert (again.exit_code, again.output) == (
        0,
        "Nothing to do: this database serves Sumatera Selatan already.\n",
    )
    assert (office_codes(), events(), office_settings()) == before
    with transaction():
        fill_reference_data(db.session())
    assert office_codes() == before[0], "an upgrade brings no office of another province"


def test_an_installation_that_never_said_serves_the_first_province_as_before(app: Flask) -> None:
    assert office_settings() == OfficeSettings(**RULED_OUT)
    assert office_settings().case_number_template == "NTT-{year}-{serial:04}"
    assert len(office_codes()) == 24
    kept = run(app, "setup", "--province", "NTT", "--yes")
    assert kept.exit_code == 0
    assert office_settings() == OfficeSettings(**RULED_OUT)
    assert len(office_codes()) == 24
    assert db.session.get_one(Setting, "province").value == "53"


def test_with_companies_of_another_province_it_refuses_in_one_sentence(app: Flask) -> None:
    a_company()
    before = (office_codes(), events())
    refused = run(app, *SUMSEL)
    assert refused.exit_code == 1
    assert refused.output.strip() == (
        "Error: Basis data ini sudah berisi perusahaan di Nusa Tenggara Timur, dan satu instalasi melayani"
        " satu provinsi: pakai basis data lain untuk Sumatera Selatan."
    )
    assert (office_codes(), events()) == before


def test_what_somebody_decided_stays_when_the_province_is_said(empty: Flask) -> None:
    with transaction():
        db.session.add(Setting(key="letter_place", value="Lahat", changed_at=clock.now()))
        office = db.session.scalars(sa.select(Office).where(Office.code == "ptsp-53.08")).one()
        office.phone = "0381-000-000"
        replace_stamp(db.session())
    done = run(empty, *SUMSEL)
    assert office_settings().letter_place == "Lahat"
    assert "ptsp-53.08" in office_codes()
    assert "Offices of another province that somebody uses stay: ptsp-53.08" in done.output


def test_an_office_where_people_work_stays(app: Flask) -> None:
    run(app, *SUMSEL)
    assert [code for code in office_codes() if "53" in code] == [
        "ptsp-53",
        "ptsp-53.08",
        "ptsp-53.71",
    ]


def test_a_list_of_people_is_taken_whole_or_not_at_all(empty: Flask, tmp_path: Path) -> None:
    file = tmp_path / "orang.csv"
    words = (*SUMSEL, "--people", str(file))
    file.write_text(
        f"{PEOPLE}Tono;tono@dinas.example;raja;\n;x@dinas.example;admin;\n", encoding="utf-8"
    )
    before = (office_codes(), events())
    refused = run(empty, *words)
    assert refused.exit_code == 1
    assert "line 6: Peran yang dikenal" in refused.output
    assert "line 7: Isi nama" in refused.output
    assert (office_codes(), events(), db.session.scalar(sa.select(sa.func.count(User.id)))) == (
        *before,
        0,
    )
    file.write_text(PEOPLE, encoding="utf-8-sig")
    assert run(empty, *words).exit_code == 0
    offices = sa.select(User.email, Office.code).outerjoin(Office).order_by(User.email)
    assert [tuple(row) for row in db.session.execute(offices)] == [
        ("eda@contoh.example", "ptsp-16"),
        ("ina@contoh.example", None),
        ("lia@contoh.example", "ptsp-16.71"),
        ("sari@contoh.example", None),
    ]
    invited = (
        sa.select(Message.address).where(Message.kind == "user.invited").order_by(Message.address)
    )
    assert len(db.session.scalars(invited).all()) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,email\nIna,ina@contoh.example\n", "orang.csv: Kolom role tidak ada."),
        (b"\xff\xfe\x00", "orang.csv: Daftar orang bukan teks UTF-8."),
        (b"", "orang.csv: Kolom name, email, role tidak ada."),
        (b'name,email,role\n"Ina,ina@contoh.example,admin\n', "orang.csv: Baris 2"),
        (
            b"name,email,role,office\nIna,ina@x.example,licensing,Kota Kupang\n",
            "Kantor Kota Kupang tidak dikenal",
        ),
    ],
)
def test_a_list_of_people_that_cannot_be_read_is_refused_with_its_reason(
    empty: Flask, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "orang.csv"
    file.write_bytes(content)
    refused = run(empty, *SUMSEL, "--people", str(file))
    assert refused.exit_code == 1
    assert said in refused.output
    assert office_settings().province == "53"


def test_it_asks_for_what_was_not_said(empty: Flask) -> None:
    typed = "Atlantis\nbanten\nDinas Contoh Banten\nadi@contoh.example\ny\n"
    done = run(empty, "setup", typed=typed)
    assert done.exit_code == 0, done.output
    assert "No province is called Atlantis." in done.output
    assert "Provinsi Banten: 10 offices, Asia/Jakarta, Dinas Contoh Banten, 1 people" in done.output
    assert office_settings().office_name == "Dinas Contoh Banten"
    assert run(empty, "setup", "--yes").exit_code == 2
    assert (
        "no province is called Atlantis"
        in run(empty, "setup", "--province", "Atlantis", "--yes").output
    )


SERVED = [("16", "16.71", "Kota Palembang", "SUMSEL"), ("36", "36.73", "Kota Serang", "BANTEN")]


@pytest.fixture(params=SERVED, ids=["16", "36"])
def served(request: pytest.FixtureRequest, empty: Flask, tmp_path: Path) -> tuple[str, str, str]:
    """Another province with people: the code and name of a city, and the word of case numbers."""
    province, city, name, word = request.param
    people = PEOPLE.replace("Kota Palembang", name).replace("Sumatera Selatan", f"ptsp-{province}")
    set_up(empty, province, tmp_path, people)
    return city, name, word


def test_an_inspector_of_another_province_registers_a_company_by_form(
    empty: Flask, served: tuple[str, str, str]
) -> None:
    city, name, _word = served
    ina = Browser(empty)
    ina.come_in("ina@contoh.example")
    form = ina.get("/companies/new")
    offered = [option["value"] for option in form.soup.select("#region_code option")]
    assert city in offered
    assert not any(code.startswith("53") for code in offered)
    made = ina.submit("/companies/new", name="PT Contoh Musi", region_code=city)
    assert made.status == 200
    assert name in made.text
    foreign = ina.submit("/companies/new", name="PT Contoh Lain", region_code="53.71")
    assert foreign.status == 422
    assert f"misalnya {name} ({city})" in foreign.text
    assert ina.get("/companies", query_string={"region": city}).status == 200


def test_a_program_of_another_province_registers_a_company_by_the_api(
    empty: Flask, served: tuple[str, str, str]
) -> None:
    city, name, _word = served
    token = run(empty, "token", "add", "ina@contoh.example", "--name", "uji").stdout.strip()
    api = Program(empty, token)
    sent = api.post("/companies", name="PT Contoh Api", region_code=city)
    assert (sent.status_code, sent.json["region_code"]) == (201, city)
    refused = api.post("/companies", name="PT Contoh Jauh", region_code="53.71")
    assert (refused.status_code, name in refused.text) == (422, True)
    assert api.get("/cases", region="53.71").status_code == 422
    assert api.get("/cases", region=city).status_code == 200


def test_a_list_of_another_province_is_imported(empty: Flask, served: tuple[str, str, str]) -> None:
    city, name, _word = served
    sari = Browser(empty)
    sari.come_in("sari@contoh.example")
    desk = Desk(sari)
    desk.whole(
        f"Nama Perusahaan,Kabupaten/Kota\nPT Contoh Daftar,{name}\nPT Contoh Jauh,Kota Kupang\n"
    )
    assert desk.outcomes == ["new", "refused"]
    assert set(db.session.scalars(sa.select(Company.region_code))) == {city}


def test_a_nota_and_a_check_of_another_province_bear_its_names(
    empty: Flask, served: tuple[str, str, str]
) -> None:
    city, name, word = served
    case = a_case(company=a_company("PT Contoh Musi", region_code=city))
    assert case.number == f"{word}-2026-0001"
    with transaction():
        check = make_check("nama", case.company, by=user("lia"))
        assert check.verdict == "caution"
    officer = ("user", "add", "baru@ptsp.example", "--name", "Baru", "--role", "licensing")
    added = run(empty, *officer, "--office", f"ptsp-{city}")
    assert added.exit_code == 0, added.output
    assert run(empty, "audit", "verify").exit_code == 0
    adi = Browser(empty)
    adi.come_in("adi@contoh.example")
    assert name in adi.get("/admin/offices").text
    served_by = adi.get("/admin/settings").soup.select_one("section[aria-labelledby=office] p b")
    assert served_by.text == {"SUMSEL": "Sumatera Selatan", "BANTEN": "Banten"}[word]
    forged = adi.submit("/admin/settings", province="53", office_contact="Loket 1")
    assert (forged.status, office_settings().province[:2]) == (200, city[:2])
    assert "Patuh melayani" in adi.get("/admin/audit").text
