"""A visit tells what is true today: workers, findings one by one, new ones, why nobody was met, proof; and
can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.cases.queries import timeline
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.outbox import Message
from compliance.licensing.models import Flag
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit
from tests.licensing.desk import ask

pytestmark = pytest.mark.usefixtures("app")
OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
NIB = "9120001234567"


def reread(case: Case) -> Case:
    id = sa.inspect(case).identity[0]
    db.session.rollback()
    return db.session.get_one(Case, id, populate_existing=True)


def active_levels() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Flag.level).where(Flag.lifted_at.is_(None))))


def a_held_case(at: Clock) -> Case:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    id = case.id
    at("2027-03-01 09:00")
    a_visit(db.session.get_one(Case, id), "not_complied", registered=30)
    return reread(case)


def test_there_may_be_more_workers_today_than_the_nota_counted() -> None:
    case = a_case(workers=(40, 28))
    a_visit(case, "partly_complied", workers_total=55, registered=50)
    case = reread(case)
    assert (case.workers_total, case.workers_registered) == (55, 50)
    assert (case.nota.workers_total, case.visits[0].workers_total) == (40, 55)


def test_more_registered_than_are_known_asks_for_all_workers() -> None:
    with pytest.raises(Invalid, match="isi juga jumlah seluruh pekerja"):
        a_visit(a_case(workers=(40, 28)), "partly_complied", registered=50)


def test_what_nobody_counted_stays_as_it_was() -> None:
    case = a_case(workers=(40, 28))
    a_visit(case, "not_complied")
    case = reread(case)
    assert (case.workers_total, case.workers_registered) == (40, 28)
    assert (case.visits[0].workers_total, case.visits[0].workers_registered) == (None, None)


def test_a_licensing_note_does_not_end_by_a_visit_without_proof(at: Clock) -> None:
    case = a_held_case(at)
    with pytest.raises(Invalid) as refusal:
        a_visit(case, "complied", proof=None)
    assert list(refusal.value.errors) == ["proof"]
    assert (reread(case).status, active_levels()) == ("unresolved", ["hold"])
    a_visit(reread(case), "complied", proof="Sertifikat 12, iuran Februari 2027")
    flag = db.session.scalars(sa.select(Flag).where(Flag.level == "hold")).one()
    assert flag.lift_proof == "Sertifikat 12, iuran Februari 2027"
    assert active_levels() == []


def test_a_warning_ends_without_proof(at: Clock) -> None:
    case = a_case()
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    assert active_levels() == ["warning"]
    a_visit(reread(case), "complied", proof=None)
    assert active_levels() == []


def test_all_findings_declared_fixed_as_a_whole_are_said_so_in_the_history(
    browser: OpenBrowser,
) -> None:
    case = a_case(violations=("JS-02", "JS-04"))
    a_visit(case, "complied")
    number = reread(case).number
    assert "dinyatakan seluruhnya" in browser("ina").get(f"/cases/{number}/history").text


def test_findings_seen_one_by_one_are_not_said_to_be_declared(browser: OpenBrowser) -> None:
    case = a_case()
    a_visit(case, "complied", fixed=[finding.id for finding in case.findings])
    number = reread(case).number
    assert "dinyatakan seluruhnya" not in browser("ina").get(f"/cases/{number}/history").text


def test_a_new_finding_becomes_a_draft_nota_of_its_own(browser: OpenBrowser) -> None:
    case, ina = a_case(), browser("ina")
    number, nota_id = case.number, case.nota.id
    ina.submit(
        f"/cases/{number}/recheck",
        outcome="not_complied",
        new_findings=["JS-01"],
        other_findings="k3-02",
    )
    draft = db.session.scalars(sa.select(Case).where(Case.status == "draft")).one()
    assert draft.draft == {"findings": {"findings": ["JS-01", "K3-02"]}}
    assert draft.company_id == reread(case).company_id
    assert [finding.nota_id for finding in reread(case).findings] == [nota_id]
    page = ina.get(f"/cases/{number}/history")
    assert "temuan baru: JS-01, K3-02" in page.text


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("closed", "Catat penutupannya"),
        ("moved", "Catat alamat barunya"),
        ("refused", "minta pendampingan"),
    ],
)
def test_who_could_not_be_met_has_a_reason_and_a_next_step(
    browser: OpenBrowser, reason: str, said: str
) -> None:
    case = a_case()
    page = browser("ina").submit(
        f"/cases/{case.number}/recheck", outcome="not_met", not_met_reason=reason
    )
    assert said in page.text
    assert reread(case).visits[0].not_met_reason == reason


def test_an_unresolved_case_has_a_next_visit_until_it_ends(at: Clock) -> None:
    case = a_held_case(at)
    assert case.next_visit_on == date(2027, 3, 31)
    a_visit(case, "not_met", not_met_reason="other", next_visit_on=date(2027, 3, 15))
    assert reread(case).next_visit_on == date(2027, 3, 15)
    a_visit(reread(case), "complied")
    assert reread(case).next_visit_on is None


def test_before_a_case_is_closed_the_page_says_so_once(browser: OpenBrowser, at: Clock) -> None:
    case, ina = a_case(), browser("ina")
    address = f"/cases/{case.number}/recheck"
    seen = {
        "outcome": "complied",
        "workers_registered": "40",
        "fixed": [finding.id for finding in case.findings],
    }
    page = ina.submit(address, seen)
    assert page.status == 422
    assert "Kasus akan ditutup" in page.text
    assert reread(case).status == "in_remedy"
    again = {name: page.value(name) for name in ("version", "visited_on", "sure")}
    assert "Dicatat: patuh." in ina.post(address, {**seen, **again}).text
    assert reread(case).status == "resolved"


def test_a_close_is_taken_back_within_ten_minutes_and_the_counter_is_red_again(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_held_case(at)
    before = (case.status, case.unresolved_on, case.next_visit_on, case.workers_registered)
    at("2027-03-01 09:01")
    a_visit(reread(case), "complied", registered=40)
    assert "HIJAU" in ask(browser("lia"), NIB).text
    at("2027-03-01 09:09")
    ina, number = browser("ina"), reread(case).number
    page = ina.get(f"/cases/{number}")
    assert "Batalkan hasil kunjungan terakhir" in page.text
    page = ina.post(f"/cases/{number}/recheck/undo")
    assert "dibatalkan. Kasus kembali seperti sebelumnya." in page.text
    case = reread(case)
    assert (case.status, case.unresolved_on, case.next_visit_on, case.workers_registered) == before
    assert [finding.fixed_on for finding in case.findings] == [None]
    assert case.resolved_on is None
    assert active_levels() == ["hold"]
    assert "MERAH" in ask(browser("lia"), NIB).text
    assert [visit.undone_at is None for visit in case.visits] == [True, False]
    informed = sa.select(Message.kind).where(Message.kind == "visit.undone")
    assert db.session.scalars(informed).first()
    assert "visit.undone" in [event.kind for event in timeline(case)]


def test_a_note_that_a_visit_raised_is_lifted_when_the_visit_is_taken_back(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_held_case(at)
    page = browser("ina").post(f"/cases/{case.number}/recheck/undo")
    assert "dibatalkan" in page.text
    assert (reread(case).status, active_levels()) == ("in_remedy", [])


def test_a_visit_is_not_taken_back_too_late_by_somebody_else_or_after_another_act(
    browser: OpenBrowser, at: Clock
) -> None:
    case = a_held_case(at)
    number = case.number
    page = browser("sari").post(f"/cases/{number}/recheck/undo")
    assert "Tidak ada kunjungan Anda" in page.text
    at("2027-03-01 09:11")
    assert "dalam sepuluh menit" in browser("ina").post(f"/cases/{number}/recheck/undo").text
    at("2027-03-01 09:12")
    a_visit(reread(case), "not_met", not_met_reason="other")
    at("2027-03-01 09:13")
    ina = browser("ina")
    ina.submit(f"/cases/{number}/receipt", received_by="Ani Contoh")
    assert "sudah berubah" in ina.post(f"/cases/{number}/recheck/undo").text
    assert reread(case).status == "unresolved"


def test_the_address_of_taking_back_opened_by_itself_leads_to_the_case(
    browser: OpenBrowser,
) -> None:
    number = a_case().number
    assert browser("ina").get(f"/cases/{number}/recheck/undo").path == f"/cases/{number}"
