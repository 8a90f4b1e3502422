"""What is typed about an import: the file, what its columns hold, what rows mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from compliance.companies.forms import regencies_to_choose
from compliance.core.keyset import read_id
from compliance.core.text import say
from compliance.imports.commands.requests import usual_start
from compliance.imports.kinds import ListAsked, kinds
from compliance.imports.models import Import
from compliance.people.queries import inspectors
from compliance.web.forms import DayField, Form, options


class UploadForm(Form):
    """A file to import. The regency is for rows that name none."""

    kind = SelectField(choices=[], validate_choice=False)
    file = FileField()
    region_code = SelectField(choices=[], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options({kind.name: kind.title for kind in kinds().values()})
        self.region_code.choices = regencies_to_choose(say("Tertulis di berkas"))


class SheetForm(Form):
    """Which sheet of a workbook to read instead."""

    sheet = SelectField(choices=[], validate_choice=False)


def sheet_form(batch: Import) -> SheetForm:
    """The form for the other sheets of this batch."""
    form = SheetForm()
    form.sheet.choices = [(name, name) for name in batch.other_sheets or ()]
    return form


class MappingForm(Form):
    """What each column holds. The fields of the columns are made for the file: column_0, column_1, …"""

    region_code = SelectField(choices=[], validate_choice=False)
    name = StringField()
    source = StringField()
    listed_on = DayField()
    holder = SelectField(choices=[], validate_choice=False)
    counts_from = DayField()

    @property
    def asked(self) -> ListAsked:
        """What is said of a historic list as a whole."""
        return ListAsked(read_id(self.holder.data), self.counts_from.data)

    @property
    def columns(self) -> list[SelectField]:
        """The fields of the columns, in the order of the file."""
        columns = (field for field in self if field.short_name.startswith("column_"))
        return sorted(columns, key=lambda field: int(field.short_name.partition("_")[2]))


def mapping_form(batch: Import, mapping: Mapping[str, str]) -> MappingForm:
    """The form for the columns of this batch, filled as `mapping` says."""
    choices = options(
        {column.name: column.title for column in batch.what.fields}, nothing=say("Tidak dipakai")
    )
    places = [f"column_{at}" for at, _header in enumerate(batch.headers)]
    fields = {name: SelectField(choices=[], validate_choice=False) for name in places}
    made: type[MappingForm] = type("MappingForm", (MappingForm,), fields)
    data = {
        name: mapping.get(header, "") for name, header in zip(places, batch.headers, strict=True)
    }
    form = made(
        data={
            "region_code": batch.region_code or "",
            "source": batch.source,
            "listed_on": batch.listed_on,
            "holder": str(batch.holder_id or ""),
            "counts_from": batch.counts_from or usual_start(),
            **data,
        }
    )
    for field in form.columns:
        field.choices = choices
    form.region_code.choices = regencies_to_choose(say("Tertulis di kolom kabupaten/kota"))
    if batch.what.historic:
        people = {str(person.id): person.name for person in inspectors()}
        form.holder.choices = options(people, nothing=say("Pilih pengawas"))
    return form
