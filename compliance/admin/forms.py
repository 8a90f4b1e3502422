"""The forms of the admin. What makes no sense is refused by the commands, so that every door says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)

from compliance.admin.audit.queries import GROUPS, SYSTEM_PERSON, Filters, group_of, kind_name
from compliance.admin.commands.calendar import KINDS
from compliance.core.numbering import template_problem, write_number
from compliance.core.text import Text, say
from compliance.office.models import Office
from compliance.office.queries import find_office
from compliance.office.setting_names import ANCHORS, DAY_TYPES, MISSED, ZONES
from compliance.office.settings import OfficeSettings, today
from compliance.people.models import User
from compliance.policy import ROLES
from compliance.web.formatting import render_text, written
from compliance.web.forms import CountField, DayField, Form, Needed

LANGUAGES_BY_NAME = {"id": "Bahasa Indonesia", "en": "English"}


def _choices(words: Mapping[str, Text | str], first: Text | None = None) -> list[SelectChoice]:
    """The options of a field in the reader's words; `first` stands for choosing nothing."""
    nothing = [SelectChoice("", render_text(first))] if first else []
    return nothing + [SelectChoice(key, written(word)) for key, word in words.items()]


class UserForm(Form):
    """Who a person is to the office."""

    name = StringField()
    role = SelectField(validate_choice=False)
    office = SelectField(validate_choice=False)
    phone = StringField()
    active = BooleanField()
    sure = HiddenField()

    def __init__(self, offices: list[Office], user: User | None = None, **kwargs: Any) -> None:
        if user is not None:
            known = {"name": user.name, "role": user.role, "phone": user.phone, "active": user.active}
            kwargs["data"] = {
                **known,
                "office": user.office.code if user.office else "",
                **kwargs.get("data", {}),
            }
        super().__init__(**kwargs)
        self.role.choices = _choices(ROLES, say("Pilih peran"))
        self.office.choices = _choices({each.code: each.name for each in offices}, say("Tanpa kantor"))

    @property
    def chosen_office(self) -> Office | None:
        return find_office(self.office.data) if self.office.data else None


class NewUserForm(UserForm):
    """A person who is new to Patuh."""

    email = StringField()
    language = RadioField(default="id", choices=_choices(LANGUAGES_BY_NAME), validate_choice=False)
    password = PasswordField(validators=[Needed(say("Isi kata sandi pertama"))])


class NewPasswordForm(Form):
    password = PasswordField(validators=[Needed(say("Isi kata sandi baru"))])


class TokenForm(Form):
    label = StringField()
    days = CountField()


class OfficeForm(Form):
    name = StringField()
    legal_basis = TextAreaField()
    address = TextAreaField()
    phone = StringField()
    email = StringField()


class DayOffForm(Form):
    day = DayField(validators=[Needed(say("Isi tanggal, misalnya 19-3-2027"))])
    name = StringField()
    name_en = StringField()
    kind = RadioField(validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = _choices(KINDS)


class ApprovalForm(Form):
    """The approval of a preview, with the seal of what was seen."""

    seen = HiddenField()


class RuleForm(ApprovalForm):
    """The approval of changed settings that open dates could follow; they do so only when that is chosen."""

    reach = RadioField(default="new", choices=_choices({"new": "new", "open": "open"}), validate_choice=False)


class AuditForm(Form):
    """The filters of the log, read from the address; nothing is changed, so no token is asked for."""

    q = StringField()
    kind = SelectField(validate_choice=False)
    person = SelectField(validate_choice=False)
    first_on = DayField()
    last_on = DayField()

    class Meta:
        csrf = False

    def __init__(self, asked: Any, *, people: Sequence[User], kinds: Sequence[str]) -> None:
        super().__init__(formdata=asked)
        everybody = {str(each.id): each.name for each in people}
        self.person.choices = _choices({SYSTEM_PERSON: say("Sistem"), **everybody}, say("Semua orang"))
        self.kind.choices = [SelectChoice("", render_text(say("Semua peristiwa"))), *_kinds(kinds)]

    @property
    def filters(self) -> Filters:
        return Filters(
            words=self.q.data or "", kind=self.kind.data or "", person=self.person.data or "",
            first_on=self.first_on.data, last_on=self.last_on.data,
        )  # fmt: skip


def _kinds(kinds: Sequence[str]) -> Iterator[SelectChoice]:
    """The kinds of event in their groups; each group may be chosen as a whole."""
    for group, (name, _begins) in GROUPS.items():
        title = render_text(name)
        everything = render_text(say("{group}: semua", group=title))
        yield SelectChoice(group, everything, optgroup=title)
        for kind in kinds:
            if group_of(kind) == group:
                yield SelectChoice(kind, render_text(kind_name(kind)), optgroup=title)


class SettingsForm(Form):
    """Every field of OfficeSettings, under the same name."""

    office_name = StringField()
    office_contact = StringField()
    time_zone = SelectField(validate_choice=False)
    recheck_months = CountField()
    recheck_anchor = RadioField(validate_choice=False)
    missed_recheck = RadioField(validate_choice=False)
    extension_days_max = CountField()
    finding_days = CountField()
    finding_day_type = RadioField(validate_choice=False)
    reminder_days = StringField()
    digest_hour = CountField()
    case_number_template = StringField()
    nota_number_template = StringField()
    inspector_norm_per_month = CountField()
    draft_days = CountField()

    def __init__(self, settings: OfficeSettings, **kwargs: Any) -> None:
        super().__init__(data={**settings.model_dump(), **kwargs.pop("data", {})}, **kwargs)
        zones = dict(ZONES)
        if settings.time_zone not in zones:
            zones[settings.time_zone] = Text("{zone}", {"zone": settings.time_zone})
        self.time_zone.choices = _choices(zones)
        self.recheck_anchor.choices = _choices(ANCHORS)
        self.missed_recheck.choices = _choices(MISSED)
        self.finding_day_type.choices = _choices(DAY_TYPES)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in OfficeSettings.model_fields}

    def example(self, name: str) -> str:
        """The number that the template in the field `name` would give to the seventh of today; "" for none."""
        template = self[name].data or ""
        return "" if template_problem(template) else write_number(template, 7, today())
