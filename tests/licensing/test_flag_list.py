"""The list of flags: who sees which, filters and counts, order and pages."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.core.db import db, transaction
from compliance.licensing.commands import acknowledge_flag
from compliance.licensing.models import Flag
from compliance.licensing.queries import FlagFilter, count_flags
from compliance.licensing.sanctions import record_sanction
from tests.browser import as_a_request_of_its_own
from tests.factories import a_case, a_company, a_visit, user
from tests.licensing.desk import Clock, Open
from tests.licensing.flagged import a_warned_case, flag_of, the_case, two_regencies
from tests.queries import queries

pytestmark = pytest.mark.one_store


@pytest.mark.parametrize(
    ("who", "kupang", "ende"),
    [
        ("lia", True, False),
        ("yos", False, True),
        ("eda", True, True),
        ("ina", True, False),
        ("tika", True, True),
        ("sari", True, True),
    ],
)
def test_the_list_holds_what_lies_in_the_readers_scope(
    browser: Open, at: Clock, who: str, kupang: bool, ende: bool
) -> None:
    cases = two_regencies(at)
    reader = browser(who)
    page = reader.get("/flags")
    assert ("PT Contoh Kupang" in page.text, "PT Contoh Ende" in page.text) == (kupang, ende)
    for case_id, sees in zip(cases, (kupang, ende), strict=True):
        assert reader.get(f"/flags/{flag_of(case_id)}").status == (200 if sees else 404)


def test_an_admin_has_no_flags(browser: Open, at: Clock) -> None:
    case_id = a_warned_case(at)
    adi = browser("adi")
    for address in ("/flags", f"/flags/{flag_of(case_id)}", f"/flags/{flag_of(case_id)}/lift"):
        assert adi.get(address).status == 403


def test_the_tabs_count_what_their_lists_hold_and_filters_narrow_both(
    browser: Open, at: Clock
) -> None:
    kupang, ende = two_regencies(at)
    a_visit(the_case(ende), "not_complied", by="budi", registered=30)
    tika = browser("tika")

    def seen(query: str) -> tuple[str, int]:
        page = tika.get(f"/flags?{query}")
        return " ".join(tile.get_text(" ", strip=True) for tile in page.soup.select("a.tile")), len(
            page.soup.select("tbody tr")
        )

    assert seen("") == ("2 Berlaku 0 Untuk ditinjau 1 Dicabut", 2)
    assert seen("state=lifted") == ("2 Berlaku 0 Untuk ditinjau 1 Dicabut", 1)
    assert seen("level=hold") == ("1 Berlaku 0 Untuk ditinjau 0 Dicabut", 1)
    assert seen("region=53.71") == ("1 Berlaku 0 Untuk ditinjau 0 Dicabut", 1)
    assert seen("region=53.71&level=hold")[1] == 0
    assert seen("region=99&level=x&state=y&after=z&size=7") == (
        "2 Berlaku 0 Untuk ditinjau 1 Dicabut",
        2,
    )
    with transaction():
        acknowledge_flag(db.session.get_one(Flag, flag_of(kupang)), by=user("eda"))
    assert seen("unread=on") == ("1 Berlaku 0 Untuk ditinjau 1 Dicabut", 1)
    lia = browser("lia").get("/flags?unread=on")
    assert "PT Contoh Kupang" in lia.text, "another office's tick is not this office's"
    eda = browser("eda").get("/flags?unread=on").text
    assert "PT Contoh Kupang" in eda, "what was only read still waits for its answer"
    assert "sudah dibaca, belum dijawab" in eda
    with transaction():
        acknowledge_flag(db.session.get_one(Flag, flag_of(kupang)), by=user("eda"), answer="used")
    assert "PT Contoh Kupang" not in browser("eda").get("/flags?unread=on").text


def test_a_filter_that_finds_nothing_offers_the_way_out(browser: Open, at: Clock) -> None:
    lia = browser("lia")
    assert "Tidak ada catatan yang berlaku." in lia.get("/flags").text
    assert "Belum ada catatan yang dicabut." in lia.get("/flags?state=lifted").text
    page = lia.get("/flags?level=hold")
    assert "Tidak ada catatan yang cocok" in page.text
    assert "/flags" in page.links()


def test_a_region_outside_the_office_is_not_offered(browser: Open, at: Clock) -> None:
    assert browser("lia").get("/flags").soup.find(id="region") is None
    regions = browser("eda").get("/flags").soup.select("#region option")
    assert len(regions) == 23


def test_the_list_turns_its_pages_and_its_queries_do_not_grow(browser: Open, at: Clock) -> None:
    def sanctioned(count: int) -> None:
        for _ in range(count):
            case = a_case()
            with transaction():
                flag = record_sanction(
                    case, by=user("tika"), letter_number="B/1", letter_on=date(2026, 11, 27)
                )
                acknowledge_flag(flag, by=user("eda"))

    eda = browser("eda")

    def counted(address: str) -> int:
        with queries() as seen:
            as_a_request_of_its_own(eda.client.get, address)
        assert len(seen) <= 10, str(seen)
        return len(seen)

    sanctioned(2)
    few = counted("/flags"), counted(f"/flags/{db.session.scalar(sa.select(sa.func.max(Flag.id)))}")
    sanctioned(27)
    many = (
        counted("/flags"),
        counted(f"/flags/{db.session.scalar(sa.select(sa.func.max(Flag.id)))}"),
    )
    assert few == many
    page = eda.get("/flags")
    assert len(page.soup.select("tbody tr")) == 25
    older = next(link for link in page.links() if "after=" in link)
    assert len(eda.get(older).soup.select("tbody tr")) == 4


@pytest.mark.parametrize("order", ["latest", "earliest", "name", "name-desc"])
def test_every_order_of_the_list_turns_its_pages_without_gap_or_repetition(
    browser: Open, at: Clock, order: str
) -> None:
    for number in range(29):
        a_case(company=a_company(f"PT Contoh {number % 7}"))
    at("2027-03-02 09:00")
    for _ in range(2):
        sweep_due_rechecks()
    tika = browser("tika")
    page = tika.get(f"/flags?order={order}")
    rows = page.soup.select("tbody tr")
    following = page.soup.select_one("a[rel=next]")
    rows += tika.get(following["href"]).soup.select("tbody tr")
    shown = [row.a.get_text() for row in rows]
    assert len({row.a["href"] for row in rows}) == len(rows) == 29
    if order.startswith("name"):
        assert shown == sorted(shown, reverse=order == "name-desc")
    assert page.soup.select_one("th[aria-sort]")["aria-sort"] == (
        "descending" if order in ("latest", "name-desc") else "ascending"
    )


def test_flags_are_listed_by_the_day_they_began_and_not_by_when_they_were_told(
    browser: Open, at: Clock
) -> None:
    at("2027-03-10 09:00")
    a_case(company=a_company("PT Contoh Baru"), issued_on=date(2026, 11, 30))
    a_case(company=a_company("PT Contoh Lama"), issued_on=date(2026, 11, 23))
    for _ in range(2):
        sweep_due_rechecks()
    tika = browser("tika")
    latest = [link.get_text() for link in tika.get("/flags").soup.select("a.title")]
    assert latest == ["PT Contoh Baru", "PT Contoh Lama"]
    assert [
        link.get_text() for link in tika.get("/flags?order=earliest").soup.select("a.title")
    ] == latest[::-1]


def test_only_a_list_that_is_counted_out_sorts_by_name(
    browser: Open, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_regencies(at)
    monkeypatch.setattr("compliance.licensing.queries.COUNTED", 1)
    tika = browser("tika")
    assert (
        tika.get("/flags?order=name")
        .soup.select_one("th[aria-sort]")
        .get_text()
        .startswith("Sejak")
    )
    page = tika.get("/flags?order=name&region=53.71")
    assert page.soup.select_one("th[aria-sort]").get_text().startswith("Perusahaan")


@pytest.mark.parametrize("after", ["x", "1", ".1", "2027-13-01.1", "2027-01-01.9999999999", "."])
def test_a_place_that_no_list_wrote_begins_at_the_beginning(
    browser: Open, at: Clock, after: str
) -> None:
    a_warned_case(at)
    assert len(browser("tika").get(f"/flags?after={after}").soup.select("tbody tr")) == 1


def test_a_filter_is_a_tag_that_can_be_taken_away(browser: Open, at: Clock) -> None:
    a_warned_case(at)
    tika = browser("tika")
    page = tika.get("/flags?level=warning&region=53.71&unread=on")
    tags = [
        tag.get_text(" ", strip=True).partition(" ×")[0]
        for tag in page.soup.select(".applied a.tag")
    ]
    assert tags == ["Peringatan", "Kota Kupang", "Belum dibaca kantor perizinan"]
    while page.soup.select(".applied a.tag"):
        page = tika.get(page.soup.select(".applied a.tag")[0]["href"])
    assert len(page.soup.select("tbody tr")) == 1


def test_counting_stops_where_nobody_counts_any_more(
    at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.licensing.queries.COUNTED", 2)
    for _ in range(4):
        a_case()
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    assert count_flags(user("eda"), FlagFilter()) == {"active": 3, "lifted": 0, "review": 0}
