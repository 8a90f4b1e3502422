"""The forms of closures, bankruptcies and moves."""

from __future__ import annotations

from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from compliance.companies.circumstances.commands import CircumstanceFacts
from compliance.companies.circumstances.rules import BANKRUPT, CIRCUMSTANCES, MOVED
from compliance.core.text import Text, say
from compliance.office.settings import served_province
from compliance.web.formatting import render_text
from compliance.web.forms import DayField, Form, options

OUTSIDE = "outside"
"""What is chosen instead of a regency when the company left the province."""


class CircumstanceForm(Form):
    """What happened to the company; what is typed for another kind than the chosen one is left out."""

    kind = RadioField(validate_choice=False)
    since_on = DayField()
    proof = TextAreaField()
    region_code = SelectField(choices=[], validate_choice=False)
    address = TextAreaField()
    curator = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(CIRCUMSTANCES)
        places: dict[str, Text | str] = {
            **served_province().region_names,
            OUTSIDE: say("Di luar provinsi ini"),
        }
        self.region_code.choices = options(places, nothing=say("Pilih kabupaten atau kota"))

    def validate_region_code(self, field: Field) -> None:
        if self.kind.data == MOVED and not field.data:
            raise ValidationError(render_text(say("Pilih kabupaten atau kota")))

    def facts(self) -> CircumstanceFacts:
        moved, bankrupt = self.kind.data == MOVED, self.kind.data == BANKRUPT
        region = self.region_code.data if moved and self.region_code.data != OUTSIDE else None
        return CircumstanceFacts(
            kind=self.kind.data or "",
            since_on=self.since_on.data,
            proof=self.proof.data,
            region_code=region,
            address=self.address.data if moved else None,
            curator=self.curator.data if bankrupt else None,
        )


class RevokeForm(Form):
    reason = TextAreaField()
