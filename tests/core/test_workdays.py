"""Working days, with the days off of a worked example."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.core.text import say
from compliance.core.workdays import WorkCalendar

NYEPI_AND_IDULFITRI = [date(2026, 3, day) for day in (18, 19, 20, 21, 22, 23, 24)]
CHRISTMAS = [date(2026, 12, 24), date(2026, 12, 25)]
CALENDAR = WorkCalendar({day: say("Libur contoh") for day in (*NYEPI_AND_IDULFITRI, *CHRISTMAS)})
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def test_a_due_day_on_joint_leave_moves_past_the_whole_row_of_days_off() -> None:
    day, skipped = CALENDAR.next_working(date(2026, 3, 18))
    assert day == date(2026, 3, 25)
    assert [each.day for each in skipped] == NYEPI_AND_IDULFITRI
    assert {str(each.name) for each in skipped} == {"Libur contoh"}


def test_a_working_day_stays_where_it_is() -> None:
    assert CALENDAR.next_working(date(2026, 12, 23)) == (date(2026, 12, 23), [])


def test_the_working_day_after_the_23rd_of_december_is_the_28th() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert CALENDAR.next_working(date(2026, 12, 24))[0] == date(2026, 12, 28)
    assert CALENDAR.previous_working(date(2026, 12, 28)) == date(2026, 12, 23)


def test_a_weekend_is_named_by_its_day() -> None:
    assert [str(off.name) for off in CALENDAR.next_working(date(2027, 2, 27))[1]] == [
        "Sabtu",
        "Minggu",
    ]
    assert CALENDAR.next_working(date(2027, 2, 28))[0] == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("count", "day"),
    [
        (0, date(2026, 3, 17)),
        (1, date(2026, 3, 25)),
        (3, date(2026, 3, 27)),
        (4, date(2026, 3, 30)),
    ],
)
def test_working_days_are_counted_from_the_day_after(count: int, day: date) -> None:
    assert CALENDAR.add_working_days(date(2026, 3, 17), count) == day


@given(DAYS)
def test_the_next_working_day_is_the_first_one_and_every_day_skipped_is_off(day: date) -> None:
    found, skipped = CALENDAR.next_working(day)
    assert CALENDAR.is_working(found)
    assert [each.day for each in skipped] == [
        day + timedelta(days=count) for count in range((found - day).days)
    ]
    assert not any(CALENDAR.is_working(each.day) for each in skipped)


@given(DAYS)
def test_the_previous_working_day_lies_before_and_leads_back(day: date) -> None:
    before = CALENDAR.previous_working(day)
    assert before < day
    assert CALENDAR.is_working(before)
    assert CALENDAR.add_working_days(before, 1) >= day
