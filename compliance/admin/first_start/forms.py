"""The forms of the first start."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import PasswordField, RadioField, SelectField, StringField, TextAreaField

from compliance.core.text import say
from compliance.office.models import Office
from compliance.office.setting_names import ZONES
from compliance.office.settings import office_settings, served_province
from compliance.reference.provinces import provinces
from compliance.web.forms import Form, options

DECIDED_FIRST = (
    "time_zone",
    "letter_government",
    "letter_place",
    "office_contact",
    "case_number_template",
    "nota_number_template",
    "letter_number_template",
    "spt_number_template",
    "ba_number_template",
)
"""The settings that the pages of the first start ask for."""


class CodeForm(Form):
    code = StringField()


class ProvinceForm(Form):
    province = SelectField(validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        named = {each.code: each.name for each in sorted(provinces(), key=lambda each: each.name)}
        self.province.choices = options(named, nothing=say("Pilih provinsi"))


class OfficesForm(Form):
    """The names of the offices; its fields are made for the province: office_0, office_1, …"""

    address = TextAreaField()
    phone = StringField()
    email = StringField()


def offices_form(offices: list[Office]) -> OfficesForm:
    """The form for these offices, filled with what they are called."""
    fields = {f"office_{at}": StringField() for at in range(len(offices))}
    made: type[OfficesForm] = type("OfficesForm", (OfficesForm,), fields)
    own = next(office for office in offices if office.code == served_province().inspectorate.code)
    names = {f"office_{at}": office.name for at, office in enumerate(offices)}
    return made(data={"address": own.address, "phone": own.phone, "email": own.email, **names})


class FirstSettingsForm(Form):
    time_zone = RadioField(validate_choice=False)
    letter_government = StringField()
    letter_place = StringField()
    office_contact = StringField()
    case_number_template = StringField()
    nota_number_template = StringField()
    letter_number_template = StringField()
    spt_number_template = StringField()
    ba_number_template = StringField()
    days_off = TextAreaField()

    def __init__(self, **kwargs: Any) -> None:
        settings = office_settings()
        super().__init__(data={name: getattr(settings, name) for name in DECIDED_FIRST}, **kwargs)
        self.time_zone.choices = options(ZONES)


class FirstPeopleForm(Form):
    name = StringField()
    email = StringField()
    password = PasswordField()
    again = PasswordField()
    people = FileField()
