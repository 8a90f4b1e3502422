"""The demo of another province has its offices, people and companies, and none of the first one."""

from __future__ import annotations

import random

import sqlalchemy as sa
from flask import Flask

from compliance.admin.commands.setup import set_up
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.demo import cast
from compliance.office.models import Office
from compliance.people.models import User
from compliance.policy import lies_in
from compliance.reference.provinces import find_province


def test_everybody_and_everything_of_the_demo_is_in_its_province(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(cast, "COMPANY_COUNT", 24)
    banten = find_province("36")
    assert banten is not None
    with transaction():
        db.session.execute(sa.delete(User))
        set_up(banten)
        cast.hire_everybody()
    made = cast.register_companies(random.Random(53))
    codes = set(db.session.scalars(sa.select(Office.region_code)))
    codes |= set(db.session.scalars(sa.select(Company.region_code)))
    assert [code for code in codes if not lies_in(code, "36")] == []
    assert {region for _id, region, _scale in made} == set(banten.region_names)
    officers = sa.select(Office.region_code).join(User).where(User.role == "licensing")
    assert sorted(db.session.scalars(officers)) == sorted(banten.region_names)


def test_a_demo_of_no_province_there_is_is_refused(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(args=["demo", "--province", "Atlantis"])
    assert (refused.exit_code, "no province is called Atlantis" in refused.output) == (1, True)
