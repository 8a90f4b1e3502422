"""The fields of a proof of membership within a form: of a visit, of a lift."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.cases.models import Case, Finding
from compliance.cases.proofs.rules import ProofFacts, proof_doubts, tidied
from compliance.cases.rules import LONGEST_TEXTS
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.evidence.models import NORMAL, RESTRICTED
from compliance.evidence.uploads import KeptFile
from compliance.reference.programmes import PROGRAMMES
from compliance.web.forms import AtMost, CountField, DayField, Form, MonthField, options

ONLY_WORDS = say(
    "Temuannya tentang kepesertaan: isi bukti kepesertaan (NPP, iuran terakhir, siapa yang mengecek di"
    " BPJS)."
)
_SIMPLE = ("npp", "month", "workers", "checked_on", "checked_by", "certificate", "certificate_on")


def fingerprint(facts: ProofFacts | str | None) -> str:
    """What tells one proof of membership from another; words of it may still be corrected."""
    if not isinstance(facts, ProofFacts):
        return ""
    return f" {sha256(repr(facts).encode()).hexdigest()[:16]}"


class ProofFields(Form):
    """A proof of membership; `proof` holds any other proof in words, or what is to be added to the fields."""

    proof_npp = StringField(filters=[printable])
    proof_month = MonthField()
    proof_programmes = SelectMultipleField(
        choices=options({code: code for code in PROGRAMMES}),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    proof_workers = CountField()
    proof_checked_on = DayField()
    proof_checked_by = StringField(filters=[printable])
    proof_certificate = StringField(filters=[printable])
    proof_certificate_on = DayField()
    certificate_file = FileField()
    certificate_file_kept = KeptFile()
    contribution_file = FileField()
    contribution_file_kept = KeptFile()
    files_restricted = BooleanField()
    proof = TextAreaField(filters=[printable], validators=[AtMost(LONGEST_TEXTS["proof"])])
    registered_npp: str | None = None

    @property
    def class_of_files(self) -> str:
        return RESTRICTED if self.files_restricted.data else NORMAL

    @property
    def has_proof_fields(self) -> bool:
        """Whether any field of the proof of membership was filled in, or could not be read."""
        fields = [self[f"proof_{name}"] for name in (*_SIMPLE, "programmes")]
        return any(field.data or field.errors for field in fields)

    def proof_facts(self) -> ProofFacts | str | None:
        """The proof of membership when any of its fields was filled in, else the words."""
        if not self.has_proof_fields:
            return self.proof.data or None
        stated: dict[str, Any] = {name: self[f"proof_{name}"].data or None for name in _SIMPLE}
        programmes = tuple(self.proof_programmes.data or ())
        return ProofFacts(**stated, programmes=programmes, note=self.proof.data or None)

    def refuse(self, refusal: Refusal) -> None:
        """Also put what is said of `proof.month` beside the field `proof_month`."""
        if isinstance(refusal, Invalid):
            named = {
                name.replace("proof.", "proof_", 1).replace("proof_note", "proof"): reason
                for name, reason in refusal.errors.items()
            }
            refusal = Invalid(named, details=refusal.details)
        super().refuse(refusal)

    def doubts_about_proof(
        self, case: Case, settled: Sequence[Finding], *, workers: int | None, today: date
    ) -> list[Text]:
        """What should be looked at once more before this proof lifts a hold and settles these findings."""
        facts = self.proof_facts()
        if isinstance(facts, ProofFacts):
            company = case.company
            return proof_doubts(
                tidied(facts),
                today=today,
                scale=company.scale,
                workers=workers,
                known_npp=company.npp,
            )
        about = any(each.violation.norm_group == "social_security" for each in settled)
        return [ONLY_WORDS] if about and facts else []
