"""Forms: Flask-WTF with our own words, counts and dates as people write them, and the version of
what was read.

`refuse` brings a command's refusal back to the fields it speaks of, so that page and API say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    Field,
    HiddenField,
    SelectChoice,
    StringField,
)
from wtforms.validators import StopValidation, ValidationError

from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.keyset import LARGEST_LONG_ID, read_digits
from compliance.core.parsing import Unreadable, parse_count, too_long
from compliance.core.text import Text, say
from compliance.web.formatting import render_text, written
from compliance.web.requests import given_back

MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mar maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agt agustus aug august",
            "sep september",
            "okt oktober oct october",
            "nov november",
            "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}


Options = list[SelectChoice]


class SeenVersion(HiddenField):
    """Which state of the record the reader saw. A form that is given back keeps the state it was typed on."""

    def _value(self) -> str:
        typed = given_back()
        return (
            str("" if self.data is None else self.data)
            if typed is None
            else typed.get(self.name, "")
        )


class Form(FlaskForm):
    """The ground of every form. `version` carries which state of the record the reader saw.

    On a GET it shows the values that were saved when its user's session had ended (people/saved_forms).
    """

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            sent = super().wrap_formdata(form, formdata)
            return given_back() if sent is None and formdata is _Auto else sent

    version = SeenVersion()
    whole: tuple[Text, ...] = ()  # refusals that speak of no single field
    refused_with: int | None = None  # the status of the refusal that was put on the form

    @property
    def seen_version(self) -> int | None:
        seen = self.version.data
        return read_digits(seen, most=LARGEST_LONG_ID) if isinstance(seen, str) else None

    def refuse(self, refusal: Refusal) -> None:
        """Put the reasons of `refusal` beside the fields they speak of."""
        self.refused_with = refusal.status
        by_field: Mapping[str, Text] = {"": refusal.reason}
        if isinstance(refusal, Invalid):
            by_field = refusal.errors
        elif isinstance(refusal, Taken):
            by_field = {refusal.field: refusal.reason}
        for name, reason in by_field.items():
            field = self._fields.get(name) or self._fields.get(name.partition(".")[0])
            if field is None:
                self.whole = (*self.whole, reason)
            else:
                field.errors = [*field.errors, render_text(reason)]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error as (id of the field, sentence), for the summary at the top."""
        problems = [("", render_text(reason)) for reason in self.whole]
        return problems + [
            (field.id, str(error)) for field in self for error in _flat(field.errors)
        ]


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [error for value in errors.values() for error in _flat(value)]
    if isinstance(errors, list | tuple):
        return [error for value in errors for error in _flat(value)]
    return [errors]


def options(
    named: Mapping[Any, Text | str], *, nothing: Text | None = None, group: str | None = None
) -> Options:
    """The options of a field: the values with their names in the reader's language, under the
    heading `group`.

    `nothing` names the first option, that of choosing nothing; without it there is no such option.
    """
    chosen = {value: written(name) for value, name in named.items()}
    if nothing is not None:
        chosen = {"": render_text(nothing), **chosen}
    return [SelectChoice(value, name, optgroup=group) for value, name in chosen.items()]


class Needed:
    """The field must be filled; says in its own words with what."""

    field_flags = {"required": True}

    def __init__(self, reason: Text) -> None:
        self.reason = reason

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data and field.data != 0 and not field.errors:
            raise StopValidation(render_text(self.reason))


class AtMost:
    """The field holds no more than `most` characters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Field) -> None:
        if reason := too_long(field.data, self.most):
            raise ValidationError(render_text(reason))


class CountField(StringField):
    """A whole number as people write it: 1250, 1.250, 1,250."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data: Any = None
        if self.typed:
            try:
                self.data = parse_count(self.typed)
            except Unreadable as error:
                raise ValueError(render_text(error.reason)) from None

    def _value(self) -> str:
        return getattr(self, "typed", None) or ("" if self.data is None else str(self.data))


class DayField(StringField):
    """A day as people write it: 18-3-2026, 18/03/2026, 18032026, 18 Maret 2026, 2026-03-18."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data: Any = None
        if self.typed:
            self.data = read_day(self.typed)
            if self.data is None:
                raise ValueError(
                    render_text(say("Tulis tanggal seperti 18-3-2026 atau 18 Maret 2026"))
                )

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return self.typed
        return f"{self.data.day}-{self.data.month}-{self.data.year}" if self.data else ""


class MonthField(StringField):
    """A month with its year as people write it: 2-2027, 02/2027, Februari 2027, 2027-02. Its first day."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data: Any = None
        if self.typed:
            self.data = read_month(self.typed)
            if self.data is None:
                raise ValueError(render_text(say("Tulis bulan seperti 2-2027 atau Februari 2027")))

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return self.typed
        return f"{self.data.month}-{self.data.year}" if self.data else ""


def read_month(typed: str) -> date | None:
    """The first day of the month somebody typed, with its year; None when it is no month."""
    parts = re.split(r"[\s./-]+", typed.strip().casefold())
    if len(parts) == 2 and len(parts[0]) == 4:
        parts.reverse()
    return read_day("-".join(("1", *parts))) if len(parts) == 2 else None


def recent_days(today: date) -> tuple[tuple[Text, date], ...]:
    """The days that are meant most often, to be filled in with one tap."""
    return (say("Hari ini"), today), (say("Kemarin"), today - timedelta(days=1))


def read_day(typed: str) -> date | None:
    """The day somebody typed, day first unless the year comes first; None when it is no day."""
    parts = re.split(r"[\s./-]+", typed.strip().casefold())
    if len(parts) == 1 and len(parts[0]) == 8:  # a telephone's keys have no dash
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = parts
    numbers = (
        read_digits(year, most=9999),
        MONTHS.get(month) or read_digits(month, most=12),
        read_digits(day, most=31),
    )
    if len(year) != 4:
        return None
    try:
        return date(*(number or 0 for number in numbers))
    except ValueError:
        return None
