"""The queue reviewed case by case: read, act, go on to the next of the same list, honestly counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.cases.commands.team import remind_inspector
from compliance.cases.models import Visit
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.office.settings import today
from tests.browser import Browser, Page
from tests.factories import user
from tests.queries import queries
from tests.team.crowd import Row, a_crowd
from tests.team.team import banners, case_of, events_of

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]
Open = Callable[..., Browser]


def three_late() -> list[int]:
    """Three cases of a region, the latest first, between cases of another."""
    ina = user("ina").id
    a_crowd(
        (Row(late=late, inspector_id=ina, region="53.08") for late in (100, 35, 1)), first_id=20_000
    )
    return a_crowd(Row(late=late, inspector_id=ina) for late in (90, 40, 30))


def shown(page: Page) -> tuple[str, str]:
    """The company under review, and which one it is of how many."""
    assert page.soup.h1
    place = page.soup.select_one("main > p b")
    assert place is not None
    return page.soup.h1.get_text(), place.get_text()


def save(team: Browser, address: str, **fields: str) -> Page:
    """Fill in the form of the case under review at `address` and save."""
    held = team.get(address).value("case")
    return team.post(address, case=held, **fields)


@pytest.mark.parametrize("who", ["ina", "lia", "adi"])
def test_other_roles_may_not(browser: Open, who: str) -> None:
    three_late()
    opened = browser(who)
    assert opened.get("/queue/review").status == 403
    assert opened.post("/queue/review", case="10000.1", act="remind").status == 403
    assert case_of(10_000).version == 1


def test_the_list_is_gone_through_in_its_order_with_its_filters(browser: Open) -> None:
    three_late()
    tika, seen = browser("tika"), []
    page = tika.get("/queue?region=53.71")
    address = next(
        str(a["href"]) for a in page.soup.select("main a") if a.get_text() == "Tinjau satu per satu"
    )
    for _ in range(3):
        page = tika.get(address)
        seen.append(shown(page))
        address = next(
            str(a["href"]) for a in page.soup.select("main form a") if a.get_text() == "Lewati"
        )
    assert seen == [(f"PT Contoh Usaha 1000{n}", f"{n + 1} dari 3") for n in range(3)]
    page = tika.get(address)
    assert (
        "Tidak ada kasus lagi sesudah ini. Yang masih terlambat dalam daftar ini: 3." in page.text
    )
    back = [str(a["href"]) for a in page.soup.select("main a")]
    assert back == ["/queue?region=53.71", "/queue/review?region=53.71", "/queue?region=53.71"]


def test_a_row_of_the_queue_opens_that_very_case(browser: Open) -> None:
    three_late()
    tika = browser("tika")
    links = {
        a.get_text(): str(a["href"]) for a in tika.get("/queue?region=53.71").soup.select("a.title")
    }
    assert shown(tika.get(links["PT Contoh Usaha 10001"])) == ("PT Contoh Usaha 10001", "2 dari 3")
    tika.submit("/cases/NTT-2026-10001/extend", until="31-12-2026", reason="Sedang mendaftar")
    page = tika.get(links["PT Contoh Usaha 10001"])
    assert shown(page) == ("PT Contoh Usaha 10002", "2 dari 2")
    assert "Kasus yang Anda buka tidak ada lagi dalam daftar ini. Ini yang berikutnya." in page.text


def test_a_case_is_shown_in_short_with_what_was_tried(browser: Open) -> None:
    three_late()
    with transaction():
        remind_inspector(case_of(10_000), by=user("sari"), note="Mohon segera")
        db.session.add(
            Visit(
                case_id=10_000,
                visited_on=today(),
                outcome="not_met",
                note="Kantor tutup",
                by_id=user("ina").id,
                recorded_at=clock.now(),
            )
        )
    tika = browser("tika")
    tika.submit("/cases/NTT-2026-10000/escalate", reason="Tidak ada kabar")
    text = tika.get("/queue/review?region=53.71").text
    for words in (
        "Terlambat 90 hari",
        "Selasa, 1 September 2026",
        "40 orang, 28 terdaftar, 12 belum",
        "30 November 2026: Tidak dapat ditemui oleh Ina Contoh Kantor tutup",
        "Pengingat: 1, terakhir 30 November 2026",
        "Eskalasi: 1, terakhir 30 November 2026",
        "Eskalasi ke kepala pengawas: Sudah dieskalasi pada 30 November 2026.",
        "Pengingat dikirim ke Ina Contoh",
    ):
        assert words in text, words
    assert "Belum ada tindakan tim." in tika.get("/queue/review").text


@pytest.mark.parametrize(
    ("act", "fields", "told", "then"),
    [
        ("remind", {}, "Ina Contoh diingatkan untuk 1 kasus.", "2 dari 3"),
        ("escalate", {"escalate-reason": "Tidak ada kabar"},
            "1 kasus dieskalasi ke kepala pengawas.", "2 dari 3"),
        ("extend", {"extend-until": "31-12-2026", "extend-reason": "Mendaftar"},
         "1 kasus diperpanjang sampai 31 Desember 2026.", "1 dari 2"),
        ("reassign", {"reassign-reason": "Cuti"}, "1 kasus dialihkan ke Budi Misal.", "2 dari 3"),
    ],
)  # fmt: skip
def test_saving_goes_on_to_the_next_and_says_what_was_done(
    browser: Open, act: str, fields: dict[str, str], told: str, then: str
) -> None:
    three_late()
    if act == "reassign":
        fields = {**fields, "reassign-to": str(user("budi").id)}
    tika = browser("tika")
    page = save(tika, "/queue/review?region=53.71", act=act, **fields)
    assert page.response.request.query_string == b"region=53.71&after=2026-09-01.10000"
    assert shown(page) == ("PT Contoh Usaha 10001", then), "the list shrinks as cases leave it"
    assert banners(page) == [f"PT Contoh Usaha 10000, NTT-2026-10000: {told}"]
    assert len(page.soup.select("main > .notice form")) == (act == "reassign")
    assert (
        shown(tika.get(page.path + "?region=53.71&after=2026-09-01.10000"))[0]
        == "PT Contoh Usaha 10001"
    )


def test_a_case_reassigned_under_a_filter_of_its_inspector_leaves_the_list(browser: Open) -> None:
    three_late()
    tika, address = browser("tika"), f"/queue/review?region=53.71&inspector={user('ina').id}"
    page = save(
        tika,
        address,
        act="reassign",
        **{"reassign-to": str(user("budi").id), "reassign-reason": "Cuti"},
    )
    assert shown(page) == ("PT Contoh Usaha 10001", "1 dari 2")


def test_the_last_one_leads_to_the_end_of_the_list(browser: Open) -> None:
    (id,) = a_crowd([Row(late=9, inspector_id=user("ina").id)])
    page = save(
        browser("tika"),
        "/queue/review",
        act="extend",
        **{"extend-until": "31-12-2026", "extend-reason": "Mendaftar"},
    )
    assert "Tidak ada kasus terlambat lagi dalam daftar ini." in page.text
    assert len(banners(page)) == 1
    assert case_of(id).extended_on is not None


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({}, "Pilih tindakan, atau lewati kasus ini.", "act"),
        ({"act": "dance"}, "Pilih tindakan, atau lewati kasus ini.", "act"),
        ({"act": "reassign", "reassign-reason": "Cuti"}, "Pilih pengawas yang menerima kasus", "reassign-to"),
        ({"act": "reassign", "reassign-to": "999", "reassign-reason": "Cuti"},
            "Pilih pengawas yang aktif.", "reassign-to"),
        ({"act": "escalate", "escalate-reason": " "}, "Tuliskan alasannya", "escalate-reason"),
        ({"act": "extend", "extend-until": "31-2-2027", "extend-reason": "Mendaftar"},
            "Tulis tanggal seperti", "extend-until"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field_and_the_case_stays(
    browser: Open, fields: dict[str, str], said: str, field: str
) -> None:
    three_late()
    page = save(browser("tika"), "/queue/review?region=53.71", **fields)
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    assert shown(page) == ("PT Contoh Usaha 10000", "1 dari 3")
    error = page.soup.select_one(f"#{field}-error")
    assert error is not None and said in error.get_text()
    assert page.soup.select_one(f"#problems a[href='#{field}']")
    assert case_of(10_000).version == 1


def test_a_day_that_the_rules_refuse_comes_back_with_the_reason_and_what_was_typed(
    browser: Open,
) -> None:
    three_late()
    page = save(
        browser("tika"),
        "/queue/review?region=53.71",
        act="extend",
        **{"extend-until": "3-3-2027", "extend-reason": "Mendaftar"},
    )
    assert page.status == 409
    assert "Perpanjangan paling lama 92 hari." in page.text
    assert (page.value("extend-until"), page.value("extend-reason")) == ("3-3-2027", "Mendaftar")
    assert page.soup.select_one("input[name=act][value=extend][checked]")


def test_a_case_changed_meanwhile_is_refused_with_what_changed_and_keeps_what_was_typed(
    browser: Open,
) -> None:
    three_late()
    tika, address = browser("tika"), "/queue/review?region=53.71"
    held = tika.get(address).value("case")
    browser("sari").submit(
        "/cases/NTT-2026-10000/extend", until="31-12-2026", reason="Sedang mendaftar"
    )
    page = tika.post(address, case=held, act="escalate", **{"escalate-reason": "Tidak ada kabar"})
    assert page.status == 412
    assert "Kasus ini berubah sejak Anda membukanya" in page.text
    assert "Sedang mendaftar" in page.text
    assert page.value("escalate-reason") == "Tidak ada kabar"
    assert "Jatuh tempo 31 Desember 2026 belum lewat." in page.text, "why the act is no longer open"
    assert events_of("case.escalated") == []
    page = tika.post(address, case=held, act="remind")
    assert page.status == 412
    assert shown(tika.get(address))[0] == "PT Contoh Usaha 10001"


def test_saving_twice_acts_once(browser: Open) -> None:
    three_late()
    tika, address = browser("tika"), "/queue/review?region=53.71"
    held = tika.get(address).value("case")
    assert tika.post(address, case=held, act="remind").status == 200
    assert tika.post(address, case=held, act="remind").status == 412
    assert len(events_of("case.reminded")) == 1


def test_a_form_without_a_case_is_no_form(browser: Open) -> None:
    tika = browser("tika")
    for case in ("", "x", "7.1", "10000.x"):
        assert tika.post("/queue/review", case=case, act="remind").status == 404


def test_an_empty_list_says_so(browser: Open) -> None:
    page = browser("tika").get("/queue/review")
    assert (page.status, "Tidak ada kasus terlambat lagi dalam daftar ini." in page.text) == (
        200,
        True,
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_asks_the_store_at_most_ten_questions(browser: Open, language: str) -> None:
    three_late()
    tika = browser("tika", language)
    with queries() as seen:
        assert tika.get("/queue/review?region=53.71").status == 200
    assert len(seen) <= 10, seen
    with queries() as seen:
        tika.get("/queue")
    assert len(seen) <= 10, seen
