"""Working days, given the days off: Saturday, Sunday and the days in the office's calendar. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from compliance.core.text import Text, say

WEEKEND = (say("Sabtu"), say("Minggu"))


@dataclass(frozen=True)
class DayOff:
    """A day on which the office is closed, and what it is called."""

    day: date
    name: Text


class WorkCalendar:
    """Answers which days are working days, given the days off."""

    def __init__(self, days_off: Mapping[date, Text]) -> None:
        self.days_off = dict(days_off)

    def day_off(self, day: date) -> DayOff | None:
        """Why `day` is no working day, or None when it is one."""
        name = self.days_off.get(day) or (
            WEEKEND[day.weekday() - 5] if day.weekday() >= 5 else None
        )
        return DayOff(day, name) if name is not None else None

    def is_working(self, day: date) -> bool:
        return self.day_off(day) is None

    def next_working(self, day: date) -> tuple[date, list[DayOff]]:
        """The first working day on or after `day`, and the days off that were skipped on the way."""
        skipped = []
        while (off := self.day_off(day)) is not None:
            skipped.append(off)
            day += timedelta(days=1)
        return day, skipped

    def previous_working(self, day: date) -> date:
        """The last working day before `day`."""
        day -= timedelta(days=1)
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after `day`; `day` itself is not counted."""
        for _ in range(count):
            day, _skipped = self.next_working(day + timedelta(days=1))
        return day
