"""What an office decides, with the defaults of the domain: one typed row set, edited on the settings page.

Every change is an event. A value that makes no sense is refused and the old one stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.numbering import template_problem, write_number
from compliance.core.parsing import clean_line, too_long
from compliance.core.stamp import Kept
from compliance.core.text import Text, say
from compliance.office.models import Setting


def _a_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("zona waktu tidak dikenal")
    return name


def _a_template(template: str) -> str:
    problem = template_problem(template)
    if problem is not None:
        raise ValueError(str(problem))
    return template


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


def _a_case_template(template: str) -> str:
    problem = case_template_problem(template)
    if problem is not None:
        raise ValueError(str(problem))
    return template


Template = Annotated[str, AfterValidator(_a_template)]
CaseTemplate = Annotated[str, AfterValidator(_a_case_template)]


class OfficeSettings(BaseModel):
    """All that an office decides. Field names are the keys of the settings table."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    office_name: str = Field(
        "Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Timur",
        min_length=1,
        max_length=200,
    )
    office_contact: str = Field("", max_length=300)
    time_zone: Annotated[str, AfterValidator(_a_zone)] = "Asia/Makassar"
    recheck_months: int = Field(3, ge=1, le=24)
    recheck_anchor: Literal["issued", "received", "conveyed"] = "issued"
    missed_recheck: Literal["warn", "hold", "nothing"] = "warn"
    finding_days: int = Field(14, ge=1, le=365)
    finding_day_type: Literal["calendar", "working"] = "calendar"
    extension_days_max: int = Field(92, ge=1, le=366)
    reminder_days: str = Field("14, 7, 1, 0", pattern=r"^\s*\d{1,3}(\s*,\s*\d{1,3}){0,9}\s*$")
    digest_hour: int = Field(7, ge=0, le=23)
    case_number_template: CaseTemplate = "NTT-{year}-{serial:04}"
    nota_number_template: Template = "560/{serial:03}-NP/{month_roman}/{year}"
    inspector_norm_per_month: int = Field(5, ge=1, le=100)
    draft_days: int = Field(90, ge=7, le=365)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def reminder_offsets(self) -> tuple[int, ...]:
        """Days before the due day on which an inspector is reminded, largest first."""
        return tuple(sorted({int(days) for days in self.reminder_days.split(",")}, reverse=True))


def settings_problems(values: Mapping[str, Any]) -> dict[str, Text]:
    """What makes no sense in `values`, by field, and what to write instead."""
    try:
        OfficeSettings.model_validate(values)
    except ValidationError as error:
        return {
            name: _instead(name, values[name])
            for name in (str(detail["loc"][0]) for detail in error.errors())
        }
    return {}


def changed_settings(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `values` would change: the settings as they are and as they would be, by name. Raises Invalid."""
    old = office_settings().model_dump()
    typed = {
        key: clean_line(value) or "" if isinstance(value, str) else value
        for key, value in {**old, **values}.items()
    }
    if problems := settings_problems(typed):
        raise Invalid(problems)
    new = OfficeSettings.model_validate(typed).model_dump()
    changed = [key for key in old if new[key] != old[key]]
    return {key: old[key] for key in changed}, {key: new[key] for key in changed}


def _instead(name: str, value: Any) -> Text:
    field = OfficeSettings.model_fields[name]
    limits = {type(limit).__name__: limit for limit in field.metadata}
    if name == "case_number_template":
        return case_template_problem(str(value)) or say("Tulis pola nomor.")
    if name == "nota_number_template":
        return template_problem(str(value)) or say("Tulis pola nomor.")
    if name == "reminder_days":
        return say("Tulis jumlah hari dipisahkan koma, misalnya {example}", example=field.default)
    if field.annotation is int:
        return say(
            "Isi bilangan antara {least} dan {most}, misalnya {example}",
            least=limits["Ge"].ge,
            most=limits["Le"].le,
            example=field.default,
        )
    if "MaxLen" in limits and (reason := too_long(str(value), limits["MaxLen"].max_length)):
        return reason
    return say("Isi nama kantor.") if name == "office_name" else say("Pilih salah satu.")


def _read_settings() -> OfficeSettings:
    rows = db.session.execute(sa.select(Setting.key, Setting.value))
    return OfficeSettings.model_validate(dict(rows.all()))


_SETTINGS = Kept(_read_settings)


def office_settings() -> OfficeSettings:
    """The settings in force, kept by the process until they change."""
    return _SETTINGS.value()


def today() -> date:
    """The day it is at the office."""
    return clock.day_of(clock.now(), office_settings().zone)
