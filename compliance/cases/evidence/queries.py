"""Which case a subject of evidence belongs to. Loading authorises; rooms above add kinds of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from compliance.cases.models import OUTCOMES, Case, Finding, Visit
from compliance.cases.queries import load_case
from compliance.cases.workflow import DRAFT
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.text import Text, say
from compliance.evidence.subjects import EvidenceSubject, SubjectKind, belongs_to
from compliance.policy import Actor


def about_case(case: Case, kind: str, id: int) -> EvidenceSubject:
    """A subject of evidence that belongs to this case."""
    return EvidenceSubject(
        kind,
        id,
        case=case,
        owner_id=case.owner_id,
        region_code=case.region_code,
        page=(
            f"/notas/{case.draft_key}/photos"
            if case.status == DRAFT
            else f"/cases/{quote(case.number or '', safe='')}/files"
        ),
    )


def subject_named(case: Case, about: str) -> EvidenceSubject | None:
    """The subject of this case that `about` names as kind and id, such as `finding:3`."""
    named = belongs_to(case, about)
    return None if named is None else about_case(case, *named)


def load_of_case(
    by: Actor, kind: str, id: int, case_id: sa.Select[Any], action: str, for_update: bool
) -> EvidenceSubject:
    """The subject with this id, whose case `case_id` selects. Raises NotFound."""
    row = db.session.execute(
        sa.select(Case.id, Case.status, Case.draft_key).where(Case.id.in_(case_id))
    ).one_or_none()
    if row is None:
        raise NotFound()
    which = {"draft_key": row.draft_key} if row.status == DRAFT else {"id": row.id}
    return about_case(load_case(by, **which, action=action, for_update=for_update), kind, id)


def _case(by: Actor, id: int, action: str, for_update: bool) -> EvidenceSubject:
    return load_of_case(by, "case", id, _ids_of_cases(id), action, for_update)


def _finding(by: Actor, id: int, action: str, for_update: bool) -> EvidenceSubject:
    case_id = sa.select(Finding.case_id).where(Finding.id == id)
    return load_of_case(by, "finding", id, case_id, action, for_update)


def _visit(by: Actor, id: int, action: str, for_update: bool) -> EvidenceSubject:
    case_id = sa.select(Visit.case_id).where(Visit.id == id)
    return load_of_case(by, "visit", id, case_id, action, for_update)


def _ids_of_cases(id: int) -> sa.Select[Any]:
    return sa.select(Case.id).where(Case.id == id)


def _findings(case: Case) -> Mapping[int, Text]:
    return {
        finding.id: say(
            "Temuan {code}: {title}",
            code=finding.violation.code,
            title=say("{id}", id=finding.violation.title, en=finding.violation.title_en),
        )
        for finding in case.findings
    }


def _visits(case: Case) -> Mapping[int, Text]:
    return {
        visit.id: say(
            "Kunjungan {day}: {outcome}", day=visit.visited_on, outcome=OUTCOMES[visit.outcome]
        )
        for visit in case.visits
    }


SUBJECTS = (
    SubjectKind(
        "case",
        _case,
        ids=lambda case: _ids_of_cases(case.id),
        names=lambda case: {case.id: say("Seluruh kasus")},
    ),
    SubjectKind(
        "finding",
        _finding,
        ids=lambda case: sa.select(Finding.id).where(Finding.case_id == case.id),
        names=_findings,
    ),
    SubjectKind(
        "visit",
        _visit,
        ids=lambda case: sa.select(Visit.id).where(Visit.case_id == case.id),
        names=_visits,
    ),
)
