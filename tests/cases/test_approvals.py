"""A nota waits for a supervisor where the office wants it: nothing of it begins before the approval."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.admin.audit.recomputing import table_faults
from compliance.cases.approvals.models import Submission
from compliance.cases.approvals.queries import waiting_submissions
from compliance.cases.approvals.rules import SecondNotaFacts, changed_company, kept, nota_facts_of
from compliance.cases.commands.approvals import (
    approve_nota,
    issue_or_submit,
    issue_or_submit_second,
    send_back_nota,
    take_back_nota,
)
from compliance.cases.commands.drafts import discard_draft, start_draft
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.commands.nota import issue_nota, record_receipt
from compliance.cases.jobs import discard_old_drafts
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.companies.circumstances.commands import CircumstanceFacts, record_circumstance
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.office.commands import change_settings
from compliance.policy import SYSTEM
from compliance.team.jobs import send_morning_digests
from compliance.web.formatting import in_language
from compliance.web.mailroom import write_message
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def approval(app: Any) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))


def some_facts(**given: Any) -> NotaFacts:
    day = date(2026, 11, 30)
    finding = FindingFacts("JS-02", workers_affected=12, note="Uraian", deadline_days=10)
    stated = {
        "inspected_on": day,
        "issued_on": day,
        "workers_total": 40,
        "workers_registered": 28,
        "findings": [finding],
        "place": "Jalan Contoh 1",
        "met": "Ani Contoh",
        "note": "Catatan",
    }
    return NotaFacts(**{**stated, **given})


def submitted(by: str = "ina", **facts: Any) -> int:
    with transaction():
        company = a_company_now()
        case = start_draft(company, by=user(by), draft_key=str(uuid.uuid4()))
        assert issue_or_submit(case, by=user(by), facts=some_facts(**facts)) is None
        return case.id


def a_company_now() -> Any:
    from compliance.companies.commands import register_company
    from compliance.companies.rules import CompanyFacts

    return register_company(
        CompanyFacts(name="PT Contoh Bahari Timur", region_code="53.71"), by=SYSTEM
    )


def again(id: int) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, id, populate_existing=True)


def decide(act: Callable[..., Any], id: int, by: str, **facts: Any) -> None:
    with transaction():
        act(db.session.get_one(Case, id), by=user(by), **facts)


def told(kind: str) -> list[str]:
    rows = db.session.execute(
        sa.select(Message.user_id).where(Message.kind == kind, Message.channel == "inbox")
    )
    names = {user(name).id: name for name in ("ina", "budi", "sari", "tika")}
    return sorted(names[row.user_id] for row in rows)


def kinds(id: int) -> list[str]:
    return list(
        db.session.scalars(sa.select(Event.kind).where(Event.case_id == id).order_by(Event.id))
    )


@pytest.mark.one_store
def test_what_people_are_told_of_approvals_has_words_in_both_languages(at: Clock) -> None:
    back, kept = submitted(), submitted()
    decide(send_back_nota, back, "sari", reason="Alamat belum lengkap")
    at("2026-12-03 07:30")
    send_morning_digests()
    decide(approve_nota, kept, "sari")
    wanted = ("nota.submitted", "nota.sent_back", "nota.approved", "approvals")
    messages = list(db.session.scalars(sa.select(Message).where(Message.kind.in_(wanted))))
    assert {message.kind for message in messages} == set(wanted)
    for language in ("id", "en"):
        with in_language(language):
            for message in messages:
                letter = write_message(message)
                assert 10 < len(letter.subject) < 120, letter.subject
                assert "PT Contoh" not in letter.subject
                assert not re.search(r"None|%\(|[{}]|&amp;|\n\n\n| \n", letter.body), letter.body


def test_nothing_begins_before_the_approval_and_all_of_it_then(at: Clock) -> None:
    id = submitted()
    case = again(id)
    assert (case.status, case.number, case.effective_on, case.notas) == ("draft", None, None, [])
    assert told("nota.submitted") == ["sari"]
    assert told("nota.conveyed") == []
    at("2026-12-03 10:00")
    decide(approve_nota, id, "sari")
    case = again(id)
    assert case.nota is not None
    assert (case.number, case.nota.number) == ("NTT-2026-0001", "560/001-NP/XII/2026")
    assert case.nota.issued_on == case.nota.conveyed_on == date(2026, 12, 3)
    assert case.due_on == date(2027, 3, 3)
    assert case.nota.inspector_id == user("ina").id
    assert case.submitted_at is None
    assert told("nota.approved") == ["ina"]
    assert kinds(id)[1:4] == ["nota.submitted", "nota.issued", "nota.conveyed"]
    assert list(table_faults(db.session.connection(), [id])) == []


def test_what_is_kept_comes_back_whole() -> None:
    facts = some_facts(nota_number="560/9")
    assert nota_facts_of(kept(facts)) == facts


def test_no_door_goes_around_the_approval() -> None:
    with transaction():
        case = start_draft(a_company_now(), by=user("ina"), draft_key=str(uuid.uuid4()))
    id = case.id
    with pytest.raises(Refusal, match="disetujui kepala pengawas"):
        decide(issue_nota, id, "ina", facts=some_facts())
    decide(issue_nota, id, "sari", facts=some_facts())
    assert again(id).number == "NTT-2026-0001", "a supervisor issues an inspector's draft at once"


def test_the_only_inspector_approves_nothing_of_their_own() -> None:
    id = submitted("sari")
    with pytest.raises(Refusal, match="satu-satunya"):
        decide(approve_nota, id, "sari")
    assert again(id).submitted_at is not None


def test_while_it_waits_nobody_changes_or_discards_it(at: Clock) -> None:
    id = submitted()
    with pytest.raises(Refusal, match="menunggu persetujuan"):
        decide(discard_draft, id, "ina")
    at("2027-11-30")
    assert discard_old_drafts() == {"discarded": 0}
    decide(take_back_nota, id, "ina")
    decide(discard_draft, id, "ina")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 0


def test_a_company_that_closed_meanwhile_is_a_clear_refusal_and_nothing_is_lost() -> None:
    id = submitted()
    with transaction():
        record_circumstance(
            db.session.get_one(Case, id).company,
            by=user("tika"),
            facts=CircumstanceFacts(kind="closed", since_on=date(2026, 11, 30), proof="Surat"),
        )
    with pytest.raises(Refusal, match="berubah sesudah nota diajukan"):
        decide(approve_nota, id, "sari")
    case = again(id)
    assert (case.status, case.number) == ("draft", None)
    assert case.submitted_at is not None
    decide(send_back_nota, id, "sari", reason="Periksa perusahaannya")
    decide(issue_or_submit, id, "ina", facts=some_facts())
    decide(approve_nota, id, "sari")
    assert again(id).number == "NTT-2026-0001"


def test_on_the_pages_from_the_button_to_the_next_paper(browser: OpenBrowser) -> None:
    first, second = submitted(), submitted()
    ina, sari = browser("ina"), browser("sari")
    assert "Menunggu persetujuan (2)" in ina.get("/field").text
    page = sari.get("/approvals")
    assert "2 surat" in page.text
    page = sari.get(page.soup.select("main ol a")[0]["href"])
    assert "Temuan (1)" in page.text
    here = page.path
    page = sari.submit(here, act="send_back", reason="")
    assert (page.status, "Tuliskan alasannya." in page.text) == (422, True)
    page = sari.submit(here, act="send_back", reason="Sebutkan jumlah upah")
    assert "Dikembalikan kepada Ina Contoh." in page.text
    assert page.path != here
    page = sari.submit(page.path, act="approve")
    assert "Disetujui: kasus NTT-2026-0001 terbit." in page.text
    assert page.path == "/approvals"
    assert again(second).number == "NTT-2026-0001"
    assert told("nota.sent_back") == ["ina"]
    key = again(first).draft_key
    assert "Dikembalikan: Sebutkan jumlah upah" in ina.get("/field").text
    page = ina.get(f"/notas/{key}/review")
    assert "Sebutkan jumlah upah" in page.text
    page = ina.submit(f"/notas/{key}/review")
    assert "Menunggu persetujuan" in page.title
    page = ina.submit(page.path)
    assert page.path == f"/notas/{key}/review"
    assert "ditarik kembali" in page.text


def test_a_page_of_a_waiting_draft_leads_to_where_it_waits(browser: OpenBrowser) -> None:
    id = submitted()
    key = again(id).draft_key
    page = browser("ina").get(f"/notas/{key}/findings")
    assert page.path == f"/approvals/cases/{id}"
    assert browser("budi").get(f"/approvals/cases/{id}").status == 404
    assert browser("ina").get("/approvals").status == 403


def test_who_waits_long_is_named_in_the_morning(at: Clock) -> None:
    submitted()
    at("2026-12-01 08:00")
    send_morning_digests()
    assert told("approvals") == []
    at("2026-12-02 08:00")
    send_morning_digests()
    send_morning_digests()
    assert told("approvals") == ["sari"]


def a_lapsed_case(at: Clock) -> int:
    """A case of Ina's on 17 December, when Nota II can be issued."""
    with transaction():
        change_settings({"letter_approval": "off"}, by=user("adi"))
    id = a_case(company=a_company("PT Contoh Bahari Timur")).id
    decide(record_receipt, id, "ina", received_on=date(2026, 11, 30), received_by="Ani")
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    at("2026-12-17 08:00")
    return id


@pytest.mark.parametrize("ends", ["resolved", "withdrawn"])
def test_a_case_that_is_closed_leaves_nothing_waiting(at: Clock, ends: str) -> None:
    id = a_lapsed_case(at)
    decide(issue_or_submit_second, id, "ina", facts=SecondNotaFacts(date(2026, 12, 17)))
    if ends == "resolved":
        a_visit(again(id), "complied")
    else:
        decide(withdraw_case, id, "sari", reason="salah alamat")
    case = again(id)
    assert (case.status, case.submitted_at) == (ends, None)
    assert waiting_submissions(user("sari")) == []


def test_a_merged_company_is_seen() -> None:
    other = SimpleNamespace(id=2, name="PT Contoh Lain", circumstance=None)
    about = {"id": 1, "name": "PT Contoh Satu", "circumstance": None}
    assert "digabung ke PT Contoh Lain" in str(changed_company(about, other))


def test_nota_ii_waits_too(browser: OpenBrowser, at: Clock) -> None:
    id = a_lapsed_case(at)
    number = again(id).number
    ina = browser("ina")
    page = ina.submit(f"/cases/{number}/second-nota", days="5")
    assert "Nota II menunggu persetujuan kepala pengawas." in page.text
    assert ina.get(f"/cases/{number}/second-nota").status == 409
    with pytest.raises(Refusal, match="menunggu"):
        decide(issue_or_submit_second, id, "ina", facts=SecondNotaFacts(date(2026, 12, 17)))
    decide(send_back_nota, id, "sari", reason="Tujuh hari")
    page = ina.get(f"/cases/{number}/second-nota")
    assert "Tujuh hari" in page.text
    assert page.value("days") == "5"
    ina.submit(page.path, days="7")
    at("2026-12-18 08:00")
    decide(approve_nota, id, "sari")
    second = again(id).second_nota
    assert second is not None
    assert (second.issued_on, second.deadline_days) == (date(2026, 12, 18), 7)
