"""What was decided after a check: recorded once, with a reason where it needs one, and listed until then."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.errors import NotFound, Refusal
from compliance.core.events import Event
from compliance.licensing.checks.commands import decide_check, make_check
from compliance.licensing.checks.queries import load_check
from compliance.licensing.sanctions import record_sanction
from compliance.office.commands import keep_permit_kind
from compliance.office.queries import find_office
from tests.browser import Page
from tests.factories import a_case, a_company, user
from tests.licensing.desk import NIB, Clock, Open, a_held_company, ask, checks

pytestmark = pytest.mark.one_store


def test_the_decision_is_recorded_once_with_its_application(browser: Open, at: Clock) -> None:
    a_held_company(at)
    lia = browser("lia")
    receipt = ask(lia, NIB).path
    page = lia.post(f"{receipt}/decision", decision="postponed", application=" PMH-12 ")
    assert (page.path, page.status) == (receipt, 200)
    assert "Keputusan dicatat." in page.text
    assert "Ditunda, menunggu bukti" in page.text
    assert "PMH-12" in page.text
    assert page.soup.find(attrs={"name": "decision"}) is None
    assert lia.post(f"{receipt}/decision", decision="unrelated").status == 409
    assert checks()[0].decision == "postponed"
    (event,) = db.session.scalars(sa.select(Event).where(Event.kind == "check.decided"))
    assert (event.company_id, event.fact("receipt")) == (
        checks()[0].company_id,
        receipt.removeprefix("/check/"),
    )


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "decision"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "issued"}, "decision"),
        ({"decision": "issued_despite_hold"}, "note"),
        ({"decision": "refused", "note": " "}, "note"),
        ({"decision": "refused", "note": "x" * 2001}, "note"),
        ({"decision": "postponed", "application": "x" * 101}, "application"),
    ],
)
def test_a_decision_against_a_hold_needs_its_reason_and_nothing_typed_is_lost(
    browser: Open, at: Clock, sent: dict[str, str], field: str
) -> None:
    a_held_company(at)
    lia = browser("lia")
    receipt = ask(lia, NIB).path
    page = lia.post(f"{receipt}/decision", {"application": "PMH-12", **sent})
    assert page.status == 422
    assert page.soup.select_one(f"#{field}-error"), page.text
    assert page.value("application") == sent.get("application", "PMH-12")
    assert checks()[0].decision is None


def test_the_choices_fit_the_verdict(browser: Open, at: Clock) -> None:
    a_held_company(at)
    a_company("PT Contoh Jernih", nib="9120007654321")
    lia = browser("lia")

    def offered(page: Page) -> set[str]:
        return {str(each["value"]) for each in page.soup.select("input[name=decision]")}

    assert offered(ask(lia, NIB)) == {"postponed", "issued_despite_hold", "refused", "unrelated"}
    clear = ask(lia, "9120007654321")
    assert offered(clear) == {"issued", "postponed", "refused", "unrelated"}
    assert (
        lia.post(f"{clear.path}/decision", decision="issued_despite_hold", note="x").status == 422
    )
    assert lia.post(f"{clear.path}/decision", decision="issued").status == 200


def test_beside_a_sanction_alone_a_permit_that_its_letter_does_not_name_is_issued(
    browser: Open,
) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    with transaction():
        letter = {"letter_number": "B/12/2026", "letter_on": date(2026, 11, 27)}
        record_sanction(case, by=user("tika"), **letter, services=["tender"])
    lia = browser("lia")
    page = ask(lia, NIB)
    assert "Izin lain tidak terkena dan diproses seperti biasa." in page.text
    assert "Diterbitkan: izin ini tidak disebut dalam surat BPJS" in page.text
    for decision in ("issued", "issued_despite_hold"):
        assert page.soup.find(attrs={"value": decision}).has_attr("data-without-key"), decision
    issued = lia.post(f"{page.path}/decision", decision="issued")
    assert (issued.status, checks()[0].decision) == (200, "issued")
    named = ask(lia, NIB)
    assert lia.post(f"{named.path}/decision", decision="issued_despite_hold").status == 422
    with_reason = {"decision": "issued_despite_hold", "note": "Perintah pengadilan"}
    assert lia.post(f"{named.path}/decision", with_reason).status == 200


def test_beside_a_sanction_and_a_hold_a_permit_is_issued_with_a_reason_only(
    browser: Open, at: Clock
) -> None:
    a_held_company(at)
    with transaction():
        case = db.session.scalars(sa.select(Case)).one()
        letter = {"letter_number": "B/12/2027", "letter_on": date(2027, 3, 1)}
        record_sanction(case, by=user("tika"), **letter, services=["tender"])
    lia = browser("lia")
    page = ask(lia, NIB)
    assert page.soup.find(attrs={"value": "issued"}) is None
    refused = lia.post(f"{page.path}/decision", decision="issued")
    assert refused.status == 422
    assert "Ada catatan hasil cek ulang" in refused.text


def test_what_is_not_decided_is_listed_with_its_last_day(browser: Open, at: Clock) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    lia = browser("lia")
    assert "Tidak ada cek yang menunggu keputusan." in lia.get("/check/history?decided=no").text
    assert "Belum ada keputusan yang dicatat." in lia.get("/check/history?decided=yes").text
    with transaction():
        office = find_office("ptsp-53.71")
        kind = {"days": None, "day_type": "working", "legal_basis": None}
        keep_permit_kind(office, by=user("adi"), name="Izin Contoh", **kind)
    for _ in range(2):
        ask(lia, NIB, permit_kind="Izin Contoh")
    lia.post("/check/CK-2026-000001/decision", decision="issued")
    waiting, decided = (
        lia.get("/check/history?decided=no").text,
        lia.get("/check/history?decided=yes").text,
    )
    assert ("000001" in waiting, "000002" in waiting) == (False, True)
    assert ("000001" in decided, "000002" in decided) == (True, False)
    assert "paling lambat 7 Desember 2026" in waiting
    at("2026-12-08")
    assert (
        "batas waktu 7 Desember 2026 sudah lewat"
        in browser("lia").get("/check/history?decided=no").text
    )


@pytest.mark.usefixtures("app")
def test_two_decisions_at_once_leave_the_first_one() -> None:
    with transaction():
        receipt = make_check(NIB, None, by=user("lia")).receipt
    with transaction():
        decide_check(
            load_check(user("lia"), receipt, for_update=True), by=user("lia"), decision="issued"
        )
    with pytest.raises(Refusal, match="sudah dicatat"):
        decide_check(
            load_check(user("lia"), receipt, for_update=True), by=user("lia"), decision="postponed"
        )
    with pytest.raises(NotFound):
        load_check(user("eda"), receipt)
