"""What the team has tried with a late case, told from its events."""

from __future__ import annotations

from datetime import date

from compliance.team.rules import tried

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
    (kept,) = tried([("case.given_back", LATER), ("case.reassigned", LATER), ("case.reassigned", EARLIER)])
    assert kept.facts == {"count": 1, "day": EARLIER}
