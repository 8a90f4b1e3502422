"""The forms about letters: a person who signs, from one day to another; a letterhead."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from compliance.core.text import Text, say
from compliance.core.typesetting import installed_fonts
from compliance.office.letterheads.rules import USUAL_FONT, LetterheadFacts
from compliance.office.models import Office
from compliance.office.queries import find_office, inspectorates
from compliance.office.setting_names import PAPERS
from compliance.office.signatories.models import Signatory
from compliance.office.signatories.rules import CAPACITIES, DEFINITIVE
from compliance.web.forms import CountField, DayField, Form, options


class SignatoryForm(Form):
    """A person who signs. `office` is asked where there are several inspectorates."""

    office = SelectField(validate_choice=False)
    name = StringField()
    capacity = RadioField(default=DEFINITIVE, validate_choice=False)
    on_behalf_of = StringField()
    title = StringField()
    rank = StringField()
    nip = StringField()
    from_on = DayField()
    until_on = DayField()
    confirmed = HiddenField()
    """"yes" and "no" answer the question whether somebody may sign for the head without an end."""

    def __init__(self, signatory: Signatory | None = None, **kwargs: Any) -> None:
        offices = {office.id: office for office in inspectorates()}
        if signatory is not None:
            office = offices.get(signatory.office_id) if signatory.office_id else None
            kwargs["data"] = {"office": office.code if office else ""}
        super().__init__(obj=signatory, **kwargs)
        self.capacity.choices = options(CAPACITIES)
        self.office.choices = options(
            {office.code: office.name for office in offices.values()},
            nothing=say("Semua kantor pengawasan") if len(offices) != 1 else None,
        )

    @property
    def chosen_office(self) -> Office | None:
        return find_office(self.office.data) if self.office.data else None

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as the commands take it."""
        names = ("name", "title", "rank", "nip", "from_on", "until_on", "on_behalf_of")
        return {
            **{name: self[name].data for name in names},
            "capacity": self.capacity.data or "",
            "office": self.chosen_office,
        }


class SignatoryEndForm(Form):
    until_on = DayField()


class LetterheadForm(Form):
    """Every field of LetterheadFacts, the day from which it holds, and the crest."""

    government = StringField()
    office = TextAreaField()
    details = TextAreaField()
    crest = FileField()
    no_crest = BooleanField()
    paper = RadioField(validate_choice=False)
    font = SelectField(validate_choice=False)
    font_size = CountField()
    margin_top = CountField()
    margin_right = CountField()
    margin_bottom = CountField()
    margin_left = CountField()
    from_on = DayField()

    def __init__(self, facts: LetterheadFacts, **data: Any) -> None:
        super().__init__(data={**vars(facts), "font": facts.font or "", **data})
        self.paper.choices = options(PAPERS)
        fonts: dict[str, Text | str] = {name: name for name in installed_fonts()}
        if facts.font and facts.font not in fonts:
            fonts[facts.font] = say("{name} (tidak terpasang lagi)", name=facts.font)
        self.font.choices = options(fonts, nothing=say("Bawaan Patuh ({font})", font=USUAL_FONT))

    @property
    def facts(self) -> LetterheadFacts:
        return LetterheadFacts(
            government=self.government.data,
            office=self.office.data,
            details=self.details.data,
            paper=self.paper.data or "",
            font=self.font.data or None,
            font_size=self.font_size.data,
            margin_top=self.margin_top.data,
            margin_right=self.margin_right.data,
            margin_bottom=self.margin_bottom.data,
            margin_left=self.margin_left.data,
        )
