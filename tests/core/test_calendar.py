"""The office's calendar as every Patuh finds it on its first day, and as an office changes it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from compliance.admin.commands.reference_data import fill_reference_data
from compliance.core.calendar import Holiday, load_calendar, national_days_off
from compliance.core.db import db, transaction
from compliance.core.stamp import replace_stamp
from tests.factories import a_case

JOINT_LEAVE_2026 = [(2, 16), (3, 18), (3, 20), (3, 23), (3, 24), (5, 15), (5, 28), (12, 24)]
JOINT_LEAVE_2027 = [(2, 5), (3, 9), (3, 12), (3, 15), (3, 25), (5, 18), (5, 19), (12, 24)]


def days(year: int, kind: str) -> list[tuple[int, int]]:
    rows = db.session.scalars(
        sa.select(Holiday.day).where(Holiday.kind == kind).order_by(Holiday.day)
    )
    return [(day.month, day.day) for day in rows if day.year == year]


def test_joint_leave_is_in_the_calendar_from_the_first_day(app) -> None:
    assert days(2026, "joint_leave") == JOINT_LEAVE_2026
    assert days(2027, "joint_leave") == JOINT_LEAVE_2027


def test_national_holidays_are_in_the_calendar_from_the_first_day(app) -> None:
    found = days(2026, "public")
    assert len(found) == 17
    assert {(1, 1), (3, 19), (5, 1), (6, 1), (8, 17), (12, 25)} <= set(found)


def test_the_calendar_reaches_from_2024_to_two_years_ahead(app) -> None:
    assert {day.year for day in db.session.scalars(sa.select(Holiday.day))} == set(
        range(2024, 2029)
    )


def test_every_day_off_has_a_name_in_both_languages(app) -> None:
    nyepi = db.session.get_one(Holiday, date(2026, 3, 18))
    assert (nyepi.name, nyepi.name_en, nyepi.kind) == (
        "Cuti Bersama Hari Suci Nyepi",
        "Day of Silence Joint Holiday",
        "joint_leave",
    )
    assert all(
        each.name.strip() and each.name_en.strip()
        for each in db.session.scalars(sa.select(Holiday))
    )


def test_no_day_is_listed_twice_when_a_holiday_is_also_joint_leave() -> None:
    listed = [each.day for each in national_days_off([2024, 2025, 2026, 2027])]
    assert listed == sorted(set(listed))


def test_a_nota_of_december_falls_due_after_nyepi_and_idulfitri(app, at) -> None:
    at("2025-12-18")
    case = a_case()
    assert (case.due_on, case.effective_on) == (date(2026, 3, 18), date(2026, 3, 25))


def test_the_working_day_after_the_23rd_of_december_2026_is_the_28th(app) -> None:
    assert load_calendar().add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)


def test_the_calendar_is_read_again_after_it_was_changed(app) -> None:
    day = date(2026, 12, 1)
    assert load_calendar().is_working(day)
    with transaction():
        db.session.add(Holiday(day=day, name="Libur contoh", name_en="Example day", kind="office"))
        replace_stamp(db.session())
    off = load_calendar().day_off(day)
    assert off is not None
    assert str(off.name) == "Libur contoh"


def test_what_an_office_struck_out_does_not_come_back_with_the_next_upgrade(app) -> None:
    with transaction():
        db.session.execute(sa.delete(Holiday).where(Holiday.day == date(2026, 12, 24)))
        fill_reference_data(db.session())
    assert db.session.get(Holiday, date(2026, 12, 24)) is None
