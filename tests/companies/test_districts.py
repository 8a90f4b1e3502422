"""A company and its workplaces lie in a district, which people name and every door reads alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.companies.circumstances.commands import CircumstanceFacts, record_circumstance
from compliance.companies.commands import change_company, facts_of
from compliance.companies.models import Company, Workplace
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid
from compliance.office.models import Setting
from compliance.policy import SYSTEM
from compliance.reference.provinces import provinces
from compliance.reference.regions import district_called, districts_of
from tests.browser import Browser
from tests.factories import a_company, user
from tests.imports.importer import Desk

pytestmark = pytest.mark.usefixtures("app")
Open = Callable[..., Browser]
ALAK, MAULAFA = "53.71.01", "53.71.02"


def only() -> Company:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Company)).one()


def test_every_district_of_the_country_is_read_by_its_name_and_its_code() -> None:
    unread = [
        district.code
        for province in provinces()
        for regency in province.regencies
        for district in districts_of(regency.code)
        if district_called(district.code, regency.code) is not district
        or district_called(district.name, regency.code) is not district
    ]
    assert unread == []


@pytest.mark.parametrize("typed", ["Alak", "kec. alak", "KECAMATAN ALAK", "53.71.01", " Kec Alak "])
def test_a_district_is_read_however_it_is_typed(typed: str) -> None:
    assert a_company(district_code=typed).district_code == ALAK


def test_a_district_of_another_regency_is_refused_with_one_that_is_there() -> None:
    with pytest.raises(Invalid) as refused:
        a_company(region_code="53.08", district_code="Alak")
    assert "Kecamatan Alak tidak ada di Kab. Ende" in str(refused.value.errors["district_code"])


def test_the_page_of_a_company_asks_for_it_and_shows_it(browser: Open) -> None:
    ina = browser("ina")
    page = ina.submit("/companies/new", name="PT Contoh", region_code="53.71", district_code="Alak")
    assert "Kec. Alak" in page.text, page.text
    edit = f"/companies/{only().id}/edit"
    form = ina.get(edit)
    assert form.value("district_code") == "Kec. Alak"
    offered = [option.get("value") for option in form.tree.iterfind(".//datalist/option")]
    assert "Kec. Maulafa" in offered and "Kec. Ende" not in offered
    refused = ina.submit(edit, district_code="Entah")
    assert refused.status == 422 and "Kecamatan Entah tidak ada di Kota Kupang" in refused.text
    ina.submit(edit, district_code="")
    assert only().district_code is None


def test_a_workplace_has_one_of_its_own(browser: Open) -> None:
    company, ina = a_company(), browser("ina")
    typed = {"name": "Cabang Contoh", "region_code": "53.71", "district_code": "maulafa"}
    page = ina.submit(f"/companies/{company.id}/workplaces/new", **typed)
    assert "Kec. Maulafa, Kota Kupang" in page.text
    workplace = db.session.scalars(sa.select(Workplace)).one()
    assert workplace.district_code == MAULAFA
    form = ina.get(f"/companies/{company.id}/workplaces/{workplace.id}")
    assert form.value("district_code") == "Kec. Maulafa"


def test_a_list_brings_it_and_what_cannot_be_read_is_left_out(browser: Open) -> None:
    desk = Desk(browser("tika"))
    header = "Nama Perusahaan;Kota;Kecamatan\n"
    desk.whole(f"{header}PT Contoh Satu;Kota Kupang;Kec. Alak\nPT Misal Dua;Ende;Alak\n")
    known = dict(db.session.execute(sa.select(Company.name, Company.district_code)).all())
    assert known == {"PT Contoh Satu": ALAK, "PT Misal Dua": None}
    page = desk.look()
    assert "Kecamatan Alak tidak ada di Kab. Ende" in page.text
    desk.whole(f"{header}PT Misal Dua;Ende;{districts_of('53.08')[0].name}\n")
    assert (
        db.session.scalars(
            sa.select(Company.district_code).where(Company.name == "PT Misal Dua")
        ).one()
        == districts_of("53.08")[0].code
    )


def test_a_company_that_moves_leaves_its_district_behind() -> None:
    company = a_company(district_code="Alak")
    with transaction():
        record_circumstance(
            company,
            CircumstanceFacts(
                kind="moved",
                since_on=date(2026, 11, 20),
                proof="NIB Contoh",
                region_code="53.08",
                address="Jalan Contoh 2",
            ),
            by=user("tika"),
        )
    assert (only().region_code, only().district_code) == ("53.08", None)


def test_a_district_is_changed_with_its_regency() -> None:
    company = a_company(district_code="Alak")
    with pytest.raises(Invalid), transaction():
        change_company(company, facts_of(company, region_code="53.08"), by=SYSTEM)
    company = only()
    there = districts_of("53.08")[1]
    with transaction():
        changed = facts_of(company, region_code="53.08", district_code=there.name)
        change_company(company, changed, by=SYSTEM)
    assert only().district_code == there.code


def test_another_province_has_its_own(browser: Open) -> None:
    with transaction():
        db.session.merge(Setting(key="province", value="36", changed_at=user("adi").created_at))
        db.session.execute(sa.text("UPDATE stamps SET value = 'another'"))
    serang = districts_of("36.73")[0]
    page = browser("ina").submit(
        "/companies/new", name="PT Contoh", region_code="36.73", district_code=serang.name
    )
    assert serang.name in page.text
    assert only().district_code == serang.code
