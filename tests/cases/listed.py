"""The list of cases, for its tests: cases that stand in it, and what its page shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from compliance.cases.models import Case
from tests.browser import Page
from tests.factories import a_case, a_company

Clock = Callable[[str], None]


def names(page: Page) -> list[str]:
    return [link.get_text() for link in page.soup.select("table.list a.title")]


def counts(page: Page) -> dict[str, str]:
    """The number on each tab, by its words."""
    tiles = page.soup.select("nav.tiles a")
    return {
        tile.get_text().removeprefix(tile.b.get_text()).strip(): tile.b.get_text() for tile in tiles
    }


def chosen(page: Page) -> str:
    [tile] = page.soup.select("nav.tiles a[aria-current]")
    return tile.get_text().removeprefix(tile.b.get_text()).strip()


def a_case_of(
    name: str, by: str = "ina", *, region: str = "53.71", issued_on: date | None = None
) -> Case:
    kbli = "47111" if by == "budi" else None
    return a_case(
        by, company=a_company(name, region_code=region, nib="new", kbli=kbli), issued_on=issued_on
    )
