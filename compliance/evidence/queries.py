"""Reads of evidence. Loading authorises: who sees the subject sees its evidence, restricted ones by role."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.evidence.models import COPY_WAITING, NORMAL, Evidence
from compliance.evidence.subjects import SUBJECT_KINDS, EvidenceSubject, load_subject
from compliance.policy import Actor, may

_FILES = (joinedload(Evidence.file), joinedload(Evidence.clean), joinedload(Evidence.small))


def evidence_of(by: Actor, case: Any) -> Sequence[Evidence]:
    """The evidence about a case and all that belongs to it, which `by` may see; withdrawn too. One read.

    Every kind of subject is looked up through the index; conditions joined by OR would walk all evidence.
    """
    searches = [
        sa.select(Evidence.id).where(
            Evidence.about_kind == kind.name, Evidence.about_id.in_(kind.ids(case))
        )
        for kind in SUBJECT_KINDS
    ]
    ids = sa.union_all(*searches).cte("evidence_of_case").prefix_with("MATERIALIZED")
    query = sa.select(Evidence).where(Evidence.id.in_(sa.select(ids.c[0])))
    if not may(by, "evidence.restricted"):
        query = query.where(Evidence.class_ == NORMAL)
    query = query.options(*_FILES, joinedload(Evidence.by)).order_by(Evidence.id)
    return db.session.scalars(query).all()


def also_about(by: Actor, evidence: Evidence, case: Any) -> list[str]:
    """What else in the case the same bytes are evidence about, as `kind:id`, as far as `by` may see it.

    The bytes are stored once (decision 42).
    """
    return [
        f"{other.about_kind}:{other.about_id}"
        for other in evidence_of(by, case)
        if other.file_id == evidence.file_id
        and other.id != evidence.id
        and other.withdrawn_at is None
    ]


def load_evidence(
    by: Actor, id: int, *, action: str = "evidence.read", for_update: bool = False
) -> tuple[Evidence, EvidenceSubject]:
    """One piece of evidence and its subject, for `action`. Raises NotFound when out of scope."""
    evidence = db.session.get(Evidence, id, options=_FILES) if is_id(id) else None
    if evidence is None or (evidence.is_restricted and not may(by, "evidence.restricted")):
        raise NotFound()
    subject = load_subject(
        by, evidence.about_kind, evidence.about_id, action=action, for_update=for_update
    )
    if for_update:
        db.session.refresh(evidence)  # the lock is the case's: somebody may have changed it before
    return evidence, subject


def same_file_about(subject: EvidenceSubject, file_id: int) -> Evidence | None:
    """The evidence that holds this file about this subject already, and was not withdrawn."""
    query = sa.select(Evidence).where(
        Evidence.about_kind == subject.kind,
        Evidence.about_id == subject.id,
        Evidence.file_id == file_id,
        Evidence.withdrawn_at.is_(None),
    )
    return db.session.scalars(query).first()


def sent_under(by: Actor, key: uuid.UUID) -> Evidence | None:
    """The evidence that `by` sent under this key."""
    query = sa.select(Evidence).where(Evidence.by_id == by.actor_id, Evidence.key == str(key))
    return db.session.scalars(query.options(joinedload(Evidence.file))).one_or_none()


def evidence_with_subject(kind: str, id: int) -> Sequence[Evidence]:
    """The evidence about exactly this thing that was not withdrawn."""
    query = sa.select(Evidence).where(
        Evidence.about_kind == kind, Evidence.about_id == id, Evidence.withdrawn_at.is_(None)
    )
    return db.session.scalars(query.order_by(Evidence.id)).all()


def waiting_for_a_copy(*, limit: int) -> Sequence[Evidence]:
    """The evidence whose clean copy is still to be made, oldest first."""
    query = sa.select(Evidence).where(sa.text(COPY_WAITING)).options(joinedload(Evidence.file))
    return db.session.scalars(query.order_by(Evidence.id).limit(limit)).all()


def evidence_shown(
    by: Actor, kind: str, id: int, *, named: Sequence[int] = ()
) -> Sequence[Evidence]:
    """The evidence about one thing, and that which it names by ids, which `by` may see; withdrawn too.
    One read.
    """
    about_it = sa.select(Evidence.id).where(Evidence.about_kind == kind, Evidence.about_id == id)
    ids = sa.union(about_it, sa.select(Evidence.id).where(Evidence.id.in_(named))).subquery()
    query = sa.select(Evidence).where(Evidence.id.in_(sa.select(ids.c[0])))
    if not may(by, "evidence.restricted"):
        query = query.where(Evidence.class_ == NORMAL)
    return db.session.scalars(query.options(*_FILES).order_by(Evidence.id)).all()
