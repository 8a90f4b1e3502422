"""The first page of the nota form: finding the company, choosing it once, and changing one's mind."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.cases.walk import begin, companies, fill, the_case
from tests.factories import a_case, a_company

OpenBrowser = Callable[..., Browser]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def test_a_doubled_choice_of_the_company_begins_one_draft(browser: OpenBrowser) -> None:
    ina, company = browser("ina"), a_company()
    key = begin(ina, company)
    begin(ina, company, key=key)
    assert the_case().draft_key == key


def test_another_company_chosen_on_the_same_page_changes_the_draft(browser: OpenBrowser) -> None:
    ina, wrong, right = browser("ina"), a_company(), a_company("CV Misal Ende", region_code="53.08")
    key = begin(ina, wrong)
    begin(ina, right, key=key)
    assert (the_case().company_id, the_case().region_code) == (right.id, "53.08")


def test_the_company_can_be_changed_from_the_review(browser: OpenBrowser) -> None:
    ina, right = browser("ina"), a_company("CV Misal Ende", region_code="53.08")
    key = begin(ina, a_company())
    review = fill(ina, key)
    assert f"/notas/{key}/company?then=review" in review.links()
    page = ina.submit(f"/notas/{key}/company?then=review&q=misal ende")
    assert page.path == f"/notas/{key}/review"
    assert "CV Misal Ende" in page.text
    assert "DPMPTSP Kabupaten Ende" in page.text
    assert the_case().company_id == right.id


def test_no_company_chosen_is_told_and_the_search_stays(browser: OpenBrowser) -> None:
    a_company("UD Misal Kopi")
    page = browser("ina").post("/notas/new?q=kopi", draft_key=str(uuid.uuid4()))
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    assert "Pilih satu perusahaan" in page.text
    assert page.value("q") == "kopi"
    assert "UD Misal Kopi" in page.text


def test_the_search_finds_former_names_and_numbers_and_warns_of_an_open_case(
    browser: OpenBrowser,
) -> None:
    company = a_company("PT Contoh Aspirasi", nib="9120001234567", aliases=("Toko Andai",))
    a_case("budi", company=company)
    ina = browser("ina")
    for typed in ("andai", "9120-0012-34567", "aspirasi"):
        page = ina.get(f"/notas/new?q={typed}")
        assert "dikenal juga sebagai Toko Andai" in page.text, typed
        assert "Sudah ada kasus terbuka di sini: NTT-2026-0001 (Budi Misal)." in page.text
        assert "/cases/NTT-2026-0001" not in page.links()
    assert "/cases/NTT-2026-0001" in browser("budi").get("/notas/new?q=andai").links()


def test_a_search_that_finds_nothing_offers_to_register_the_company(browser: OpenBrowser) -> None:
    page = browser("ina").get("/notas/new?q=tidak ada")
    assert "Tidak ditemukan" in page.text
    assert "/companies/new?next=/notas/new&name=tidak+ada" in " ".join(page.links())
    assert "tiga huruf" in browser("ina").get("/notas/new?q=pt").text


def test_a_company_registered_on_the_way_comes_back_into_the_form(browser: OpenBrowser) -> None:
    ina = browser("ina")
    [way] = [
        each
        for each in ina.get("/notas/new?q=Misal Baru").links()
        if each.startswith("/companies/new")
    ]
    page = ina.submit(way, region_code="53.71")
    assert page.path == "/notas/new"
    assert "Misal Baru" in page.text
    key = begin(ina, a_company())
    review = fill(ina, key)
    ways = [
        each
        for each in ina.get(f"/notas/{key}/company?then=review&q=Misal Lain").links()
        if "/companies/new" in each
    ]
    page = ina.submit(ways[0], region_code="53.71")
    page = ina.submit(f"{page.path}?then=review&company={max(each.id for each in companies())}")
    assert (page.path, "Misal Lain" in page.text) == (review.path, True)


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=" + "x" * 2000, "?company=x", "?company=%D9%A3", "?q='\"%"]
)
def test_strange_searches_are_answered(browser: OpenBrowser, query: str) -> None:
    assert browser("ina").get("/notas/new" + query).status in (200, 400, 404)


def test_a_company_can_be_preselected(browser: OpenBrowser) -> None:
    company = a_company("PT Contoh Pilihan")
    page = browser("ina").submit(f"/notas/new?company={company.id}")
    assert page.path.endswith("/place")
    assert "PT Contoh Pilihan" in page.text
    assert browser("ina").get("/notas/new?company=999").status == 404
