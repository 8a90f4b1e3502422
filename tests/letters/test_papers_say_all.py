"""What the other side looks for in a paper: every proof, every address, every paper that it rests on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.evidence.commands import add_evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from compliance.letters.jobs import set_letters
from tests.api.test_packets import opened, packet_of
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import pdf
from tests.letters.conftest import FILLED, ready_for, words_of
from tests.licensing.desk import Clock

pytestmark = [pytest.mark.one_store, pytest.mark.usefixtures("head")]


def ordered(api: Any) -> int:
    """The id of a case whose inspection today was ordered; its company has an address of two lines."""
    company_id = a_company(
        "PT Contoh Bahari Timur", nib="9120001234567", address="Jalan Contoh 12\nOebobo"
    ).id
    asked = {"kind": "spt", "inspectors": [user("ina").id], "visit_on": "2026-11-30"}
    made = api("ina").post(f"/companies/{company_id}/letters", **asked).json
    assert api("sari").post(f"/letters/{made['id']}/number").status_code == 200
    set_letters()
    company = db.session.get_one(Company, company_id)
    return a_case(company=company, violations=("JS-02", "WL-02")).id


def paper(api: Any, case_id: int, kind: str) -> str:
    """The words of a new letter of this kind."""
    sari = api("sari")
    made = sari.post(f"/cases/{case_id}/letters", kind=kind, **FILLED.get(kind, {}))
    assert made.status_code == 201, made.text
    assert sari.post(f"/letters/{made.json['id']}/number").status_code == 200
    set_letters()
    return words_of(sari.get(f"/letters/{made.json['id']}/pdf").data)


def test_a_cover_letter_names_proof_for_every_order_and_the_head_of_its_own_region(
    api: Any,
) -> None:
    said = paper(api, ordered(api), "cover_ptsp")
    assert (
        "sertifikat kepesertaan dan bukti pembayaran iuran terakhir, serta bukti bahwa perintah lain dalam "
        "nota dilaksanakan."
    ) in said
    assert "kewajiban jaminan sosial ketenagakerjaan dan norma ketenagakerjaan lain" in said
    assert "Yth. Kepala DPMPTSP Kota Kupang" in said
    assert "Wali Kota Kupang (sebagai laporan)" in said
    assert "Gubernur" not in said


def test_an_address_of_several_lines_stands_in_a_sentence_with_commas(api: Any) -> None:
    said = paper(api, ordered(api), "ba")
    assert "PT Contoh Bahari Timur, Jalan Contoh 12, Oebobo, yang diwakili oleh" in said


def test_the_report_of_non_compliance_names_the_inspection_and_its_order(
    api: Any, at: Clock
) -> None:
    case_id = ordered(api)
    ready_for("noncompliance_report", api, case_id, at)
    said = paper(api, case_id, "noncompliance_report")
    assert (
        "Oebobo, yang diperiksa pada Senin, 30 November 2026 menurut Surat Perintah Tugas Nomor "
        "094/001-SPT/XI/2026 tanggal 30 November 2026, tidak melaksanakan perintah berikut"
    ) in said


def test_a_full_packet_holds_the_order_that_its_nota_rests_on_and_a_licensing_one_does_not(
    api: Any,
) -> None:
    case_id = ordered(api)
    set_letters()
    full = opened(packet_of(api("sari"), case_id, "full"))
    assert [name for name in full if name.startswith("letters/")] == [
        "letters/001-spt-v1.pdf",
        "letters/002-nota_1-v1.pdf",
    ]
    assert "094/001-SPT/XI/2026" in words_of(full["INDEX.pdf"])
    licensing = opened(packet_of(api("sari"), case_id, "licensing"))
    assert [name for name in licensing if "spt" in name] == []


def test_the_index_of_a_packet_writes_days_as_papers_do(api: Any, at: Clock) -> None:
    case_id = ordered(api)
    at("2027-03-01 09:00")
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=28)
    examined = examine(pdf())
    kept = keep_bytes(pdf(), kind=examined.kind)
    with transaction():
        case = db.session.get_one(Case, case_id)
        subject = about_case(case, "visit", case.visits[0].id)
        add_evidence(subject, by=user("ina"), examined=examined, kept=kept, name="daftar.pdf")
    set_letters()
    listed = json.loads(opened(packet_of(api("sari"), case_id, "full"))["index.json"])
    titles = [item["title"] for item in listed["files"]]
    assert "daftar.pdf, Kunjungan 1 Maret 2027: Belum patuh" in titles


def test_the_order_that_an_inspection_rests_on_stands_among_the_letters_of_its_case(
    api: Any, browser: Callable[..., Browser]
) -> None:
    number = db.session.get_one(Case, ordered(api)).number
    other = a_case(company=a_company("PT Misal Lain")).number
    panel = browser("ina").get(f"/cases/{number}").text.split("Surat (")[1]
    assert panel.startswith("2)")
    assert "094/001-SPT/XI/2026" in panel
    assert "094/001-SPT/XI/2026" not in browser("ina").get(f"/cases/{other}").text
    assert "SPT" not in browser("lia").get(f"/cases/{number}").text
