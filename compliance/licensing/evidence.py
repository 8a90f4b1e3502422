"""A flag as something that evidence is about: what lifted it, and the letters of BPJS."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.core.text import Text, say
from compliance.evidence.subjects import EvidenceSubject, SubjectKind
from compliance.licensing.models import LEVELS, Flag
from compliance.licensing.queries import flags_for_page, load_flag
from compliance.policy import Actor


def about_flag(flag: Flag) -> EvidenceSubject:
    """A flag as the subject of evidence."""
    return EvidenceSubject(
        "flag",
        flag.id,
        case=flag.case,
        owner_id=flag.owner_id,
        region_code=flag.region_code,
        page=f"/flags/{flag.id}",
        company_id=flag.company_id,
    )


def _flag(by: Actor, id: int, action: str, for_update: bool) -> EvidenceSubject:
    return about_flag(load_flag(by, id, action=action, for_update=for_update))


def _flag_names(case: Case) -> Mapping[int, Text]:
    return {
        flag.id: say("{level}, sejak {day}", level=LEVELS[flag.level], day=flag.since_on)
        for flag in flags_for_page(case)["flags"]
    }


FLAG_SUBJECT = SubjectKind(
    "flag",
    _flag,
    ids=lambda case: sa.select(Flag.id).where(Flag.case_id == case.id),
    names=_flag_names,
)
"""Evidence about a flag: what was shown to have it lifted, and BPJS's letters."""
