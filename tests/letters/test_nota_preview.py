"""A nota is read as its paper before it is issued: nothing is kept, no number is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from compliance.office.signatories.models import Signatory
from tests.cases.walk import begin, fill, the_case
from tests.factories import a_company, user
from tests.letters.conftest import words_of
from tests.licensing.desk import Clock, Open


def counts() -> list[Any]:
    db.session.rollback()
    used = db.session.scalars(sa.select(Signatory.used)).all()
    return [
        used,
        *(
            db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (Event, Letter, Case)
        ),
    ]


def expect_a_draft(content: bytes, *words: str) -> str:
    said = words_of(content)
    for wanted in ("KONSEP", *words):
        assert wanted in said, (wanted, said)
    return said


def test_a_draft_is_read_as_the_nota_that_it_becomes(browser: Open, head: None) -> None:
    ina = browser("ina")
    key = begin(ina, a_company("PT Contoh Bahari Timur"))
    page = ina.get(f"/notas/{key}/review")
    address = f"/notas/{key}/preview.pdf"
    assert address not in page.links()
    assert ina.get(address).status == 409
    assert address in fill(ina, key).links()
    before = counts()
    answer = ina.client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert counts() == before
    said = expect_a_draft(
        answer.data,
        "PT Contoh Bahari Timur",
        "12 (dua belas) dari 40 (empat puluh)",
        "Jalan Misal 1",
    )
    assert "001-NP" not in said
    assert browser("budi").get(address).status == 404
    ina.submit(f"/notas/{key}/review")
    assert the_case().nota.number.startswith("560/001-NP/")
    assert ina.get(address).status == 404


def test_who_approves_a_nota_reads_it_as_its_paper(browser: Open, head: None) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    ina, sari = browser("ina"), browser("sari")
    key = begin(ina, a_company("PT Contoh Bahari Timur"))
    fill(ina, key)
    ina.submit(f"/notas/{key}/review")
    page = sari.get(sari.get("/approvals").soup.select("main ol a")[0]["href"])
    [address] = [link for link in page.links() if link.endswith("preview.pdf")]
    before = counts()
    expect_a_draft(sari.client.get(address).data, "Nota Pemeriksaan I", "PT Contoh Bahari Timur")
    assert counts() == before
    assert ina.get(address).status == 403


@pytest.mark.one_store
def test_who_approves_nota_ii_reads_it_as_its_paper(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    api("ina").post(f"/cases/{case_id}/receipt", **receipt)
    at("2026-12-20 09:00")
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    answer = api("ina").post(
        f"/cases/{case_id}/second-nota", issued_on=str(date(2026, 12, 20)), days=9
    )
    assert answer.status_code == 202, answer.text
    sari = browser("sari")
    address = sari.get("/approvals").soup.select("main ol a")[0]["href"]
    answer = sari.client.get(f"{address}/preview.pdf")
    expect_a_draft(answer.data, "Nota Pemeriksaan II", "9 (sembilan) hari")


@pytest.mark.one_store
def test_the_form_of_nota_ii_is_seen_as_its_paper_before_it_is_issued(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    address = f"/cases/{number}/second-nota"
    refused = browser("ina").post(f"{address}/preview.pdf", issued_on="20-12-2026")
    assert (refused.status, "tanda terima Nota I" in refused.text) == (409, True)
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    api("ina").post(f"/cases/{case_id}/receipt", **receipt)
    at("2026-12-20 09:00")
    ina = browser("ina")
    button = ina.get(address).soup.select_one("button[formtarget=_blank]")
    assert button["formaction"] == f"{address}/preview.pdf"
    before = counts()
    typed = {"issued_on": "19-12-2026", "days": "9"}
    answer = ina.post(button["formaction"], typed).response
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    expect_a_draft(answer.data, "Nota Pemeriksaan II", "19 Desember 2026", "9 (sembilan) hari")
    assert counts() == before
    for wrong, said in (
        ({"issued_on": ""}, "Lengkapi dulu isian Nota II"),
        ({"issued_on": "21-12-2026"}, "sampai hari ini"),
        ({"days": "400"}, "antara 1 dan 365"),
    ):
        page = ina.post(button["formaction"], {**typed, **wrong})
        assert (page.status, said in page.text) == (409, True), page.text
    assert browser("budi").post(button["formaction"], typed).status == 404
    assert ina.submit(address, **typed).status == 200
