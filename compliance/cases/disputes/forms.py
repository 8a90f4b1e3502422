"""The forms of a dispute."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField

from compliance.cases.disputes.models import DISPUTE_KINDS
from compliance.web.forms import DayField, Form, options


class DisputeForm(Form):
    kind = RadioField(validate_choice=False)
    filed_on = DayField()
    number = StringField()
    stage = StringField()

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = options(DISPUTE_KINDS)


class DisputeChangeForm(Form):
    stage = StringField()
    outcome = TextAreaField()
    ended_on = DayField()
