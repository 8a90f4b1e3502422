"""What is filled in for Nota II."""

from __future__ import annotations

from wtforms import StringField

from compliance.core.parsing import printable
from compliance.core.text import say
from compliance.web.forms import CountField, DayField, Form, Needed


class SecondNotaForm(Form):
    """The day of Nota II; its time and its number where the office's own are not meant."""

    issued_on = DayField(validators=[Needed(say("Isi tanggal terbit nota, misalnya 18-3-2027"))])
    days = CountField()
    number = StringField(filters=[printable])


class NumberForm(Form):
    """The number that tata usaha gave."""

    number = StringField(filters=[printable])
