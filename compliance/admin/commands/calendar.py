"""The verbs on the office's calendar. Adding or removing a day off moves the due dates of open cases.

All moves are shown first, approved together and logged. A date that is over is never moved, and no
date is moved into the past.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from compliance.admin.commands.rescheduling import ScheduledCase, approved, move_due_dates
from compliance.cases.models import Case
from compliance.cases.rules import DueDate, moved_due
from compliance.core.calendar import Holiday, load_calendar, national_days_off
from compliance.core.db import db, hold_table
from compliance.core.errors import Invalid
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.stamp import forget_stamp, replace_stamp
from compliance.core.text import Text, say
from compliance.core.workdays import WorkCalendar
from compliance.policy import Actor, command

DAY_KINDS = {
    "public": say("Libur nasional"),
    "joint_leave": say("Cuti bersama"),
    "office": say("Libur kantor atau daerah"),
}
FIRST_YEAR, LAST_YEAR = 2000, 2099
LONGEST_DAY_NAME = 200
LONGEST_ROW_OF_DAYS_OFF = timedelta(days=60)


@dataclass(frozen=True)
class NewDayOff:
    """A day off as it is to be written into the calendar."""

    day: date
    name: str
    name_en: str
    kind: str


@dataclass(frozen=True)
class CalendarChange:
    """What is to change: days added, days removed; `year` when a whole year is filled from the
    national list.
    """

    add: tuple[NewDayOff, ...] = ()
    remove: tuple[NewDayOff, ...] = ()
    year: int | None = None

    @property
    def cause(self) -> Text:
        """The change as a reason for what it moves."""
        if self.year is not None:
            return say("Hari libur {year} diisi dari daftar nasional.", year=str(self.year))
        if self.add:
            return say(
                "{day} menjadi hari libur: {name}.", day=self.add[0].day, name=_name(self.add[0])
            )
        return say(
            "{day} kembali menjadi hari kerja ({name}).",
            day=self.remove[0].day,
            name=_name(self.remove[0]),
        )

    @property
    def action(self) -> str:
        return "calendar.manage"

    @property
    def facts(self) -> dict[str, Any]:
        return asdict(self)

    def concerns(self, day: date) -> sa.ColumnElement[bool]:
        """The cases due on a day that is added, or kept waiting by a day that is removed."""
        return sa.or_(
            Case.effective_on.in_([day_off.day for day_off in self.add]),
            *(
                sa.and_(
                    Case.due_on <= day_off.day,
                    Case.effective_on > day_off.day,
                    Case.effective_on <= day_off.day + LONGEST_ROW_OF_DAYS_OFF,
                )
                for day_off in self.remove
            ),
        )

    def dating(self) -> Callable[[ScheduledCase], DueDate]:
        removed = {day_off.day for day_off in self.remove}
        kept = {day: name for day, name in load_calendar().days_off.items() if day not in removed}
        changed = WorkCalendar({**kept, **{day_off.day: _name(day_off) for day_off in self.add}})
        return lambda case: moved_due(case.due_on, case.why, calendar=changed)


def _name(day_off: NewDayOff) -> Text:
    return say("{id}", id=day_off.name, en=day_off.name_en)


def add_day(day: date | None, *, name: str, name_en: str, kind: str) -> CalendarChange:
    """The change that adds a day off. Raises Invalid."""
    name, name_en = clean_line(name) or "", clean_line(name_en) or ""
    problems: dict[str, Text] = {}
    known = db.session.get(Holiday, day) if day is not None else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems["day"] = say(
            "Isi tanggal antara tahun {first} dan {last}.",
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR),
        )
    elif known is not None:
        problems["day"] = say("{day} sudah ada di kalender: {name}.", day=day, name=known.name)
    if not name:
        problems["name"] = say("Isi nama hari libur, misalnya Hari Raya Nyepi")
    for field, value in (("name", name), ("name_en", name_en)):
        if reason := too_long(value, LONGEST_DAY_NAME):
            problems[field] = reason
    if kind not in DAY_KINDS:
        problems["kind"] = say("Pilih jenis hari libur.")
    if problems:
        raise Invalid(problems)
    assert day is not None
    return CalendarChange(add=(NewDayOff(day, name, name_en or name, kind),))


def remove_day(day: date | None) -> CalendarChange:
    """The change that makes a day off a working day again.

    Raises Invalid when the calendar does not know the day.
    """
    known = db.session.get(Holiday, day) if day is not None else None
    if known is None:
        raise Invalid({"day": say("Hari ini tidak ada di kalender.")})
    return CalendarChange(remove=(NewDayOff(known.day, known.name, known.name_en, known.kind),))


def fill_year(year: int | None) -> CalendarChange:
    """The change that adds what the national list has for `year` and the calendar has not. Raises Invalid."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            {
                "year": say(
                    "Isi tahun antara {first} dan {last}.",
                    first=str(FIRST_YEAR),
                    last=str(LAST_YEAR),
                )
            }
        )
    known = set(
        db.session.scalars(
            sa.select(Holiday.day).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
        )
    )
    missing = national_days_missing(year, known)
    if not missing:
        raise Invalid(
            {"year": say("Kalender {year} sudah memuat seluruh daftar nasional.", year=str(year))}
        )
    return CalendarChange(add=missing, year=year)


def national_days_missing(year: int, known: Collection[date]) -> tuple[NewDayOff, ...]:
    """The days off of the national list for a year that are not among the `known`."""
    return tuple(
        NewDayOff(day_off.day, day_off.name, day_off.name_en, day_off.kind)
        for day_off in national_days_off([year])
        if day_off.day.year == year and day_off.day not in known
    )


@command("calendar.manage", about=None)
def change_calendar(change: CalendarChange, *, by: Actor, seen: str) -> int:
    """Make the change and move what it moves, exactly as it was previewed under the seal `seen`;
    answers how many.

    Raises Stale when by now it would move something else.
    """
    hold_table(Holiday)
    forget_stamp()
    plan = approved(change, by=by, seen=seen)
    db.session.execute(
        sa.delete(Holiday).where(Holiday.day.in_([day_off.day for day_off in change.remove]))
    )
    db.session.add_all(Holiday(**asdict(day_off)) for day_off in change.add)
    replace_stamp(db.session())
    record(
        "calendar.changed",
        by=by,
        subject=Subject("calendar", change.year or (*change.add, *change.remove)[0].day),
        cause=change.cause,
        cases=len(plan.moves),
        before={str(day_off.day): day_off.name for day_off in change.remove},
        after={str(day_off.day): day_off.name for day_off in change.add},
    )
    move_due_dates(plan, by=by)
    return len(plan.moves)
