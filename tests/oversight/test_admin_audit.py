"""The admin's page of the log: newest first, in words, narrowed by the address, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from compliance.core.db import db, transaction
from compliance.core.events import Event, kinds
from compliance.oversight.audit import KINDS, SYSTEM_PERSON
from compliance.people.commands import change_settings, change_user
from tests.browser import Page
from tests.cast import Cast
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

WHERE = "/admin/audit"


def told(page: Page) -> list[str]:
    """The events of the page, each as its words."""
    return [" ".join(each.b.get_text(" ").split()) for each in page.soup.select(".timeline > li")]


def test_every_kind_of_event_has_a_name_for_the_filter(app) -> None:
    assert set(KINDS) == set(kinds())


def test_what_was_done_stands_newest_first_with_case_and_company_as_text(browser) -> None:
    case = a_case(company=a_company("PT Contoh Diaudit"))
    number = case.number
    page = browser("adi").get(WHERE)
    assert told(page)[:2] == [
        "Adi Andai masuk",
        "Nota disampaikan ke DPMPTSP Provinsi Nusa Tenggara Timur, DPMPTSP Kota Kupang",
    ]
    assert f"{number} PT Contoh Diaudit" in page.text
    assert not [link for link in page.links() if link.startswith("/cases")]
    assert "flask audit verify" in page.text


def test_a_change_shows_before_and_after(browser) -> None:
    with transaction():
        change_settings({"recheck_months": 4}, by=user("adi"))
    page = browser("adi").get(f"{WHERE}?kind=settings.changed")
    assert told(page) == ["Setelan diubah: 1"]
    row = page.soup.select_one("details tbody tr").get_text(" ")  # type: ignore[union-attr]
    assert row.split() == ["recheck_months", "3", "4"]


def test_the_log_is_narrowed_by_kind_person_case_and_company(browser, cast: Cast) -> None:
    first = a_case(company=a_company("PT Contoh Satu", nib="9120000000017"))
    second = a_case("budi", company=a_company("PT Contoh Dua"))
    a_visit(second, "not_met", by="budi", note="tutup")
    number, adi = second.number, browser("adi")
    issued = told(adi.get(f"{WHERE}?kind=nota.issued"))
    assert len(issued) == 2
    assert told(adi.get(f"{WHERE}?kind=nota.issued&person={cast.ids['ina']}")) == issued[1:]
    assert len(told(adi.get(f"{WHERE}?kind=nota.conveyed&person={SYSTEM_PERSON}"))) == 2
    assert "Adi Andai masuk" not in told(adi.get(f"{WHERE}?person={SYSTEM_PERSON}"))
    by_case = adi.get(f"{WHERE}?case={number}")
    assert len(told(by_case)) == 4
    assert "PT Contoh Satu" not in by_case.soup.find(class_="timeline").get_text()
    assert told(adi.get(f"{WHERE}?company=contoh+dua")) == [
        *told(by_case),
        told(adi.get(f"{WHERE}?kind=company.registered"))[0],
    ]
    assert len(told(adi.get(f"{WHERE}?company=9120000000017"))) == 4
    assert first.number in adi.get(f"{WHERE}?company=9120000000017").text


@pytest.mark.parametrize(
    "asked", ["case=NTT-1999-0001", "company=tidak+ada+itu", "person=99999999999", "person=x", "kind=x.y"]
)
def test_nothing_found_says_so_and_offers_the_way_back(browser, asked: str) -> None:
    page = browser("adi").get(f"{WHERE}?{asked}")
    assert page.status == 200
    assert "Tidak ada peristiwa yang cocok." in page.text
    assert WHERE in page.links()


def test_the_days_are_the_offices_days_and_both_ends_count(browser, at: Callable[[str], None]) -> None:
    a_case()
    at("2026-12-01 00:00")
    with transaction():
        change_settings({"draft_days": 30}, by=user("adi"))
    at("2026-12-02 08:00")
    adi = browser("adi")
    for asked, found in (
        ("first_on=1-12-2026&last_on=1-12-2026", ["Setelan diubah: 1"]),
        ("first_on=2026-12-02", ["Adi Andai masuk"]),
        ("first_on=1-1-2030", []),
        ("last_on=1-1-2020", []),
    ):
        assert told(adi.get(f"{WHERE}?{asked}")) == found
    assert "Setelan diubah: 1" not in told(adi.get(f"{WHERE}?last_on=30-11-2026"))
    assert told(adi.get(f"{WHERE}?last_on=30-11-2026&kind=nota.issued"))


def test_a_day_that_cannot_be_read_is_told_beside_its_field(browser) -> None:
    page = browser("adi").get(f"{WHERE}?first_on=kemarin")
    assert page.status == 422
    assert "Tulis tanggal seperti 18-3-2026" in page.soup.find(id="first_on-error").get_text()
    assert page.value("first_on") == "kemarin"


def test_the_log_goes_on_page_by_page_and_keeps_its_filter(browser) -> None:
    for number in range(30):
        with transaction():
            change_user(
                user("ina"),
                by=user("adi"),
                name=f"Ina {number}",
                role="inspector",
                office=None,
                phone=None,
                active=True,
            )
    adi, seen = browser("adi"), []
    page = adi.get(f"{WHERE}?kind=user.changed")
    while True:
        seen += told(page)
        forward = page.soup.find("a", rel="next")
        if forward is None:
            break
        page = adi.get(str(forward["href"]))
    assert seen == [f"Data Ina {number} diubah" for number in reversed(range(30))]
    assert adi.get(f"{WHERE}?after=99999999999999999999").status == 200


def test_the_page_asks_the_store_no_more_for_more_rows(browser, cast: Cast) -> None:
    adi = browser("adi")
    with queries() as few:
        adi.get(WHERE)
    for _ in range(8):
        a_case()
    with queries() as many:
        adi.get(WHERE)
    assert len(many) == len(few) <= 10, many
    with queries() as narrowed:
        page = adi.get(
            f"{WHERE}?kind=nota.issued&person={cast.ids['ina']}&case=NTT-2026-0001&company=contoh&first_on=1-11-2026&last_on=1-12-2026"
        )
    assert len(told(page)) == 1
    assert len(narrowed) <= 10, narrowed


def test_an_event_of_a_kind_that_is_gone_is_still_shown(browser, app, monkeypatch) -> None:
    from compliance.core import events

    with monkeypatch.context() as before:
        before.setattr(events, "_reactions", {**events._reactions, "old.thing_done": ()})
        with transaction():
            events.record("old.thing_done", by=user("adi"), on=date(2026, 11, 1))
    assert "old.thing_done" in told(browser("adi").get(WHERE))
    assert db.session.query(Event).filter_by(kind="old.thing_done").one().fact("on") == date(2026, 11, 1)
