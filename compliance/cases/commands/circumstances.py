"""What a company's closure, bankruptcy or move does to its open cases: they hear of it, and move along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.models import Case
from compliance.cases.workflow import OPEN
from compliance.core.db import db
from compliance.core.events import record
from compliance.policy import SYSTEM, System, system_only


def lock_open_cases(company_id: int) -> None:
    """Lock the company's open cases, as everybody does who changes one of them."""
    db.session.execute(
        sa.select(Case.id)
        .where(Case.company_id == company_id, Case.status.in_(OPEN))
        .order_by(Case.id)
        .with_for_update()
    )


def open_cases_about(company_id: int) -> Sequence[Case]:
    """The company's open cases, with company and inspector."""
    return db.session.scalars(
        sa.select(Case)
        .where(Case.company_id == company_id, Case.status.in_(OPEN))
        .options(joinedload(Case.company), joinedload(Case.inspector))
        .order_by(Case.id)
    ).all()


@system_only
def follow_circumstance(
    company_id: int,
    *,
    circumstance: str,
    since_on: date,
    region_code: str | None,
    from_region_code: str | None,
    revoked: bool,
    recorded_by: str,
    by: System = SYSTEM,
) -> None:
    """Tell every open case of it; a move takes them along to `region_code`, and its end back again.

    Nothing ends: status, dates, inspector and next visit stay as they are.
    """
    for case in open_cases_about(company_id):
        moves = region_code is not None and case.region_code != region_code
        if moves and (not revoked or case.region_code == from_region_code):
            case.region_code = region_code or case.region_code
            db.session.flush()
        record(
            "case.circumstance",
            by=by,
            case=case,
            circumstance=circumstance,
            since_on=since_on,
            region_code=region_code,
            revoked=revoked,
            recorded_by=recorded_by,
        )
