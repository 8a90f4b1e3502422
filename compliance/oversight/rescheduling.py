"""The verbs on the office's calendar: a day added or removed moves the open dates that stand on it.

What moves is previewed, approved once and logged. Never moves a date that is over, nor any date into the past.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases import rules
from compliance.cases.models import Case, awaiting_recheck
from compliance.cases.workflow import CHART
from compliance.core import clock
from compliance.core.calendar import Holiday, forget_calendar, load_calendar, national_days_off
from compliance.core.db import db, hold_table
from compliance.core.errors import Invalid, Stale
from compliance.core.events import record
from compliance.core.text import Text, say
from compliance.core.workdays import WorkCalendar
from compliance.people.settings import office_settings, today
from compliance.policy import Actor, require

KINDS = {
    "public": say("Libur nasional"),
    "joint_leave": say("Cuti bersama"),
    "office": say("Libur kantor atau daerah"),
}
FIRST_YEAR, LAST_YEAR = 2000, 2099
LONGEST_NAME = 200
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
    """What is to change: days added, days removed; `year` when a whole year is filled from the national list."""

    add: tuple[NewDayOff, ...] = ()
    remove: tuple[NewDayOff, ...] = ()
    year: int | None = None

    @property
    def cause(self) -> Text:
        """The change as a reason for what it moves."""
        if self.year is not None:
            return say("Hari libur {year} diisi dari daftar nasional.", year=str(self.year))
        if self.add:
            return say("{day} menjadi hari libur: {name}.", day=self.add[0].day, name=_name(self.add[0]))
        return say(
            "{day} kembali menjadi hari kerja ({name}).", day=self.remove[0].day, name=_name(self.remove[0])
        )

    def applied_to(self, calendar: WorkCalendar) -> WorkCalendar:
        removed = {each.day for each in self.remove}
        kept = {day: name for day, name in calendar.days_off.items() if day not in removed}
        return WorkCalendar({**kept, **{each.day: _name(each) for each in self.add}})


def _name(day_off: NewDayOff) -> Text:
    return say("{id}", id=day_off.name, en=day_off.name_en)


@dataclass(frozen=True)
class Move:
    """One open case whose date the change moves; `back` when its recheck had come and now is still to come."""

    case: Case
    due: rules.DueDate

    @property
    def from_on(self) -> date:
        assert self.case.effective_on is not None
        return self.case.effective_on

    @property
    def to_on(self) -> date:
        return self.due.effective_on

    @property
    def back(self) -> bool:
        return self.case.status == "recheck_due"


@dataclass(frozen=True)
class Preview:
    """A change and everything it moves. `seal` is the same as long as nothing of that is different."""

    change: CalendarChange
    moves: tuple[Move, ...]

    @property
    def seal(self) -> str:
        moves = [(each.case.id, str(each.from_on), str(each.to_on)) for each in self.moves]
        return hashlib.sha256(json.dumps([asdict(self.change), moves], default=str).encode()).hexdigest()


def add_day(day: date | None, *, name: str, name_en: str, kind: str) -> CalendarChange:
    """The change that adds a day off. Raises Invalid."""
    name, name_en = " ".join(name.split()), " ".join(name_en.split())
    problems: dict[str, Text] = {}
    known = db.session.get(Holiday, day) if day is not None else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems["day"] = say(
            "Isi tanggal antara tahun {first} dan {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR)
        )
    elif known is not None:
        problems["day"] = say("{day} sudah ada di kalender: {name}.", day=day, name=known.name)
    if not name:
        problems["name"] = say("Isi nama hari libur, misalnya Hari Raya Nyepi")
    for field, value in (("name", name), ("name_en", name_en)):
        if len(value) > LONGEST_NAME:
            problems[field] = say("Paling panjang {most} huruf.", most=LONGEST_NAME)
    if kind not in KINDS:
        problems["kind"] = say("Pilih jenis hari libur.")
    if problems:
        raise Invalid(problems)
    assert day is not None
    return CalendarChange(add=(NewDayOff(day, name, name_en or name, kind),))


def remove_day(day: date | None) -> CalendarChange:
    """The change that makes a day off a working day again. Raises Invalid when the calendar does not know the day."""
    known = db.session.get(Holiday, day) if day is not None else None
    if known is None:
        raise Invalid({"day": say("Hari ini tidak ada di kalender.")})
    return CalendarChange(remove=(NewDayOff(known.day, known.name, known.name_en, known.kind),))


def fill_year(year: int | None) -> CalendarChange:
    """The change that adds what the national list has for `year` and the calendar has not. Raises Invalid."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            {"year": say("Isi tahun antara {first} dan {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR))}
        )
    known = set(
        db.session.scalars(
            sa.select(Holiday.day).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
        )
    )
    missing = tuple(
        NewDayOff(each.day, each.name, each.name_en, each.kind)
        for each in national_days_off([year])
        if each.day.year == year and each.day not in known
    )
    if not missing:
        raise Invalid({"year": say("Kalender {year} sudah memuat seluruh daftar nasional.", year=str(year))})
    return CalendarChange(add=missing, year=year)


def preview(change: CalendarChange, *, by: Actor) -> Preview:
    """Everything that `change` would move."""
    require(by, "calendar.manage")
    return Preview(change, tuple(_moves(change)))


def change_calendar(change: CalendarChange, *, by: Actor, seen: str) -> int:
    """Make the change and move what it moves, exactly as it was previewed under the seal `seen`; answers how many.

    Raises Stale when by now it would move something else.
    """
    require(by, "calendar.manage")
    hold_table(Holiday)
    forget_calendar()
    approved = Preview(change, tuple(_moves(change, hold=True)))
    if approved.seal != seen:
        raise Stale()
    db.session.execute(sa.delete(Holiday).where(Holiday.day.in_([each.day for each in change.remove])))
    db.session.add_all(Holiday(**asdict(each)) for each in change.add)
    forget_calendar()
    record(
        "calendar.changed", by=by, subject=f"calendar:{change.year or (*change.add, *change.remove)[0].day}",
        cause=change.cause, cases=len(approved.moves),
        before={str(each.day): each.name for each in change.remove},
        after={str(each.day): each.name for each in change.add},
    )  # fmt: skip
    for move in approved.moves:
        _reschedule(move, by=by, cause=change.cause)
    return len(approved.moves)


def _moves(change: CalendarChange, *, hold: bool = False) -> Iterator[Move]:
    """The open cases whose effective day is another one under the changed calendar, and not over by then."""
    calendar, day = change.applied_to(load_calendar()), today()
    for case in _standing_on(change, hold=hold):
        assert case.due_on is not None
        due = rules.moved_due(case.due_on, case.why, calendar=calendar)
        if due.effective_on != case.effective_on and due.effective_on >= day:
            yield Move(case, due)


def _standing_on(change: CalendarChange, *, hold: bool) -> list[Case]:
    """The open cases that the change may concern: due on a day it adds, or kept waiting by a day it removes."""
    touched: list[sa.ColumnElement[bool]] = [Case.effective_on.in_([each.day for each in change.add])]
    touched += [
        sa.and_(
            Case.due_on <= each.day,
            Case.effective_on > each.day,
            Case.effective_on <= each.day + LONGEST_ROW_OF_DAYS_OFF,
        )
        for each in change.remove
    ]
    query = (
        sa.select(Case)
        .options(joinedload(Case.company), joinedload(Case.inspector), selectinload(Case.notas))
        .where(awaiting_recheck(), sa.or_(*touched))
        .order_by(Case.effective_on, Case.id)
    )
    if hold:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def _reschedule(move: Move, *, by: Actor, cause: Text) -> None:
    case, before = move.case, move.from_on
    CHART.move(case, "reschedule")
    case.schedule(move.due, office_settings().zone)
    case.updated_at = clock.now()
    record(
        "case.rescheduled", by=by, case=case, before=before, due_on=case.due_on, effective_on=case.effective_on,
        cause=cause,
    )  # fmt: skip
