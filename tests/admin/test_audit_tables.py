"""The tables are as the events say: `flask audit verify` names a row that they do not explain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.audit.jobs import LogAltered, verify_event_log
from compliance.cases.commands.ending import reopen_case, withdraw_case
from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.visits import undo_visit
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.licensing.checks.commands import decide_check, make_check
from compliance.licensing.checks.queries import load_check
from compliance.licensing.checks.seals import seal_checks
from compliance.licensing.commands import lift_flag
from compliance.licensing.models import Flag
from compliance.licensing.sanctions import record_sanction, record_sanction_of
from tests.factories import a_case, a_company, a_visit, user
from tests.intruder import behind_the_back, verified


def by_sql(statement: str) -> None:
    with transaction():
        db.session.execute(sa.text(statement))
    db.session.remove()


def a_story(at: Callable[[str], None]) -> int:
    """A case with a nota, a missed recheck and a hold; its id."""
    case_id = a_case().id
    at("2027-03-02")
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=28)
    return case_id


def a_receipt(at: Callable[[str], None], *, sealed: bool = True) -> str:
    """A check at a counter, an hour ago, and decided."""
    company = a_company(nib="new")
    with transaction():
        receipt = make_check(company.nib or "", company, by=user("lia")).receipt
    at("2026-11-30 11:00")
    if sealed:
        assert seal_checks() == {"sealed": 1}
    with transaction():
        check = load_check(user("lia"), receipt, action="check.decide", for_update=True)
        decide_check(check, by=user("lia"), decision="issued")
    return receipt


# what was done by people


def test_what_people_do_and_undo_is_explained(app: Flask, at: Callable[[str], None]) -> None:
    ids = [a_case().id for _ in range(4)]
    with transaction():
        record_receipt(
            db.session.get_one(Case, ids[0]),
            by=user("ina"),
            received_on=date(2026, 11, 30),
            received_by="Ani Contoh",
        )
        record_sanction(
            db.session.get_one(Case, ids[0]),
            by=user("sari"),
            letter_number="B/1/2026",
            letter_on=date(2026, 11, 30),
        )
        record_sanction_of(
            a_company(nib="new"),
            by=user("sari"),
            letter_number="B/2/2026",
            letter_on=date(2026, 11, 30),
            services=["business"],
        )
    at("2027-03-02")
    a_visit(db.session.get_one(Case, ids[0]), "not_complied", registered=28)
    a_visit(db.session.get_one(Case, ids[1]), "complied")
    a_visit(db.session.get_one(Case, ids[2]), "not_complied", registered=28)
    with transaction():
        undo_visit(db.session.get_one(Case, ids[1]), by=user("ina"))
        withdraw_case(db.session.get_one(Case, ids[3]), by=user("sari"), reason="Salah alamat")
    with transaction():
        reopen_case(db.session.get_one(Case, ids[3]), by=user("sari"), reason="Ternyata benar")
        hold = db.session.scalars(
            sa.select(Flag).where(Flag.case_id == ids[2], Flag.lifted_at.is_(None))
        ).one()
        lift_flag(hold, by=user("sari"), reason="Sudah patuh", proof="Sertifikat 1")
    code, text = verified(app)
    assert code == 0, text
    assert "cases, notas, flags and checks are as the events say" in text
    assert "by the key" in text


# what somebody does to the tables


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE cases SET status = 'in_remedy', unresolved_on = NULL", ": in_remedy, and by the"),
        ("UPDATE cases SET effective_on = '2028-01-01'", ": due on 2028-01-01, and by the events on"),
        ("UPDATE cases SET number = 'NTT-2026-9999'", "by the events its number is NTT-2026-0001"),
        ("UPDATE flags SET lifted_at = raised_at, lift_reason = '{}'", ": lifted, and no event says"),
        ("UPDATE flags SET level = 'warning'", ": warning, and by event"),
        ("UPDATE flags SET since_on = '2027-01-01'", ": since 2027-01-01, and by event"),
        ("DELETE FROM flags", ": gone, and event"),
        ("UPDATE notas SET number = '560/1'", "nota 560/1: number is 560/1, by the events 560/"),
        ("UPDATE notas SET kind = 'II'", "of another kind now"),
        ("UPDATE notas SET issued_on = '2026-12-01'", "issued_on is 2026-12-01, by the events"),
        ("UPDATE notas SET received_on = '2026-12-01', received_by = 'x'", "received_on is 2026-12-01"),
        ("DELETE FROM events WHERE kind = 'case.unresolved'", ": unresolved, and by the events"),
        ("DELETE FROM events WHERE case_id IS NOT NULL", "no event tells of it"),
    ],
)  # fmt: skip
def test_a_row_that_the_events_do_not_explain_is_named(
    app: Flask, at: Callable[[str], None], change: str, said: str
) -> None:
    a_story(at)
    assert verified(app)[0] == 0
    behind_the_back("DELETE FROM acknowledgements", change)
    code, text = verified(app)
    assert code == 1
    assert said in text


def test_a_case_whose_row_is_gone_is_named_and_a_discarded_draft_is_not(app: Flask) -> None:
    case = a_case()
    number = case.number
    behind_the_back(
        "DELETE FROM letters",
        "DELETE FROM findings",
        "DELETE FROM notas",
        "DELETE FROM messages",
        "DELETE FROM cases",
    )
    code, text = verified(app)
    assert code == 1
    assert f"case {number}: gone, and event" in text


def test_a_flag_without_a_case_is_compared_too(app: Flask) -> None:
    with transaction():
        record_sanction_of(
            a_company(nib="new"),
            by=user("sari"),
            letter_number="B/2/2026",
            letter_on=date(2026, 11, 30),
            services=["business"],
        )
    assert verified(app)[0] == 0
    verify_event_log()
    by_sql("UPDATE flags SET lifted_at = raised_at, lift_reason = '{}'")
    code, text = verified(app)
    assert code == 1
    assert "lifted, and no event says so" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE licence_checks SET verdict = 'hold'", "{receipt}: altered since event"),
        ("UPDATE licence_checks SET answer = '{}'", "{receipt}: altered since event"),
        ("UPDATE licence_checks SET asked = 'lain'", "{receipt}: altered since event"),
        ("DELETE FROM licence_checks", "checks up to {receipt}: event"),
        ("UPDATE licence_checks SET decision = 'refused'", "{receipt}: decision is refused"),
        ("DELETE FROM events WHERE kind = 'check.decided'", "{receipt}: decided, and no event"),
    ],
)
def test_a_receipt_that_is_not_as_it_was_sealed_is_named(
    app: Flask, at: Callable[[str], None], change: str, said: str
) -> None:
    receipt = a_receipt(at)
    assert verified(app)[0] == 0
    behind_the_back(change)
    code, text = verified(app)
    assert code == 1
    assert said.format(receipt=receipt) in text


@pytest.mark.one_store  # PostgreSQL keeps no JSON that is none
def test_what_cannot_be_read_at_all_is_a_fault_and_no_traceback(app: Flask) -> None:
    a_company()
    behind_the_back("UPDATE events SET data = '{' WHERE id = 1")
    code, text = verified(app)
    assert code == 1
    assert "behind event 0 the store holds what Patuh never writes" in text


def test_receipts_are_sealed_once_and_those_of_just_now_are_counted_as_not_sealed(
    app: Flask, at: Callable[[str], None]
) -> None:
    company = a_company(nib="new")
    with transaction():
        make_check(company.nib or "", company, by=user("lia"))
    assert seal_checks() == {"sealed": 0}
    assert "1 checks are newer than the last seal of checks" in verified(app)[1]
    at("2026-11-30 10:00")
    assert seal_checks() == {"sealed": 1}
    assert seal_checks() == {"sealed": 0}
    assert "newer than the last seal" not in verified(app)[1]


def test_checks_that_a_seal_does_not_reach_are_named(app: Flask, at: Callable[[str], None]) -> None:
    """One that is dated ahead holds up all behind it."""
    a_receipt(at)
    company = a_company()
    with transaction():
        ahead = make_check("9120000000033", None, by=user("lia")).receipt
        behind = make_check(company.name, company, by=user("lia")).receipt
    by_sql(f"UPDATE licence_checks SET checked_at = '2027-06-01' WHERE receipt = '{ahead}'")
    at("2026-11-30 12:30")
    assert seal_checks() == {"sealed": 0}
    code, text = verified(app)
    assert code == 1
    assert f"check {ahead}: made at 2027-0" in text
    assert behind not in text
    at("2026-11-30 13:30")
    assert f"check {behind}: made at 2026-11-30 03:00Z and not sealed" in verified(app)[1]
    with pytest.raises(LogAltered, match=ahead):
        verify_event_log()


def test_checks_that_waited_while_the_scheduler_stood_still_are_no_fault_at_night(
    app: Flask, at: Callable[[str], None]
) -> None:
    a_receipt(at)
    with transaction():
        make_check("9120000000033", None, by=user("lia"))
    at("2026-12-01 08:00")
    assert "run the job seal_checks" in verified(app)[1]
    verify_event_log()
    assert verified(app)[0] == 0
