"""What every Patuh knows from the first day: offices, the violation catalogue, days off, the log's
first link.

`fill_reference_data` adds what is missing and changes nothing that an office has edited. It runs
after every `flask db upgrade`.
"""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.cases.catalogue import CATALOGUE
from compliance.cases.models import Violation
from compliance.companies.commands import key_names
from compliance.core import clock
from compliance.core.calendar import Holiday, national_days_off
from compliance.core.events import GENESIS, EventHead
from compliance.core.stamp import replace_stamp
from compliance.office.models import Office
from compliance.policy import system_only
from compliance.reference.regions import INSPECTORATE, LICENSING_OFFICES

FIRST_HOLIDAY_YEAR = 2024
YEARS_AHEAD = 2


@system_only
def fill_reference_data(session: Session) -> None:
    """Add the reference rows that are not there yet, and what follows from names where it is missing."""
    key_names(session)
    if session.get(EventHead, 1) is None:
        session.add(EventHead(id=1, last_id=0, last_hash=GENESIS))
    known = set(session.scalars(sa.select(Office.code)))
    session.add_all(
        Office(**asdict(office))
        for office in (INSPECTORATE, *LICENSING_OFFICES)
        if office.code not in known
    )
    columns = {column.key for column in Violation.__table__.columns} - {"id"}
    violations = {
        tuple(row) for row in session.execute(sa.select(Violation.code, Violation.valid_from))
    }
    session.add_all(
        Violation(**{key: value for key, value in asdict(entry).items() if key in columns})
        for entry in CATALOGUE
        if (entry.code, entry.valid_from) not in violations
    )
    filled = {day.year for day in session.scalars(sa.select(Holiday.day))}
    years = set(range(FIRST_HOLIDAY_YEAR, clock.now().year + YEARS_AHEAD + 1)) - filled
    if years:
        session.add_all(
            holiday for holiday in national_days_off(sorted(years)) if holiday.day.year in years
        )
        replace_stamp(session)
