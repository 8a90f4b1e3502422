"""A file that a page sends becomes evidence: it is examined and kept first, then written about."""

from __future__ import annotations

import uuid

from compliance.core.errors import Invalid, NotAllowed
from compliance.core.keyset import read_id
from compliance.core.text import say
from compliance.evidence.commands import add_evidence
from compliance.evidence.forms import EvidenceForm
from compliance.evidence.models import EVIDENCE_CLASSES, Evidence
from compliance.evidence.subjects import load_subject
from compliance.files.commands import receive_file
from compliance.people.models import User


def receive(form: EvidenceForm, *, by: User) -> Evidence:
    """What the form brings becomes evidence about the thing that it names.

    Raises Invalid, BadFile, AlreadyKept; NotFound for a thing that `by` may not write about.
    """
    kind, id = _about(form)
    load_subject(by, kind, id, action="evidence.add")
    name, content = form.sent_file()
    if form.class_.data not in EVIDENCE_CLASSES:
        raise Invalid({"class": say("Pilih biasa atau terbatas.")})
    received = receive_file(name, content)
    if not by.active:
        raise NotAllowed()  # the person's access was taken away meanwhile
    return add_evidence(
        load_subject(by, kind, id, action="evidence.add", for_update=True),
        by=by,
        **vars(received),
        note=form.note.data,
        class_=form.class_.data,
        original=form.original.data != "no",
        key=_key(form),
    )


def _about(form: EvidenceForm) -> tuple[str, int]:
    kind, _, written = (form.about.data or "").partition(":")
    id = read_id(written)
    if id is None:
        raise Invalid({"about": say("Pilih bukti ini tentang apa.")})
    return kind, id


def _key(form: EvidenceForm) -> uuid.UUID | None:
    try:
        return uuid.UUID(form.key.data) if form.key.data else None
    except ValueError:
        raise Invalid({"key": say("Kunci unggahan bukan UUID.")}) from None
