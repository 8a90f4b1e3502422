"""Reads of closures, bankruptcies and moves. Loading authorises."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from compliance.companies.circumstances.models import Circumstance
from compliance.companies.models import Company
from compliance.companies.queries import load_company
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.core.slots import Slot
from compliance.policy import Actor, require

LOCKED_BEFORE_THE_COMPANY: Slot[Callable[[int], None]] = Slot()
"""What rooms above lock, by the company's id, before a circumstance of it is written. Locks cases before the
company, in the order that all commands keep."""


def load_company_to_change(by: Actor, id: int, *, for_update: bool) -> Company:
    """The company of which `by` records a circumstance; locked with `for_update`. Raises NotFound."""
    require(by, "company.circumstance")
    for lock in LOCKED_BEFORE_THE_COMPANY if for_update and is_id(id) else ():
        lock(id)
    return load_company(by, id, action="company.circumstance", for_update=for_update)


def circumstances_of(company: Company) -> Sequence[Circumstance]:
    """All that were recorded, also the revoked ones, the latest first."""
    query = sa.select(Circumstance).where(Circumstance.company_id == company.id)
    return db.session.scalars(query.order_by(Circumstance.id.desc())).all()


def load_circumstance(company: Company, id: int) -> Circumstance:
    """One of this company, which is loaded for it. Raises NotFound."""
    circumstance = db.session.get(Circumstance, id) if is_id(id) else None
    if circumstance is None or circumstance.company_id != company.id:
        raise NotFound()
    return circumstance
