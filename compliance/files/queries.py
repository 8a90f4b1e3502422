"""Reads of stored files. Who may see a file is asked by whoever names it: a letter, a piece of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from compliance.core.db import db
from compliance.files.models import BROKEN, StoredFile


def file_with(sha256: str) -> StoredFile | None:
    """The stored file with this SHA-256, if its bytes were ever kept."""
    return db.session.scalars(
        sa.select(StoredFile).where(StoredFile.sha256 == sha256)
    ).one_or_none()


def longest_unchecked(before: datetime, *, limit: int) -> Sequence[StoredFile]:
    """The files that were not hashed again since `before`, longest first."""
    query = sa.select(StoredFile).where(StoredFile.checked_at < before)
    return db.session.scalars(
        query.order_by(StoredFile.checked_at, StoredFile.id).limit(limit)
    ).all()


def tonights_share(nights: int) -> int:
    """How many files have their turn tonight, so that all have it within so many nights."""
    return -(-(db.session.scalar(sa.select(sa.func.max(StoredFile.id))) or 0) // nights)


def broken_files(*, limit: int) -> Sequence[StoredFile]:
    """The files whose bytes are known to be changed or gone."""
    query = sa.select(StoredFile).where(sa.text(BROKEN))
    return db.session.scalars(query.order_by(StoredFile.id).limit(limit)).all()


def known_among(hashes: Sequence[str]) -> set[str]:
    """Which of these SHA-256 a row names."""
    query = sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes))
    return set(db.session.scalars(query))
