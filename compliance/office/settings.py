"""What an office decides, with the defaults of the domain: one typed row set, edited on the settings page.

Every change is an event. A value that makes no sense is refused and the old one stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.keyset import read_digits
from compliance.core.numbering import template_problem, write_number
from compliance.core.parsing import Unreadable, clean_line, too_long
from compliance.core.stamp import Kept
from compliance.core.text import Text, say
from compliance.office.models import Setting
from compliance.reference.provinces import FIRST_PROVINCE, Province, find_province


def case_template_problem(template: str) -> Text | None:
    """Why `template` cannot number cases: beside the rules of every template, a case number is part
    of an address.
    """
    problem = template_problem(template)
    if problem is None and not re.fullmatch(
        r"[A-Za-z0-9._-]+", write_number(template, 7, date(2026, 11, 30))
    ):
        return say(
            "Nomor kasus menjadi bagian dari alamat: pakai huruf, angka, titik dan tanda hubung"
            " saja, tanpa spasi atau garis miring."
        )
    return problem


def _setting(default: Any, read: Callable[[Any], Any]) -> Any:
    """A field whose value is whatever `read` makes of what was typed or stored. Raises Unreadable."""
    return field(default=default, metadata={"read": read})


def _number(default: int, least: int, most: int) -> Any:
    reason = say(
        "Isi bilangan antara {least} dan {most}, misalnya {example}",
        least=least,
        most=most,
        example=default,
    )

    def read(typed: Any) -> int:
        number = read_digits(str(typed).strip())
        if number is None or not least <= number <= most:
            raise Unreadable(reason)
        return number

    return _setting(default, read)


def _line(default: str, problem_of: Callable[[str], Text | None]) -> Any:
    def read(typed: Any) -> str:
        line = clean_line(typed) or ""
        if problem := problem_of(line):
            raise Unreadable(problem)
        return line

    return _setting(default, read)


def _choice(*choices: str) -> Any:
    return _line(choices[0], lambda line: None if line in choices else _CHOOSE)


def _name_problem(line: str) -> Text | None:
    return too_long(line, 200) if line else say("Isi nama kantor.")


def _zone_problem(line: str) -> Text | None:
    return None if line in available_timezones() else _CHOOSE


def _days_problem(line: str) -> Text | None:
    if re.fullmatch(r"\d{1,3}(\s*,\s*\d{1,3}){0,9}", line):
        return None
    return say("Tulis jumlah hari dipisahkan koma, misalnya {example}", example=_REMINDER_DAYS)


_CHOOSE = say("Pilih salah satu.")
_REMINDER_DAYS = "14, 7, 1, 0"


def given_by_province(code: str) -> dict[str, str]:
    """What follows from the province that is served, unless the office decides otherwise."""
    province = known_province(code)
    return {
        "office_name": province.inspectorate.name,
        "time_zone": province.zone,
        "case_number_template": province.case_word + "-{year}-{serial:04}",
        "letter_government": province.government,
        "letter_place": province.capital,
    }


def known_province(code: str) -> Province:
    """The province with this code. Raises Unreadable."""
    province = find_province(code)
    if province is None:
        raise Unreadable(say("Provinsi ini tidak dikenal."))
    return province


def _province_problem(line: str) -> Text | None:
    return None if find_province(line) else say("Provinsi ini tidak dikenal.")


_GIVEN = given_by_province(FIRST_PROVINCE)


@dataclass(frozen=True)
class OfficeSettings:
    """All that an office decides, and the province it serves. Field names are keys of the settings table."""

    province: str = _line(FIRST_PROVINCE, _province_problem)
    office_name: str = _line(_GIVEN["office_name"], _name_problem)
    office_contact: str = _line("", lambda line: too_long(line, 300))
    time_zone: str = _line(_GIVEN["time_zone"], _zone_problem)
    recheck_months: int = _number(3, 1, 24)
    recheck_anchor: Literal["issued", "received", "conveyed"] = _choice(
        "issued", "received", "conveyed"
    )
    missed_recheck: Literal["warn", "hold", "nothing"] = _choice("warn", "hold", "nothing")
    finding_days: int = _number(14, 1, 365)
    finding_day_type: Literal["calendar", "working"] = _choice("calendar", "working")
    second_nota_days: int = _number(7, 1, 365)
    extension_days_max: int = _number(92, 1, 366)
    next_visit_days: int = _number(30, 1, 365)
    reminder_days: str = _line(_REMINDER_DAYS, _days_problem)
    digest_hour: int = _number(7, 0, 23)
    case_number_template: str = _line(_GIVEN["case_number_template"], case_template_problem)
    nota_number_template: str = _line("560/{serial:03}-NP/{month_roman}/{year}", template_problem)
    approval_days: int = _number(2, 1, 30)
    letter_government: str = _line(_GIVEN["letter_government"], _name_problem)
    letter_place: str = _line(_GIVEN["letter_place"], _name_problem)
    letter_paper: Literal["a4", "f4"] = _choice("a4", "f4")
    letter_approval: Literal["off", "on"] = _choice("off", "on")
    letter_numbering: Literal["patuh", "by_hand"] = _choice("patuh", "by_hand")
    letter_number_template: str = _line("560/{serial:03}-ST/{month_roman}/{year}", template_problem)
    spt_number_template: str = _line("094/{serial:03}-SPT/{month_roman}/{year}", template_problem)
    ba_number_template: str = _line("560/{serial:03}-BA/{month_roman}/{year}", template_problem)
    inspector_norm_per_month: int = _number(5, 1, 100)
    draft_days: int = _number(90, 7, 365)
    security_days: int = _number(90, 7, 3650)
    reading_days: int = _number(730, 30, 3650)
    second_factor_for: Literal["deciding", "everybody", "admin", "nobody"] = _choice(
        "deciding", "everybody", "admin", "nobody"
    )
    second_factor_days: int = _number(14, 0, 90)
    unused_days: int = _number(90, 0, 3650)
    session_idle_hours: int = _number(12, 1, 72)
    session_days: int = _number(7, 1, 30)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> OfficeSettings:
        """The settings that `values` make, the rest by default; many defaults follow from the province.
        Raises Invalid, by field.
        """
        read: dict[str, Any] = {}
        problems: dict[str, Text] = {}
        for setting in fields(cls):
            if setting.name in values:
                try:
                    read[setting.name] = setting.metadata["read"](values[setting.name])
                except Unreadable as refusal:
                    problems[setting.name] = refusal.reason
        if problems:
            raise Invalid(problems)
        return cls(**{**given_by_province(read.get("province", FIRST_PROVINCE)), **read})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def reminder_offsets(self) -> tuple[int, ...]:
        """Days before the due day on which an inspector is reminded, largest first."""
        return tuple(sorted({int(days) for days in self.reminder_days.split(",")}, reverse=True))


SETTINGS = tuple(setting.name for setting in fields(OfficeSettings) if setting.name != "province")
"""What an office may change at any time; the province is said once, when it is set up."""


def changed_settings(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `values` would change: the settings as they are and as they would be, by name. Raises Invalid."""
    old = asdict(office_settings())
    new = asdict(OfficeSettings.read({**old, **values}))
    changed = [name for name in old if new[name] != old[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


def _read_settings() -> OfficeSettings:
    rows = db.session.execute(sa.select(Setting.key, Setting.value))
    return OfficeSettings.read(dict(rows.all()))


_SETTINGS = Kept(_read_settings)


def office_settings() -> OfficeSettings:
    """The settings in force, kept by the process until they change."""
    return _SETTINGS.value()


def zone_of_office() -> ZoneInfo:
    """The time zone in which the office lives."""
    return office_settings().zone


def served_province() -> Province:
    """The province that this installation serves."""
    return known_province(office_settings().province)


def today() -> date:
    """The day it is at the office."""
    return clock.day_of(clock.now(), office_settings().zone)
