"""The words of the papers: whole sentences, places with their names, hours with their zone, copies."""

from __future__ import annotations

import io
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.evidence.commands import add_evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from compliance.letters.commands.issuing import draft_pdf
from compliance.letters.kinds.addressing import head_of_region, to_company
from compliance.letters.models import Letter
from compliance.letters.rules import finding_facts, open_order_facts
from tests.evidence.known import add
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import pdf, picture
from tests.letters.conftest import ready_for
from tests.letters.test_true_papers import issued, sent, the_last
from tests.licensing.desk import Clock

NOTA = SimpleNamespace(workers_total=36, workers_registered=10)


def a_finding(**facts: Any) -> Any:
    violation = SimpleNamespace(
        code="XX-01",
        title="Perusahaan belum membayar upah lembur",
        legal_basis="UU 13/2003 pasal 78",
        order="Membayar upah lembur",
        evidence="Bukti pembayaran",
    )
    usual = {"workers_affected": None, "programmes": (), "note": None, "violation": violation}
    limit = {"deadline_days": 14, "deadline_day_type": "calendar"}
    return SimpleNamespace(**{**usual, **limit, **facts})


@pytest.mark.parametrize(
    ("facts", "fact"),
    [
        ({}, "Pada pemeriksaan ditemukan: Perusahaan belum membayar upah lembur."),
        (
            {"workers_affected": 26},
            "Pada pemeriksaan ditemukan: Perusahaan belum membayar upah lembur. Hal itu mengenai "
            "26 (dua puluh enam) dari 36 (tiga puluh enam) orang pekerja.",
        ),
        (
            {"programmes": ("JHT", "JP")},
            "Pada pemeriksaan ditemukan: Perusahaan belum membayar upah lembur. "
            "Program yang belum diikuti ialah JHT, JP.",
        ),
        (
            {"note": "Menurut daftar upah, lembur tidak dibayar"},
            "Menurut daftar upah, lembur tidak dibayar.",
        ),
    ],
)
def test_a_fact_names_what_was_found_before_whom_it_concerns(
    facts: dict[str, Any], fact: str
) -> None:
    finding = a_finding(**facts)
    assert finding_facts(finding, NOTA, quotes={})["fact"] == fact


def test_the_second_nota_repeats_no_fact_of_the_first_and_names_what_is_awaited() -> None:
    order = open_order_facts(a_finding(note="Menurut daftar upah"), quotes={})
    assert "daftar upah" not in str(order)
    assert order["missing"].startswith(
        "Bukti bahwa perintah ini selesai dilaksanakan belum kami terima."
    )


def matter_of(address: str | None, region: str = "53.08", **options: Any) -> Any:
    company = SimpleNamespace(name="PT Contoh", address=address, region_code=region)
    return SimpleNamespace(company=company, nota=None, nota_letter=None, options=options)


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("Jalan Contoh 12", ["Jalan Contoh 12", "Kabupaten Ende"]),
        ("Jalan Ende 12", ["Jalan Ende 12", "Kabupaten Ende"]),
        ("Jalan Contoh 12, Kab. Ende", ["Jalan Contoh 12, Kab. Ende"]),
        ("Jalan Contoh 12\nKABUPATEN ENDE", ["Jalan Contoh 12", "KABUPATEN ENDE"]),
        (None, ["Kabupaten Ende"]),
    ],
)
def test_an_addressee_names_its_regency(address: str | None, lines: list[str]) -> None:
    assert to_company(matter_of(address)) == ["Yth. Pimpinan PT Contoh", *lines]


def test_the_head_of_a_region_is_named_with_its_place() -> None:
    assert [head_of_region(code) for code in ("53", "53.08", "53.71")] == [
        "Gubernur Nusa Tenggara Timur",
        "Bupati Ende",
        "Wali Kota Kupang",
    ]


@pytest.mark.one_store
@pytest.mark.usefixtures("head")
def test_an_order_says_its_hour_with_the_zone_and_which_governor(api: Any) -> None:
    company = a_company("PT Contoh Bahari Timur", address="Jalan Contoh 12").id
    asked = {"kind": "spt", "inspectors": [user("ina").id], "visit_on": "2026-12-03"}
    made = api("ina").post(f"/companies/{company}/letters", **asked, visit_at="9:30").json
    facts = str(db.session.get_one(Letter, made["id"]).facts)
    assert "Kamis, 3 Desember 2026, pukul 09.30 WITA" in facts
    assert "Gubernur Nusa Tenggara Timur (sebagai laporan)" in facts


@pytest.mark.one_store
def test_every_hour_of_a_record_has_its_zone(api: Any, case_id: int) -> None:
    said = issued(api, case_id, "ba", held_at="10.00")
    assert "pukul 10.00 WITA" in said
    assert not re.search(r"pukul \d\d\.\d\d(?! WITA)", said)


@pytest.mark.one_store
def test_a_new_version_names_the_paper_that_it_replaces(api: Any, case_id: int) -> None:
    issued(api, case_id, "recheck_notice")
    letters = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    old = next(one["id"] for one in letters if one["kind"] == "recheck_notice")
    new = api("sari").post(f"/letters/{old}/replacement", reason="Jam keliru").json["id"]
    assert api("sari").post(f"/letters/{new}/number").status_code == 200
    said = the_last(api, case_id, "recheck_notice")
    assert "menggantikan Surat Pengecekan Kembali Nomor" in said
    assert "Sebab: Jam keliru." in said


@pytest.mark.one_store
def test_the_papers_behind_a_corrected_nota_call_the_company_as_it_does(
    api: Any, case_id: int
) -> None:
    nota = api("ina").get(f"/cases/{case_id}/letters").json["items"][0]["id"]
    mended = {"company_name": "PT Contoh Benar", "address": "Jalan Benar 7"}
    new = api("sari").post(f"/letters/{nota}/replacement", reason="Salah nama", **mended)
    assert new.status_code == 201, new.text
    assert api("sari").post(f"/letters/{new.json['id']}/number").status_code == 200
    said = issued(api, case_id, "recheck_notice")
    assert "Pimpinan PT Contoh Benar" in said
    assert "Jalan Benar 7" in said


@pytest.mark.one_store
def test_a_word_without_an_end_goes_on_in_the_next_line(api: Any, case_id: int) -> None:
    sent(api, case_id, "ba", met_name="A" * 190)
    [letter] = [one for one in db.session.scalars(sa.select(Letter)) if one.kind == "ba"]
    drawn = pypdf.PdfReader(io.BytesIO(draft_pdf(letter))).pages
    runs = re.findall("A{20,}", "\n".join(page.extract_text() for page in drawn))
    assert sum(map(len, runs)) >= 190, "all of it is there"
    assert max(map(len, runs)) < 100, "a line holds no more"


@pytest.mark.one_store
def test_a_confidential_nota_goes_to_no_licensing_office(api: Any, case_id: int, at: Clock) -> None:
    ready_for("noncompliance_report", api, case_id, at)
    for kind in ("nota_1", "nota_2"):
        said = the_last(api, case_id, kind)
        assert "Rahasia" in said
        assert "Menteri Ketenagakerjaan" in said
        assert "DPMPTSP" not in said


@pytest.mark.one_store
def test_a_recommendation_is_confidential_and_lists_the_orders_not_carried_out(
    api: Any, case_id: int, at: Clock
) -> None:
    ready_for("recommendation", api, case_id, at)
    with transaction():
        case = db.session.get_one(Case, case_id)
        done = next(one for one in case.findings if one.violation.code == "JS-04")
        done.fixed_on = date(2026, 12, 29)
    said = issued(api, case_id, "recommendation")
    for words in (
        "Sifat : Rahasia",
        "Sebagian pekerja belum didaftarkan pada BPJS Ketenagakerjaan",
        "UU 24/2011 pasal 15 ayat (2)",
    ):
        assert words in said, (words, said)
    assert "program wajib" not in said


@pytest.mark.one_store
def test_the_report_speaks_the_words_of_papers_and_names_both_limits(
    api: Any, case_id: int, at: Clock
) -> None:
    add(case_id, picture(), name="papan.jpg", note="Papan nama kantor")
    ready_for("noncompliance_report", api, case_id, at)
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=28)
    kept = keep_bytes(pdf(), kind=examine(pdf()).kind)
    with transaction():
        case = db.session.get_one(Case, case_id)
        subject = about_case(case, "visit", case.visits[0].id)
        add_evidence(subject, by=user("ina"), examined=examine(pdf()), kept=kept, name="upah.pdf")
    said = issued(api, case_id, "noncompliance_report")
    for words in (
        "upah.pdf, Kunjungan 30 Desember 2026",
        "14 Desember 2026",
        "27 Desember 2026",
        "12 huruf dan angka pertama dari sidik SHA-256",
    ):
        assert words in said, (words, said)
    assert "Seluruh kasus" not in said
    assert "2026-12" not in said


@pytest.mark.one_store
@pytest.mark.usefixtures("head")
def test_a_record_rests_on_the_order_of_its_own_visit(api: Any, at: Clock) -> None:
    company = a_company("PT Contoh Bahari Timur")
    company_id, case_id = company.id, a_case(company=company).id
    asked = {"kind": "spt", "inspectors": [user("ina").id], "visit_on": "2026-12-03"}
    made = api("ina").post(f"/companies/{company_id}/letters", **asked).json
    assert api("sari").post(f"/letters/{made['id']}/number").status_code == 200
    at("2026-12-03 09:00")
    assert "menurut Surat Perintah Tugas" in issued(api, case_id, "ba", held_on="2026-12-03")
    assert "menurut Surat Perintah" not in issued(api, case_id, "ba", held_on="2026-11-30")
    assert sent(api, case_id, "ba", held_on="2026-12-03").status_code == 422
