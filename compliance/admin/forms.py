"""The forms of the admin.

What makes no sense is refused by the commands, so that every door says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from compliance.admin.access.queries import AccessFilters
from compliance.admin.audit.event_names import GROUPS
from compliance.admin.audit.queries import SYSTEM_PERSON, LogFilters, group_of, kind_name
from compliance.admin.commands.calendar import DAY_KINDS
from compliance.admin.security.queries import SecurityFilters
from compliance.core.channels import CHANNELS
from compliance.core.numbering import template_problem, write_number
from compliance.core.text import Text, say
from compliance.office.models import Office
from compliance.office.queries import find_office
from compliance.office.setting_names import (
    ANCHOR_NAMES,
    APPROVALS,
    DAY_TYPES,
    FACTOR_WANTED,
    MISSED,
    NUMBERINGS,
    PAPERS,
    ZONES,
)
from compliance.office.settings import SETTINGS, OfficeSettings, today
from compliance.people.forms import LANGUAGE_NAMES
from compliance.people.models import User
from compliance.policy import ROLES
from compliance.web.formatting import render_text
from compliance.web.forms import CountField, DayField, Form, Needed, options
from compliance.web.security_log import SECURITY_KINDS


class UserForm(Form):
    """Who a person is to the office."""

    name = StringField()
    email = StringField()
    role = SelectField(validate_choice=False)
    office = SelectField(validate_choice=False)
    phone = StringField()
    nip = StringField()
    rank = StringField()
    position = StringField()
    active = BooleanField()
    sure = HiddenField()

    def __init__(self, offices: list[Office], user: User | None = None, **kwargs: Any) -> None:
        if user is not None:
            known = {
                "name": user.name,
                "email": user.email,
                "role": user.role,
                "phone": user.phone,
                "nip": user.nip,
                "rank": user.rank,
                "position": user.position,
                "active": user.active,
            }
            kwargs["data"] = {
                **known,
                "office": user.office.code if user.office else "",
                **kwargs.get("data", {}),
            }
        super().__init__(**kwargs)
        self.role.choices = options(ROLES, nothing=say("Pilih peran"))
        self.office.choices = options(
            {office.code: office.name for office in offices}, nothing=say("Tanpa kantor")
        )

    @property
    def chosen_office(self) -> Office | None:
        return find_office(self.office.data) if self.office.data else None


class NewUserForm(UserForm):
    """A person who is new to Patuh."""

    language = RadioField(default="id", choices=options(LANGUAGE_NAMES), validate_choice=False)


class FactorResetForm(Form):
    """Why somebody's second factor is to be removed."""

    reason = TextAreaField()


class TrustRootForm(Form):
    """Certificates of authorities whose electronic signatures the office trusts."""

    file = FileField()


class OfficeEndForm(Form):
    """When an office ends, and which one does its work then: one that there is, or a new one."""

    ended_on = DayField()
    successor = SelectField(validate_choice=False)
    new_name = StringField()
    reason = TextAreaField()
    confirmed = HiddenField()

    def offer(self, offices: Sequence[Office]) -> None:
        """Let one of these offices be chosen as the successor."""
        named = {office.code: office.name for office in offices}
        self.successor.choices = options(named, nothing=say("Kantor baru, dengan nama di bawah"))

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as the command takes it."""
        return {
            "ended_on": self.ended_on.data,
            "successor": find_office(self.successor.data) if self.successor.data else None,
            "new_name": self.new_name.data,
            "reason": self.reason.data,
        }


class OfficeForm(Form):
    name = StringField()
    legal_basis = TextAreaField()
    membership_basis = TextAreaField()
    address = TextAreaField()
    phone = StringField()
    email = StringField()


class PermitKindForm(Form):
    """A kind of permit of a licensing office, and the days that its own rule gives."""

    name = StringField()
    days = CountField()
    day_type = RadioField(default="working", validate_choice=False)
    legal_basis = StringField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day_type.choices = options(DAY_TYPES)


class DayOffForm(Form):
    day = DayField(validators=[Needed(say("Isi tanggal, misalnya 19-3-2027"))])
    name = StringField()
    name_en = StringField()
    kind = RadioField(validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = options(DAY_KINDS)


class ApprovalForm(Form):
    """The approval of a preview, with the seal of what was seen."""

    seen = HiddenField()


class RuleForm(ApprovalForm):
    """The approval of changed settings that open dates could follow; they do so only when that is chosen."""

    reach = RadioField(
        default="new", choices=options({"new": "new", "open": "open"}), validate_choice=False
    )


class AuditForm(Form):
    """The filters of the log, read from the address; nothing is changed, so no token is asked for."""

    q = StringField()
    kind = SelectField(validate_choice=False)
    person = SelectField(validate_choice=False)
    channel = SelectField(validate_choice=False)
    token = StringField()
    first_on = DayField()
    last_on = DayField()

    class Meta:
        csrf = False

    def __init__(self, asked: Any, *, people: Sequence[User], kinds: Sequence[str]) -> None:
        super().__init__(formdata=asked)
        everybody = {str(person.id): person.name for person in people}
        self.person.choices = options(
            {SYSTEM_PERSON: say("Sistem"), **everybody}, nothing=say("Semua orang")
        )
        self.channel.choices = options(CHANNELS, nothing=say("Semua jalan"))
        self.kind.choices = options({}, nothing=say("Semua peristiwa"))
        for group, (name, _begins) in GROUPS.items():
            self.kind.choices += options(_kinds_in(group, name, kinds), group=render_text(name))

    @property
    def applied(self) -> list[tuple[str, str]]:
        """The filters in force: their parameters, and what they say."""
        applied = [("q", f"“{self.q.data}”")] if self.q.data else []
        for field in (self.kind, self.person, self.channel):
            if field.data:
                applied.append((field.name, _chosen(field)))
        if self.token.data:
            applied.append(("token", render_text(say("token nomor {id}", id=self.token.data))))
        return applied + _days_applied(self)

    @property
    def filters(self) -> LogFilters:
        return LogFilters(
            words=self.q.data or "",
            kind=self.kind.data or "",
            person=self.person.data or "",
            channel=self.channel.data or "",
            token=self.token.data or "",
            first_on=self.first_on.data,
            last_on=self.last_on.data,
        )


class AccessForm(Form):
    """The filters of the changes of access, read from the address."""

    person = SelectField(validate_choice=False)
    foreign = BooleanField()
    first_on = DayField()
    last_on = DayField()

    class Meta:
        csrf = False

    def __init__(self, asked: Any, *, people: Sequence[User]) -> None:
        super().__init__(formdata=asked)
        everybody = {str(person.id): person.name for person in people}
        self.person.choices = options(everybody, nothing=say("Semua orang"))

    @property
    def applied(self) -> list[tuple[str, str]]:
        """The filters in force: their parameters, and what they say."""
        applied = [("person", _chosen(self.person))] if self.person.data else []
        if self.foreign.data:
            applied.append(("foreign", render_text(say("hanya oleh orang lain"))))
        return applied + _days_applied(self)

    @property
    def filters(self) -> AccessFilters:
        return AccessFilters(
            person=self.person.data or "",
            foreign=self.foreign.data,
            first_on=self.first_on.data,
            last_on=self.last_on.data,
        )


class SecurityForm(Form):
    """The filters of the security log, read from the address."""

    q = StringField()
    kind = SelectField(validate_choice=False)
    person = SelectField(validate_choice=False)
    first_on = DayField()
    last_on = DayField()

    class Meta:
        csrf = False

    def __init__(self, asked: Any, *, people: Sequence[User]) -> None:
        super().__init__(formdata=asked)
        everybody = {str(person.id): person.name for person in people}
        self.person.choices = options(everybody, nothing=say("Semua orang"))
        self.kind.choices = options(SECURITY_KINDS, nothing=say("Semua jenis"))

    @property
    def applied(self) -> list[tuple[str, str]]:
        """The filters in force: their parameters, and what they say."""
        applied = [("q", f"“{self.q.data}”")] if self.q.data else []
        for field in (self.kind, self.person):
            if field.data:
                applied.append((field.name, _chosen(field)))
        return applied + _days_applied(self)

    @property
    def filters(self) -> SecurityFilters:
        return SecurityFilters(
            words=self.q.data or "",
            kind=self.kind.data or "",
            person=self.person.data or "",
            first_on=self.first_on.data,
            last_on=self.last_on.data,
        )


def _days_applied(form: AuditForm | AccessForm | SecurityForm) -> list[tuple[str, str]]:
    """The days in force, as pairs of parameter and words."""
    applied = []
    if form.first_on.data:
        applied.append(("first_on", render_text(say("sejak {day}", day=form.first_on.data))))
    if form.last_on.data:
        applied.append(("last_on", render_text(say("sampai {day}", day=form.last_on.data))))
    return applied


def _chosen(field: SelectField) -> str:
    """The words of the option that was chosen; what is no option is shown as it was typed."""
    choices: Any = field.choices
    return str(next((each.label for each in choices if each.value == field.data), field.data))


def _kinds_in(group: str, name: Text, kinds: Sequence[str]) -> dict[str, Text]:
    """The kinds of event of a group; the group may be chosen as a whole."""
    everything = {group: say("{group}: semua", group=name)}
    return everything | {kind: kind_name(kind) for kind in kinds if group_of(kind) == group}


class SettingsForm(Form):
    """Every field of OfficeSettings, under the same name."""

    office_name = StringField()
    office_contact = StringField()
    time_zone = SelectField(validate_choice=False)
    recheck_months = CountField()
    recheck_anchor = RadioField(validate_choice=False)
    missed_recheck = RadioField(validate_choice=False)
    extension_days_max = CountField()
    next_visit_days = CountField()
    finding_days = CountField()
    finding_day_type = RadioField(validate_choice=False)
    second_nota_days = CountField()
    reminder_days = StringField()
    digest_hour = CountField()
    case_number_template = StringField()
    nota_number_template = StringField()
    approval_days = CountField()
    letter_government = StringField()
    letter_place = StringField()
    letter_paper = RadioField(validate_choice=False)
    letter_approval = RadioField(validate_choice=False)
    letter_numbering = RadioField(validate_choice=False)
    letter_number_template = StringField()
    spt_number_template = StringField()
    ba_number_template = StringField()
    inspector_norm_per_month = CountField()
    draft_days = CountField()
    security_days = CountField()
    reading_days = CountField()
    second_factor_for = RadioField(validate_choice=False)
    second_factor_days = CountField()
    unused_days = CountField()
    session_idle_hours = CountField()
    session_days = CountField()

    def __init__(self, settings: OfficeSettings, **kwargs: Any) -> None:
        super().__init__(data={**asdict(settings), **kwargs.pop("data", {})}, **kwargs)
        zones = dict(ZONES)
        if settings.time_zone not in zones:
            zones[settings.time_zone] = Text("{zone}", {"zone": settings.time_zone})
        self.time_zone.choices = options(zones)
        self.recheck_anchor.choices = options(ANCHOR_NAMES)
        self.missed_recheck.choices = options(MISSED)
        self.finding_day_type.choices = options(DAY_TYPES)
        self.letter_paper.choices = options(PAPERS)
        self.letter_approval.choices = options(APPROVALS)
        self.letter_numbering.choices = options(NUMBERINGS)
        self.second_factor_for.choices = options(FACTOR_WANTED)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in SETTINGS}

    def example(self, name: str) -> str:
        """The number that the template in the field `name` would give to the seventh of today; ""
        for none.
        """
        template = self[name].data or ""
        return "" if template_problem(template) else write_number(template, 7, today())
