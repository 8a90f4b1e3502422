"""Files that come with a form about something else, such as the certificate with a lift.

A form may be refused, or ask once more: then the file is not sent twice. Its bytes are kept already, and the
form carries a signed note of them, which only its sender can use.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField

from compliance.core.errors import Invalid, NotAllowed, Refusal
from compliance.evidence.commands import AlreadyKept
from compliance.files.commands import KeptBytes, ReceivedFile, receive_file
from compliance.files.examining import Examined
from compliance.files.rules import BadFile
from compliance.people.models import User
from compliance.web.formatting import render_text
from compliance.web.forms import Form


def no_files() -> Mapping[str, ReceivedFile]:
    """What a page has received before anything was sent."""
    return {}


class KeptFile(HiddenField):
    """The signed note of a file that came with the form before; beside the field it belongs to."""

    name_of_file: str | None = None


class ScanForm(Form):
    """A form with which one scan or photo may come, such as that of a receipt."""

    scan = FileField()
    scan_kept = KeptFile()

    def refuse(self, refusal: Refusal) -> None:
        """A file that is there already is said beside its field, and is not sent once more."""
        if isinstance(refusal, AlreadyKept):
            self.scan_kept.data, self.scan_kept.name_of_file = "", None
            refusal = Invalid({"scan": refusal.reason})
        super().refuse(refusal)


def receive_files(form: Form, by: User) -> Mapping[str, ReceivedFile]:
    """The files of a form's file fields, by the field's name; a bad one is refused at its field, and the same
    bytes in two fields are one file.

    Ends the transaction: nobody waits for what is slow. So it comes before anything is loaded to be changed.
    """
    received = dict[str, ReceivedFile]()
    for field in form:
        if isinstance(field, FileField):
            note = form[f"{field.name}_kept"]
            assert isinstance(note, KeptFile)
            if (file := _received(field, note, by)) is not None:
                note.name_of_file = file.name
                if file.kept not in [other.kept for other in received.values()]:
                    received[field.name] = file
    if not by.active:
        raise NotAllowed()  # the person's access was taken away meanwhile
    return received


def _received(field: FileField, note: KeptFile, by: User) -> ReceivedFile | None:
    sent = field.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        return _from_note(note, by)
    note.data = ""
    try:
        file = receive_file(sent.filename, sent.read())
    except BadFile as refusal:
        field.process_errors = [*field.process_errors, render_text(refusal.reason)]
        return None
    note.data = _notes().dumps(
        [
            by.id,
            file.name,
            [file.kept.sha256, file.kept.size, file.kept.kind],
            [file.examined.taken_at, file.examined.position],
        ]
    )
    return file


def _from_note(note: KeptFile, by: User) -> ReceivedFile | None:
    """The file that came with the form before; None when there was none, or it was another person's."""
    try:
        sender, name, kept, (taken_at, position) = _notes().loads(note.data or "")
    except (BadData, ValueError):
        note.data = ""
        return None
    if sender != by.id:
        return None
    place = tuple(position) if position else None
    return ReceivedFile(name, Examined(b"", kept[2], taken_at, place), KeptBytes(*kept))


def _notes() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="file kept for a form")
