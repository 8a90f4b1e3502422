"""Likely matches while somebody types, and before a second record of a company is registered.

Search first, add second.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from compliance.companies.rules import CompanyFacts
from compliance.companies.search.queries import alike_to, facts_in
from compliance.core.db import is_postgresql
from tests.browser import as_a_request_of_its_own
from tests.companies.test_search import a_crowd
from tests.factories import a_company
from tests.queries import plans_of, queries

pytestmark = pytest.mark.usefixtures("app")


def names(found: object) -> list[str]:
    return [each.company.name for each in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "typed",
    ["Contoh Bahari Utama", "PT CONTOH BAHARI UTAMA", "Contho Bahari Utama", "Contoh Bahary Utama",
        "Contoh Bahari Utma",
     "Bahari Utama Contoh", "ContohBahari Utama", "Contoh Bahari Utama Perkasa", "Contoh Bahari"],
)  # fmt: skip
def test_a_name_is_found_however_it_is_spelt(typed: str) -> None:
    a_company("PT. Contoh Bahari Utama, Tbk")
    a_company("PT Misal Lain")
    assert names(alike_to(CompanyFacts(name=typed, region_code="53.71"))) == [
        "PT. Contoh Bahari Utama, Tbk"
    ]


@pytest.mark.parametrize(
    "typed", ["9120 0000 0000 11", "01.234.567.4-955.000", "JJ-012345", "02.234.567.2-901.000"]
)
def test_a_number_is_found_whatever_its_kind(typed: str) -> None:
    a_company(
        "PT Contoh",
        nib="9120000000011",
        npwp="01.234.567.4-901.000",
        npp="JJ012345",
        other_npwps=("02.234.567.2-901.000",),
    )
    assert names(alike_to(facts_in(typed))) == ([] if typed.startswith("9120") else ["PT Contoh"])
    assert names(alike_to(facts_in("9120 0000 0001 1"))) == ["PT Contoh"]


@pytest.mark.parametrize(
    "typed", ["", "a", "PT", "'", '"', "%", "_", "()", "\U0010ffff", "x" * 300, "NEAR(a b)"]
)
def test_odd_names_find_nothing_and_break_nothing(typed: str) -> None:
    a_company("PT Contoh")
    assert alike_to(CompanyFacts(name=typed, region_code="53.71")) == []


def test_candidates_come_through_the_indexes_in_few_reads() -> None:
    a_crowd([f"PT {number:04} Jaya Contoh" for number in range(2_000)])
    facts = CompanyFacts(
        name="PT 0999 Jaya Contho",
        region_code="53.71",
        npwp="01.234.567.4-901.000",
        nib="9120000000011",
    )
    alike_to(facts)  # samples the names
    with queries() as seen:
        found = alike_to(facts)
    assert names(found) == ["PT 0999 Jaya Contoh"]
    assert len(seen) <= 5, seen
    for plan in plans_of(lambda: alike_to(facts)):
        walked = re.findall(
            r"Seq Scan on (\w+)" if is_postgresql() else r"SCAN (company\w+|companies)", plan
        )
        assert not {"companies", "company_names"} & set(walked), plan


# A page, and the cards alone


def test_likely_matches_are_a_page_of_their_own(browser) -> None:
    known = a_company("PT Contoh Bahari", npwp="01.234.567.4-901.000")
    page = browser("ina").get(
        "/companies/alike?name=Contho+Bahari&region_code=53.71&npwp=01.234.567.4-922.000"
    )
    assert "pokok NPWP sama · nama 91% mirip, kabupaten/kota sama" in page.text
    assert f"/companies/{known.id}" in page.links()
    assert "Pakai perusahaan ini" not in page.text
    page = browser("ina").get("/companies/alike?q=Contho+Bahari&next=/notas/new")
    assert f"/notas/new?company={known.id}" in page.links()
    assert "Pakai perusahaan ini" in page.text
    assert "Tidak ada perusahaan yang mirip" in browser("ina").get("/companies/alike").text


def test_the_cards_come_alone_for_a_script(browser) -> None:
    a_company("PT Contoh Bahari")
    ina = browser("ina")
    html = as_a_request_of_its_own(
        ina.client.get, "/companies/alike?part=1&name=Contho+Bahari"
    ).get_data(as_text=True)
    assert "<html" not in html
    assert "1 perusahaan di Patuh mungkin sama" in html
    assert "PT Contoh Bahari" in html


def test_only_who_registers_companies_is_shown_likely_matches(browser) -> None:
    seen = {
        who: browser(who).get("/companies/alike?name=contoh").status
        for who in ("ina", "tika", "lia", "adi")
    }
    assert seen == {"ina": 200, "tika": 200, "lia": 403, "adi": 403}


def test_before_a_second_record_the_known_ones_are_shown_with_score_and_reasons(browser) -> None:
    a_company("PT Contoh Bahari", nib="9120000000011")
    page = browser("ina").submit("/companies/new", name="PT Contohh Bahari", region_code="53.71")
    assert page.status == 409
    assert "% mirip" in page.text
    assert "kabupaten/kota sama" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "+62 380 123-456"}, "telepon sama"),
        ({"address": "Jalan Misal Raya 12 RT 03, Kel. Andai"}, "alamat sama"),
        ({"phone": "0380123456", "region_code": "53.08", "name": "Contohan Baru"}, "telepon sama"),
    ],
)
def test_the_form_asks_about_a_telephone_or_address_of_a_known_company(
    browser, typed: dict[str, str], said: str
) -> None:
    known = a_company("PT Contohan Bahari", phone="0380 123456", address="Jl. Misal Raya No. 12")
    form = {"name": "UD Andai", "region_code": "53.71", **typed}
    page = browser("ina").submit("/companies/new", **form)
    assert page.status == 409
    assert said in page.text
    assert f"/companies/{known.id}" in page.links()
    assert said in browser("ina").get(f"/companies/alike?{urlencode(form)}").text
    assert browser("ina").submit("/companies/new", **form, seen=str(known.id)).path != page.path


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "0380123456", "region_code": "53.08"},  # elsewhere, and another name
        {"phone": "0380123456", "nib": "9120457812303"},  # known under another NIB
        {"phone": "0380654321"},  # of six: a bookkeeper's
    ],
)
def test_the_form_does_not_ask_about_a_telephone_that_tells_nothing(
    browser, typed: dict[str, str]
) -> None:
    a_company("PT Contohan Bahari", phone="0380 123456", nib="9120000000011")
    for family in ("Misalan", "Umpama", "Seandai", "Semisal", "Contoha", "Perumpa"):
        a_company(f"UD {family}", phone="0380 654321")
    form = {"name": "UD Andaikan Makmur", "region_code": "53.71", **typed}
    assert "sudah ditambahkan" in browser("ina").submit("/companies/new", **form).text


def test_the_nota_form_offers_what_may_be_meant_by_a_name_with_a_word_too_many(browser) -> None:
    known = a_company("PT Contoh Bahari")
    page = browser("ina").get("/notas/new?q=Contoh+Bahari+Raya")
    assert page.soup.select_one(f"input[name=company][value='{known.id}']")
    page = browser("ina").get(f"/notas/new?company={known.id}")
    assert page.soup.select_one(f"input[name=company][value='{known.id}'][checked]")


def test_likely_matches_take_the_same_few_queries_however_many(browser) -> None:
    ina, counts = browser("ina"), []
    for number in (1, 5):
        for at in range(number):
            a_company(f"PT Contoh Bahari{chr(97 + at)}", region_code="53.71")
        with queries() as seen:
            ina.get("/companies/alike?name=Contoh+Bahari&region_code=53.71")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10, seen
