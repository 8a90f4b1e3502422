"""Forms of the counter and of flags.

What a number or a decision must be is said by the commands, not here.
"""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.companies.numbers import UncertainNumber
from compliance.core.errors import Invalid, Refusal
from compliance.core.keyset import LARGEST_LONG_ID, read_digits
from compliance.core.text import Text, say
from compliance.licensing.models import ANSWERS, DECISIONS, LicenceCheck
from compliance.licensing.rules import SERVICES
from compliance.web.forms import DayField, Form, Needed, options

ON_A_HOLD = ("postponed", "issued_despite_hold", "refused", "unrelated")
OTHERWISE = ("issued", "postponed", "refused", "unrelated")


class CheckForm(Form):
    """The one box. While a choice stands, `among` is the question and `rows` the companies it
    means, in order.

    A row is chosen by its button (`company`) or by its number, typed into the box: no NIB is that short.
    After a slip, `offers` are what may be asked instead, each with what its button says; `meant` is the
    one chosen.
    """

    offers: Sequence[tuple[str, Text]] = ()

    asked = StringField()
    meant = HiddenField()
    company = HiddenField()
    among = HiddenField()
    rows = HiddenField()

    @property
    def question(self) -> str:
        """What is asked about: what was meant, else the question of which a row was chosen, else what
        is in the box.
        """
        if self.meant.data:
            return self.meant.data
        return (
            self.among.data
            if self.among.data and self.chosen_id is not None
            else self.asked.data or ""
        )

    def refuse(self, refusal: Refusal) -> None:
        """Also offer what a slip may have meant, and the digits as an NPP when they may be one."""
        super().refuse(refusal)
        if not isinstance(refusal, UncertainNumber):
            return
        if refusal.suggested is not None:
            shown = refusal.suggested.shown
            self.offers = [(shown, say("Ya, cek {number}", number=shown))]
        if refusal.as_npp is not None:
            shown = refusal.as_npp.shown
            self.offers = [*self.offers, (shown, say("Nomornya benar, cek {number}", number=shown))]

    @property
    def chosen_id(self) -> int | None:
        """The company chosen; None when something else was asked. Raises Invalid for the number of no row."""
        if (by_button := read_digits(self.company.data, most=LARGEST_LONG_ID)) is not None:
            return by_button
        rows = [read_digits(row) for row in (self.rows.data or "").split()]
        typed = (self.asked.data or "").strip()
        chosen = read_digits(typed, most=99)
        if not rows or (typed and chosen is None):
            return None
        if chosen is not None and 1 <= chosen <= len(rows):
            return rows[chosen - 1]
        raise Invalid(
            {
                "asked": say(
                    "Ketik nomor baris, 1 sampai {count}, atau nomor perusahaan.", count=len(rows)
                )
            }
        )


class DecisionForm(Form):
    """What the officer decided; the choices are those that make sense after the verdict given."""

    decision = RadioField(validate_choice=False)
    application = StringField()
    note = TextAreaField()

    @classmethod
    def on(cls, check: LicenceCheck) -> DecisionForm:
        form = cls()
        offered = ON_A_HOLD if check.verdict == "hold" else OTHERWISE
        form.decision.choices = options({decision: DECISIONS[decision] for decision in offered})
        return form


class AcknowledgementForm(Form):
    """What the office makes of a flag; nothing is chosen beforehand."""

    answer = RadioField(validate_choice=False)
    note = TextAreaField()

    def __init__(self) -> None:
        super().__init__()
        self.answer.choices = options(ANSWERS)


class QuestionForm(Form):
    question = TextAreaField()


class AnswerForm(Form):
    answer = TextAreaField()


class LiftForm(Form):
    reason = TextAreaField(validators=[Needed(say("Tuliskan alasannya."))])
    proof = TextAreaField(
        validators=[
            Needed(say("Sebutkan buktinya, misalnya nomor sertifikat dan bulan iuran terakhir."))
        ]
    )


class SanctionForm(Form):
    letter_number = StringField(
        validators=[Needed(say("Isi nomor surat permintaan dari BPJS Ketenagakerjaan."))]
    )
    letter_on = DayField(validators=[Needed(say("Isi tanggal surat, misalnya 18-3-2026"))])
    services = SelectMultipleField(
        validators=[Needed(say("Tandai layanan yang disebut dalam surat BPJS, sedikitnya satu."))],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self) -> None:
        """The services that the law lets BPJS ask to withhold; the letter says which, so none is
        ticked to begin with.
        """
        self.services.choices = options(SERVICES)
