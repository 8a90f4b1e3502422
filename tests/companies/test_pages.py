"""The registry as people meet it: searching, a company's page, registering with a look at
look-alikes, editing.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.events import Event
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

pytestmark = pytest.mark.one_store

NEW = {"name": "PT Contoh Bahari", "region_code": "53.71"}


def companies() -> list[Company]:
    return db.session.query(Company).order_by(Company.id).all()


# Search and list


def test_a_company_is_found_by_part_of_a_name_it_no_longer_bears(app, browser) -> None:
    company = a_company("PT Contoh Lama", nib="9120000000123")
    tika = browser("tika")
    tika.submit(f"/companies/{company.id}/edit", name="PT Misal Baru", naming="renamed")
    page = tika.get("/companies?q=tohlam")
    assert page.status == 200
    assert "Tidak ada perusahaan" in page.text
    page = tika.get("/companies?q=lama")
    assert "PT Misal Baru" in page.text
    assert "dahulu bernama PT Contoh Lama" in page.text
    assert "NIB 9120 0000 0012 3" in page.text
    assert "Kota Kupang" in page.text
    assert f"/companies/{company.id}" in page.links()


def test_an_alias_that_was_meant_is_named(app, browser) -> None:
    a_company("PT Contoh", aliases=("Warung Umpama",))
    assert "dikenal juga sebagai Warung Umpama" in browser("ina").get("/companies?q=umpam").text


def test_a_search_for_too_little_says_what_is_enough(app, browser) -> None:
    page = browser("ina").get("/companies?q=PT+ab")
    assert "Ketik paling sedikit 3 huruf" in page.text


def test_a_search_that_finds_nothing_repeats_it_and_offers_to_register(app, browser) -> None:
    page = browser("ina").get("/companies?q=<b>Umpama</b>")
    assert "“<b>Umpama</b>”" in page.text
    form = browser("ina").get(
        next(link for link in page.links() if link.startswith("/companies/new"))
    )
    assert form.value("name") == "<b>Umpama</b>"
    assert not [
        link for link in browser("lia").get("/companies?q=umpama").links() if "/new" in link
    ]


def test_an_empty_registry_says_how_it_fills(app, browser) -> None:
    assert "Belum ada perusahaan" in browser("tika").get("/companies").text


def test_all_companies_stand_in_the_order_of_their_names_page_by_page(app, browser) -> None:
    for number in range(30):
        a_company(f"PT Contoh {number:02}")
    tika = browser("tika")
    page = tika.get("/companies")
    assert "30 perusahaan" in page.text
    further = page.soup.select_one("a[rel=next]")["href"]
    assert "PT Contoh 24" in page.text
    assert "PT Contoh 25" not in page.text
    page = tika.get(further)
    assert "PT Contoh 25" in page.text
    assert "PT Contoh 29" in page.text
    assert page.soup.select_one("a[rel=next]") is None


def test_an_open_case_shows_in_lists_as_far_as_one_may_know_of_it(app, browser) -> None:
    case = a_case("ina", company=a_company("PT Contoh Kupang"))
    a_case("ina", company=a_company("PT Contoh Ende", region_code="53.08"))
    closed = a_case("ina", company=a_company("PT Contoh Patuh"))
    a_visit(closed, "complied")
    assert case.status == "in_remedy"
    seen = {
        who: browser(who).get("/companies?q=contoh").text.count("Kasus: Nota terbuka")
        for who in ("ina", "budi", "tika", "lia", "yos", "eda")
    }
    assert seen == {"ina": 2, "budi": 2, "tika": 2, "lia": 1, "yos": 1, "eda": 2}


@pytest.mark.parametrize("address", ["/companies", "/companies?q=contoh"])
def test_a_list_takes_few_queries_however_long(app, browser, address: str) -> None:
    counts = []
    tika = browser("tika")
    for number in (3, 20):
        for at in range(number):
            a_case(company=a_company(f"PT Contoh {number} {at}", aliases=("Misal",)))
        with queries() as seen:
            tika.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10, seen


# A company's page


def test_the_page_of_a_company_tells_its_history_of_compliance_first(app, browser, at) -> None:
    company = a_company(
        "PT Contoh", nib="new", workers_total=40, scale="small", scale_evidence="OSS 3-2-2026"
    )
    case = a_case("ina", company=company)
    number, nota, company_id = case.number, case.nota.number, company.id
    at("2027-03-04")
    a_visit(db.session.get_one(type(case), case.id), "not_complied", registered=30)
    page = browser("ina").get(f"/companies/{company_id}")
    headings = [each.get_text() for each in page.soup.select("h1, h2")]
    assert headings == [
        "PT Contoh",
        "Riwayat kepatuhan",
        "Catatan perizinan",
        "Siapa perusahaan ini",
        "Tempat kerja Tambah tempat kerja",
        "Riwayat data perusahaan",
    ]
    assert f"/cases/{number}" in page.links()
    assert f"Nota {nota}, terbit 30 November 2026" in page.text
    assert "Belum selesai 4 Maret 2027 terlambat 3 hari Ina Contoh" in page.text
    assert "Kecil (OSS 3-2-2026)" in page.text


def test_a_colleague_learns_of_a_case_only_that_it_is_there_how_it_stands_and_whose_it_is(
    app, browser
) -> None:
    case = a_case("ina")
    page = browser("budi").get(f"/companies/{case.company_id}")
    assert f"{case.number} Nota terbuka – Ina Contoh" in page.text
    assert f"/cases/{case.number}" not in page.links()
    assert case.nota.number not in page.text


def test_licensing_sees_the_cases_of_its_own_office_and_changes_nothing(app, browser) -> None:
    company = a_company("PT Contoh", region_code="53.08", phone="0380-12345")
    case = a_case("ina", company=company)
    yos, lia = (browser(who).get(f"/companies/{company.id}") for who in ("yos", "lia"))
    assert f"/cases/{case.number}" in yos.links()
    assert case.number not in lia.text
    assert "Belum ada nota di wilayah kantor Anda" in lia.text
    for page in (yos, lia):
        assert "0380-12345" not in page.text
        assert "Data perusahaan diubah oleh pengawas" in page.text
        assert not [
            link for link in page.links() if link.endswith("/edit") or link.startswith("/notas")
        ]


def test_drafts_are_nobodys_history(app, browser) -> None:
    from compliance.cases.commands.drafts import start_draft

    company = a_company()
    with transaction():
        start_draft(company, by=user("ina"), draft_key="b0a1c2d3-0000-4000-8000-000000000001")
    assert "Belum pernah ada nota" in browser("ina").get(f"/companies/{company.id}").text


def test_a_page_of_a_company_takes_few_queries_however_long_its_history(app, browser) -> None:
    company, ina, counts = a_company(aliases=("A b c", "Umpama")), browser("ina"), []
    for number in (1, 5):
        for _ in range(number):
            a_visit(a_case(company=company), "complied")
        with queries() as seen:
            ina.get(f"/companies/{company.id}")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10, seen


@pytest.mark.parametrize(
    "address", ["/companies/999", "/companies/99999999999999999999", "/companies/0/edit"]
)
def test_there_is_no_page_of_a_company_that_is_not_there(app, browser, address: str) -> None:
    assert browser("tika").get(address).status == 404


def test_who_has_no_business_with_companies_stays_outside(app, browser) -> None:
    company = a_company()
    adi, lia = browser("adi"), browser("lia")
    addresses = [
        "/companies",
        f"/companies/{company.id}",
        "/companies/new",
        f"/companies/{company.id}/edit",
    ]
    assert [adi.get(address).status for address in addresses] == [403] * 4
    assert [lia.get(address).status for address in addresses] == [200, 200, 403, 403]
    assert lia.post("/companies/new", NEW).status == 403
    assert lia.post(f"/companies/{company.id}/edit", NEW).status == 403


# Register


def test_numbers_are_taken_with_any_punctuation_and_shown_the_usual_way(app, browser) -> None:
    page = browser("ina").submit(
        "/companies/new",
        {
            **NEW,
            "nib": "9120-0000.00 123",
            "npwp": "01 234 567 4 901 000",
            "npp": "jj-012345",
            "workers_total": "1.250",
            "aliases": "Misal\n\nUmpama\n",
            "scale": "small",
        },
    )
    assert page.path == f"/companies/{companies()[0].id}"
    assert "PT Contoh Bahari sudah ditambahkan ke Patuh." in page.text
    for shown in (
        "9120 0000 0012 3",
        "01.234.567.4-901.000",
        "JJ012345",
        "1.250",
        "Misal, Umpama",
        "Belum ada buktinya",
    ):
        assert shown in page.text
    assert [
        event.kind for event in db.session.query(Event).filter_by(company_id=companies()[0].id)
    ] == ["company.registered"]


def test_a_doubtful_number_is_saved_and_cautioned_about(app, browser) -> None:
    page = browser("ina").submit("/companies/new", {**NEW, "npwp": "01.234.567.9-901.000"})
    caution = page.soup.select_one("main .notice.caution")
    assert "Angka pemeriksa NPWP tidak cocok" in caution.get_text()
    assert companies()[0].npwp == "0012345679901000"
    assert "Angka pemeriksa NPWP tidak cocok" in browser("budi").get(page.path).text


def test_what_will_not_do_is_said_beside_its_field_and_nothing_typed_is_lost(app, browser) -> None:
    page = browser("ina").submit(
        "/companies/new",
        {"name": "", "nib": "123", "workers_total": "33.73", "address": "Jl. Misal 1"},
    )
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    assert page.value("nib") == "123"
    assert page.value("workers_total") == "33.73"
    assert page.value("address") == "Jl. Misal 1"
    page = browser("ina").submit("/companies/new", {"name": "", "nib": "123"})
    for sentence in (
        "Isi nama perusahaan",
        "NIB terdiri dari 13 angka",
        "Pilih kabupaten atau kota, misalnya",
    ):
        assert sentence in page.soup.select_one(".problems").get_text()
    assert companies() == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [("nib", "9120000000123"), ("npwp", "01.234.567.4-901.000"), ("npp", "15070955")],
)
def test_a_taken_number_shows_whose_it_is(app, browser, field: str, typed: str) -> None:
    owner = a_company("PT Misal Pemilik", **{field: typed})
    page = browser("ina").submit("/companies/new", {**NEW, field: typed})
    assert page.status == 409
    assert f"{field.upper()} ini sudah dipakai PT Misal Pemilik." in page.text
    assert f"/companies/{owner.id}" in page.links()
    assert page.value("name") == NEW["name"]
    assert len(companies()) == 1


def test_a_look_alike_is_laid_beside_before_a_second_one_is_registered(app, browser) -> None:
    known = a_company("P.T. CONTOH BAHARI (Persero)", address="Jl. Misal 1")
    ina = browser("ina")
    page = ina.submit("/companies/new", {**NEW, "phone": "0380"})
    assert page.status == 409
    assert "Mungkin sudah ada di Patuh" in page.text
    assert "Jl. Misal 1" in page.text
    assert f"/companies/{known.id}" in page.links()
    assert len(companies()) == 1
    back = ina.post("/companies/new", {**fields_of(page), "choice": "edit"})
    assert (back.status, back.value("phone"), back.value("name")) == (200, "0380", NEW["name"])
    done = ina.post("/companies/new", {**fields_of(page), "choice": "new"})
    assert "sudah ditambahkan ke Patuh" in done.text
    assert [each.phone for each in companies()] == [None, "0380"]


def fields_of(page: Any) -> dict[str, str]:
    return {
        each["name"]: each["value"] for each in page.soup.select("main form input[type=hidden]")
    }


def test_sending_it_twice_registers_it_once(app, browser) -> None:
    a_company("PT Contoh Bahari")
    ina = browser("ina")
    page = ina.submit("/companies/new", NEW)
    for _ in range(2):
        last = ina.post("/companies/new", {**fields_of(page), "choice": "new"})
    assert last.status == 409
    assert "Mungkin sudah ada di Patuh" in last.text
    assert len(companies()) == 2


@pytest.mark.parametrize("known", [{"name": "PT Lain Sekali", "npwp": "01.234.567.4-901.001"},
    {"name": "PT Lain", "aliases": ("contoh bahari",)}])  # fmt: skip
def test_the_core_of_an_npwp_and_any_other_name_make_a_look_alike(
    app, browser, known: dict[str, Any]
) -> None:
    a_company(**known)
    page = browser("ina").submit("/companies/new", {**NEW, "npwp": "01.234.567.4-901.000"})
    assert "Mungkin sudah ada di Patuh" in page.text


def test_who_came_from_a_nota_goes_on_with_the_company(app, browser) -> None:
    known = a_company("PT Contoh Bahari")
    ina = browser("ina")
    page = ina.submit("/companies/new?next=/notas/new", NEW)
    assert f"/notas/new?company={known.id}" in page.links()
    target = page.soup.select_one("main form")["action"]
    done = ina.client.post(target, data={**fields_of(page), "choice": "new"})
    assert re.fullmatch(r"/notas/[0-9a-f-]{36}/place", done.headers["Location"])
    assert NEW["name"] in ina.get(done.headers["Location"]).text


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/", "/\\example.org", "/\t/example.org"]
)
def test_nobody_is_sent_away_from_here(app, browser, target: str) -> None:
    page = browser("ina").post(
        "/companies/new?" + __import__("urllib.parse").parse.urlencode({"next": target}), NEW
    )
    assert page.path == f"/companies/{companies()[0].id}"


# Edit


def test_the_registry_speaks_english_too(app, browser) -> None:
    company = a_company()
    lia = browser("tika", "en")
    for address in (
        "/companies",
        "/companies?q=usaha",
        f"/companies/{company.id}",
        f"/companies/{company.id}/edit",
    ):
        assert lia.get(address).soup.html["lang"] == "en"
