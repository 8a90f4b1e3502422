"""What the team has tried with a late case, told from its events; of which due days a morning tells."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.team.rules import days_to_tell, tried

EARLIER, LATER = date(2026, 11, 3), date(2026, 11, 20)


def test_each_kind_is_counted_with_its_last_day() -> None:
    acts = [
        ("case.reminded", LATER),
        ("visit.recorded", LATER),
        ("case.escalated", EARLIER),
        ("case.reminded", EARLIER),
    ]
    assert [(told.sentence.partition(":")[0], told.facts) for told in tried(acts)] == [
        ("Pengingat", {"count": 2, "day": LATER}),
        ("Eskalasi", {"count": 1, "day": EARLIER}),
    ]


def test_a_reassignment_that_was_undone_was_not_tried() -> None:
    assert tried([("case.given_back", LATER), ("case.reassigned", LATER)]) == []
    (kept,) = tried(
        [("case.given_back", LATER), ("case.reassigned", LATER), ("case.reassigned", EARLIER)]
    )
    assert kept.facts == {"count": 1, "day": EARLIER}


@pytest.mark.parametrize(
    ("due_on", "told"),
    [
        (date(2027, 3, 16), True),  # fourteen days to go
        (date(2027, 3, 15), False),
        (date(2027, 3, 2), True),  # today
        (date(2027, 3, 1), True),  # yesterday
        (date(2027, 2, 28), False),
        (date(2027, 2, 23), True),  # a week late
        (date(2027, 2, 16), True),
        (date(2027, 2, 9), False),  # before the earliest that any case has
    ],
)
def test_a_morning_tells_of_these_due_days(due_on: date, told: bool) -> None:
    days = days_to_tell(
        date(2027, 3, 1), date(2027, 3, 2), offsets=(14, 0), earliest=date(2027, 2, 14)
    )
    assert (due_on in days) is told


def test_a_morning_after_days_off_makes_them_good() -> None:
    days = days_to_tell(
        date(2027, 2, 26), date(2027, 3, 1), offsets=(0,), earliest=date(2027, 2, 26)
    )
    assert days == [date(2027, 2, 26), date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 1)]
