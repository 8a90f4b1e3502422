"""The road through the commands, day by day: the story every other test is a detail of."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.cases.queries import timeline
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.walk import verify
from compliance.licensing.checks.commands import make_check
from compliance.licensing.models import Flag
from tests.factories import a_case, a_visit, user


def verdict(company_id: int, who: str = "lia") -> str:
    with transaction():
        company = db.session.get_one(Company, company_id)
        return make_check("nama", company, by=user(who)).verdict


@pytest.mark.usefixtures("app")
def test_a_recheck_comes_back_on_its_day_and_the_flag_stands_until_compliance(at) -> None:
    case = a_case()
    case_id, company_id = case.id, case.company_id
    assert (case.due_on, case.effective_on) == (date(2027, 2, 28), date(2027, 3, 1))
    assert verdict(company_id) == "caution"

    at("2027-02-28 23:59")
    assert sweep_due_rechecks() == {"due": 0, "missed": 0, "set_aside": 0}

    at("2027-03-01 00:00")
    assert sweep_due_rechecks()["due"] == 1
    case = db.session.get_one(Case, case_id)
    assert (case.status, case.days_late(date(2027, 3, 1))) == ("recheck_due", 0)

    at("2027-03-02 00:00")
    assert sweep_due_rechecks()["missed"] == 1
    assert sweep_due_rechecks() == {"due": 0, "missed": 0, "set_aside": 0}
    assert verdict(company_id) == "caution"

    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=30)
    assert verdict(company_id) == "hold"

    at("2029-03-02 09:00")
    sweep_due_rechecks()
    assert verdict(company_id) == "hold"
    a_visit(db.session.get_one(Case, case_id), "complied")
    assert verdict(company_id) == "clear"

    kinds = [event.kind for event in reversed(timeline(db.session.get_one(Case, case_id)))]
    assert kinds == [
        "draft.started",
        "nota.issued",
        "nota.conveyed",
        "letter.numbered",
        "recheck.due",
        "recheck.missed",
        "flag.raised",
        "visit.recorded",
        "case.unresolved",
        "flag.lifted",
        "flag.raised",
        "visit.recorded",
        "case.resolved",
        "flag.lifted",
    ]
    assert list(verify()) == []


@pytest.mark.usefixtures("app")
def test_a_week_of_silence_is_made_good_once_and_the_warning_stands_since_its_own_day(at) -> None:
    case_id = a_case().id
    at("2027-03-09 10:00")
    assert sweep_due_rechecks() == {"due": 1, "missed": 1, "set_aside": 0}
    assert sweep_due_rechecks() == {"due": 0, "missed": 0, "set_aside": 0}
    flag = db.session.query(Flag).filter_by(case_id=case_id).one()
    assert (flag.level, flag.since_on) == ("warning", date(2027, 3, 2))
