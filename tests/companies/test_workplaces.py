"""Workplaces: the branches of one company, added, changed and taken away; the nota takes its place
from them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.cases.commands.drafts import start_draft
from compliance.companies.models import Company
from compliance.core.db import transaction
from tests.browser import Browser
from tests.factories import a_company, user

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]
Open = Callable[..., Browser]
ENDE = {
    "name": "Cabang Ende",
    "region_code": "53.08",
    "address": "Jalan Contoh 7",
    "workers_total": "12",
}


@pytest.fixture
def company() -> Company:
    return a_company("PT Contoh Bercabang")


def test_a_workplace_is_added_changed_and_taken_away(browser: Open, company: Company) -> None:
    tika, address = browser("tika"), f"/companies/{company.id}"
    page = tika.submit(f"{address}/workplaces/new", **ENDE)
    assert "Cabang Ende · Kab. Ende · 12 pekerja" in page.text
    [edit] = [link for link in page.links() if "/workplaces/" in link and not link.endswith("new")]
    page = tika.submit(edit, name="Cabang Ende Baru", choice="save")
    assert "Cabang Ende Baru" in page.text
    assert "Tempat kerja ditambahkan: Cabang Ende" in page.text
    page = tika.submit(edit, choice="remove")
    assert "Hanya alamat di atas." in page.text
    assert tika.get(edit).status == 404


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "", "Tulis nama tempat kerja"), ("region_code", "11.01", "Pilih kabupaten atau kota"),
        ("address", "x" * 501, "Paling panjang 500 huruf"), ("workers_total", "banyak", "bilangan"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_told_beside_its_field(
    browser: Open, company: Company, field: str, typed: str, told: str
) -> None:
    page = browser("tika").submit(
        f"/companies/{company.id}/workplaces/new", **{**ENDE, field: typed}
    )
    assert page.status == 422
    assert told in page.text


def test_a_nota_takes_its_place_from_a_workplace(browser: Open, company: Company) -> None:
    browser("tika").submit(f"/companies/{company.id}/workplaces/new", **ENDE)
    with transaction():
        start_draft(company, by=user("ina"), draft_key="1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0003")
    ina = browser("ina")
    page = ina.get("/notas/1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0003/place")
    [choice] = [link for link in page.links() if "workplace=" in link]
    assert ina.get(choice).value("place") == "Cabang Ende, Jalan Contoh 7"


def test_a_workplace_of_another_company_is_not_there(browser: Open, company: Company) -> None:
    tika, other = browser("tika"), a_company("UD Misal")
    page = tika.submit(f"/companies/{company.id}/workplaces/new", **ENDE)
    [edit] = [link for link in page.links() if "/workplaces/" in link and not link.endswith("new")]
    assert tika.get(edit.replace(f"/{company.id}/", f"/{other.id}/", 1)).status == 404
    assert browser("lia").get(edit).status == 403


def test_a_place_that_was_typed_stays_when_the_form_comes_back(
    browser: Open, company: Company
) -> None:
    browser("tika").submit(f"/companies/{company.id}/workplaces/new", **ENDE)
    with transaction():
        start_draft(company, by=user("ina"), draft_key="1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0003")
    ina = browser("ina")
    [choice] = [
        link
        for link in ina.get("/notas/1d3bd6fb-4d4f-4c0d-9fd4-7d4b1b0a0003/place").links()
        if "workplace=" in link
    ]
    page = ina.submit(choice, place="Jalan Misal " * 100)
    assert page.status == 422
    assert page.value("place").startswith("Jalan Misal Jalan Misal")
