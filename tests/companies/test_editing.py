"""Editing a company: a new name, nothing changed, a stale form, a number that is taken."""

from __future__ import annotations

import pytest

from compliance.companies.models import Company
from compliance.core.db import db
from tests.factories import a_company

pytestmark = pytest.mark.one_store


def the_only_one() -> Company:
    return db.session.query(Company).one()


def test_a_new_name_keeps_the_old_one_and_a_spelling_does_not(app, browser) -> None:
    company = a_company("PT Contho", aliases=("Misal",))
    tika, address = browser("tika"), f"/companies/{company.id}/edit"
    page = tika.submit(address, name="PT Contoh")
    assert page.status == 422
    assert "pilih apakah ini nama baru atau perbaikan ejaan" in page.text
    page = tika.submit(address, name="PT Contoh", naming="spelling")
    assert "dahulu" not in page.text
    page = tika.submit(address, name="PT Umpama", naming="renamed")
    assert "dahulu bernama PT Contoh" in page.text
    assert "Nama diubah dari PT Contoh menjadi PT Umpama." in page.text
    assert "PT Umpama sejak 30 November 2026 PT Contoh sampai 30 November 2026" in page.text
    assert the_only_one().aliases == ["Misal"]


def test_saving_without_a_change_says_so(app, browser) -> None:
    company = a_company(
        "PT Contoh", nib="new", npwp="01.234.567.9-901.000", aliases=("A b", "C d"), scale="micro"
    )
    page = browser("tika").submit(f"/companies/{company.id}/edit")
    assert "Tidak ada yang berubah." in page.text
    assert page.soup.select_one("main .notice.caution") is None


def test_a_stale_form_is_refused_with_what_changed(app, browser) -> None:
    company = a_company("PT Contoh", phone="1")
    ina, tika = browser("ina"), browser("tika")
    opened = ina.get(f"/companies/{company.id}/edit").value("version")
    tika.submit(f"/companies/{company.id}/edit", address="Jl. Baru")
    page = ina.post(
        f"/companies/{company.id}/edit",
        {"name": "PT Contoh", "region_code": "53.71", "version": opened, "phone": "2"},
    )
    assert page.status == 412
    assert "Data perusahaan diubah: alamat." in page.text
    assert "Tika Andai" in page.text
    db.session.expire_all()
    assert (the_only_one().phone, the_only_one().address) == ("1", "Jl. Baru")


def test_a_number_of_another_company_is_refused_on_editing_too(app, browser) -> None:
    owner, company = a_company("PT Misal", nib="9120000000123"), a_company("PT Contoh")
    page = browser("tika").submit(f"/companies/{company.id}/edit", nib="9120000000123", phone="77")
    assert page.status == 409
    assert "NIB ini sudah dipakai PT Misal." in page.text
    assert f"/companies/{owner.id}" in page.links()
    assert page.value("phone") == "77"
