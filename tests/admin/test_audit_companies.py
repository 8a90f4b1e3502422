"""Whose a case or a flag is, is as the events say, also through merges: verdicts go by it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from compliance.cases.commands.drafts import save_draft, start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.core.db import db, transaction
from compliance.core.text import say
from compliance.licensing.commands import raise_flag
from compliance.licensing.models import Flag
from compliance.licensing.sanctions import record_sanction_of
from compliance.office.settings import today
from tests.factories import a_case, a_company, user
from tests.intruder import behind_the_back, verified
from tests.merges.twins import company, merged, twins, undone

DRAFT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def a_flagged_case(company_id: int) -> int:
    """A case with a hold; its id."""
    case = a_case("ina", company=company(company_id))
    with transaction():
        case = db.session.get_one(Case, case.id)
        raise_flag(case, level="hold", reason=say("Contoh."), since_on=today())
        return case.id


def a_sanction(company_id: int) -> int:
    """A flag without a case; its id."""
    with transaction():
        return record_sanction_of(
            company(company_id),
            by=user("sari"),
            letter_number="B/2/2026",
            letter_on=date(2026, 11, 30),
            services=["business"],
        ).id


@pytest.mark.parametrize("table", ["cases", "flags"])
def test_a_row_that_was_given_to_another_company_is_named(app: Flask, table: str) -> None:
    case_id, other = a_flagged_case(a_company().id), a_company().id
    assert verified(app)[0] == 0
    behind_the_back(f"UPDATE {table} SET company_id = {other}")
    code, text = verified(app)
    assert code == 1
    name = "case NTT-2026-0001" if table == "cases" else "flag 1"
    owner = {"cases": Case, "flags": Flag}
    assert f"{name}: of company {other}, and by the events of company" in text
    assert db.session.get_one(owner[table], case_id if table == "cases" else 1).company_id == other


def test_a_flag_without_a_case_is_followed_too(app: Flask) -> None:
    kept, gone = twins()
    flag, other = a_sanction(gone), a_company().id
    merged(kept, gone)
    assert verified(app)[0] == 0, verified(app)[1]
    behind_the_back(f"UPDATE flags SET company_id = {other}")
    assert (
        f"flag {flag}: of company {other}, and by the events of company {kept}"
        in (verified(app)[1])
    )


def test_merges_and_undone_merges_explain_whose_a_row_is(app: Flask) -> None:
    kept, gone = twins()
    third = a_company("PT Contoh Ketiga").id
    moved = a_flagged_case(gone)
    a_sanction(gone)
    first = merged(kept, gone)
    stays = a_flagged_case(kept)
    with transaction():
        case = db.session.get_one(Case, moved)
        raise_flag(case, level="warning", reason=say("Lagi."), since_on=today())
    second = merged(third, kept)
    for back in (None, second, first):
        if back is not None:
            undone(back)
        code, text = verified(app)
        assert code == 0, text
    assert db.session.get_one(Case, moved).company_id == gone
    assert db.session.get_one(Case, stays).company_id == kept
    merged(kept, gone)
    behind_the_back(f"UPDATE cases SET company_id = {gone} WHERE id = {moved}")
    code, text = verified(app)
    assert code == 1
    assert f"of company {gone}, and by the events of company {kept}" in text


def test_a_draft_may_choose_its_company_and_be_merged_along(app: Flask) -> None:
    kept, gone = twins()
    other = a_company().id
    with transaction():
        draft = start_draft(company(other), by=user("ina"), draft_key=DRAFT)
        save_draft(draft, by=user("ina"), typed={}, company=company(gone))
        issued = draft.id
    assert verified(app)[0] == 0, verified(app)[1]
    merge = merged(kept, gone)
    assert verified(app)[0] == 0, verified(app)[1]
    facts = {"inspected_on": today(), "issued_on": today()}
    counted = {"workers_total": 40, "workers_registered": 28}
    with transaction():
        draft = db.session.get_one(Case, issued)
        findings = [FindingFacts(violation="JS-02")]
        issue_nota(draft, by=user("ina"), facts=NotaFacts(**facts, **counted, findings=findings))
    assert verified(app)[0] == 0, verified(app)[1]
    undone(merge)
    assert db.session.get_one(Case, issued).company_id == gone
    assert verified(app)[0] == 0, verified(app)[1]
