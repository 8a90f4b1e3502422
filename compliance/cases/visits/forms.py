"""What an inspector fills in about a visit. What was not counted or seen stays empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.cases.models import NOT_MET_REASONS, OUTCOMES, Case
from compliance.cases.nota.draft import TYPICAL
from compliance.cases.proofs.forms import ProofFields, fingerprint
from compliance.cases.rules import LONGEST_TEXTS, VisitFacts, visit_doubts
from compliance.core.keyset import read_id
from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.office.settings import today
from compliance.web.formatting import render_text
from compliance.web.forms import AtMost, CountField, DayField, Needed, options

_TICKED: dict[str, Any] = {
    "widget": ListWidget(prefix_label=False),
    "option_widget": CheckboxInput(),
}


def _finding_id(typed: Any) -> int:
    """The id of a finding; what is no id becomes one that no finding has."""
    return read_id(str(typed)) or 0


class VisitForm(ProofFields):
    """How a visit went.

    A form that looks odd, or that closes the case, is shown once more with what to consider; sent again
    unchanged, it is accepted.
    """

    outcome = RadioField(
        choices=options({code: code for code in OUTCOMES}),
        validate_choice=False,
        validators=[Needed(say("Pilih hasil cek ulang."))],
    )
    visited_on = DayField(validators=[Needed(say("Isi tanggal kunjungan, misalnya 18-3-2027"))])
    workers_total = CountField()
    workers_registered = CountField()
    fixed = SelectMultipleField(coerce=_finding_id, validate_choice=False, **_TICKED)
    not_met_reason = RadioField(choices=[], validate_choice=False)
    new_findings = SelectMultipleField(choices=[], validate_choice=False, **_TICKED)
    other_findings = StringField(filters=[printable])
    next_visit_on = DayField()
    note = TextAreaField(filters=[printable], validators=[AtMost(LONGEST_TEXTS["note"])])
    sure = HiddenField()
    doubts: Sequence[Text] = ()

    def ask_about(self, case: Case, *, closing: Text) -> None:
        """Offer the findings that are still open, and know what was counted before.

        `closing` says what follows when the case is closed.
        """
        self.case, self.closing = case, closing
        self.registered_npp = case.company.npp
        self.still_open = case.open_findings
        open_codes = {finding.id: finding.violation.code for finding in self.still_open}
        self.fixed.choices = options(open_codes)
        self.not_met_reason.choices = options(NOT_MET_REASONS)
        self.new_findings.choices = options(
            {code: code for code in TYPICAL if code not in open_codes.values()}
        )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        doubts = self._doubts()
        fixed = sorted(self.fixed.data or ())
        sent = (
            f"{self.outcome.data} {self.workers_total.data} {self.workers_registered.data} {fixed}"
            f"{fingerprint(self.proof_facts())}"
        )
        if not doubts or self.sure.data == sent:
            return True
        self.doubts, self.sure.data = doubts, sent
        return False

    def _doubts(self) -> list[Text]:
        counted = self.workers_total.data
        doubts = visit_doubts(
            self.outcome.data,
            registered=self.workers_registered.data,
            before=self.case.workers_registered or 0,
            total=counted if counted is not None else self.case.workers_total or 0,
            fixed=len(self._fixed()),
            still_open=len(self.still_open),
        )
        if self.outcome.data != "complied":
            return doubts
        of_proof = self.doubts_about_proof(
            self.case,
            self.still_open,
            workers=self.workers_registered.data,
            today=today(),
        )
        return [*doubts, *of_proof, self.closing]

    def _fixed(self) -> list[int]:
        ticked = set(self.fixed.data or ())
        return [finding.id for finding in self.still_open if finding.id in ticked]

    def validate_workers_registered(self, field: Field) -> None:
        if self.outcome.data == "complied" and field.data is None and not field.errors:
            raise ValidationError(render_text(say("Isi jumlah pekerja yang kini terdaftar.")))

    def validate_fixed(self, field: Field) -> None:
        if self.outcome.data == "complied" and len(self._fixed()) < len(self.still_open):
            reason = say("Tandai satu per satu yang sudah diperbaiki; patuh berarti semuanya.")
            raise ValidationError(render_text(reason))

    def validate_not_met_reason(self, field: Field) -> None:
        if self.outcome.data == "not_met" and not field.data:
            raise ValidationError(render_text(say("Pilih sebabnya.")))

    def facts(self) -> VisitFacts:
        """What `record_visit` wants to know."""
        others = re.split(r"[,;\s]+", (self.other_findings.data or "").upper())
        return VisitFacts(
            visited_on=self.visited_on.data,
            outcome=self.outcome.data,
            workers_total=self.workers_total.data,
            workers_registered=self.workers_registered.data,
            fixed=self.fixed.data or [],
            new_findings=[*(self.new_findings.data or ()), *filter(None, others)],
            not_met_reason=self.not_met_reason.data if self.outcome.data == "not_met" else None,
            proof=self.proof_facts(),
            next_visit_on=self.next_visit_on.data,
            note=self.note.data or None,
        )
