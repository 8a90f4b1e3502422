"""Everybody whom the order names stands on the record of the visit and on the notas, and approves none."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pypdf
import pytest

from compliance.cases.approvals.rules import OWN_NOTA
from compliance.cases.commands.approvals import approve_nota, issue_or_submit
from compliance.cases.commands.drafts import start_draft
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.letters.commands.issuing import approve_letter
from compliance.letters.examples import example_facts
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.rendering import render
from compliance.letters.rules import Signer
from compliance.office.commands import change_settings
from compliance.office.letterheads.queries import letterhead_facts
from compliance.people.commands.users import add_user
from compliance.people.models import User
from tests.factories import a_case, a_company, user
from tests.letters.conftest import FILLED, words_of
from tests.letters.test_road_on_paper import the_letters
from tests.licensing.desk import Clock, Open

DAY = date(2026, 11, 30)


def ordered(api: Any, company: int, *who: str, visit_on: str = "2026-11-30") -> None:
    """An order in force to inspect a company."""
    people = [user(one).id for one in who]
    db.session.rollback()
    asked = {"kind": "spt", "inspectors": people, "visit_on": visit_on}
    made = api("sari").post(f"/companies/{company}/letters", **asked)
    answer = api("sari").post(f"/letters/{made.json['id']}/number")
    assert answer.status_code == 200, answer.text


@pytest.fixture
def company(head: None) -> int:
    return a_company("PT Contoh Bahari Timur", address="Jalan Contoh 12").id


def a_nota(company: int) -> int:
    """A case of this company with its nota. Returns its id."""
    return a_case(company=db.session.get_one(Company, company)).id


def signers(letter: Letter) -> list[str]:
    return [signer["name"] for signer in letter.facts["signers"]]


def approval_on() -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))


@pytest.mark.one_store
def test_nota_i_and_the_record_bear_all_whom_the_order_names(api: Any, company: int) -> None:
    ordered(api, company, "ina", "sari")
    case_id = a_nota(company)
    nota = the_letters()[-1]
    assert signers(nota) == ["Rosa Umpama, M.Si.", "Ina Contoh", "Sari Umpama"]
    for kind in ("ba", "ba_refusal"):
        made = api("ina").post(f"/cases/{case_id}/letters", kind=kind, **FILLED[kind])
        assert made.status_code == 201, made.text
        assert api("ina").post(f"/letters/{made.json['id']}/number").status_code == 200
        letter = the_letters()[-1]
        assert signers(letter)[:2] == ["Ina Contoh", "Sari Umpama"]
        people = next(block["people"] for block in letter.facts["blocks"] if "people" in block)
        assert [person["name"] for person in people] == ["Ina Contoh", "Sari Umpama"]


@pytest.mark.one_store
def test_who_inspected_without_standing_in_the_order_stands_first(api: Any, company: int) -> None:
    ordered(api, company, "sari")
    a_nota(company)
    assert signers(the_letters()[-1])[1:] == ["Ina Contoh", "Sari Umpama"]


@pytest.mark.one_store
def test_the_record_of_a_later_visit_bears_whom_its_own_order_names(
    api: Any, company: int, at: Clock
) -> None:
    ordered(api, company, "ina", "sari")
    case_id = a_nota(company)
    ordered(api, company, "sari", visit_on="2026-12-02")
    at("2026-12-02 15:00")
    asked = {**FILLED["ba"], "held_on": "2026-12-02"}
    answer = api("sari").post(f"/cases/{case_id}/letters", kind="ba", **asked)
    assert answer.status_code == 201, answer.text
    assert signers(the_letters()[-1]) == ["Sari Umpama", "Rina Umpama"]


@pytest.mark.one_store
def test_without_an_order_the_inspector_stands_alone(company: int) -> None:
    a_nota(company)
    assert signers(the_letters()[-1]) == ["Rosa Umpama, M.Si.", "Ina Contoh"]


@pytest.mark.one_store
def test_nota_ii_bears_them_too(api: Any, company: int, at: Clock) -> None:
    ordered(api, company, "ina", "sari")
    case_id = a_nota(company)
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    assert api("ina").post(f"/cases/{case_id}/receipt", **receipt).status_code == 200
    at("2026-12-20 09:00")
    answer = api("ina").post(f"/cases/{case_id}/second-nota", issued_on="2026-12-20")
    assert answer.status_code == 201, answer.text
    assert signers(the_letters()[-1]) == ["Rosa Umpama, M.Si.", "Ina Contoh", "Sari Umpama"]


def submitted(company: int, *, by: str = "ina") -> int:
    """A nota of ina, issued by `by`, that waits for approval. Returns the id of its case."""
    facts = NotaFacts(
        inspected_on=DAY,
        issued_on=DAY,
        workers_total=40,
        workers_registered=28,
        findings=[FindingFacts(violation="JS-02")],
    )
    with transaction():
        one = db.session.get_one(Company, company)
        case = start_draft(one, by=user("ina"), draft_key=str(uuid.uuid4()))
        assert issue_or_submit(case, by=user(by), facts=facts) is None
    return case.id


def another_supervisor() -> int:
    with transaction():
        mira = add_user(
            by=user("adi"), email="mira@contoh.example", name="Mira Contoh", role="supervisor"
        )
    return mira.id


def test_who_stands_on_a_nota_approves_it_at_no_door(browser: Open, api: Any, company: int) -> None:
    ordered(api, company, "ina", "sari")
    approval_on()
    id = submitted(company)
    sari = browser("sari")
    address = sari.get("/approvals").soup.select("main ol a")[0]["href"]
    assert str(OWN_NOTA) in sari.get(address).text
    said = words_of(sari.get(f"{address}/preview.pdf").response.data)
    assert said.count("Yang memeriksa") == 2
    page = sari.post(address, act="approve")
    assert (page.status, str(OWN_NOTA) in page.text) == (422, True)
    refused = api("sari").post(f"/cases/{id}/approval")
    assert (refused.status_code, refused.json["detail"]) == (409, str(OWN_NOTA))
    case = db.session.get_one(Case, id)
    with pytest.raises(Refusal, match=str(OWN_NOTA)):
        approve_nota(case, by=user("sari"))
    db.session.rollback()
    mira = another_supervisor()
    with transaction():
        approve_nota(db.session.get_one(Case, id), by=db.session.get_one(User, mira))
    assert signers(the_letters()[-1])[1:] == ["Ina Contoh", "Sari Umpama"]


@pytest.mark.one_store
def test_a_supervisor_whom_the_order_names_issues_no_nota_at_once(api: Any, company: int) -> None:
    ordered(api, company, "ina", "sari")
    approval_on()
    submitted(company, by="sari")


def test_who_stands_on_a_nota_approves_no_new_version_of_it(
    browser: Open, api: Any, company: int
) -> None:
    ordered(api, company, "ina", "sari")
    a_nota(company)
    approval_on()
    old = the_letters()[-1].id
    new = api("ina").post(f"/letters/{old}/replacement", reason="Alamat keliru").json["id"]
    assert signers(the_letters()[-1])[1:] == ["Ina Contoh", "Sari Umpama"]
    refused = api("sari").post(f"/letters/{new}/approval")
    assert (refused.status_code, refused.json["detail"]) == (409, str(OWN_NOTA))
    page = browser("sari").get(f"/letters/{new}/approve")
    assert (page.status, str(OWN_NOTA) in page.text) == (409, True)
    assert browser("ina").post(f"/letters/{new}/edit", issued_on="30-11-2026").status == 200
    with pytest.raises(Refusal, match=str(OWN_NOTA)):
        approve_letter(db.session.get_one(Letter, new), by=user("sari"))
    db.session.rollback()
    mira = another_supervisor()
    with transaction():
        approve_letter(db.session.get_one(Letter, new), by=db.session.get_one(User, mira))
    assert the_letters()[-1].status == "approved"


@pytest.mark.one_store
def test_a_nota_issued_before_its_letter_kept_them_gets_them_with_its_new_version(
    api: Any, company: int
) -> None:
    ordered(api, company, "ina", "sari")
    a_nota(company)
    old = the_letters()[-1].id
    with transaction():
        letter = db.session.get_one(Letter, old)
        first = letter.facts["signers"]
        letter.options, letter.facts = {}, {**letter.facts, "signers": first[:2]}
    new = api("ina").post(f"/letters/{old}/replacement", reason="Alamat keliru")
    assert new.status_code == 201, new.text
    assert signers(the_letters()[-1])[1:] == ["Ina Contoh", "Sari Umpama"]
    assert signers(the_letters()[-2])[1:] == ["Ina Contoh"], "an issued letter stays"
    approval_on()
    assert api("sari").post(f"/letters/{new.json['id']}/approval").status_code == 409


LONGEST = (
    "Contoh Pengawas Bernama Amat Panjang Sekali Sampai Seratus Huruf Lamanya, "
    "S.H., M.H., M.Kn., CLA Ke"
)


@cache
def a_page_of_words(times: int) -> str:
    return " ".join(["Dua belas orang pekerja belum terdaftar."] * times)


def the_pages(kind: str, people: int, *, name: str, length: int) -> list[str]:
    """The pages of an invented letter that so many inspectors sign."""
    head = Signer(("a.n. Kepala Dinas Tenaga Kerja", "Sekretaris,"), name, "Pembina", "1")
    facts = example_facts(kind, DAY, letterhead=letterhead_facts("53", DAY), head=head)
    known, *others = facts["signers"] if kind.startswith("nota") else [None, *facts["signers"]]
    inspector = {**others[0], "titles": ["Yang memeriksa", "Pengawas Ahli Muda,"], "name": name}
    other = {**inspector, "titles": ["Pihak perusahaan", "Direktur,"]}
    signing = [inspector] * people + ([] if known else [other])
    blocks = []
    for block in facts["blocks"]:
        if "people" in block:
            block = {"people": [{**block["people"][0], "name": name}] * people}
        if "findings" in block:
            block = {"findings": block["findings"][: max(1, length // 6)]}
        blocks.append(block)
    blocks.append({"paragraph": a_page_of_words(length)})
    said = {**facts, "blocks": blocks, "signers": [known, *signing] if known else signing}
    made = render("letter", said, code="CONTOHCNTH", issued_at=datetime(2026, 11, 30, tzinfo=UTC))
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
@pytest.mark.parametrize("kind", ["ba", "nota_1"])
@pytest.mark.parametrize("people", [1, 3, 5])
@pytest.mark.parametrize("name", ["Contoh Pengawas", LONGEST])
def test_no_page_holds_signatures_a_code_or_a_strip_alone(
    kind: str, people: int, name: str
) -> None:
    for length in (1, 20, 28):
        pages = the_pages(kind, people, name=name, length=length)
        [signed] = [page for page in pages if "Yang memeriksa" in page]
        assert "Demikian" in signed, "the last words stay with the signatures"
        assert signed.count("Yang memeriksa") == people
        assert "Periksa keaslian" in pages[-1]
        if kind == "ba":
            assert pages[-1] == signed, "the code stays with the signatures"
        else:
            assert "Tembusan" in pages[-1], "the strip stays with the copies"


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_twenty_signatures_go_on_over_pages_and_none_is_lost() -> None:
    pages = the_pages("ba", 20, name=LONGEST, length=1)
    assert sum(page.count("Yang memeriksa") for page in pages) == 20
    assert "Pihak perusahaan" in pages[-1]
    assert "Periksa keaslian" in pages[-1]


def test_an_inspector_opens_the_order_that_names_them_whoever_wrote_it(
    browser: Open, api: Any, company: int
) -> None:
    """And only reads it: another inspector does not, and signing stays with who wrote it and the head."""
    made = api("sari").post(
        f"/companies/{company}/letters",
        kind="spt",
        inspectors=[user("ina").id],
        visit_on="2026-11-30",
    )
    order = made.json["id"]
    assert api("sari").post(f"/letters/{order}/number").status_code == 200
    set_letters()
    assert api("ina").get(f"/letters/{order}").status_code == 200
    assert api("ina").get(f"/letters/{order}/pdf").status_code == 200
    page = browser("ina").get(f"/letters/{order}")
    assert page.status == 200
    assert browser("ina").get(f"/letters/{order}.pdf").status == 200
    assert api("budi").get(f"/letters/{order}").status_code == 404
    assert browser("budi").get(f"/letters/{order}").status == 404
    number = str(made.json.get("number") or db.session.get_one(Letter, order).number)
    assert browser("ina").get(f"/search?q={number}").path == f"/letters/{order}"
    signed = api("ina").post(f"/letters/{order}/signature", how="wet_ink", signed_on="2026-11-30")
    assert signed.status_code == 404
