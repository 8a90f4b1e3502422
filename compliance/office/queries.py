"""Reads of offices: by code, and those that answer for a region."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from compliance.core.db import db
from compliance.office.models import Office
from compliance.reference.regions import province_of


def find_office(code: str) -> Office | None:
    return db.session.scalar(sa.select(Office).where(Office.code == code))


def licensing_offices(region_code: str) -> Sequence[Office]:
    """The licensing offices that answer for a region: the regency's own and the province's."""
    return db.session.scalars(
        sa.select(Office)
        .where(
            Office.kind == "licensing",
            Office.region_code.in_((region_code, province_of(region_code))),
        )
        .order_by(Office.code)
    ).all()
