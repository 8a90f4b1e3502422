"""Named views: a list as somebody narrowed it, kept under a name, shared with whoever sees the same
through the same doors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db, transaction
from compliance.people.models import SavedView
from compliance.people.saved_views.commands import save_view
from compliance.people.saved_views.queries import MOST_VIEWS, saved_lists, what_counts
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, user
from tests.queries import queries

OpenBrowser = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("app")
KUPANG = "/cases?view=open&region=53.71"


def a_view(who: str = "tika", name: str = "Kupang", **facts: Any) -> int:
    facts = {"list": "cases", "query": "region=53.71&view=open", "shared": False, **facts}
    with transaction():
        return save_view(by=user(who), name=name, **facts).id


def keep(reader: Browser, address: str, name: str, **fields: Any) -> Page:
    """Go to a list and keep it as it stands, the way one does: by the link above the rows."""
    link = next(each for each in reader.get(address).links() if each.startswith("/views/new"))
    return reader.submit(link, name=name, **fields)


def offered(page: Page) -> dict[str, str]:
    """The named views that a list offers, with where they lead."""
    nav = page.soup.find("nav", attrs={"aria-label": "Tampilan tersimpan"})
    return (
        {" ".join(link.get_text(" ").split()): link["href"] for link in nav.select("a")}
        if nav
        else {}
    )


def kept() -> list[tuple[str, str, bool]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(SavedView).order_by(SavedView.id))
    return [(each.name, each.query, each.shared) for each in rows]


def test_a_list_is_kept_as_it_stands_and_opened_again_from_its_page(browser: OpenBrowser) -> None:
    a_case(company=a_company("PT Contoh Kupang"))
    a_case(company=a_company("PT Contoh Ende", region_code="53.08"))
    tika = browser("tika")
    page = keep(tika, f"{KUPANG}&size=50&after=2026-01-01.1&unknown=1", "  Kupang   terbuka ")
    assert (page.path, "Tampilan “Kupang terbuka” disimpan." in page.text) == ("/cases", True)
    assert kept() == [("Kupang terbuka", "view=open&region=53.71&size=50", False)], (
        "a page is no part of a view"
    )
    [(name, address)] = offered(tika.get("/cases")).items()
    assert name == "Kupang terbuka 1", "the number is the length of its list"
    page = tika.get(address)
    assert ("PT Contoh Kupang" in page.text, "PT Contoh Ende" in page.text) == (True, False)
    [shown] = page.soup.select("nav[aria-label='Tampilan tersimpan'] [aria-current=page]")
    assert "Kupang terbuka" in shown.get_text()


@pytest.mark.parametrize(
    ("who", "list", "address"),
    [("tika", "cases", KUPANG), ("tika", "flags", "/flags?level=hold&unread=on"), ("sari", "queue",
        "/queue?late=8-30"),
     ("ina", "companies", "/companies?region=53.08&sector=47&order=name-desc"), ("lia", "flags",
         "/flags?state=lifted"),
     ("ina", "companies", "/companies?q=contoh")],
)  # fmt: skip
def test_every_list_can_be_kept_and_leads_back_to_itself(
    browser: OpenBrowser, who: str, list: str, address: str
) -> None:
    a_company("PT Contoh Kopi")
    reader = browser(who)
    keep(reader, address, "Milik saya sendiri")
    [(name, back)] = offered(reader.get(saved_lists()[list].path)).items()
    assert name.startswith("Milik saya sendiri")
    assert sorted(back.partition("?")[2].split("&")) == sorted(address.partition("?")[2].split("&"))
    assert reader.get(back).status == 200


def test_sent_twice_it_is_kept_once(browser: OpenBrowser) -> None:
    tika = browser("tika")
    for _ in range(2):
        assert keep(tika, KUPANG, "Kupang").path == "/cases"
    assert kept() == [("Kupang", "view=open&region=53.71", False)]


def test_a_name_is_taken_once_on_a_list_whatever_its_letters(browser: OpenBrowser) -> None:
    tika = browser("tika")
    keep(tika, KUPANG, "Kupang")
    page = keep(tika, "/cases?view=late", "kupang")
    assert page.status == 409
    assert "Anda sudah punya tampilan bernama “Kupang” di daftar ini." in page.text
    assert page.value("name") == "kupang", "what was typed is kept"
    assert page.value("query") == "view=late"
    assert keep(tika, "/flags?level=hold", "Kupang").path == "/flags", (
        "another list has names of its own"
    )
    assert keep(browser("sari"), KUPANG, "Kupang").path == "/cases", "so has another person"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("  ", "Isi nama tampilan, misalnya Kupang bulan ini"),
        ("x" * 61, "Paling panjang 60 huruf."),
    ],
)
def test_a_name_that_will_not_do_says_why_beside_its_field(
    browser: OpenBrowser, name: str, reason: str
) -> None:
    page = keep(browser("tika"), KUPANG, name)
    assert (page.status, kept()) == (422, [])
    assert page.soup.find(id="name-error").get_text().strip().endswith(reason)
    assert page.title.startswith("Kesalahan:")


def test_ten_views_of_one_list_are_enough(browser: OpenBrowser) -> None:
    for number in range(MOST_VIEWS):
        a_view(name=f"Tampilan {number}")
    tika = browser("tika")
    page = keep(tika, "/cases?view=late", "Yang kesebelas")
    assert page.status == 409
    assert "Anda sudah menyimpan 10 tampilan di daftar ini" in page.text
    assert keep(tika, "/flags", "Yang pertama di sini").path == "/flags"


def test_a_view_that_is_shared_shows_for_the_whole_team_and_nobody_else(
    browser: OpenBrowser,
) -> None:
    a_view("lia", "Loket Kupang", list="flags", query="level=hold", shared=True)
    a_view("ina", "Lapangan", shared=True)
    a_view("ina", "Rahasia Ina")
    budi = browser("budi")
    assert offered(budi.get("/cases")) == {
        "Lapangan 0 · Ina Contoh": "/cases?view=open&region=53.71"
    }
    assert [each for each in budi.get("/views").links() if each.startswith("/cases?")] == [
        "/cases?view=open&region=53.71"
    ]
    for who, list in (
        ("sari", "/cases"),
        ("tika", "/cases"),
        ("yos", "/flags"),
        ("eda", "/flags"),
        ("tika", "/flags"),
    ):
        assert offered(browser(who).get(list)) == {}, f"{who} has another role or another office"


def test_who_leaves_takes_their_shared_views_along(browser: OpenBrowser) -> None:
    a_view("ina", "Lapangan", shared=True)
    with transaction():
        user("ina").active = False
    assert offered(browser("budi").get("/cases")) == {}


def test_ones_own_view_gets_another_name_and_is_shared_or_kept_to_oneself(
    browser: OpenBrowser,
) -> None:
    id, tika = a_view(), browser("tika")
    a_view(name="Ende")
    assert tika.submit(f"/views/{id}", name="Kota Kupang", shared="y").path == "/views"
    assert kept()[0] == ("Kota Kupang", "view=open&region=53.71", True)
    page = tika.submit(f"/views/{id}", name="ENDE")
    assert (page.status, "bernama “Ende”" in page.text) == (409, True)
    assert tika.submit(f"/views/{id}", name="Kota Kupang", data={"shared": []}).status == 200
    assert kept()[0] == ("Kota Kupang", "view=open&region=53.71", False)


def test_ones_own_view_is_deleted_and_deleting_it_again_is_no_error(browser: OpenBrowser) -> None:
    id, tika = a_view(), browser("tika")
    for _ in range(2):
        page = tika.post(f"/views/{id}/delete")
        assert (page.path, page.status) == ("/views", 200)
        assert "Tampilan itu tidak ada lagi di daftar Anda." in page.text
    assert kept() == []
    assert "Belum ada tampilan tersimpan." in page.text


def test_a_colleagues_view_is_not_there_to_be_changed(browser: OpenBrowser) -> None:
    id = a_view("ina", shared=True)
    budi = browser("budi")
    assert budi.get(f"/views/{id}").status == 404
    assert budi.post(f"/views/{id}", name="Milik Budi").status == 404
    budi.post(f"/views/{id}/delete")
    assert kept() == [("Kupang", "view=open&region=53.71", True)]


@pytest.mark.parametrize(
    ("who", "list", "status"),
    [("ina", "queue", 403), ("ina", "flags", 200), ("lia", "queue", 403), ("adi", "cases", 403),
        ("tika", "users", 404),
     ("tika", "", 404)],
)  # fmt: skip
def test_only_a_list_that_one_may_open_can_be_kept(
    browser: OpenBrowser, who: str, list: str, status: int
) -> None:
    reader = browser(who)
    assert reader.get(f"/views/new?list={list}").status == status
    assert reader.post("/views/new", list=list, query="", name="Coba").status == status
    assert len(kept()) == (status == 200)


def test_an_address_keeps_what_makes_the_view_and_nothing_else() -> None:
    assert (
        what_counts("cases", "after=2027-01-01.1&view=late&q=&view=all&x=1&q=a%0Ab") == "view=late"
    )
    assert what_counts("cases", "status=unresolved&view=open") == what_counts(
        "cases", "view=open&status=unresolved"
    )
    assert what_counts("flags", "unread=on&sector=47") == "unread=on"


def test_filters_beyond_all_measure_are_not_kept(browser: OpenBrowser) -> None:
    page = browser("tika").post("/views/new", list="cases", query="q=" + "x" * 1100, name="Panjang")
    assert (page.status, kept()) == (422, [])
    assert "Saringan ini terlalu panjang untuk disimpan." in page.text


def test_a_page_with_many_named_views_still_asks_at_most_ten_questions(
    browser: OpenBrowser,
) -> None:
    tika = browser("tika")

    def asked(path: str) -> int:
        with queries() as seen:
            assert tika.get(path).status == 200
        assert len(seen) <= 10, seen
        return len(seen)

    few = {path: asked(path) for path in ("/cases", "/flags", "/companies", "/queue")}
    for list in saved_lists():
        for number in range(MOST_VIEWS):
            a_view(
                list=list,
                name=f"Tampilan {number}",
                query="region=53.71&q=contoh" if number % 2 else "region=53.08",
            )
    assert {path: asked(path) for path in few} == few


def test_views_read_in_english(browser: OpenBrowser) -> None:
    a_view("ina", "Lapangan", shared=True)
    page = browser("budi", "en").get("/views")
    assert "shared by Ina Contoh" in page.text
