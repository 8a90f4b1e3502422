"""Reads of disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from compliance.cases.disputes.models import DISPUTE_KINDS, Dispute
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id


def disputes_of(case: Case) -> Sequence[Dispute]:
    """The disputes about a case, the latest first."""
    query = sa.select(Dispute).where(Dispute.case_id == case.id)
    return db.session.scalars(query.order_by(Dispute.id.desc())).all()


def disputes_on_page(case: Case) -> Mapping[str, Any]:
    """For the page of a case."""
    return {"disputes": disputes_of(case), "dispute_kinds": DISPUTE_KINDS}


def load_dispute(case: Case, id: int) -> Dispute:
    """One dispute about this case, which is loaded for it. Raises NotFound."""
    dispute = db.session.get(Dispute, id) if is_id(id) else None
    if dispute is None or dispute.case_id != case.id:
        raise NotFound()
    return dispute
