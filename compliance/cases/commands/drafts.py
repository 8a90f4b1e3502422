"""The verbs of a draft: start, save and discard it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from compliance.cases.approvals.models import Submission
from compliance.cases.models import Case
from compliance.cases.workflow import DRAFT
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Refusal
from compliance.core.events import record
from compliance.core.text import say
from compliance.evidence.commands import withdraw_with_subject
from compliance.policy import Actor, System, command, require


@command("case.draft", about=None)
def start_draft(company: Company, *, by: Actor, draft_key: str) -> Case:
    """A draft nota for `company`; the same `draft_key` again returns the same draft."""
    assert by.actor_id is not None
    begun = sa.select(Case).where(Case.draft_key == draft_key)
    draft = db.session.scalar(begun)
    if draft is None:
        now = clock.now()
        case = Case(
            draft_key=draft_key,
            draft={},
            status=DRAFT,
            company=company,
            inspector_id=by.actor_id,
            region_code=company.region_code,
            created_at=now,
            updated_at=now,
        )
        try:
            with db.session.begin_nested():
                db.session.add(case)
        except IntegrityError:  # the same tap twice at once, and the other one was first
            draft = db.session.scalars(begun).one()
        else:
            record("draft.started", by=by, case=case)
            return case
    require(by, "case.draft", draft)
    return draft


@command("case.draft")
def save_draft(
    case: Case, *, by: Actor, typed: dict[str, Any], company: Company | None = None
) -> None:
    """Keep what was typed so far, by page. Nothing is judged before the nota is issued.

    `company` takes the place of the draft's company, when the inspector chose another one.
    """
    if case.status != DRAFT:
        raise Refusal(say("Nota ini sudah terbit dan tidak dapat diubah."))
    if case.submitted_at is not None:
        raise Refusal(say("Nota ini menunggu persetujuan. Tarik dulu kembali untuk mengubahnya."))
    if company is not None:
        case.company, case.region_code = company, company.region_code
    case.draft = {**(case.draft or {}), **typed}
    case.updated_at = clock.now()


@command("case.draft")
def discard_draft(case: Case, *, by: Actor | System) -> None:
    """Throw a draft away, at its owner's wish or by the clock after the days the office allows.

    Its photos are withdrawn, and kept.
    """
    if case.status != DRAFT:
        raise Refusal(say("Nota ini sudah terbit dan tidak dapat dihapus."))
    if case.submitted_at is not None:
        raise Refusal(say("Nota ini menunggu persetujuan. Tarik dulu kembali untuk mengubahnya."))
    db.session.execute(sa.delete(Submission).where(Submission.case_id == case.id))
    withdraw_with_subject("case", case.id, case=case, reason=str(say("Draf nota dihapus.")))
    record("draft.discarded", by=by, case=case)
    db.session.delete(case)
