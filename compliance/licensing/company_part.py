"""What licensing adds to a company's page: the flags that stand against it, and the checks made of it at counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.licensing.answers import words_of
from compliance.licensing.models import DECISIONS, LEVELS, Flag, LicenceCheck
from compliance.licensing.queries import flags_visible_to
from compliance.policy import Actor, may, scope

LATEST_CHECKS = 5
MOST_FLAGS = 20


def flags_and_checks(company: Company, by: Actor) -> Mapping[str, Any] | None:
    """The flags in the asker's scope, the standing ones first, and the latest checks: all, or the asker's own."""
    flags = db.session.scalars(
        sa.select(Flag)
        .where(Flag.company_id == company.id, flags_visible_to(by))
        .options(joinedload(Flag.case))
        .order_by(Flag.lifted_at.is_not(None), Flag.id.desc())
        .limit(MOST_FLAGS)
    ).all()
    checks = _checks(company, by)
    if not flags and not checks:
        return None
    return {
        "template": "licensing/company_part.html", "flags": flags, "levels": LEVELS, "decisions": DECISIONS,
        "checks": [(each, words_of(each.answer)[0]) for each in checks[:LATEST_CHECKS]],
        "more": len(checks) > LATEST_CHECKS,
    }  # fmt: skip


def _checks(company: Company, by: Actor) -> list[LicenceCheck]:
    if not may(by, "check.read"):
        return []
    query = (
        sa.select(LicenceCheck)
        .where(LicenceCheck.company_id == company.id)
        .options(joinedload(LicenceCheck.by), joinedload(LicenceCheck.office))
        .order_by(LicenceCheck.id.desc())
        .limit(LATEST_CHECKS + 1)
    )
    if scope(by, "check.read") != "all":
        query = query.where(LicenceCheck.by_id == by.actor_id)
    return list(db.session.scalars(query))
