"""What time does to evidence: clean copies are made of photos soon after they arrive, one at a time."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog

from compliance.core import clock
from compliance.core.child import TookTooMuch
from compliance.core.db import db, reading, transaction
from compliance.core.errors import NotFound
from compliance.core.events import Subject, record
from compliance.evidence.commands import keep_clean_copy, name_for_log, say_unreadable
from compliance.evidence.models import Evidence
from compliance.evidence.pictures import UnreadablePicture, clean_copies
from compliance.evidence.queries import waiting_for_a_copy
from compliance.evidence.subjects import load_subject
from compliance.files.commands import KeptBytes, keep_bytes
from compliance.files.rules import JPEG
from compliance.files.storage import MissingBytes, whole_bytes
from compliance.policy import SYSTEM, system_only

_MOST_SECONDS = 20
_AT_ONCE = 20
GIVEN_UP_AFTER = timedelta(hours=1)
log = structlog.get_logger()


class _PictureTrouble(Exception):
    """A photo took too much memory or time; later, or on a quieter machine, it may not."""


@system_only
def make_clean_copies() -> dict[str, int]:
    """Make the clean copy of every photo that waits for it; say which photos cannot be read.

    No photo is called unreadable because the storage is full or away: it waits. Raises OSError then, when all
    others are made.
    """
    trouble: OSError | None = None
    did, until = {"cleaned": 0, "unreadable": 0}, time.monotonic() + _MOST_SECONDS
    for id, sha256, kind in _waiting():
        try:
            copies = _copies_of(sha256, kind)  # slow, so before the transaction
        except OSError as failure:
            log.warning("copy of a photo not kept", evidence=id, error=repr(failure))
            trouble = failure
            continue
        except _PictureTrouble as failure:
            log.warning("copy of a photo failed", evidence=id, error=repr(failure.__cause__))
            if not _waits_too_long(id):
                continue
            copies = None
        with transaction():
            evidence = db.session.get_one(Evidence, id, with_for_update=True)
            if not evidence.is_waiting:
                continue  # another run was quicker
            if copies is None:
                _give_up(evidence)
            else:
                keep_clean_copy(evidence, clean=copies[0], small=copies[1])
        did["unreadable" if copies is None else "cleaned"] += 1
        if time.monotonic() > until:
            break
    if trouble is not None:
        raise trouble
    return did


def _waits_too_long(id: int) -> bool:
    """Whether the copy was tried in vain for an hour: what fails for so long is not a busy machine."""
    with reading():
        return db.session.get_one(Evidence, id).added_at < clock.now() - GIVEN_UP_AFTER


def _waiting() -> list[tuple[int, str, str]]:
    waiting = [
        (evidence.id, evidence.file.sha256, evidence.file.kind)
        for evidence in waiting_for_a_copy(limit=_AT_ONCE)
    ]
    db.session.rollback()
    return waiting


def _copies_of(sha256: str, kind: str) -> tuple[KeptBytes, KeptBytes] | None:
    try:
        content = whole_bytes(sha256)
    except MissingBytes:
        return None
    try:
        clean, small = clean_copies(content, kind)
    except UnreadablePicture:
        return None
    except (OSError, TookTooMuch) as failure:
        raise _PictureTrouble from failure
    return keep_bytes(clean, kind=JPEG), keep_bytes(small, kind=JPEG)


def _give_up(evidence: Evidence) -> None:
    say_unreadable(evidence)
    try:
        subject = load_subject(
            SYSTEM, evidence.about_kind, evidence.about_id, action="evidence.read"
        )
    except NotFound:
        return  # its draft was discarded meanwhile
    record(
        "evidence.unreadable",
        by=SYSTEM,
        case=subject.case,
        company_id=subject.company_id,
        subject=Subject("evidence", evidence.id),
        file_name=name_for_log(evidence),
        sender=evidence.by_id,
        case_number=subject.case.number if subject.case is not None else None,
        company=subject.case.company.name if subject.case is not None else None,
    )
