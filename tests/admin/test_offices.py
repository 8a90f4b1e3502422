"""The admin's pages about offices: what they act on, how they are reached."""

from __future__ import annotations

import pytest

from compliance.core.db import db
from compliance.core.events import Event
from compliance.office.queries import find_office
from tests.queries import queries

pytestmark = pytest.mark.one_store


def test_all_offices_stand_in_one_list_with_what_is_missing(browser) -> None:
    adi = browser("adi")
    with queries() as seen:
        page = adi.get("/admin/offices")
    assert len(seen) <= 10, seen
    assert len(page.soup.select("tbody tr")) == 24
    assert page.text.count("belum ada dasar hukum daerah") == 23
    rows = {row.a.get_text(): row.get_text(" ") for row in page.soup.select("tbody tr")}
    assert "tidak terjangkau" in rows["DPMPTSP Kabupaten Alor"]
    assert "tidak terjangkau" not in rows["DPMPTSP Kota Kupang"]


def test_an_office_is_changed_and_the_log_says_from_what_to_what(browser) -> None:
    page = browser("adi").submit(
        "/admin/offices/ptsp-53.71",
        legal_basis="Perda Contoh 1/2020 pasal 5",
        email="PTSP@contoh.example",
        phone="0380-111",
    )
    assert page.path == "/admin/offices"
    assert "Perda Contoh 1/2020 pasal 5" in page.text
    assert "Data DPMPTSP Kota Kupang disimpan." in page.text
    event = db.session.query(Event).filter_by(kind="office.changed").one()
    assert event.fact("before") == {"legal_basis": None, "email": None, "phone": None}
    assert event.fact("after")["email"] == "ptsp@contoh.example"


def test_an_office_that_makes_no_sense_is_refused_and_what_was_typed_stays(browser) -> None:
    page = browser("adi").submit(
        "/admin/offices/ptsp-53.71",
        name=" ",
        email="bukan surel",
        phone="0" * 41,
        address="Jalan Contoh 1",
    )
    assert page.status == 422
    for sentence in (
        "Isi nama kantor.",
        "Tulis alamat surel yang lengkap",
        "Paling panjang 40 huruf.",
    ):
        assert sentence in page.text
    assert (page.value("email"), page.value("address")) == ("bukan surel", "Jalan Contoh 1")


def test_a_stale_form_is_refused_with_what_changed(browser) -> None:
    adi, twin, where = browser("adi"), browser("adi"), "/admin/offices/ptsp-53.08"
    seen = adi.get(where)
    twin.submit(where, phone="0381-222")
    page = adi.post(where, name="Nama Lama", version=seen.value("version"))
    assert page.status == 412
    assert "Data DPMPTSP Kabupaten Ende diubah" in page.text
    office = find_office("ptsp-53.08")
    assert office is not None
    assert (office.name, office.phone) == ("DPMPTSP Kabupaten Ende", "0381-222")
