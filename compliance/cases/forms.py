"""What people fill in about a case: how a recheck went, who received the nota, a reason; and what
they filter a list by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.cases.listing import Filter
from compliance.cases.models import OUTCOMES, Case
from compliance.cases.rules import LONGEST_TEXTS, visit_doubts
from compliance.cases.workflow import DRAFT, STATUSES
from compliance.core.keyset import read_id
from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.people.models import User
from compliance.reference.kbli import SECTORS
from compliance.reference.regions import REGION_NAMES
from compliance.web.formatting import render_text
from compliance.web.forms import AtMost, CountField, DayField, Form, Needed, options

OUTCOME_NEEDED = say("Pilih hasil cek ulang.")
CHOSEN_FROM_LISTS = ("status", "region", "inspector", "sector")
"""The filters of the list of cases that offer a choice."""


def _finding_id(typed: Any) -> int:
    """The id of a finding; what is no id becomes one that no finding has."""
    return read_id(str(typed)) or 0


class VisitForm(Form):
    """How a recheck went. At a company that complied, no finding ticked means that all are fixed.

    A form that looks odd is shown once more with the doubts; sent again unchanged, it is accepted.
    """

    outcome = RadioField(
        choices=options({code: code for code in OUTCOMES}),
        validate_choice=False,
        validators=[Needed(OUTCOME_NEEDED)],
    )
    visited_on = DayField(validators=[Needed(say("Isi tanggal kunjungan, misalnya 18-3-2027"))])
    workers_registered = CountField()
    fixed = SelectMultipleField(
        coerce=_finding_id,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(filters=[printable], validators=[AtMost(LONGEST_TEXTS["note"])])
    sure = HiddenField()
    doubts: Sequence[Text] = ()

    def ask_about(self, case: Case) -> None:
        """Offer the findings that are still open, and know what was counted before."""
        self.case = case
        self.still_open = [finding for finding in case.findings if finding.fixed_on is None]
        self.fixed.choices = options(
            {finding.id: finding.violation.code for finding in self.still_open}
        )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        fixed = sum(finding.id in (self.fixed.data or ()) for finding in self.still_open)
        doubts = visit_doubts(
            self.outcome.data,
            registered=self.workers_registered.data,
            before=self.case.workers_registered or 0,
            total=self.case.workers_total or 0,
            fixed=fixed,
            still_open=len(self.still_open),
        )
        sent = f"{self.outcome.data} {self.workers_registered.data} {fixed}"
        if not doubts or self.sure.data == sent:
            return True
        self.doubts, self.sure.data = doubts, sent
        return False

    def validate_workers_registered(self, field: Field) -> None:
        if self.outcome.data == "complied" and field.data is None and not field.errors:
            raise ValidationError(render_text(say("Isi jumlah pekerja yang kini terdaftar.")))

    def facts(self) -> dict[str, Any]:
        """What `record_visit` wants to know."""
        fixed = None if self.outcome.data == "complied" and not self.fixed.data else self.fixed.data
        return {
            "visited_on": self.visited_on.data,
            "outcome": self.outcome.data,
            "workers_registered": self.workers_registered.data,
            "fixed": fixed,
            "note": self.note.data or None,
        }


class ReceiptForm(Form):
    received_on = DayField(validators=[Needed(say("Isi tanggal terima, misalnya 18-3-2027"))])
    received_by = StringField(filters=[printable])


class ReasonForm(Form):
    """A step that wants a reason; the reason stays in the history."""

    reason = TextAreaField(
        filters=[printable],
        validators=[Needed(say("Tuliskan alasannya.")), AtMost(LONGEST_TEXTS["note"])],
    )


class FilterForm(Form):
    """What a reader narrows the list of cases to.

    What makes no sense filters nothing, and says so at its field.
    """

    class Meta(FlaskForm.Meta):
        csrf = False  # a GET: it changes nothing

    q = StringField(filters=[printable])
    status = StringField()
    region = StringField()
    inspector = StringField()
    sector = StringField()
    due_from = DayField()
    due_to = DayField()
    offered: Mapping[str, Mapping[str, Text | str]]
    """What can be chosen, by the field's name: the value and its name."""

    def offer(self, inspectors: list[User]) -> None:
        """Fill the lists to choose from; nothing chosen means all."""
        statuses = {code: name for code, name in STATUSES.items() if code != DRAFT}
        people = {str(inspector.id): inspector.name for inspector in inspectors}
        self.offered = dict(
            zip(CHOSEN_FROM_LISTS, (statuses, REGION_NAMES, people, SECTORS), strict=True)
        )

    def choose_as(self, other: FilterForm) -> None:
        """Offer what another form offers."""
        self.offered = other.offered

    def filter(self) -> Filter:
        self.validate()
        chosen = {
            name: self[name].data
            for name, names in self.offered.items()
            if self[name].data in names
        }
        return Filter(
            status=chosen.get("status"),
            region=chosen.get("region"),
            inspector_id=int(chosen["inspector"]) if "inspector" in chosen else None,
            sector=chosen.get("sector"),
            due_from=self.due_from.data,
            due_to=self.due_to.data,
            q=(self.q.data or "")[:200] or None,
        )
