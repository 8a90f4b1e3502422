"""A regency that a decree dissolved is offered no more; companies in it keep it until somebody moves them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.reference.regions import COUNTRY_TABLE, Region
from tests.factories import a_company


def test_a_company_in_a_dissolved_regency_keeps_it_when_something_else_is_changed(
    app: Flask, browser, monkeypatch
) -> None:
    monkeypatch.setitem(
        COUNTRY_TABLE._by_code, "53.99", Region("53.99", "Kab. Lama", "Kabupaten Lama")
    )
    id = a_company("PT Contoh Lama").id
    with transaction():
        db.session.execute(sa.update(Company).values(region_code="53.99"))
    ina = browser("ina")
    assert "Kab. Lama" in ina.get(f"/companies/{id}").text
    form = ina.get(f"/companies/{id}/edit")
    assert form.soup.select_one("#region_code option[selected]").text == "Kab. Lama"
    assert "Kab. Lama" not in ina.get("/companies/new").text
    assert ina.submit(f"/companies/{id}/edit", phone="0380-111-222").status == 200
    company = db.session.get_one(Company, id, populate_existing=True)
    assert (company.region_code, company.phone) == ("53.99", "0380-111-222")
