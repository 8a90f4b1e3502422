"""The desk of a counter, for its tests: asking there, and what was kept of it."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.licensing.models import LicenceCheck
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, a_visit

Open = Callable[..., Browser]
Clock = Callable[[str], None]
NIB = "9120001234567"


def ask(browser: Browser, asked: str, **more: str) -> Page:
    return browser.post("/check", asked=asked, **more)


def checks() -> list[LicenceCheck]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(LicenceCheck).order_by(LicenceCheck.id)))


def a_held_company(at: Clock) -> int:
    """PT Contoh Bahari, whose recheck on 2 March 2027 found 10 of 40 workers missing; today is that day."""
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    case_id, company_id = case.id, case.company_id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=30)
    return company_id
