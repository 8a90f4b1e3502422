"""The forms of evidence: one file with what its sender says about it; the reason of a withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField, StringField

from compliance.core.errors import Invalid
from compliance.core.text import Text, say
from compliance.evidence.models import EVIDENCE_CLASSES, NORMAL
from compliance.web.forms import Form, options


class EvidenceForm(Form):
    """One photo or PDF. `about` is chosen among the subjects that the page offers, as kind:id.

    `key` and `original` (no: a shrunk copy) are said by the script that sends photos one by one.
    """

    file = FileField()
    about = SelectField(validate_choice=False)
    note = StringField()
    class_ = RadioField(name="class", validate_choice=False, default=NORMAL)
    key = StringField()
    original = StringField()

    def __init__(self, subjects: Mapping[str, Text], **given: Any) -> None:
        super().__init__(**given)
        self.about.choices = options(subjects)
        self.class_.choices = options(EVIDENCE_CLASSES)

    def sent_file(self) -> tuple[str, bytes]:
        """What the device calls the file, and its bytes. Raises Invalid when none was chosen."""
        file = self.file.data
        if not isinstance(file, FileStorage) or not file.filename:
            raise Invalid({"file": say("Pilih foto atau PDF.")})
        return file.filename, file.read()


class WithdrawalForm(Form):
    reason = StringField()
