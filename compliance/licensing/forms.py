"""Forms of the counter and of flags. What a number or a decision must be is said by the commands, not here."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from compliance.core.text import say
from compliance.licensing.models import DECISIONS, LicenceCheck
from compliance.web.forms import DayField, Form, Needed
from compliance.web.words import render_text

ON_A_HOLD = ("postponed", "issued_despite_hold", "refused", "unrelated")
OTHERWISE = ("issued", "postponed", "refused", "unrelated")


class CheckForm(Form):
    """The one box; `company` is set by choosing from several."""

    asked = StringField(validators=[Needed(say("Isi NIB, NPWP, NPP, atau nama perusahaan"))])
    company = HiddenField()

    @property
    def company_id(self) -> int | None:
        chosen = self.company.data or ""
        return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 11 else None


class DecisionForm(Form):
    """What the officer decided; the choices are those that make sense after the verdict given."""

    decision = RadioField(validate_choice=False)
    application = StringField()
    note = TextAreaField()

    @classmethod
    def on(cls, check: LicenceCheck) -> DecisionForm:
        form = cls()
        offered = ON_A_HOLD if check.verdict == "hold" else OTHERWISE
        form.decision.choices = [(key, render_text(DECISIONS[key])) for key in offered]
        return form


class AcknowledgementForm(Form):
    note = TextAreaField()


class LiftForm(Form):
    reason = TextAreaField(validators=[Needed(say("Tuliskan alasannya."))])
    proof = TextAreaField(
        validators=[Needed(say("Sebutkan buktinya, misalnya nomor sertifikat dan bulan iuran terakhir."))]
    )


class SanctionForm(Form):
    letter_number = StringField(
        validators=[Needed(say("Isi nomor surat permintaan dari BPJS Ketenagakerjaan."))]
    )
    letter_on = DayField(validators=[Needed(say("Isi tanggal surat, misalnya 18-3-2026"))])
