"""What was decided about a row before: the same row of the next list is taken the same way, and nobody is asked twice.

Only which known company a row means is remembered, and only while that import was not undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.identity import NUMBERS
from compliance.core.db import db
from compliance.core.text import say
from compliance.imports.deciding.matching import Registry
from compliance.imports.deciding.outcomes import Choice, RowReport
from compliance.imports.models import DECIDED, ImportRow
from compliance.imports.reading.rows import Remark


def recalled(registry: Registry, reports: list[RowReport], *, lock: bool = False) -> list[RowReport]:
    """The same reports, but rows to decide that somebody decided before mean what they meant then. At most three reads."""
    asked = {each.row.name for each in reports if each.outcome == "to_decide"}
    if not asked:
        return reports
    decided = db.session.execute(
        sa.select(ImportRow.facts, ImportRow.company_id)
        .where(
            DECIDED, ImportRow.name.in_(asked), ImportRow.decision.in_(("company", "row")), ImportRow.settled,
            ~ImportRow.is_undone, ImportRow.company_id.is_not(None), ImportRow.facts.is_not(None),
        )
        .order_by(ImportRow.import_id)
    ).all()  # fmt: skip
    if not decided:
        return reports
    meant = {_says(row.facts): row.company_id for row in decided}
    registry.learn((), ids=meant.values(), lock=lock)
    return [_as_before(registry, meant, each) if each.outcome == "to_decide" else each for each in reports]


def _as_before(registry: Registry, meant: Mapping[Any, int], report: RowReport) -> RowReport:
    facts = report.row.facts
    known = registry.known.get(meant.get(_says(asdict(facts)), 0)) if facts is not None else None
    if known is None:
        return report
    as_before = registry.decide(report.row, Choice(known))
    told = Remark("", say("Seperti diputuskan pada impor sebelumnya: {name}", name=known.columns["name"]))
    return replace(as_before, remarks=(*as_before.remarks, told))


def _says(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """By what a row is told from others."""
    return identity.name_key(facts["name"]), facts["region_code"], *(facts[each] for each in NUMBERS)
