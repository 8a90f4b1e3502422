"""Admin pages of the calendar: the days off of a year, and the preview of what a change would move."""

from __future__ import annotations

from calendar import Calendar
from itertools import groupby

from flask import Response, request

from compliance.admin import queries as queries
from compliance.admin.commands import calendar as calendar_commands
from compliance.admin.commands.calendar import DAY_KINDS, FIRST_YEAR, LAST_YEAR, CalendarChange
from compliance.admin.commands.rescheduling import preview
from compliance.admin.forms import ApprovalForm, DayOffForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.errors import Invalid, NotFound, Stale
from compliance.core.keyset import read_digits
from compliance.core.text import say
from compliance.office.settings import today
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, go, refusals_on, show, tell
from compliance.web.formatting import month
from compliance.web.forms import read_day

MOVES_SHOWN = 200
"""How many moved cases a preview names; the rest are counted."""


def _year(typed: str | None) -> int | None:
    year = read_digits(typed, most=LAST_YEAR)
    return year if year is not None and year >= FIRST_YEAR else None


@blueprint.route("/calendar", methods=["GET", "POST"])
def calendar() -> Response:
    """The year; a day that is added here goes on to its preview."""
    year = _year(request.args.get("year")) or today().year
    days_off = queries.days_off_in(signed_in(), year)
    form = DayOffForm(data={"kind": "public"})
    if form.validate_on_submit():
        with refusals_on(form):
            facts = {
                "name": form.name.data or "",
                "name_en": form.name_en.data or "",
                "kind": form.kind.data or "",
            }
            calendar_commands.add_day(form.day.data, **facts)
            return go("admin.change_calendar", add=form.day.data, **facts)
    months = [
        (name, list(days)) for name, days in groupby(days_off, lambda day_off: month(day_off.day))
    ]
    return show(
        "admin/calendar.html",
        form,
        year=year,
        months=months,
        kinds=DAY_KINDS,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        today=today(),
        weeks=[Calendar().monthdatescalendar(year, month) for month in range(1, 13)],
        off={day_off.day: day_off for day_off in days_off},
        estimated=[day_off for day_off in days_off if day_off.estimated],
        missing=calendar_commands.national_days_missing(
            year, [day_off.day for day_off in days_off]
        ),
    )


@blueprint.route("/calendar/change", methods=["GET", "POST"])
def change_calendar() -> Response:
    """What the change named in the address would move; a POST approves exactly that, or shows what
    it is by now.
    """
    by, form = signed_in(), ApprovalForm()
    require(by, "calendar.manage")
    year = _year((request.args.get("fill") or _day_named())[:4])
    try:
        change = _named_change()
    except Invalid as refusal:  # done already, or it never made sense
        if "fill" not in request.args or year is None:
            raise NotFound(refusal.reason) from None
        tell(refusal.reason, "caution")
        return go(".calendar", year=year)
    if form.validate_on_submit():
        with refusals_on(form, Stale):
            count = calendar_commands.change_calendar(change, by=by, seen=form.seen.data or "")
            sentence = say("Kalender diubah; {count} kasus berpindah tanggal.", count=count)
            return done(sentence, "admin.calendar", year=year)
    moves = preview(change, by=by)
    form.seen.data = moves.seal
    return show(
        "admin/calendar_change.html",
        form,
        preview=moves,
        year=year,
        kinds=DAY_KINDS,
        shown=MOVES_SHOWN,
    )


def _day_named() -> str:
    return request.args.get("add") or request.args.get("remove") or ""


def _named_change() -> CalendarChange:
    """The change that the address names. Raises Invalid."""
    asked = request.args
    if "fill" in asked:
        return calendar_commands.fill_year(_year(asked["fill"]))
    if "remove" in asked:
        return calendar_commands.remove_day(read_day(asked["remove"]))
    return calendar_commands.add_day(
        read_day(asked.get("add", "")),
        name=asked.get("name", ""),
        name_en=asked.get("name_en", ""),
        kind=asked.get("kind", ""),
    )
