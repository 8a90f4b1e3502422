"""Forms of the counter and of flags.

What a number or a decision must be is said by the commands, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.cases.proofs.forms import ProofFields, fingerprint
from compliance.companies.numbers import UncertainNumber
from compliance.core.errors import Invalid, Refusal
from compliance.core.keyset import LARGEST_LONG_ID, read_digits
from compliance.core.text import Text, say
from compliance.evidence.uploads import KeptFile
from compliance.licensing.checks.rules import bears_hold
from compliance.licensing.lifting import is_about_membership, proof_refusals
from compliance.licensing.models import ANSWERS, BPJS_LETTERS, DECISIONS, Flag, LicenceCheck
from compliance.licensing.rules import SERVICES
from compliance.office.settings import today
from compliance.people.sessions import signed_in
from compliance.web.forms import DayField, Form, Needed, options

ON_A_HOLD = ("postponed", "issued_despite_hold", "refused", "unrelated")
ON_A_SANCTION = ("postponed", "refused", "unrelated", "issued_despite_hold")
ON_A_SANCTION_ALONE = ("postponed", "issued", "refused", "unrelated", "issued_despite_hold")
OTHERWISE = ("issued", "postponed", "refused", "unrelated")


class CheckForm(Form):
    """The one box. While a choice stands, `among` is the question and `rows` the companies it
    means, in order.

    A row is chosen by its button (`company`) or by its number, typed into the box: no NIB is that short.
    `none` says that it is none of them. After a slip, `offers` are what may be asked instead, each with what
    its button says; `meant` is the one chosen.
    """

    offers: Sequence[tuple[str, Text]] = ()

    asked = StringField()
    meant = HiddenField()
    company = HiddenField()
    none = HiddenField()
    among = HiddenField()
    rows = HiddenField()
    permit_kind = HiddenField()

    @property
    def question(self) -> str:
        """What is asked about: what was meant, else the question of which a row (or none) was chosen, else
        what is in the box.
        """
        if self.meant.data:
            return self.meant.data
        is_chosen = self.none.data or self.chosen_id is not None
        return self.among.data if self.among.data and is_chosen else self.asked.data or ""

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
    """What the officer decided; the choices are those that make sense after the verdict given.

    `without_key` are those that no single key records: a TMP2T is carried out, not overridden in passing.
    """

    without_key: tuple[str, ...] = ()

    decision = RadioField(validate_choice=False)
    application = StringField()
    note = TextAreaField()

    @classmethod
    def on(cls, check: LicenceCheck) -> DecisionForm:
        form = cls()
        is_sanction = check.answer.get("level") == "sanction"
        alone = is_sanction and not bears_hold(check.answer)
        offered: tuple[str, ...] = ON_A_HOLD if check.verdict == "hold" else OTHERWISE
        if is_sanction:
            offered = ON_A_SANCTION_ALONE if alone else ON_A_SANCTION
            form.without_key = ("issued", "issued_despite_hold")
        named = {decision: DECISIONS[decision] for decision in offered}
        if alone:
            named["issued"] = say("Diterbitkan: izin ini tidak disebut dalam surat BPJS")
            named["issued_despite_hold"] = say(
                "Diterbitkan walau ada TMP2T, dengan alasan tertulis"
            )
        form.decision.choices = options(named)
        return form


class AcknowledgementForm(Form):
    """What the office makes of a flag; nothing is chosen beforehand."""

    answer = RadioField(validate_choice=False)
    note = TextAreaField()

    def __init__(self) -> None:
        super().__init__()
        self.answer.choices = options(ANSWERS)


class FlagReviewForm(Form):
    """Why a flag that was looked at again stands."""

    note = TextAreaField()


class QuestionForm(Form):
    question = TextAreaField()


class AnswerForm(Form):
    answer = TextAreaField()


class LiftForm(ProofFields):
    """Why a flag is lifted and on what proof: fields of membership, words, or BPJS's own letter.

    A proof that looks odd is shown once more with what to consider; sent again unchanged, it is accepted.
    """

    reason = TextAreaField(validators=[Needed(say("Tuliskan alasannya."))])
    letter_number = StringField()
    letter_on = DayField()
    received_on = DayField()
    letter_file = FileField()
    letter_file_kept = KeptFile()
    sure = HiddenField()
    doubts: Sequence[Text] = ()

    def ask_about(self, flag: Flag) -> None:
        """Know which flag it is, and the NPP that the registry holds."""
        self.flag = flag
        self.asks_fields = (
            flag.level == "hold" and flag.case is not None and is_about_membership(flag.case)
        )
        self.registered_npp = flag.company.npp

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        doubts, sent = self._doubts(), f"lift{fingerprint(self.proof_facts())}"
        if not doubts or self.sure.data == sent:
            return True
        self.doubts, self.sure.data = doubts, sent
        return False

    def _doubts(self) -> list[Text]:
        case = self.flag.case
        if not self.asks_fields or case is None or self.flag.lifted_at is not None:
            return []
        if proof_refusals(self.flag, self.proof_facts(), by=signed_in()):
            return []  # the command says what is wrong; that comes first
        return self.doubts_about_proof(
            case, case.open_findings, workers=case.workers_total, today=today()
        )


class SanctionForm(Form):
    letter_number = StringField(
        validators=[Needed(say("Isi nomor surat permintaan dari BPJS Ketenagakerjaan."))]
    )
    letter_on = DayField(validators=[Needed(say("Isi tanggal surat, misalnya 18-3-2026"))])
    received_on = DayField()
    letter_file = FileField()
    letter_file_kept = KeptFile()
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


class LetterForm(Form):
    """The scan of a letter of BPJS that is filed later."""

    kind = RadioField(validate_choice=False)
    received_on = DayField()
    letter_file = FileField()
    letter_file_kept = KeptFile()

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__()
        self.kind.choices = options({kind: BPJS_LETTERS[kind] for kind in kinds})
        if len(kinds) == 1:
            self.kind.data = kinds[0]
