"""What people fill in about a case: who received the nota, a reason; and what they filter a list by."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import (
    StringField,
    TextAreaField,
)

from compliance.cases.listing import Filter
from compliance.cases.rules import LONGEST_TEXTS
from compliance.cases.workflow import DRAFT, STATUSES
from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.evidence.uploads import ScanForm
from compliance.office.settings import served_province
from compliance.people.models import User
from compliance.reference.kbli import SECTORS
from compliance.web.forms import AtMost, DayField, Form, Needed

CHOSEN_FROM_LISTS = ("status", "region", "inspector", "sector")
"""The filters of the list of cases that offer a choice."""


class ReceiptForm(ScanForm):
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
        regions = served_province().region_names
        self.offered = dict(
            zip(CHOSEN_FROM_LISTS, (statuses, regions, people, SECTORS), strict=True)
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
