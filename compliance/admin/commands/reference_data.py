"""What every Patuh knows from the first day: offices, the violation catalogue, days off, the log's
first link.

`fill_reference_data` adds what is missing and changes nothing that an office has edited; the catalogue, which
no office edits, is brought to this release. It runs after every `flask db upgrade`.
"""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.cases.catalogue import CATALOGUE
from compliance.cases.models import Finding, Nota, Violation
from compliance.companies.commands import key_names
from compliance.core import clock
from compliance.core.calendar import Holiday, national_days_off
from compliance.core.events import GENESIS, EventHead
from compliance.core.stamp import replace_stamp
from compliance.office.models import Office, Setting
from compliance.policy import system_only
from compliance.reference.provinces import FIRST_PROVINCE, find_province

FIRST_HOLIDAY_YEAR = 2024
YEARS_AHEAD = 2


@system_only
def fill_reference_data(session: Session) -> None:
    """Add the reference rows that are not there yet, and what follows from names where it is missing."""
    key_names(session)
    if session.get(EventHead, 1) is None:
        session.add(EventHead(id=1, last_id=0, last_hash=GENESIS))
    _fill_offices(session)
    _fill_catalogue(session)
    filled = {day.year for day in session.scalars(sa.select(Holiday.day))}
    years = set(range(FIRST_HOLIDAY_YEAR, clock.now().year + YEARS_AHEAD + 1)) - filled
    if years:
        session.add_all(
            holiday for holiday in national_days_off(sorted(years)) if holiday.day.year in years
        )
        replace_stamp(session)


def _fill_offices(session: Session) -> None:
    """Add the offices of the province that is served: after a decree also those of new regencies."""
    said = session.get(Setting, "province")
    province = find_province(said.value if said is not None else FIRST_PROVINCE)
    assert province is not None
    known = set(session.scalars(sa.select(Office.code)))
    session.add_all(
        Office(**asdict(office))
        for office in (province.inspectorate, *province.licensing_offices)
        if office.code not in known
    )


def _fill_catalogue(session: Session) -> None:
    """Bring the catalogue to this release. A finding bears the entry in force on the day its nota was issued:
    where the law of a past day was learnt late, the findings since that day follow.
    """
    columns = {column.key for column in Violation.__table__.columns} - {"id"}
    known = {(row.code, row.valid_from): row for row in session.scalars(sa.select(Violation))}
    ended = []
    for entry in CATALOGUE:
        facts = {name: value for name, value in asdict(entry).items() if name in columns}
        row = known.get((entry.code, entry.valid_from))
        if row is None:
            session.add(Violation(**facts))
            continue
        if row.valid_to != entry.valid_to:
            ended.append((row.id, entry))
        session.execute(sa.update(Violation).where(Violation.id == row.id).values(**facts))
    session.flush()
    for old_id, entry in ended:
        later = sa.select(Nota.id).where(Nota.issued_on > entry.valid_to)
        of_its_day = sa.select(Violation.id).where(
            Violation.code == entry.code,
            Violation.valid_from > entry.valid_to,
            Violation.valid_to.is_(None),
        )
        session.execute(
            sa.update(Finding)
            .where(Finding.violation_id == old_id, Finding.nota_id.in_(later))
            .values(violation_id=of_its_day.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
