"""What time does to stored files: a share is hashed again every night; bytes without a row are counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

import structlog

from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.files.models import StoredFile
from compliance.files.queries import (
    broken_files,
    known_among,
    longest_unchecked,
    tonights_share,
)
from compliance.files.storage import MissingBytes, hash_of_pieces, storage
from compliance.policy import system_only

log = structlog.get_logger()
CHECKED_WITHIN = timedelta(days=30)
"""Within so many nights every file has its turn."""
_MOST_SECONDS = 600
_AT_ONCE = 20
_NAMES_AT_ONCE = 500
_FILES_NAMED = 5
UNNAMED_AFTER = timedelta(days=1)
"""Bytes are put before the row that names them; a day later that row is there, or never comes."""


class FilesBroken(Exception):
    """Stored bytes are changed or gone. `newly` are the SHA-256 of those that were right before."""

    def __init__(self, message: str, *, newly: Sequence[str]) -> None:
        super().__init__(message)
        self.newly = newly


@system_only
def check_files() -> dict[str, int]:
    """Hash again what is known to be broken, then tonight's share: what was not hashed for the longest time.

    A broken file is reported by every run until somebody puts its bytes back, from a backup.
    What was left unfinished a day ago is removed. Raises FilesBroken.
    """
    storage().tidy(clock.now() - UNNAMED_AFTER)
    did, until = {"checked": 0, "broken": 0}, time.monotonic() + _MOST_SECONDS
    newly = list[str]()
    files, done, share = broken_files(limit=_AT_ONCE), 0, tonights_share(CHECKED_WITHIN.days)
    while True:
        for file in files:
            db.session.expunge(file)
        db.session.rollback()
        whole = {file.id: _is_whole(file) for file in files}  # slow, so within no transaction
        newly += _note_all(whole, did)
        done += len(whole)
        files = _next_files(share - done)
        if not files or time.monotonic() > until:
            break
    db.session.rollback()
    if did["broken"]:
        broken = ", ".join(file.sha256 for file in broken_files(limit=_FILES_NAMED))
        raise FilesBroken(broken, newly=newly)
    return did


def _next_files(left: int) -> Sequence[StoredFile]:
    """The files whose turn it is: those that are late, else those that are left of tonight's share."""
    now = clock.now()
    late = longest_unchecked(now - CHECKED_WITHIN, limit=_AT_ONCE)
    return late or longest_unchecked(now, limit=min(_AT_ONCE, max(0, left)))


def _note_all(whole: dict[int, bool | None], did: dict[str, int]) -> list[str]:
    """Write down what was seen of some files. Answers which of them are newly broken."""
    newly = []
    with transaction():
        for id, right in whole.items():
            file = db.session.get_one(StoredFile, id)
            if right is False and file.broken_at is None:
                newly.append(file.sha256)
            if right is not None:
                did["checked" if right else "broken"] += 1
            _note(file, right=right)
    return newly


def _is_whole(file: StoredFile) -> bool | None:
    """Whether the stored bytes are those that were kept; None when the storage does not give them now."""
    try:
        return hash_of_pieces(storage().pieces(file.sha256)) == (file.sha256, file.size)
    except MissingBytes:
        return False
    except OSError as failure:
        log.warning("stored file not readable", sha256=file.sha256, error=str(failure))
        return None


def _note(file: StoredFile, *, right: bool | None) -> None:
    """What was found; a file that could not be read now has its turn with the others, next month."""
    now = clock.now()
    file.checked_at = now
    if right is not None:
        file.broken_at = None if right else file.broken_at or now


@system_only
def count_unnamed_bytes() -> dict[str, int]:
    """How many stored bytes no row names a day after they were put: of uploads that failed after that.

    They are counted and left: bytes of a store that was put back from a backup look the same.
    """
    until = clock.now() - UNNAMED_AFTER
    old = (name for name, since in storage().names() if since < until)
    unnamed = 0
    while names := list(islice(old, _NAMES_AT_ONCE)):
        unnamed += len(set(names) - known_among(names))
        db.session.rollback()
    return {"unnamed": unnamed}
