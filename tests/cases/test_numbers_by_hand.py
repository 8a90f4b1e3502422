"""Where tata usaha numbers by hand a nota is issued without a number, and every door says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.admin.audit.recomputing import table_faults
from compliance.cases.commands.nota import record_nota_number, record_receipt
from compliance.cases.commands.second_nota import issue_second_nota
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, OutOfScope, Refusal, Taken
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")
TO_COME = "nomor menyusul"


@pytest.fixture(autouse=True)
def by_hand(app: Any) -> None:
    with transaction():
        change_settings({"letter_numbering": "by_hand"}, by=user("adi"))


def again(id: int) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, id, populate_existing=True)


def number(id: int, given: str | None, by: str = "ina", kind: str = "I") -> None:
    with transaction():
        case = db.session.get_one(Case, id)
        nota = case.nota if kind == "I" else case.second_nota
        assert nota is not None
        record_nota_number(nota, by=user(by), number=given)


def test_a_nota_waits_for_its_number_and_one_that_was_typed_is_taken() -> None:
    without, typed = a_case().id, a_case(nota_number="560/14").id
    assert again(without).nota.number is None
    assert again(typed).nota.number == "560/14"
    db.session.rollback()
    set_letters()
    [letter] = db.session.scalars(sa.select(Letter).where(Letter.case_id == without))
    assert (letter.number, letter.file is None) == (None, False)


def test_the_number_is_recorded_once_by_who_may() -> None:
    id = a_case().id
    taken = a_case(nota_number="560/14", company=a_company("PT Contoh Lain")).id
    with pytest.raises(Taken, match="PT Contoh Lain"):
        number(id, "560/14")
    for nothing in (None, " ", "9" * 61):
        with pytest.raises(Invalid):
            number(id, nothing)
    with pytest.raises(OutOfScope):
        number(id, "560/15", by="budi")
    assert again(id).nota.number is None
    number(id, " 560/15 ", by="sari")
    assert again(id).nota.number == "560/15"
    with pytest.raises(Refusal, match="sudah dicatat"):
        number(id, "560/16")
    with pytest.raises(Refusal, match="sudah dicatat"):
        number(taken, "560/16")
    assert list(table_faults(db.session.connection(), [id, taken])) == []


def test_nota_ii_gets_its_own(at: Clock) -> None:
    id = a_case().id
    with transaction():
        record_receipt(
            db.session.get_one(Case, id),
            by=user("ina"),
            received_on=date(2026, 11, 30),
            received_by="Ani Contoh",
        )
    at("2026-12-17 08:00")
    with transaction():
        issue_second_nota(
            db.session.get_one(Case, id), by=user("ina"), issued_on=date(2026, 12, 17)
        )
    number(id, "560/20", kind="II")
    case = again(id)
    assert (case.nota.number, case.second_nota.number) == (None, "560/20")
    assert list(table_faults(db.session.connection(), [id])) == []


def test_every_page_says_that_the_number_is_to_come(browser: OpenBrowser, at: Clock) -> None:
    company = a_company("PT Contoh Bahari Timur", nib="9120000000092")
    id = a_case(company=company, violations=("JS-02",)).id
    case, key = again(id).number, again(id).draft_key
    ina, tika, lia, sari = browser("ina"), browser("tika"), browser("lia"), browser("sari")
    for reader, address in (
        (ina, f"/notas/{key}/done"),
        (ina, f"/cases/{case}"),
        (ina, f"/cases/{case}/history"),
        (ina, f"/cases/{case}/receipt"),
        (ina, "/cases"),
        (ina, f"/companies/{company.id}"),
        (lia, f"/cases/{case}"),
    ):
        page = reader.get(address)
        assert page.status == 200
        assert TO_COME in page.text, address
        assert "None" not in page.text, address
    page = lia.submit("/check", asked="9120000000092")
    assert "(nomor menyusul)" in page.text
    assert "None" not in page.text
    assert "None" not in lia.get("/inbox").text
    assert "None" not in tika.get("/cases.csv").text
    at("2027-03-05 08:00")
    tika, sari, ina = browser("tika"), browser("sari"), browser("ina")
    page = tika.get("/queue")
    assert TO_COME in page.text
    assert "None" not in page.text
    assert "None" not in tika.get("/queue.csv").text
    assert "None" not in sari.get("/queue/review").text
    a_visit(again(id), "not_complied", registered=28)
    flag = sari.get(f"/cases/{case}").soup.select_one('a[href^="/flags/"]')["href"]
    page = sari.get(flag)
    assert TO_COME in page.text
    page = ina.submit(f"/cases/{case}/nota-number", number="560/014-NP/XI/2026")
    assert "Nomor Nota I dicatat: 560/014-NP/XI/2026." in page.text
    assert TO_COME not in page.soup.select_one("h1").find_parent("main").select_one("p.muted").text
    assert ina.get(f"/cases/{case}/nota-number").status == 409
