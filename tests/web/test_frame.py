"""The frame around every page: where the reader is, and who has to hear that the scheduler is silent."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.one_store


@pytest.mark.parametrize(
    ("who", "address", "link"),
    [
        ("tika", "/imports", "Perusahaan"), ("tika", "/plan", "Perusahaan"), ("tika",
            "/companies/duplicates", "Perusahaan"),
        ("tika", "/queue/review", "Antrean"), ("tika", "/inbox", None), ("adi", "/imports", "Impor"),
        ("ina", "/plan", "Rencana"), ("ina", "/drafts", "Lapangan"),
        ("lia", "/check", "Cek"), ("lia", "/check/choose?asked=contoh", "Cek"), ("lia",
            "/check/history", "Riwayat cek"),
    ],
)  # fmt: skip
def test_the_navigation_shows_where_a_page_lies(
    browser, who: str, address: str, link: str | None
) -> None:
    here = browser(who).get(address).soup.select("header nav a[aria-current]")
    assert [each.get_text(strip=True) for each in here] == ([link] if link else [])


def test_a_silent_scheduler_is_told_to_everybody_and_the_admin_goes_to_the_jobs(browser) -> None:
    assert "Beri tahu admin." in browser("tika").get("/queue").soup.get_text()
    page = browser("adi").get("/admin/users")
    assert "Beri tahu admin." not in page.soup.get_text()
    assert page.soup.select_one(".notice a[href='/admin/jobs']")
