"""A day off added or removed: what it moves is seen first, approved once, done exactly so, and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.commands.team import extend_deadline
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.calendar import Holiday
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.licensing.models import Flag
from compliance.office.commands import change_settings
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

pytestmark = pytest.mark.one_store

FIRST_OF_MARCH = (
    "/admin/calendar/change?add=2027-03-01&name=Libur+Daerah+Contoh"
    "&name_en=Example+Holiday&kind=office"
)
"""The day on which a case issued on the first day takes effect: due Sunday 28 February 2027."""


def approve(adi: Browser, where: str) -> Page:
    return adi.submit(where)


def again(case: Case) -> Case:
    """The case as it is in the store by now, whatever session it was loaded in."""
    db.session.expire_all()
    return db.session.get_one(Case, sa.inspect(case).identity[0])


def events(kind: str) -> list[Event]:
    db.session.rollback()
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id).all()


def words(case: Case) -> list[str]:
    return [str(each) for each in case.why]


def test_the_year_shows_its_days_off_with_their_names_and_kinds(browser) -> None:
    page = browser("adi").get("/admin/calendar?year=2027")
    assert "Kalender 2027" in page.text
    assert "Jumat, 5 Februari 2027 Cuti bersama" in page.text
    assert "Februari Jumat" in page.text
    assert "/admin/calendar/change?remove=2027-02-05" in page.links()
    assert browser("adi").get("/admin/calendar?year=abc").text.startswith("Kalender 2026")


def test_the_year_is_seen_at_a_glance_month_by_month_with_the_kind_of_each_day_off(browser) -> None:
    page = browser("adi").get("/admin/calendar?year=2027")
    months = page.soup.select(".months table")
    assert [each.caption.get_text() for each in months][:3] == ["Januari", "Februari", "Maret"]
    assert len(months) == 12
    february, march = months[1], months[2]
    assert [each.get_text() for each in february.select("th")] == [
        "Sen",
        "Sel",
        "Rab",
        "Kam",
        "Jum",
        "Sab",
        "Min",
    ]
    assert [each.get_text() for each in february.select("td") if each.get_text()][:5] == [
        "1",
        "2",
        "3",
        "4",
        "5C Cuti Bersama Tahun Baru Imlek",
    ]
    assert len([each for each in february.select("td") if each.get_text()]) == 28
    assert "#d2027-02-05" in [str(each["href"]) for each in february.select("a")]
    assert "10L~ Hari Raya Idul Fitri (perkiraan)" in march.get_text()
    assert "3 hari libur masih perkiraan" in page.text
    today = browser("adi").get("/admin/calendar").soup.select(".months [aria-current=date]")
    assert [each.get_text() for each in today] == ["30"]


def test_a_day_off_is_asked_for_and_shown_before_anything_happens(browser) -> None:
    case, other = (
        a_case(company=a_company("PT Contoh Pindah")),
        a_case(issued_on=date(2026, 11, 26)),
    )
    adi = browser("adi")
    page = adi.submit(
        "/admin/calendar?year=2027",
        day="1 Maret 2027",
        name="Libur Daerah Contoh",
        name_en="Example Holiday",
        kind="office",
    )
    assert page.path == "/admin/calendar/change"
    assert "Senin, 1 Maret 2027: Libur Daerah Contoh" in page.text
    row = page.soup.select_one("tbody tr").get_text(" ")  # type: ignore[union-attr]
    assert "PT Contoh Pindah" in row
    assert str(case.number) in row
    assert "1 Maret 2027" in row
    assert "2 Maret 2027" in row
    assert str(other.number) not in page.text
    assert again(case).effective_on == date(2027, 3, 1)
    assert db.session.get(Holiday, date(2027, 3, 1)) is None


def test_an_approved_day_moves_what_was_shown_and_says_so(browser) -> None:
    case = a_case()
    page = approve(browser("adi"), FIRST_OF_MARCH)
    assert page.path == "/admin/calendar"
    assert "Kalender diubah; 1 kasus berpindah tanggal." in page.text
    assert "Libur Daerah Contoh" in page.text
    case = again(case)
    assert (case.due_on, case.effective_on, case.status) == (
        date(2027, 2, 28),
        date(2027, 3, 2),
        "in_remedy",
    )
    assert words(case) == [
        "Nota diterbitkan 2026-11-30.",
        "Ditambah 3 bulan kalender: 2027-02-28.",
        "2027-02-28 bukan hari kerja (Minggu).",
        "2027-03-01 bukan hari kerja (Libur Daerah Contoh).",
        "Berlaku pada hari kerja berikutnya: 2027-03-02.",
    ]
    (changed,), (moved,) = events("calendar.changed"), events("case.rescheduled")
    assert (changed.actor_name, changed.fact("cases"), changed.fact("after")) == (
        "Adi Andai",
        1,
        {"2027-03-01": "Libur Daerah Contoh"},
    )
    assert (moved.case_id, moved.fact("before"), moved.fact("effective_on")) == (
        case.id,
        date(2027, 3, 1),
        date(2027, 3, 2),
    )


def test_the_inspector_reads_of_it_in_the_inbox_and_gets_no_mail(browser) -> None:
    case = a_case()
    approve(browser("adi"), FIRST_OF_MARCH)
    told = db.session.query(Message).filter_by(kind="case.rescheduled").all()
    assert [(each.channel, each.user_id) for each in told] == [("inbox", case.inspector_id)]


def test_what_changed_since_the_preview_is_shown_again_and_nothing_is_saved(browser) -> None:
    first, adi = a_case(), browser("adi")
    seen = adi.get(FIRST_OF_MARCH).value("seen")
    second = a_case()
    page = adi.post(FIRST_OF_MARCH, seen=seen)
    assert page.status == 412
    assert "Akibatnya kini lain dari yang Anda lihat" in page.text
    assert "Kasus yang berpindah tanggal: 2" in page.text
    assert {again(case).effective_on for case in (first, second)} == {date(2027, 3, 1)}
    assert events("calendar.changed") == []
    page = adi.post(FIRST_OF_MARCH, seen=page.value("seen"))
    assert "2 kasus berpindah tanggal" in page.text
    assert {again(case).effective_on for case in (first, second)} == {date(2027, 3, 2)}


def test_a_day_that_is_no_longer_open_is_not_moved(browser) -> None:
    case, adi = a_case(), browser("adi")
    seen = adi.get(FIRST_OF_MARCH).value("seen")
    a_visit(case, "complied")
    assert adi.post(FIRST_OF_MARCH, seen=seen).status == 412
    assert "Tidak ada kasus terbuka yang tanggalnya berpindah." in adi.get(FIRST_OF_MARCH).text


def test_an_approval_sent_twice_is_carried_out_once(browser) -> None:
    a_case()
    adi = browser("adi")
    seen = adi.get(FIRST_OF_MARCH).value("seen")
    assert adi.post(FIRST_OF_MARCH, seen=seen).status == 200
    page = adi.post(FIRST_OF_MARCH, seen=seen)
    assert page.status == 404
    assert "1 Maret 2027 sudah ada di kalender: Libur Daerah Contoh." in page.text
    assert len(events("case.rescheduled")) == 1


def test_a_recheck_that_had_come_goes_back_and_its_warning_is_lifted(
    browser, at: Callable[[str], None]
) -> None:
    case = a_case()
    at("2027-03-02 00:01")
    assert sweep_due_rechecks() == {"due": 1, "missed": 1, "set_aside": 0}
    case = again(case)
    flag = db.session.query(Flag).filter_by(case_id=case.id).one()
    assert (case.status, flag.level, flag.lifted_at) == ("recheck_due", "warning", None)

    page = browser("adi").get(FIRST_OF_MARCH)
    assert "kembali menjadi nota terbuka; peringatan, bila ada, dicabut" in page.text
    approve(browser("adi"), FIRST_OF_MARCH)
    case = again(case)
    assert (case.status, case.effective_on) == ("in_remedy", date(2027, 3, 2))
    flag = db.session.query(Flag).filter_by(case_id=case.id).one()
    assert flag.lifted_at is not None
    assert str(flag.why_lifted) == "Kalender berubah: jatuh tempo belum lewat."

    assert sweep_due_rechecks() == {"due": 1, "missed": 0, "set_aside": 0}
    at("2027-03-03 00:01")
    assert sweep_due_rechecks() == {"due": 0, "missed": 1, "set_aside": 0}


def test_dates_that_are_over_stay_as_they_were(browser, at: Callable[[str], None]) -> None:
    case = a_case()
    at("2027-03-05")
    sweep_due_rechecks()
    page = approve(browser("adi"), FIRST_OF_MARCH)
    assert "0 kasus berpindah tanggal" in page.text
    assert (again(case).status, again(case).effective_on) == ("recheck_due", date(2027, 3, 1))


def test_a_removed_day_brings_the_date_forward_and_leaves_no_trace_in_its_reasons(browser) -> None:
    case = a_case(issued_on=date(2026, 11, 5))
    assert case.effective_on == date(2027, 2, 8)
    adi = browser("adi")
    page = adi.get("/admin/calendar/change?remove=2027-02-05")
    assert "kembali menjadi hari kerja" in page.text
    approve(adi, "/admin/calendar/change?remove=2027-02-05")
    case = again(case)
    assert (case.due_on, case.effective_on) == (date(2027, 2, 5), date(2027, 2, 5))
    assert words(case) == ["Nota diterbitkan 2026-11-05.", "Ditambah 3 bulan kalender: 2027-02-05."]
    assert db.session.get(Holiday, date(2027, 2, 5)) is None


def test_no_date_is_moved_into_the_past(browser, at: Callable[[str], None]) -> None:
    case = a_case(issued_on=date(2026, 11, 5))
    at("2027-02-07")
    approve(browser("adi"), "/admin/calendar/change?remove=2027-02-05")
    assert again(case).effective_on == date(2027, 2, 8)


def test_an_extension_keeps_its_own_sentence(browser) -> None:
    case = a_case()
    with transaction():
        extend_deadline(case, by=user("tika"), until=date(2027, 4, 5), reason="pabrik pindah")
    approve(browser("adi"), "/admin/calendar/change?add=2027-04-05&name=Libur+Contoh&kind=public")
    case = again(case)
    assert case.effective_on == date(2027, 4, 6)
    assert words(case)[0] == "Diperpanjang sampai 2027-04-05 oleh Tika Andai: pabrik pindah"
    assert words(case)[1:] == [
        "2027-04-05 bukan hari kerja (Libur Contoh).",
        "Berlaku pada hari kerja berikutnya: 2027-04-06.",
    ]


def test_a_year_is_filled_from_the_national_list_with_the_same_preview(
    browser, at: Callable[[str], None]
) -> None:
    at("2030-10-01")
    case, adi = a_case(), browser("adi")
    assert case.effective_on == date(2031, 1, 1)
    page = adi.get("/admin/calendar/change?fill=2031")
    assert "Isi kalender 2031" in page.text
    assert "2 Januari 2031" in page.text
    page = approve(adi, "/admin/calendar/change?fill=2031")
    assert page.response.request.full_path == "/admin/calendar?year=2031"
    assert again(case).effective_on == date(2031, 1, 2)
    assert "Tahun Baru" in words(again(case))[2]
    page = adi.get("/admin/calendar/change?fill=2031")
    assert page.response.request.full_path == "/admin/calendar?year=2031"
    assert "Kalender 2031 sudah memuat seluruh daftar nasional." in page.text


def test_a_day_that_makes_no_sense_is_refused_and_what_was_typed_stays(browser) -> None:
    adi = browser("adi")
    page = adi.submit("/admin/calendar?year=2027", day="31 Februari 2027", name="Libur Contoh")
    assert page.status == 422
    assert "Tulis tanggal seperti 18-3-2026" in page.text
    assert (page.value("day"), page.value("name")) == ("31 Februari 2027", "Libur Contoh")
    page = adi.submit("/admin/calendar?year=2027", day="5-2-2027", name="")
    assert "5 Februari 2027 sudah ada di kalender" in page.text
    assert "Isi nama hari libur" in page.text


@pytest.mark.parametrize(
    "asked", ["", "add=2027-03-01", "add=1-1-0001&name=x&kind=office",
        "add=2031-01-01&name=x&kind=party", "remove=2027-03-01",
              "remove=yesterday", "fill=99999", "fill=1000"],
)  # fmt: skip
def test_an_address_that_names_no_change_is_not_found(browser, asked: str) -> None:
    assert browser("adi").get(f"/admin/calendar/change?{asked}").status == 404


def test_the_preview_asks_the_store_no_more_for_more_cases(browser) -> None:
    adi = browser("adi")
    a_case()
    with queries() as few:
        adi.get(FIRST_OF_MARCH)
    for _ in range(6):
        a_case()
    with queries() as many:
        page = adi.get(FIRST_OF_MARCH)
    assert "Kasus yang berpindah tanggal: 7" in page.text
    assert len(many) == len(few) <= 10, many
    with queries() as year:
        adi.get("/admin/calendar?year=2027")
    assert len(year) <= 10, year


def test_a_year_is_offered_to_be_filled_only_while_something_is_missing(browser) -> None:
    adi = browser("adi")
    assert "Isi tahun 2029" in adi.get("/admin/calendar?year=2029").text
    adi.submit("/admin/calendar/change?fill=2029")
    page = adi.get("/admin/calendar?year=2029")
    assert "Isi tahun 2029" not in page.text
    assert "sudah memuat seluruh daftar nasional" in page.text


def test_an_admin_is_reminded_of_a_missing_contact_until_it_is_filled_in(browser) -> None:
    adi = browser("adi")
    assert "Kontak kantor belum diisi" in adi.get("/admin").text
    change_settings({"office_contact": "0380-000-000"}, by=user("adi"))
    db.session.commit()
    assert "Kontak kantor belum diisi" not in adi.get("/admin").text
