"""The admin's page of the log: newest first, in words, narrowed by the address, page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest

from compliance.admin.audit.event_names import EVENT_NAMES, FACTS
from compliance.admin.audit.queries import SYSTEM_PERSON, group_of
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.events import Event, recorded_kinds
from compliance.office.commands import change_settings
from compliance.people.commands.users import change_user
from tests.browser import Page
from tests.cast import Cast
from tests.factories import a_case, a_company, a_visit, user
from tests.house.source import calls, dotted, modules
from tests.queries import queries

WHERE = "/admin/audit"


def told(page: Page) -> list[str]:
    """The events of the page, each as its words."""
    return [" ".join(each.b.get_text(" ").split()) for each in page.soup.select(".timeline > li")]


def test_every_kind_of_event_has_a_name_for_the_filter(app) -> None:
    assert set(EVENT_NAMES) == set(recorded_kinds())


def test_every_fact_that_an_act_records_has_a_name_in_words(app) -> None:
    """What is no fact of the act stands beside it: who, about what, why."""
    beside = {"by", "case", "company_id", "subject", "reason", "after"}
    recorded = {
        fact.arg
        for tree in modules().values()
        for call in calls(tree)
        if dotted(call.func) == "record"
        for fact in call.keywords
        if fact.arg
    }
    assert recorded - beside - set(FACTS) == set()


@pytest.mark.parametrize(
    ("language", "told_as"),
    [
        ("id", ("Kabupaten/kota Kota Kupang", "Hasil Belum patuh", "Sebelum jatuh tempo tidak",
                "Tingkat Catatan hasil cek ulang", "Berlaku sejak 2 Maret 2027")),
        ("en", ("Regency/city Kota Kupang", "Result Not compliant", "Before the due date no",
                "Level Recheck record", "In force since 2 March 2027")),
    ],
)  # fmt: skip
def test_facts_are_told_in_the_readers_language(
    browser, at: Callable[[str], None], language: str, told_as: list[str]
) -> None:
    case_id = a_case().id
    at("2027-03-02")
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=28)
    text = browser("adi", language).get(WHERE).text
    assert [each for each in told_as if each not in text] == []


def test_what_was_done_stands_newest_first_with_case_and_company_as_text(browser) -> None:
    case = a_case(company=a_company("PT Contoh Diaudit"))
    number = case.number
    page = browser("adi").get(WHERE)
    assert told(page)[:3] == [
        "Adi Andai masuk",
        "Surat dibuat: Nota Pemeriksaan I nomor 560/001-NP/XI/2026",
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
    assert " ".join(row.split()) == "Pengecekan kembali sesudah berapa bulan kalender 3 4"


def test_the_log_is_narrowed_by_kind_group_and_person(browser, cast: Cast) -> None:
    a_case()
    second = a_case("budi")
    a_visit(second, "not_met", by="budi", note="tutup")
    adi = browser("adi")
    issued = told(adi.get(f"{WHERE}?kind=nota.issued"))
    assert len(issued) == 2
    assert told(adi.get(f"{WHERE}?kind=nota.issued&person={cast.ids['ina']}")) == issued[1:]
    assert len(told(adi.get(f"{WHERE}?kind=nota.conveyed&person={SYSTEM_PERSON}"))) == 2
    assert "Adi Andai masuk" not in told(adi.get(f"{WHERE}?person={SYSTEM_PERSON}"))
    assert len(told(adi.get(f"{WHERE}?kind=notas"))) == 7, (
        "draft, nota, its conveyance twice, and a visit"
    )
    assert set(told(adi.get(f"{WHERE}?kind=people&person={cast.ids['adi']}"))) == {
        "Adi Andai masuk"
    }
    page = adi.get(f"{WHERE}?kind=notas")
    assert page.value("kind") == "notas"
    assert page.soup.find("optgroup", label="Nota dan cek ulang").find(
        "option", value="nota.issued"
    )


def test_every_kind_of_event_belongs_to_a_group() -> None:
    assert [kind for kind in EVENT_NAMES if group_of(kind) is None] == []


def test_words_find_the_reason_the_company_and_the_numbers(browser) -> None:
    first = a_case(
        company=a_company("PT Contoh Satu", nib="9120000000017"), nota_number="560/77-NP/XI/2026"
    )
    second = a_case("budi", company=a_company("PT Contoh Dua"))
    number, adi = str(second.number), browser("adi")
    with transaction():
        withdraw_case(first, by=user("sari"), reason="Salah alamat 100% pabrik")
    by_case = adi.get(f"{WHERE}?q={number}")
    assert len(told(by_case)) == 4
    assert "PT Contoh Satu" not in by_case.soup.find(class_="timeline").get_text()
    assert told(adi.get(f"{WHERE}?q={number[-6:]}")) == told(by_case)
    assert told(adi.get(f"{WHERE}?q=contoh+dua")) == [
        *told(by_case),
        told(adi.get(f"{WHERE}?kind=company.registered"))[0],
    ]
    assert len(told(adi.get(f"{WHERE}?q=9120000000017"))) == 6
    assert len(told(adi.get(f"{WHERE}?q=560/77-np"))) == 5
    by_reason = adi.get(f"{WHERE}?q=salah+ALAMAT")
    assert len(told(by_reason)) == 1
    assert "Salah alamat 100% pabrik" in by_reason.text
    assert len(told(adi.get(f"{WHERE}?q=100%25"))) == 1
    assert told(adi.get(f"{WHERE}?q=200%25")) == []


def csv_of(page: Page) -> list[list[str]]:
    assert page.response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff")), delimiter=";"))


def test_the_narrowed_log_leaves_as_a_table_for_a_spreadsheet(browser) -> None:
    for name in ("PT Contoh Satu", "PT Contoh Dua", "=CONTOH(1)"):
        a_case(company=a_company(name))
    adi = browser("adi")
    page = adi.get(f"{WHERE}?kind=notas")
    assert f"{WHERE}.csv?kind=notas" in page.links()
    page = adi.get(f"{WHERE}.csv?kind=notas")
    heading, *rows = csv_of(page)
    assert heading[:6] == ["Nomor", "Waktu", "Peristiwa", "Oleh", "Kasus", "Perusahaan"]
    assert [int(row[0]) for row in rows] == sorted((int(row[0]) for row in rows), reverse=True)
    assert len(rows) == 9
    assert rows[-1][1:4] == ["2026-11-30 09:00", "Draf dimulai", "Ina Contoh"]
    assert {row[5] for row in rows} == {"PT Contoh Satu", "PT Contoh Dua", "'=CONTOH(1)"}
    assert (
        "attachment; filename=patuh-audit-2026-11-30.csv"
        in page.response.headers["Content-Disposition"]
    )
    assert csv_of(browser("adi", language="en").get(f"{WHERE}.csv?q=x"))[0][0] == "Number"


def test_a_table_is_not_made_from_a_filter_that_cannot_be_read(browser) -> None:
    page = browser("adi").get(f"{WHERE}.csv?first_on=kemarin")
    assert (page.status, page.response.mimetype) == (422, "text/html")
    assert browser("tika").get(f"{WHERE}.csv").status == 403


@pytest.mark.parametrize(
    "asked", ["q=NTT-1999-0001", "q=tidak+ada+itu", "person=99999999999", "person=x", "kind=x.y"]
)
def test_nothing_found_says_so_and_offers_the_way_back(browser, asked: str) -> None:
    page = browser("adi").get(f"{WHERE}?{asked}")
    assert page.status == 200
    assert "Tidak ada peristiwa yang cocok." in page.text
    assert WHERE in page.links()


def test_the_days_are_the_offices_days_and_both_ends_count(
    browser, at: Callable[[str], None]
) -> None:
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
    adi.get(WHERE)  # the first page of a process also reads the settings
    with queries() as few:
        adi.get(WHERE)
    for _ in range(8):
        a_case()
    with queries() as many:
        adi.get(WHERE)
    assert len(many) == len(few) <= 10, many
    with queries() as narrowed:
        page = adi.get(
            f"{WHERE}?kind=nota.issued&person={cast.ids['ina']}&q=NTT-2026-0001"
            "&first_on=1-11-2026&last_on=1-12-2026"
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
    assert db.session.query(Event).filter_by(kind="old.thing_done").one().fact("on") == date(
        2026, 11, 1
    )


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ("first_on=1-1-0001", True),
        ("last_on=31-12-9999", True),
        ("first_on=31-12-9999", False),
        ("last_on=1-1-0001", False),
    ],
)
def test_the_first_and_the_last_day_there_is_narrow_the_log_too(
    browser, days: str, shown: bool
) -> None:
    adi = browser("adi")
    page, file = adi.get(f"{WHERE}?{days}"), adi.get(f"{WHERE}.csv?{days}")
    assert (page.status, file.status) == (200, 200)
    assert ("Adi Andai masuk" in told(page)) is shown
