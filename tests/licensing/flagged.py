"""Cases with flags, for the tests of flags."""

from __future__ import annotations

import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.licensing.models import Flag
from tests.factories import a_case, a_company
from tests.licensing.desk import Clock


def a_warned_case(
    at: Clock, name: str = "PT Contoh Bahari", region_code: str = "53.71", by: str = "ina"
) -> int:
    """A case of 30 November whose recheck was due on 1 March 2027; the clock has swept on the 2nd."""
    case = a_case(by, company=a_company(name, region_code=region_code))
    case_id = case.id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    return case_id


def flag_of(case_id: int, level: str = "warning") -> int:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Flag.id).where(Flag.case_id == case_id, Flag.level == level)
    ).one()


def the_case(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def two_regencies(at: Clock) -> tuple[int, int]:
    kupang = a_case("ina", company=a_company("PT Contoh Kupang")).id
    ende = a_case("budi", company=a_company("PT Contoh Ende", region_code="53.08")).id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    return kupang, ende
