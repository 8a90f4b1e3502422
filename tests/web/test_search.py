"""The search of everything: by any name or number, hits by kind, and never more than the reader may see."""

from __future__ import annotations

from collections.abc import Callable

from compliance.licensing.models import LicenceCheck
from tests.browser import Browser, Page
from tests.factories import a_case, a_company
from tests.licensing.desk import NIB, ask, checks
from tests.queries import queries

Open = Callable[..., Browser]


def asked(browser: Browser, typed: str) -> Page:
    return browser.get("/search", query_string={"q": typed})


def a_check(officer: Browser) -> LicenceCheck:
    ask(officer, NIB)
    return checks()[-1]


def test_the_only_hit_is_opened_by_whatever_it_is_known(browser: Open) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    assert case.number and case.nota
    company, number, nota = f"/companies/{case.company_id}", case.number, case.nota.number
    check, tika = a_check(browser("lia")), browser("tika")
    for typed, found in (
        ("contoh bahari", company),
        ("9120 0012 34567", company),
        (number.lower(), f"/cases/{number}"),
        (f" {nota} ", f"/cases/{number}"),
        (check.receipt, f"/check/{check.receipt}"),
        (check.code.lower(), f"/check/{check.receipt}"),
    ):
        assert asked(tika, typed).path == found, typed


def test_several_hits_stand_under_their_kind_and_none_says_so(browser: Open) -> None:
    for name in ("PT Contoh Bahari", "PT Contoh Bahari Timur"):
        a_company(name)
    page = asked(browser("tika"), "contoh bahari")
    assert [heading.get_text() for heading in page.soup.select("main h2")] == ["Perusahaan"]
    names = [link.get_text() for link in page.soup.select("main a.title")]
    assert names == ["PT Contoh Bahari", "PT Contoh Bahari Timur"]
    page = asked(browser("tika"), "xyzzy")
    assert "Tidak ada yang cocok dengan “xyzzy” di antara yang boleh Anda lihat." in page.text
    assert "Nomor kasus atau nota" in page.text, "what can be searched for"


def test_nobody_finds_what_they_may_not_see(browser: Open) -> None:
    far = a_company("PT Contoh Bahari", nib=NIB, region_code="53.03")
    number = str(a_case("budi", company=far).number)
    check = a_check(browser("lia"))
    assert asked(browser("yos"), check.receipt).path == "/search", "another officer's receipt"
    assert asked(browser("ina"), number).path == "/search", "a colleague's case"
    assert asked(browser("lia"), number).path == "/search", "a case of another office's region"
    assert asked(browser("eda"), number).path == f"/cases/{number}"
    assert asked(browser("adi"), NIB).path == "/search", "an admin reads no companies"
    assert asked(browser("adi"), "budi mis").title.startswith("Budi Misal")
    assert asked(browser("tika"), "budi misal").path == "/search"


def test_the_search_asks_the_store_ten_times_at_most(browser: Open) -> None:
    for name in ("PT Contoh Bahari", "PT Contoh Bahari Timur"):
        a_company(name, nib="new")
    lia = browser("lia")
    for typed in ("contoh bahari", "9120099999999", "NTT-2026-9999", "00000-00000", "12"):
        with queries() as statements:
            asked(lia, typed)
        assert len(statements) <= 10, f"{typed}\n{statements}"
