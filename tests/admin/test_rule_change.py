"""A new rule of due dates: for new notas, or for the open cases too when that is chosen over what
it would move.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.admin.commands import rescheduling
from compliance.admin.commands.rule import change_rule, change_to
from compliance.cases.commands.ending import reopen_case
from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.team import extend_deadline
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.errors import NotAllowed
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.office.settings import office_settings
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit, user
from tests.queries import queries

WHERE = "/admin/settings"
FOUR = f"{WHERE}/change?recheck_months=4"


def again(case: Case) -> Case:
    """The case as it is in the store by now, whatever session it was loaded in."""
    db.session.expire_all()
    return db.session.get_one(Case, sa.inspect(case).identity[0])


def events(kind: str) -> list[Event]:
    db.session.rollback()
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id).all()


def approve(adi: Browser, where: str = FOUR) -> Page:
    """Choose the open cases too, and approve what the preview shows."""
    return adi.submit(where, reach="open")


def months() -> int:
    db.session.remove()
    return office_settings().recheck_months


def test_a_new_rule_shows_which_open_cases_could_follow_before_anything_is_saved(browser) -> None:
    case = a_case(company=a_company("PT Contoh Pindah"))
    page = browser("adi").submit(WHERE, recheck_months="4", digest_hour="6")
    assert page.path == f"{WHERE}/change"
    assert "Pengecekan kembali sesudah berapa bulan kalender 3 → menjadi 4" in page.text
    assert "Jam pengiriman 7 → menjadi 6" in page.text
    assert "Kasus yang berpindah tanggal: 1" in page.text
    row = page.soup.select_one("tbody tr").get_text(" ")  # type: ignore[union-attr]
    for words in ("PT Contoh Pindah", str(case.number), "1 Maret 2027", "30 Maret 2027"):
        assert words in row
    assert page.soup.find("input", {"name": "reach", "checked": True})["value"] == "new"
    assert (months(), again(case).effective_on) == (3, date(2027, 3, 1))


def test_by_itself_the_rule_is_for_new_notas_only(browser) -> None:
    case, adi = a_case(), browser("adi")
    page = adi.submit(FOUR)
    assert page.path == WHERE
    assert "Tanggal yang sudah ada tidak berubah." in page.text
    assert months() == 4
    assert again(case).effective_on == date(2027, 3, 1)
    assert events("case.rescheduled") == []
    db.session.remove()
    assert a_case().due_on == date(2027, 3, 30)


def test_the_open_cases_follow_when_that_is_chosen_and_the_log_tells_both(browser) -> None:
    case = a_case()
    page = approve(browser("adi"))
    assert "Setelan disimpan; 1 kasus berpindah tanggal." in page.text
    case = again(case)
    assert (case.due_on, case.effective_on, case.status) == (
        date(2027, 3, 30),
        date(2027, 3, 30),
        "in_remedy",
    )
    assert [str(each) for each in case.why] == [
        "Nota diterbitkan 2026-11-30.",
        "Ditambah 4 bulan kalender: 2027-03-30.",
    ]
    (changed,), (moved,) = events("settings.changed"), events("case.rescheduled")
    assert (changed.fact("after"), changed.fact("cases")) == ({"recheck_months": 4}, 1)
    assert (moved.actor_name, moved.fact("before"), moved.fact("effective_on")) == (
        "Adi Andai",
        date(2027, 3, 1),
        date(2027, 3, 30),
    )
    assert changed.id < moved.id
    told = db.session.query(Message).filter_by(kind="case.rescheduled").one()
    assert (told.channel, told.user_id) == ("inbox", case.inspector_id)
    inbox = browser("ina").get("/inbox").text
    assert (
        "Aturan jatuh tempo diubah: 4 bulan kalender, dihitung dari: Tanggal nota terbit." in inbox
    )


def test_counting_from_another_day_moves_only_the_cases_that_know_that_day(browser) -> None:
    first, second = a_case(issued_on=date(2026, 11, 10)), a_case(issued_on=date(2026, 11, 11))
    with transaction():
        record_receipt(
            again(first), by=user("ina"), received_on=date(2026, 11, 24), received_by="Ani Contoh"
        )
    page = approve(browser("adi"), f"{WHERE}/change?recheck_anchor=received")
    assert "1 kasus berpindah tanggal" in page.text
    assert again(first).effective_on == date(2027, 2, 24)
    assert str(again(first).why[0]) == "Nota diterima perusahaan 2026-11-24."
    assert again(second).effective_on == date(2027, 2, 11)


def test_an_extended_date_and_a_date_that_is_over_stay(browser, at: Callable[[str], None]) -> None:
    extended, late = a_case(), a_case()
    with transaction():
        extend_deadline(
            again(extended), by=user("tika"), until=date(2027, 4, 5), reason="pabrik pindah"
        )
    at("2027-03-02")
    sweep_due_rechecks()
    page = browser("adi").get(FOUR)
    assert "Tidak ada kasus terbuka yang tanggalnya berpindah." in page.text
    browser("adi").submit(FOUR)
    assert months() == 4
    assert again(extended).effective_on == date(2027, 4, 5)
    assert (again(late).status, again(late).effective_on) == ("recheck_due", date(2027, 3, 1))


def test_a_recheck_due_today_is_not_over_and_goes_back(browser, at: Callable[[str], None]) -> None:
    case = a_case()
    at("2027-03-01")
    assert sweep_due_rechecks()["due"] == 1
    approve(browser("adi"))
    assert (again(case).status, again(case).effective_on) == ("in_remedy", date(2027, 3, 30))


def test_no_date_is_moved_into_the_past(browser, at: Callable[[str], None]) -> None:
    case = a_case()
    at("2027-02-10")
    page = browser("adi").submit(WHERE, recheck_months="2")
    assert page.path == WHERE, "nothing moves, so there is nothing to choose"
    assert (months(), again(case).effective_on) == (2, date(2027, 3, 1))


def test_a_reopened_case_keeps_counting_from_the_day_it_was_reopened(
    browser, at: Callable[[str], None]
) -> None:
    case = a_case()
    a_visit(again(case), "complied")
    at("2026-12-07")
    with transaction():
        reopen_case(again(case), by=user("sari"), reason="laporan baru")
    approve(browser("adi"), f"{FOUR}&recheck_anchor=conveyed")
    assert again(case).due_on == date(2027, 4, 7)
    assert str(again(case).why[0]) == "Kasus dibuka kembali 2026-12-07."


def test_what_changed_since_the_preview_is_shown_again_and_nothing_is_saved(browser) -> None:
    first, adi = a_case(), browser("adi")
    seen = adi.get(FOUR).value("seen")
    second = a_case()
    page = adi.post(FOUR, seen=seen, reach="open")
    assert page.status == 412
    assert "Akibatnya kini lain dari yang Anda lihat" in page.text
    assert "Kasus yang berpindah tanggal: 2" in page.text
    assert page.soup.find("input", {"name": "reach", "checked": True})["value"] == "open"
    assert (months(), events("settings.changed")) == (3, [])
    adi.post(FOUR, seen=page.value("seen"), reach="open")
    assert {again(case).effective_on for case in (first, second)} == {date(2027, 3, 30)}


def test_settings_that_another_admin_changed_meanwhile_are_not_overwritten_unseen(browser) -> None:
    a_case()
    adi = browser("adi")
    page = adi.get(FOUR)
    browser("adi").submit(WHERE, digest_hour="9")
    page = adi.post(FOUR, seen=page.value("seen"), version=page.value("version"), reach="new")
    assert page.status == 412
    assert months() == 3


def test_an_approval_sent_twice_is_carried_out_once(browser) -> None:
    a_case()
    adi = browser("adi")
    seen = adi.get(FOUR).value("seen")
    assert adi.post(FOUR, seen=seen, reach="open").status == 200
    page = adi.post(FOUR, seen=seen, reach="open")
    assert (page.status, "Setelan ini sudah berlaku." in page.text) == (404, True)
    assert len(events("case.rescheduled")) == 1


@pytest.mark.parametrize(
    "asked", ["", "recheck_months=3", "recheck_months=0", "recheck_months=x", "x=1"]
)
def test_an_address_that_names_no_change_is_not_found(browser, asked: str) -> None:
    assert browser("adi").get(f"{WHERE}/change?{asked}").status == 404


def test_only_those_who_may_change_settings_see_or_make_the_change(browser) -> None:
    assert browser("tika").get(FOUR).status == 403
    with pytest.raises(NotAllowed):
        change_rule({"recheck_months": 4}, by=user("tika"), seen="")


def test_more_cases_than_fit_in_one_chunk_all_move(browser, monkeypatch) -> None:
    monkeypatch.setattr(rescheduling, "CASES_AT_ONCE", 2)
    cases, adi = [a_case() for _ in range(5)], browser("adi")
    approve(adi)
    assert {again(case).effective_on for case in cases} == {date(2027, 3, 30)}
    assert len(events("case.rescheduled")) == 5


def test_the_preview_asks_the_store_no_more_for_more_cases(browser) -> None:
    a_case()
    adi = browser("adi")
    with queries() as few:
        adi.get(FOUR)
    for _ in range(6):
        a_case()
    with queries() as many:
        assert "Kasus yang berpindah tanggal: 7" in adi.get(FOUR).text
    assert len(many) == len(few) <= 10, many
    assert not change_to({"draft_days": 30}).moves_dates
