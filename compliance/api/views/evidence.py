"""Evidence for programs: send a photo or PDF about a case, and read its clean copy or its original bytes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, url_for

from compliance.api.auth import caller
from compliance.api.file_operations import get_file, post_file
from compliance.api.operations import Reply
from compliance.api.schemas.files import EvidenceAsKept, NewEvidence, Position
from compliance.cases.evidence.queries import subject_named
from compliance.cases.models import Case
from compliance.cases.queries import load_case
from compliance.core.errors import Invalid, NotFound
from compliance.core.keyset import is_id
from compliance.core.text import say
from compliance.evidence.commands import add_evidence
from compliance.evidence.models import Evidence
from compliance.evidence.queries import also_about, load_evidence
from compliance.evidence.subjects import EvidenceSubject
from compliance.evidence.views import COPY_COMES_AFTER, expect_readable
from compliance.files.commands import ReceivedFile
from compliance.files.rules import UPLOADED_TYPES
from compliance.files.views import send_stored
from compliance.people.readings.commands import note_reading


def _case(id: int, *, for_change: bool = False) -> Case:
    if not is_id(id):
        raise NotFound()
    return load_case(caller(), id=id, action="evidence.add", for_update=for_change)


def _may_be_added(body: NewEvidence, id: int) -> None:
    _about(_case(id), body)


def _about(case: Case, body: NewEvidence) -> EvidenceSubject:
    """What the file is about. Raises Invalid when it is nothing of this case."""
    subject = subject_named(case, body.about or f"case:{case.id}")
    if subject is None:
        raise Invalid(
            {"about": say("Kasus ini tidak punya temuan, kunjungan, surat, atau catatan itu.")}
        )
    return subject


@post_file(
    "/cases/<int:id>/evidence", form=NewEvidence, answer=EvidenceAsKept, allowed=_may_be_added
)
def post_evidence(body: NewEvidence, sent: ReceivedFile, id: int) -> Reply:
    """Add a photo or PDF about a case, or about one of its findings, visits, letters or flags."""
    case = _case(id, for_change=True)
    evidence = add_evidence(
        _about(case, body),
        by=caller(),
        **vars(sent),
        note=body.note,
        class_=body.evidence_class,
        original=body.original,
    )
    return Reply(
        evidence_as_kept(evidence, also_about(caller(), evidence, case)),
        status=201,
        location=url_for("api.get_evidence", id=evidence.id),
    )


@get_file(
    "/evidence/<int:id>", media_types=("image/jpeg", "application/pdf"), later=True, may_fail=True
)
def get_evidence(id: int) -> Response:
    """The clean copy of a photo, or the PDF; 202 while the copy is made, 409 when it cannot be read."""
    evidence, subject = load_evidence(caller(), id)
    expect_readable(evidence)
    if evidence.clean is None:
        return Response(status=202, headers={"Retry-After": str(COPY_COMES_AFTER)})
    note_reading("evidence", f"evidence:{id}", page=subject.page, by=caller())
    return send_stored(evidence.clean, name=evidence.clean_name, keep=not evidence.is_restricted)


@get_file("/evidence/<int:id>/original", media_types=tuple(UPLOADED_TYPES.values()))
def get_original(id: int) -> Response:
    """The bytes as they were sent, with the header of the device."""
    evidence, subject = load_evidence(caller(), id, action="evidence.original")
    note_reading("original", f"evidence:{id}", page=subject.page, by=caller())
    return send_stored(evidence.file, name=evidence.name, inline=False, keep=False)


def evidence_as_kept(evidence: Evidence, also: Sequence[str] = ()) -> EvidenceAsKept:
    """A piece of evidence as the API gives it. `also` is what else its bytes are evidence about."""
    return EvidenceAsKept(
        id=evidence.id,
        about=f"{evidence.about_kind}:{evidence.about_id}",
        name=evidence.name,
        sha256=evidence.file.sha256,
        kind=evidence.file.kind,
        size=evidence.file.size,
        also_about=list(also),
        original=evidence.original,
        taken_at=evidence.taken_at,
        position=Position(**evidence.position) if evidence.position else None,
    )
