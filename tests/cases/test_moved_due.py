"""A due date on a changed calendar: the story of the date stays, the days skipped are told anew."""

from __future__ import annotations

from datetime import date

from compliance.cases.rules import extended_due, moved_due, recheck_due
from compliance.core.text import say
from compliance.core.workdays import WorkCalendar

PLAIN = WorkCalendar({})
NYEPI = WorkCalendar(
    {date(2026, 3, 18): say("Cuti bersama Nyepi"), date(2026, 3, 19): say("Hari Suci Nyepi")}
)


def test_a_day_off_added_later_moves_the_day_and_says_why() -> None:
    before = recheck_due(date(2025, 12, 18), anchor="issued", months=3, calendar=PLAIN)
    after = moved_due(before.due_on, before.why, calendar=NYEPI)
    assert (before.effective_on, after.due_on, after.effective_on) == (
        date(2026, 3, 18),
        date(2026, 3, 18),
        date(2026, 3, 20),
    )
    assert after.why[:2] == before.why
    assert [str(each) for each in after.why[2:]] == [
        "2026-03-18 bukan hari kerja (Cuti bersama Nyepi).",
        "2026-03-19 bukan hari kerja (Hari Suci Nyepi).",
        "Berlaku pada hari kerja berikutnya: 2026-03-20.",
    ]


def test_a_day_off_taken_away_leaves_no_trace_in_the_reasons() -> None:
    before = recheck_due(date(2025, 12, 18), anchor="issued", months=3, calendar=NYEPI)
    assert moved_due(before.due_on, before.why, calendar=PLAIN) == recheck_due(
        date(2025, 12, 18), anchor="issued", months=3, calendar=PLAIN
    )


def test_the_sentence_of_an_extension_stays() -> None:
    before = extended_due(date(2026, 3, 18), by_name="Tika Andai", reason="banding", calendar=PLAIN)
    after = moved_due(before.due_on, before.why, calendar=NYEPI)
    assert after.why[0] == before.why[0]
    assert after.effective_on == date(2026, 3, 20)
