"""The list of cases: by what it is sorted, and how its pages follow each other."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.cases import listing
from tests.browser import Page
from tests.cases.known import OpenBrowser
from tests.cases.listed import a_case_of, names

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.usefixtures("six")
def test_the_order_turns_around_and_the_header_says_so(browser: OpenBrowser) -> None:
    tika = browser("tika")
    page = tika.get("/cases?view=open")
    assert page.soup.select_one("th[aria-sort]")["aria-sort"] == "ascending"
    turned = tika.get(page.soup.select_one("th[aria-sort] a")["href"])
    assert turned.soup.select_one("th[aria-sort]")["aria-sort"] == "descending"
    assert names(turned) == names(page)[::-1]


@pytest.mark.usefixtures("six")
def test_the_list_sorts_by_company_and_back_by_due_date(browser: OpenBrowser) -> None:
    tika = browser("tika")

    def header(page: Page, words: str) -> str:
        return next(
            link["href"] for link in page.soup.select("th a") if link.get_text().startswith(words)
        )

    page = tika.get(header(tika.get("/cases?view=open"), "Perusahaan"))
    assert names(page) == [
        f"PT Contoh {name}" for name in ("Gagal", "Segera", "Tenang", "Terlambat")
    ]
    assert page.soup.select_one("th[aria-sort=ascending]").get_text().startswith("Perusahaan")
    turned = tika.get(header(page, "Perusahaan"))
    assert names(turned) == names(page)[::-1]
    assert len(turned.soup.select("th[aria-sort]")) == 1
    assert names(tika.get(header(turned, "Jatuh tempo"))) == names(tika.get("/cases?view=open"))
    on_a_phone = [link.get_text().strip() for link in turned.soup.select("p.d-md-none a")]
    assert on_a_phone == ["Jatuh tempo", "Perusahaan ↓, turun"], "where no header is in sight"


def test_a_long_list_is_sorted_by_company_only_where_that_is_cheap(
    browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 2)
    for name in ("Satu", "Dua", "Tiga", "Empat"):
        a_case_of(f"PT Contoh {name}")

    def sorted_by(who: str, query: str) -> list[str]:
        page = browser(who).get(f"/cases?{query}&order=name")
        return [th.a.get_text() for th in page.soup.select("th[aria-sort]") if th.a]

    assert sorted_by("tika", "view=open") == ["Perusahaan ↑"], (
        "all that there is: the companies are walked"
    )
    assert sorted_by("tika", "view=open&region=53.71") == ["Jatuh tempo ↑"], "long, and narrowed"
    assert sorted_by("ina", "view=mine") == ["Jatuh tempo ↑"], "long, and only one inspector's"
    assert sorted_by("tika", "view=open&q=satu") == ["Perusahaan ↑"], "short: sorted by the way"


def test_a_page_past_the_end_leads_back_to_the_beginning(browser: OpenBrowser) -> None:
    a_case_of("PT Contoh Satu")
    page = browser("tika").get("/cases?view=open&region=53.71&after=2030-01-01.1")
    assert "Tidak ada kasus lagi sesudah ini." in page.text
    assert "/cases?view=open&region=53.71" in page.links()


def test_pages_follow_each_other_without_gap_or_repetition_in_every_order(
    browser: OpenBrowser,
) -> None:
    for place in range(57):
        a_case_of(f"PT Contoh {place // 2:02}", issued_on=date(2026, 9, 1 + place % 7))
    tika = browser("tika")
    assert len(names(tika.get("/cases?view=all&size=50"))) == 50
    for order in ("earliest", "latest", "name", "name-desc"):
        seen: list[str] = []
        page = tika.get(f"/cases?view=all&order={order}")
        assert "57 kasus" in page.text
        while True:
            seen += [link["href"] for link in page.soup.select("table.list a.title")]
            following = page.soup.select_one("a[rel=next]")
            if following is None:
                break
            page = tika.get(following["href"])
        assert len(seen) == len(set(seen)) == 57, order
