"""The forms of letters: one for what a kind asks, and one for each step of its life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.evidence.uploads import ScanForm
from compliance.letters.kinds import COVERS, LETTER_KINDS, MADE_BY_ACTS
from compliance.letters.models import WAYS, Letter
from compliance.letters.options import CORRECTIONS, OPTIONS
from compliance.letters.workflow import never
from compliance.web.forms import DayField, Form, options

RESTARTS = {
    "yes": say("Ya, batas waktu dihitung ulang setelah tanggal penyampaian ini"),
    "no": say("Tidak, batas waktu yang sudah berjalan tetap"),
}
_DELIVERED = {"yes": say("Tersampaikan"), "no": say("Tidak sampai")}


class OptionsForm(Form):
    """What the maker of a letter chooses. The fields of its kind are added by `letter_form`."""

    issued_on = DayField()
    asked: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """What was typed, by the name of the option."""
        return {name: self[name].data for name in self.asked}


def letter_form(
    kind: str,
    offered: Mapping[str, Mapping[str, Text | str]],
    *,
    data: Mapping[str, Any] | None = None,
) -> OptionsForm:
    """The form of one kind of letter. `offered` are the choices of its options, by name."""
    asked = LETTER_KINDS[kind].asks
    fields: dict[str, Any] = {name: _field(name, offered.get(name, {})) for name in asked}
    made: OptionsForm = type("LetterFormOfKind", (OptionsForm,), {**fields, "asked": asked})(
        data=dict(data or {})
    )
    return made


def _field(name: str, choices: Mapping[str, Text | str]) -> Any:
    match OPTIONS[name].control:
        case "day":
            return DayField()
        case "text" | "lines":
            return TextAreaField(filters=[_as_lines, printable])
        case "cover":
            return RadioField(choices=options(COVERS), validate_choice=False)
        case "office" | "letter":
            return SelectField(
                choices=options(choices, nothing=say("Pilih…")), validate_choice=False
            )
        case "people":
            return SelectMultipleField(
                choices=options(choices),
                validate_choice=False,
                widget=ListWidget(prefix_label=False),
                option_widget=CheckboxInput(),
            )
    return StringField(filters=[_as_line, printable])


def _as_lines(value: Any) -> str | None:
    return "\n".join(value) if isinstance(value, list) else value


def _as_line(value: Any) -> str | None:
    return None if value is None else str(value)


class LetterReasonForm(Form):
    reason = TextAreaField(filters=[printable])


class ReplaceForm(LetterReasonForm):
    """Why a new version is made and, for a nota, what it says otherwise."""

    company_name = StringField(filters=[printable])
    address = TextAreaField(filters=[printable])
    place = StringField(filters=[printable])
    met = StringField(filters=[printable])

    def corrections(self, letter: Letter, facts: Mapping[str, str]) -> dict[str, Any]:
        """What was corrected; nothing for a letter whose options are asked again on its own form."""
        if letter.kind not in MADE_BY_ACTS:
            return {}
        said = {name: self[name].data for name in CORRECTIONS if self[name].data}
        return {**said, **({"facts": dict(facts)} if facts else {})}


class LetterNumberForm(Form):
    number = StringField(filters=[printable])


class DeliveryForm(ScanForm):
    how = RadioField(validate_choice=False)
    delivered = RadioField(validate_choice=False, default="yes")
    served_on = DayField()
    receiver = StringField(filters=[printable])
    receiver_position = StringField(filters=[printable])
    witness = StringField(filters=[printable])
    why_not = StringField(filters=[printable])
    restart_deadlines = RadioField(validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        self.how.choices = options(WAYS)
        self.delivered.choices = options(_DELIVERED)
        self.restart_deadlines.choices = options(RESTARTS)


def offered_choices(
    *, people: Sequence[Any], offices: Sequence[Any], letters: Sequence[Letter]
) -> dict[str, dict[str, Text | str]]:
    """What can be chosen in the options that offer a choice."""
    return {
        "inspectors": {str(person.id): person.name for person in people},
        "office": {office.code: office.name for office in offices},
        "about_letter": {
            str(letter.id): f"{letter.facts['subject']} {letter.number or ''}".strip()
            for letter in letters
            if never(letter.kind, "serve") is None
        },
    }
