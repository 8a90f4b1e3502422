"""What the inspection plan shows on other pages: a company's, the inspector's day, and the start of
a nota.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.companies.models import Company
from compliance.core.db import db
from compliance.plan.models import SHORT, PlanEntry
from compliance.plan.queries import PlanFilter, planned
from compliance.policy import Actor, may

MOST_SHOWN = 5
"""How many entries the inspector's day and the start of a nota show."""


def on_the_day(_by: Actor) -> Mapping[str, Any] | None:
    """Who waits the longest, on the inspector's day; one more than shown says that there are others."""
    entries = planned(PlanFilter(), limit=MOST_SHOWN + 1)
    return (
        {"template": "plan/field_panel.html", "entries": entries, "few": MOST_SHOWN, "short": SHORT}
        if entries
        else None
    )


def before_a_nota(_by: Actor) -> Mapping[str, Any] | None:
    """Who waits the longest, on the page that asks which company a nota is about."""
    entries = planned(PlanFilter(), limit=MOST_SHOWN)
    return (
        {"template": "plan/nota_panel.html", "entries": entries, "short": SHORT}
        if entries
        else None
    )


def on_the_plan(company: Company, by: Actor) -> Mapping[str, Any] | None:
    """What the company's page shows of the plan; nothing when nobody listed it, or to whom the plan
    is closed.
    """
    if not may(by, "plan.read"):
        return None
    query = (
        sa.select(PlanEntry)
        .where(PlanEntry.company_id == company.id)
        .options(joinedload(PlanEntry.reasons), joinedload(PlanEntry.case))
        .order_by(PlanEntry.id.desc())
    )
    entries = db.session.scalars(query).unique().all()
    return {"template": "plan/panel.html", "entries": entries, "short": SHORT} if entries else None
