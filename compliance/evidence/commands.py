"""The verbs of evidence: add, withdraw; and what the job does that makes clean copies.

The bytes are durable before `add_evidence` is called, so that the transaction only writes rows.
"""

from __future__ import annotations

import uuid
from typing import Any

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, needed_reason, too_long
from compliance.core.text import Text, say
from compliance.evidence.models import EVIDENCE_CLASSES, NORMAL, Evidence
from compliance.evidence.queries import evidence_with_subject, same_file_about, sent_under
from compliance.evidence.subjects import EvidenceSubject
from compliance.files.commands import KeptBytes, add_file
from compliance.files.examining import Examined
from compliance.files.models import StoredFile
from compliance.files.rules import ENDINGS, PDF
from compliance.policy import SYSTEM, Actor, command, system_only

_LONGEST_NAME, _LONGEST_NOTE = 120, 500


class AlreadyKept(Refusal):
    """These bytes are evidence about this subject already: nothing is lost when they are not sent again."""

    def __init__(self, known: Evidence) -> None:
        super().__init__(
            say("Berkas ini sudah ada: {name}, sejak {at}.", name=known.name, at=known.added_at)
        )


@command("evidence.add")
def add_evidence(
    subject: EvidenceSubject,
    *,
    by: Actor,
    examined: Examined,
    kept: KeptBytes,
    name: str,
    note: str | None = None,
    class_: str = NORMAL,
    original: bool = True,
    key: uuid.UUID | None = None,
) -> Evidence:
    """A file that was looked at and kept becomes evidence about a subject. Raises Invalid, AlreadyKept.

    `name` is what the device calls the file; a copy that the device shrank is not `original`. Sent once more
    under the same `key`, it is the evidence that is there.
    """
    return keep_evidence(
        subject,
        sender=by,
        examined=examined,
        kept=kept,
        name=name,
        note=note,
        class_=class_,
        original=original,
        key=key,
    )


@system_only
def keep_evidence(
    subject: EvidenceSubject,
    *,
    sender: Actor,
    examined: Examined,
    kept: KeptBytes,
    name: str,
    note: str | None = None,
    class_: str = NORMAL,
    original: bool = True,
    key: uuid.UUID | None = None,
) -> Evidence:
    """The same as a part of a verb that asked for a right of its own. Raises Invalid, AlreadyKept."""
    note = _checked(note, class_)
    file = add_file(kept)
    sent = sent_under(sender, key) if key is not None else None
    if sent is not None:
        _expect_same(sent, subject, file, original=original)
        return sent
    if (known := same_file_about(subject, file.id)) is not None:
        raise AlreadyKept(known)
    assert sender.actor_id is not None
    north, east = examined.position or (None, None)
    evidence = Evidence(
        about_kind=subject.kind,
        about_id=subject.id,
        file=file,
        clean_id=file.id if examined.kind == PDF else None,
        name=_safe_name(name, examined.kind),
        class_=class_,
        original=original,
        key=str(key) if key is not None else None,
        note=note,
        taken_at=examined.taken_at,
        north=north,
        east=east,
        added_at=clock.now(),
        by_id=sender.actor_id,
    )
    db.session.add(evidence)
    db.session.flush()
    _record_added(evidence, subject, by=sender)
    return evidence


def _checked(note: str | None, class_: str) -> str | None:
    """The note as it is kept. Raises Invalid for one that is too long, and for an unknown class."""
    note, problems = clean_line(note), {}
    if class_ not in EVIDENCE_CLASSES:
        problems["class"] = say("Pilih biasa atau terbatas.")
    if reason := too_long(note, _LONGEST_NOTE):
        problems["note"] = reason
    if problems:
        raise Invalid(problems)
    return note


def _expect_same(
    sent: Evidence, subject: EvidenceSubject, file: StoredFile, *, original: bool
) -> None:
    """Refuse a key that stands for another photo. A shrunk copy is the same photo: its phone did not hear
    that the original had arrived.
    """
    shrunk = sent.original and not original
    if (sent.about_kind, sent.about_id) != (subject.kind, subject.id) or (
        sent.file_id != file.id and not shrunk
    ):
        raise Invalid({"key": say("Kunci ini sudah dipakai untuk berkas lain.")})


def _record_added(evidence: Evidence, subject: EvidenceSubject, *, by: Actor) -> None:
    record(
        "evidence.added",
        by=by,
        case=subject.case,
        company_id=subject.company_id,
        subject=Subject("evidence", evidence.id),
        about=f"{subject.kind}:{subject.id}",
        file_name=name_for_log(evidence),
        sha256=evidence.file.sha256,
        size=evidence.file.size,
        file_kind=evidence.file.kind,
        evidence_class=evidence.class_,
        original=evidence.original,
    )


def _safe_name(name: str, kind: str) -> str:
    """The last part of a name without what cannot be printed, and with the ending of its kind."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = "".join(filter(str.isprintable, last)).strip(". ").rpartition(".")
    plain = (stem[0] or stem[2] or "berkas")[: _LONGEST_NAME - 8].strip()
    return plain + ENDINGS[kind]


def name_for_log(evidence: Evidence) -> Text | str:
    """The name for the log, which more people read than a restricted file."""
    return say("berkas terbatas") if evidence.is_restricted else evidence.name


@command("evidence.add", about="subject")
def withdraw_evidence(
    evidence: Evidence, *, subject: EvidenceSubject, by: Actor, reason: str
) -> None:
    """It no longer counts; its bytes and its history stay. Raises Invalid, Refusal."""
    why = needed_reason(reason, most=_LONGEST_NOTE)
    if evidence.withdrawn_at is not None:
        raise Refusal(say("Bukti ini sudah ditarik."))
    _withdraw(evidence, case=subject.case, company_id=subject.company_id, by=by, why=why)


@system_only
def withdraw_with_subject(kind: str, id: int, *, case: Any, reason: str) -> None:
    """The subject itself goes: its evidence stays as it is and is withdrawn."""
    for evidence in evidence_with_subject(kind, id):
        _withdraw(evidence, case=case, company_id=None, by=SYSTEM, why=reason)


def _withdraw(
    evidence: Evidence, *, case: Any, company_id: int | None, by: Actor, why: str
) -> None:
    evidence.withdrawn_at, evidence.withdrawn_because = clock.now(), why
    record(
        "evidence.withdrawn",
        by=by,
        case=case,
        company_id=company_id,
        subject=Subject("evidence", evidence.id),
        reason=why,
        file_name=name_for_log(evidence),
        about=f"{evidence.about_kind}:{evidence.about_id}",
    )


@system_only
def keep_clean_copy(evidence: Evidence, *, clean: KeptBytes, small: KeptBytes) -> None:
    """The copies that people see, which the job has made."""
    evidence.clean_id, evidence.small_id = add_file(clean).id, add_file(small).id


@system_only
def say_unreadable(evidence: Evidence) -> None:
    """The picture cannot be decoded. The original stays; its sender is told."""
    evidence.unreadable_at = clock.now()
