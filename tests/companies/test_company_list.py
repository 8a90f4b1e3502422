"""The list of companies: narrowed to a regency or a sector, turned around, page by page, each order
by an index.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.companies.queries import Narrowed, companies_by_name
from tests.browser import Browser, Page
from tests.factories import a_company, user
from tests.queries import plans_of
from tests.team.crowd import Row, a_crowd, analyze

OpenBrowser = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("app")


def names(page: Page) -> list[str]:
    return [link.get_text() for link in page.soup.select("table.list a.title")]


@pytest.fixture
def four(app: object) -> None:
    for name, region, kbli in (
        ("PT Contoh Kopi", "53.08", "01270"),
        ("PT Contoh Lontar", "53.71", "47111"),
        ("UD Andai Beras", "53.71", "46339"),
        ("CV Misal Warung", "53.71", "47112"),
    ):
        a_company(name, region_code=region, kbli=kbli)


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["UD Andai Beras", "PT Contoh Kopi", "PT Contoh Lontar", "CV Misal Warung"]),
        ("region=53.71", ["UD Andai Beras", "PT Contoh Lontar", "CV Misal Warung"]),
        ("sector=47", ["PT Contoh Lontar", "CV Misal Warung"]),
        ("sector=47&region=53.71&order=name-desc", ["CV Misal Warung", "PT Contoh Lontar"]),
        (
            "region=53.99&sector=4&order=x&after=x",
            ["UD Andai Beras", "PT Contoh Kopi", "PT Contoh Lontar", "CV Misal Warung"],
        ),
    ],
)
def test_the_list_is_narrowed_and_counted_and_its_tags_take_that_away(
    browser: OpenBrowser, query: str, expected: list[str]
) -> None:
    tika = browser("tika")
    page = tika.get(f"/companies?{query}")
    assert names(page) == expected
    assert page.soup.select_one("[role=status]").get_text() == f"{len(expected)} perusahaan"
    while tags := page.soup.select(".applied a.tag"):
        page = tika.get(tags[0]["href"])
    assert len(names(page)) == 4


@pytest.mark.usefixtures("four")
def test_the_header_turns_the_alphabet_around(browser: OpenBrowser) -> None:
    tika = browser("tika")
    page = tika.get("/companies")
    assert page.soup.select_one("th[aria-sort]")["aria-sort"] == "ascending"
    turned = tika.get(page.soup.select_one("th[aria-sort] a")["href"])
    assert turned.soup.select_one("th[aria-sort]")["aria-sort"] == "descending"
    assert names(turned) == names(page)[::-1]


@pytest.mark.parametrize("order", ["name", "name-desc"])
def test_pages_follow_each_other_without_gap_or_repetition(
    browser: OpenBrowser, order: str
) -> None:
    for number in range(31):
        a_company(f"PT Contoh {number % 9}", kbli="47111")
    tika, seen = browser("tika"), []
    page = tika.get(f"/companies?sector=47&order={order}")
    seen += page.soup.select("tbody tr")
    page = tika.get(page.soup.select_one("a[rel=next]")["href"])
    seen += page.soup.select("tbody tr")
    assert len({row.a["href"] for row in seen}) == len(seen) == 31
    assert "Ke awal daftar" in page.text


@pytest.mark.parametrize(
    ("who", "query", "words", "way"),
    [
        ("tika", "", "Belum ada perusahaan.", "/companies/new"),
        ("lia", "", "Belum ada perusahaan.", None),
        (
            "tika",
            "?sector=85",
            "Tidak ada perusahaan yang cocok dengan saringan ini.",
            "/companies",
        ),
    ],
)
def test_an_empty_list_says_why_and_what_next(
    browser: OpenBrowser, who: str, query: str, words: str, way: str | None
) -> None:
    page = browser(who).get(f"/companies{query}")
    assert words in page.text
    links = [link["href"] for link in page.soup.select(".empty a")]
    assert links == ([way] if way else [])


def test_every_order_walks_an_index_and_none_sorts() -> None:
    ina = user("ina").id
    a_crowd(
        Row(late=1, inspector_id=ina, region="53.71" if number % 5 else "53.08")
        for number in range(3_000)
    )
    analyze()
    for wanted, falling, after, index in (
        (Narrowed(), False, None, "ix_companies_name_key_id"),
        (Narrowed(), True, "contoh usaha 12000.12000", "ix_companies_name_key_id"),
        (Narrowed("53.08"), False, None, "ix_companies_region_code_name_key_id"),
        (
            Narrowed("53.08"),
            True,
            "contoh usaha 12000.12000",
            "ix_companies_region_code_name_key_id",
        ),
    ):
        (plan,) = plans_of(
            lambda w=wanted, f=falling, a=after: companies_by_name(w, falling=f, after=a, limit=26)
        )
        assert index in plan and "Sort" not in plan and "TEMP B-TREE" not in plan, plan
    (plan,) = plans_of(
        lambda: companies_by_name(Narrowed(sector="85"), few=True, after=None, limit=26)
    )
    assert "ix_companies_kbli" in plan, plan
