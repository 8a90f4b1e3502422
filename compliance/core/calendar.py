"""The office's calendar: an editable table of days off, filled from the `holidays` package.

Holds national holidays and cuti bersama (joint leave); weekends need no row. Knows no deadline.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model, db
from compliance.core.stamp import Kept
from compliance.core.text import say
from compliance.core.workdays import WorkCalendar


class Holiday(Model):
    """One day off that is not a weekend day by itself. `kind`: public, joint_leave or office."""

    __tablename__ = "holidays"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('public', 'joint_leave', 'office')", name="kind"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20))

    @property
    def estimated(self) -> bool:
        """Whether the day is reckoned, not yet decreed: the moon may move it.

        The `holidays` package says so in the name.
        """
        return "(perkiraan)" in self.name


def _read_calendar() -> WorkCalendar:
    rows = db.session.execute(sa.select(Holiday.day, Holiday.name, Holiday.name_en))
    return WorkCalendar({day: say("{id}", id=name, en=name_en) for day, name, name_en in rows})


_CALENDAR = Kept(_read_calendar)


def load_calendar() -> WorkCalendar:
    """The calendar as the office keeps it, kept by the process until it changes."""
    return _CALENDAR.value()


def national_days_off(years: Iterable[int]) -> list[Holiday]:
    """National holidays and joint leave of Indonesia in `years`, as the `holidays` package knows them.

    Source: the package's ID calendar, categories public and government (joint leave is only in the latter).
    """
    import holidays  # not above: it loads the calendars' parser, and few processes ask

    years = list(years)

    def listed(category: str, language: str) -> dict[date, str]:
        return dict(
            holidays.country_holidays("ID", years=years, categories=(category,), language=language)
        )

    holidays_by_day: dict[date, Holiday] = {}
    for category, kind in (("public", "public"), ("government", "joint_leave")):
        english = listed(category, "en_US")
        for day, name in listed(category, "id").items():
            holidays_by_day.setdefault(
                day, Holiday(day=day, name=name, name_en=english[day], kind=kind)
            )
    return [holidays_by_day[day] for day in sorted(holidays_by_day)]
