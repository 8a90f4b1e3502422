"""What is typed about a company. The fields only carry it; the commands say what will not do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from compliance.companies import identity
from compliance.companies.models import Company
from compliance.companies.rules import MANY, SCALES, CompanyFacts, with_former_names
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.office.settings import served_province
from compliance.reference.regions import region_name
from compliance.web.formatting import render_text
from compliance.web.forms import CountField, Form, Options, options


def regencies_to_choose(nothing: Text) -> Options:
    """The regencies and cities for a select, after the entry for no choice."""
    return options(served_province().region_names, nothing=nothing)


def shown_district(code: str | None) -> str | None:
    """A district as a form shows it: its name, which it reads back."""
    return region_name(code) if code else None


class CompanyForm(Form):
    """A new company. `seen` are the ids of the look-alikes that somebody looked at and found to be others."""

    name = StringField()
    region_code = SelectField(choices=[], validate_choice=False)
    district_code = StringField()
    nib = StringField()
    npwp = StringField()
    npp = StringField()
    other_npwps = TextAreaField()
    aliases = TextAreaField()
    scale = SelectField(choices=[], validate_choice=False)
    scale_evidence = StringField()
    kbli = StringField()
    workers_total = CountField()
    address = TextAreaField()
    phone = StringField()
    email = StringField()
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region_code.choices = regencies_to_choose(say("Pilih kabupaten atau kota"))
        self.scale.choices = options(SCALES, nothing=say("Belum diketahui"))

    def facts(self) -> CompanyFacts:
        """What was typed, as the commands take it; former names stand in the name itself."""
        typed = {
            name: self[name].data for name in CompanyFacts.__dataclass_fields__ if name in self
        }
        for name in MANY:  # one in a line
            if name in typed:
                typed[name] = tuple((typed[name] or "").splitlines())
        for name in (
            "name",
            "region_code",
        ):  # a form may come without them, the command says that they are missing
            typed[name] = typed[name] or ""
        return with_former_names(CompanyFacts(**typed))

    def unseen(self, look_alikes: Sequence[Company]) -> bool:
        """Whether the sender of the form has not seen one of these companies yet."""
        return not {str(company.id) for company in look_alikes} <= set(
            (self.seen.data or "").split()
        )


class ChangeForm(CompanyForm):
    """A company as it is known. Another name is a new one or a better spelling: the form asks which."""

    naming = RadioField(choices=[], validate_choice=False)

    def __init__(self, company: Company) -> None:
        known = {name: getattr(company, name) for name in CompanyFacts.__dataclass_fields__}
        numbers = {
            kind: write(known[kind]) for kind, write in identity.SHOWN.items() if known[kind]
        }
        super().__init__(
            data={
                **known,
                **numbers,
                "district_code": shown_district(company.district_code),
                "aliases": "\n".join(company.aliases),
                "version": company.version,
                "other_npwps": "\n".join(map(identity.shown_npwp, company.other_npwps)),
            }
        )
        if company.region_code not in served_province().region_names:  # it was dissolved since
            former = {company.region_code: region_name(company.region_code)}
            offered = regencies_to_choose(say("Pilih kabupaten atau kota"))
            self.region_code.choices = [*offered, *options(former)]
        self.name_so_far = company.name
        self.naming.choices = options(
            {
                "renamed": say("Nama baru (nama lama disimpan sebagai nama terdahulu)"),
                "spelling": say("Perbaikan ejaan nama yang sama"),
            }
        )

    @property
    def renamed(self) -> bool:
        return bool(self.naming.data == "renamed")

    def validate_naming(self, field: Field) -> None:
        typed = clean_line(self.name.data)
        if typed and typed != self.name_so_far and field.data not in ("renamed", "spelling"):
            raise ValidationError(
                render_text(say("Nama diubah: pilih apakah ini nama baru atau perbaikan ejaan"))
            )
