"""Which backups are kept, what they are called, and where numbers go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.store.rules import (
    Keep,
    NumbersAfter,
    backup_name,
    is_old_backup,
    kept_of,
    made_at_of,
)

WITA = ZoneInfo("Asia/Makassar")
NIGHT = datetime(2026, 11, 29, 17, 30, tzinfo=UTC)  # half past one of the 30th in Kupang
YEAR = [NIGHT - timedelta(days=days) for days in range(400)]
instants = st.lists(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=40
)


def test_of_nightly_backups_so_many_days_weeks_and_months_stay() -> None:
    kept = sorted(kept_of(YEAR, Keep.read("7d,5w,12m"), WITA), reverse=True)
    assert kept[:7] == YEAR[:7]
    # 30 November 2026 is a Monday: the weeks end on Sundays, the months on their last night
    days = [f"{each.astimezone(WITA):%Y-%m-%d}" for each in kept[7:]]
    assert days == [
        "2026-11-22",
        "2026-11-15",
        "2026-11-08",
        "2026-10-31",
        "2026-09-30",
        "2026-08-31",
        "2026-07-31",
        "2026-06-30",
        "2026-05-31",
        "2026-04-30",
        "2026-03-31",
        "2026-02-28",
        "2026-01-31",
        "2025-12-31",
    ]


def test_what_was_not_made_every_night_is_counted_by_the_nights_that_there_are() -> None:
    rare = [NIGHT - timedelta(days=days) for days in (0, 40, 90, 91, 400)]
    assert kept_of(rare, Keep.read("3d"), WITA) == set(rare[:3])


@given(made=instants, days=st.integers(1, 9), weeks=st.integers(1, 6))
def test_the_newest_always_stays_and_nothing_is_invented(
    made: list[datetime], days: int, weeks: int
) -> None:
    kept = kept_of(made, Keep(days=days, weeks=weeks), WITA)
    assert kept <= set(made)
    assert not made or max(made) in kept
    assert len(kept) <= days + weeks
    assert kept_of(kept, Keep(days=days, weeks=weeks), WITA) == kept, "twice is as once"


@pytest.mark.parametrize("text", ["", "7", "7d,", "0d", "7d,3d", "7x", "-1d", "7d;5w"])
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="7d,5w,12m"):
        Keep.read(text)


def test_the_name_of_a_backup_says_when_it_was_made_and_other_files_are_nobodys() -> None:
    assert backup_name(NIGHT, encrypted=False) == "patuh-20261129T173000Z.tar"
    for encrypted in (True, False):
        assert made_at_of(backup_name(NIGHT, encrypted=encrypted)) == NIGHT
    for name in (
        "patuh-20261129T173000Z.tar.sha256",
        ".patuh-20261129T173000Z.tar.partial",
        "notes.txt",
    ):
        assert made_at_of(name) is None


def test_numbers_go_on_behind_what_paper_may_bear() -> None:
    default = NumbersAfter.read(())
    assert default.go_on_behind("nota", 41) == 1041
    told = NumbersAfter.read(("50", "nota=57"))
    assert told.go_on_behind("nota", 41) == 57
    assert told.go_on_behind("nota", 60) == 60, "never back"
    assert told.go_on_behind("check", 41) == 91
    assert NumbersAfter.read(("0",)).go_on_behind("check", 41) == 41
    for text in ("x", "nota=", "nota=-1", "-5", "1.5", "9999999"):
        with pytest.raises(ValueError, match="NAME=LAST"):
            NumbersAfter.read((text,))


def test_a_backup_is_old_after_a_night_and_two_hours() -> None:
    assert is_old_backup(None, NIGHT)
    assert not is_old_backup(NIGHT - timedelta(hours=26), NIGHT)
    assert is_old_backup(NIGHT - timedelta(hours=26, seconds=1), NIGHT)
