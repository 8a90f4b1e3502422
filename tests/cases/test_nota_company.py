"""The first page of the nota form: finding the company, choosing it once, and changing one's mind."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.browser import Browser, Page
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


def way_to_register(page: Page) -> str:
    [way] = [link for link in page.links() if link.startswith("/companies/new")]
    return way


def test_after_registering_a_company_the_nota_goes_on_by_itself(browser: OpenBrowser) -> None:
    ina = browser("ina")
    page = ina.submit(way_to_register(ina.get("/notas/new?q=Misal Baru")), region_code="53.71")
    assert page.path == f"/notas/{the_case().draft_key}/place"
    assert "Misal Baru sudah ditambahkan ke Patuh." in page.text
    assert (the_case().company.name, the_case().region_code) == ("Misal Baru", "53.71")


def test_a_company_registered_in_the_middle_of_a_nota_keeps_what_was_typed(
    browser: OpenBrowser,
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    review = fill(ina, key)
    way = way_to_register(ina.get(f"/notas/{key}/company?then=review&q=Misal Lain"))
    page = ina.submit(way, region_code="53.08")
    assert (page.path, "Misal Lain" in page.text) == (review.path, True)
    assert (the_case().company.name, the_case().region_code) == ("Misal Lain", "53.08")
    before = the_case().draft
    assert (
        ina.submit(
            way_to_register(ina.get(f"/notas/{key}/company?q=Misal Lagi Lain")), region_code="53.71"
        ).path
        == f"/notas/{key}/place"
    )
    assert the_case().draft == before


def test_a_look_alike_on_the_way_is_asked_about_and_the_nota_still_goes_on(
    browser: OpenBrowser,
) -> None:
    a_company("PT Contoh Bahari Timur")
    ina, way = browser("ina"), "/companies/new?next=/notas/new&name=PT+Contoh+Bahari+Timor"
    asked = ina.submit(way, region_code="53.71")
    assert asked.status == 409
    assert companies()[-1].name == "PT Contoh Bahari Timur"
    fields = {
        field["name"]: field.get("value", "")
        for field in asked.soup.select("main form input[name]")
    }
    page = ina.post(way, {**fields, "choice": "new"})
    assert page.path == f"/notas/{the_case().draft_key}/place"


def test_a_number_that_was_searched_for_stands_in_the_form(browser: OpenBrowser) -> None:
    ina = browser("ina")
    way = way_to_register(ina.get("/notas/new?q=9120001234567"))
    assert ina.get(way).value("nib") == "9120001234567"
    way = way_to_register(browser("tika").get("/companies?q=9120001234567"))
    assert ina.get(way).value("nib") == "9120001234567"


def test_who_writes_no_nota_and_whose_draft_is_gone_still_register(browser: OpenBrowser) -> None:
    tika, name = browser("tika"), "UD Misal Tika"
    page = tika.submit("/companies/new?next=/notas/new", name=name, region_code="53.71")
    assert page.status == 403
    assert [each.name for each in companies()] == [name]
    gone = f"/companies/new?next=/notas/{uuid.uuid4()}/company"
    page = browser("ina").submit(gone, name="CV Misal Hilang", region_code="53.71")
    assert page.path == f"/companies/{companies()[-1].id}"


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
