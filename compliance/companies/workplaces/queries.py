"""Reads of the workplaces of a company."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from compliance.companies.models import Company, Workplace
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id

MOST_WORKPLACES = 200


def workplaces_of(company: Company) -> Sequence[Workplace]:
    """The company's workplaces by name; one read."""
    query = (
        sa.select(Workplace)
        .where(Workplace.company_id == company.id)
        .order_by(Workplace.name, Workplace.id)
    )
    return db.session.scalars(query.limit(MOST_WORKPLACES)).all()


def load_workplace(company: Company, id: int) -> Workplace:
    """One of the company's workplaces. Raises NotFound."""
    workplace = db.session.get(Workplace, id) if is_id(id) else None
    if workplace is None or workplace.company_id != company.id:
        raise NotFound()
    return workplace
