"""The pages of the nota form and what they ask.

A page shows what was typed even where that cannot be read, and hands it on as typed. It refuses nothing by
itself: what is wrong with a nota is said by the rules (`cases/rules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import wtforms
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from compliance.cases.models import Finding
from compliance.cases.rules import FindingFacts
from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.web.formatting import written
from compliance.web.forms import CountField, DayField, Form

NOTA_STEPS = {
    "company": say("Perusahaan"),
    "place": say("Tempat"),
    "workers": say("Pekerja"),
    "findings": say("Temuan"),
    "notes": say("Tanggal dan catatan"),
    "review": say("Periksa"),
}
"""The pages in their order, and what they are called."""

LABELS = {
    "place": say("Alamat tempat kerja dan kecamatan"),
    "workers_total": say("Jumlah seluruh pekerja"),
    "workers_registered": say("Yang terdaftar di BPJS Ketenagakerjaan"),
    "scale": say("Skala usaha"),
    "findings": say("Temuan"),
    "inspected_on": say("Tanggal pemeriksaan"),
    "issued_on": say("Tanggal terbit nota"),
    "met": say("Yang ditemui"),
    "nota_number": say("Nomor nota"),
    "note": say("Catatan internal"),
}
"""What the fields of a page are called."""


@dataclass(frozen=True)
class FindingField:
    """A field about one finding: what it is called, a hint for the form, how a page shows its value."""

    label: Text
    hint: Text | None = None
    shown: Callable[[Any], str] = written


FINDING_FIELDS = {
    "workers_affected": FindingField(say("Pekerja terdampak")),
    "programmes": FindingField(say("Program yang kurang")),
    "deadline_days": FindingField(say("Batas waktu untuk temuan ini (hari)")),
    "note": FindingField(
        say("Uraian"), hint=say("Faktanya, singkat. Jangan menulis nama pekerja.")
    ),
}
"""TABLE: every field of `FindingFacts` but the violation itself, in the order of the form."""

WITH_OWN_SENTENCES = ("workers_affected", "programmes", "deadline_days", "note")
"""Fields for which the pages have sentences of their own."""

_EMPTY: tuple[Any, ...] = (None, "", (), [])
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}

Typed = dict[str, Any]
"""What was typed on one page: a string by field, a list of strings where several may be chosen."""


class NotaPage(Form):
    """A page of the nota."""

    class Meta(FlaskForm.Meta):
        csrf = False  # read from a draft as often as from a request; every POST is checked by web/security

    shown_problems: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> list[tuple[str, str]]:
        return list(self.shown_problems)

    def leaves(self) -> Iterator[Field]:
        """The fields to fill in, without hidden ones."""
        for field in self:
            if isinstance(field, FormField):
                yield from field.form
            elif not isinstance(field, HiddenField):
                yield field

    def typed(self) -> Typed:
        """What was typed, without what was left empty."""
        typed: Typed = {}
        for field in self.leaves():
            values = [text for raw in field.raw_data or () if (text := printable(raw))]
            if values:
                typed[field.name] = values if isinstance(field, SelectMultipleField) else values[0]
        return typed


class PlacePage(NotaPage):
    place = TextAreaField()


class WorkersPage(NotaPage):
    workers_total = CountField()
    workers_registered = CountField()
    scale = RadioField(choices=[], validate_choice=False)


class About(wtforms.Form):
    """What is asked about one finding: every field of FINDING_FIELDS."""

    workers_affected = CountField(render_kw=NUMBER)
    programmes = SelectMultipleField(choices=[], validate_choice=False)
    deadline_days = CountField(render_kw=NUMBER)
    note = TextAreaField(render_kw={"rows": 2})

    def facts(self) -> dict[str, Any]:
        """What was filled in, by the field's name."""
        return {name: value for name, value in self.data.items() if value not in _EMPTY}


class FindingsPage(NotaPage):
    findings = SelectMultipleField(choices=[], validate_choice=False)

    def about(self, code: str) -> Any:
        """The fields about the violation `code`; None when it is not in the catalogue of the day."""
        part = self._fields.get(f"about-{code}")
        return part.form if part is not None else None


class NotesPage(NotaPage):
    inspected_on = DayField()
    issued_on = DayField()
    met = StringField()
    nota_number = StringField()
    note = TextAreaField()


def findings_page(codes: Iterable[str], typed: MultiDict[str, str]) -> FindingsPage:
    """The page of findings for a catalogue with these codes."""
    parts = {f"about-{code}": FormField(About) for code in codes}
    page: FindingsPage = type("FindingsPage", (FindingsPage,), parts)(formdata=typed)
    return page


def further_facts(finding: Finding | FindingFacts) -> list[tuple[Text, str]]:
    """The facts of a finding for which the pages have no sentence of their own: name and value."""
    return [
        (field.label, field.shown(value))
        for name, field in FINDING_FIELDS.items()
        if name not in WITH_OWN_SENTENCES and (value := getattr(finding, name)) not in _EMPTY
    ]


def differences(now: NotaPage, typed: Typed) -> list[tuple[Text, str]]:
    """Where a page as it is saved differs from what was typed: what the field is called, and what
    is saved.
    """
    saved = now.typed()
    return [
        (
            label(field.name),
            ", ".join(value) if isinstance(value := saved.get(field.name, ""), list) else value,
        )
        for field in now.leaves()
        if saved.get(field.name) != typed.get(field.name)
    ]


def label(name: str) -> Text:
    """What a field is called: of a page, or of the page about one finding."""
    if not name.startswith("about-"):
        return LABELS[name]
    code, _dash, part = name.removeprefix("about-").rpartition("-")
    return Text("{code}: {label}", {"code": code, "label": FINDING_FIELDS[part].label})
