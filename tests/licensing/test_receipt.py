"""The receipt: what an officer reads, decides, prints and finds again years later."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case, Nota
from compliance.companies.commands import change_company
from compliance.companies.models import Company
from compliance.companies.rules import CompanyFacts
from compliance.core.db import db, transaction
from compliance.licensing.checks.commands import make_check
from compliance.licensing.checks.rules import Answer
from compliance.licensing.codes import shown_code
from compliance.licensing.sanctions import record_sanction
from compliance.office.commands import change_office
from compliance.office.queries import find_office
from tests.factories import a_case, a_company, a_visit, user
from tests.licensing.desk import NIB, Clock, Open, a_held_company, ask, checks

pytestmark = pytest.mark.one_store


def test_a_hold_says_why_since_when_what_clears_it_and_whom_to_ask(
    browser: Open, at: Clock
) -> None:
    a_held_company(at)
    with transaction():
        office = find_office("ptsp-53.71")
        assert office is not None
        change_office(
            office, by=user("adi"), name=office.name, legal_basis="Perwali contoh 12/2025 pasal 7"
        )
    page = ask(browser("lia"), NIB)
    assert page.title.startswith("MERAH – ADA CATATAN: PT Contoh Bahari")
    for words in (
        "Pemohon dapat menunjukkan bukti kepesertaannya sebelum Anda memutuskan.",
        "Catatan ini bukan sanksi dan tidak cukup menjadi dasar penolakan",
        "Catatan hasil cek ulang sejak 2 Maret 2027 (kasus NTT-2026-0001).",
        "cek ulang 2 Maret 2027 menemukan 10 dari 40 pekerja belum terdaftar.",
        "28 Februari 2027, berlaku 1 Maret 2027",
        "30 dari 40",
        "Jaminan sosial ketenagakerjaan",
        "Sertifikat kepesertaan dan bukti iuran terakhir.",
        "PBG (dalam PP 86/2013: IMB)",
        "Perwali contoh 12/2025 pasal 7",
        "Ina Contoh, pengawas, 0380-000-000",
        "Putuskan tertulis sebelum waktunya habis.",
    ):
        assert words in page.text, words
    assert page.soup.h1.get_text(" ", strip=True).startswith("◆ Putuskan sendiri, tertulis")


def test_five_working_days_are_told_with_their_condition(browser: Open, at: Clock) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    words = "Bila aturan izinnya tidak menyebut waktu: paling aman dalam 5 hari kerja, paling lambat {};"
    assert words.format("7 Desember 2026") in ask(browser("lia"), NIB).text
    assert checks()[0].answer["decide_by"] is None
    at("2026-12-22")  # joint leave, Christmas and the weekend lie in between
    page = ask(browser("lia"), NIB)
    assert words.format("31 Desember 2026") in page.text
    assert "(UU 30/2014 pasal 53, diubah UU 6/2023 pasal 175;" in page.text
    assert "pasal 39 ayat (6) menyebut 10 hari kerja untuk izin)" in page.text
    assert "terbit otomatis bila waktunya habis (PP 28/2025)" in page.text


def test_a_record_of_incomplete_data_touches_no_permit_and_says_so(
    browser: Open, at: Clock
) -> None:
    a_held_company(at)
    text = ask(browser("lia"), NIB).text
    assert "Izin yang terkena tidak ada Catatan ini ikut dipertimbangkan" in text
    assert "Tidak terkena perizinan terkait usaha; izin untuk mengikuti tender proyek;" in text


def test_a_sanction_touches_what_the_letter_names_and_nothing_else(browser: Open) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    with transaction():
        record_sanction(
            case,
            by=user("tika"),
            letter_number="B/1",
            letter_on=date(2026, 11, 27),
            services=["tender"],
        )
    text = ask(browser("lia"), NIB).text
    assert "Izin yang terkena izin untuk mengikuti tender proyek Diminta BPJS" in text
    assert "Tidak terkena perizinan terkait usaha; izin mempekerjakan" in text


def test_a_nota_alone_never_blocks(browser: Open) -> None:
    a_case(company=a_company("PT Contoh Bahari", nib=NIB), workers=(40, 0))
    text = ask(browser("lia"), NIB).text
    assert "Izin dapat diproses." in text
    assert "Nota atau peringatan saja tidak menahan izin apa pun." in text


def test_a_sanction_is_red_and_names_the_letter_of_bpjs(browser: Open) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    with transaction():
        record_sanction(
            case, by=user("tika"), letter_number="B/12/2026", letter_on=date(2026, 11, 27)
        )
    page = ask(browser("lia"), NIB)
    assert page.soup.h1.get_text(" ", strip=True) == "■ Tahan: TMP2T – MERAH – TMP2T"
    assert "ADA CATATAN" not in page.text
    assert [each.get_text() for each in page.soup.select(".verdict li")][
        -1
    ] == "PBG (dalam PP 86/2013: IMB)"
    overriding = page.soup.find(attrs={"value": "issued_despite_hold"})
    assert overriding.has_attr("data-without-key")
    assert "surat BPJS B/12/2026 tanggal 27 November 2026" in page.text
    assert "dilaksanakan kantor perizinan yang diminta dalam suratnya" in page.text
    assert "Bila surat itu belum ada pada kantor Anda, mintalah salinannya." in page.text


def test_late_by_date_is_late_though_no_clock_ticked(browser: Open, at: Clock) -> None:
    a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    lia = browser("lia")
    page = ask(lia, NIB)
    assert "KUNING – NOTA TERBUKA" in page.text
    assert page.soup.h1.get_text(" ", strip=True).startswith("▲ Boleh diproses")
    assert "belum ada dasar hukum daerah" in page.text
    assert "Kewajiban menurut nota: paling lambat 14 hari setelah nota diterima;" in page.text
    assert "pengecekan kembali 1 Maret 2027." in page.text
    at("2027-03-13")
    page = ask(browser("lia"), NIB)
    assert "KUNING – LEWAT WAKTU" in page.text
    assert "cek ulang terlambat 12 hari, belum ada hasil." in page.text


def test_the_answer_stays_as_it_was_given_for_years(browser: Open, at: Clock) -> None:
    company_id = a_held_company(at)
    before = ask(browser("lia"), NIB)
    verdict = before.soup.select_one(".verdict")
    a_visit(db.session.scalars(sa.select(Case)).one(), "complied")
    with transaction():
        company = db.session.get_one(Company, company_id)
        change_company(
            company,
            CompanyFacts(name="PT Contoh Samudra", region_code="53.08", nib=NIB),
            by=user("tika"),
            renamed=True,
        )
    at("2031-06-12")
    lia = browser("lia")
    again = lia.get(before.path)
    assert again.soup.select_one(".verdict") == verdict
    assert "PT Contoh Bahari" in again.text
    now = ask(lia, NIB)
    assert "HIJAU – TIDAK ADA CATATAN" in now.text
    assert "PT Contoh Samudra , Kab. Ende (dahulu bernama PT Contoh Bahari)" in now.text
    assert now.path == "/check/CK-2031-000001"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lia", 200),
        ("eda", 404),
        ("yos", 404),
        ("tika", 200),
        ("sari", 200),
        ("ina", 403),
        ("adi", 403),
    ],
)
def test_a_receipt_is_its_officers_and_the_compliance_teams(
    browser: Open, who: str, status: int
) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    receipt = ask(browser("lia"), NIB).path
    reader = browser(who)
    for address in (receipt, f"{receipt}/print"):
        assert reader.get(address).status == status
    if who in ("tika", "sari"):
        page = reader.get(receipt)
        assert page.soup.find(attrs={"name": "asked"}) is None
        assert page.soup.find(attrs={"name": "decision"}) is None
        assert reader.post(f"{receipt}/decision", decision="issued").status == 403
    assert reader.get("/check/CK-2026-000099").status in (403, 404)


def test_licensing_never_reads_findings_workers_or_notes(browser: Open, at: Clock) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB), violations=("JS-02", "UP-01"))
    case_id = case.id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    a_visit(
        db.session.get_one(Case, case_id),
        "not_complied",
        registered=30,
        note="Catatan intern rahasia",
    )
    page = ask(browser("lia"), NIB)
    assert "Jaminan sosial ketenagakerjaan; Norma ketenagakerjaan lain" in page.text
    secrets = [
        "rahasia",
        "JS-02",
        "UP-01",
        *(finding.violation.title for finding in db.session.get_one(Case, case_id).findings),
    ]
    kept = str(checks()[0].answer)
    for secret in secrets:
        assert secret not in page.html, secret
        assert secret not in kept, secret


def test_an_obligation_already_met_is_not_asked_for_again(browser: Open, at: Clock) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB), violations=("JS-02", "UP-01"))
    case_id, met = case.id, [each.id for each in case.findings if each.violation.code == "JS-02"]
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    a_visit(db.session.get_one(Case, case_id), "partly_complied", registered=40, fixed=met)
    page = ask(browser("lia"), NIB)
    assert "Jaminan sosial ketenagakerjaan" not in page.text
    assert (
        "Pemohon dapat menunjukkan bukti pemenuhan kewajibannya sebelum Anda memutuskan."
        in page.text
    )
    assert "Hasil cek ulang pengawas bahwa kewajiban sudah dipenuhi." in page.text


def test_a_corrected_nota_is_the_one_that_counts(browser: Open) -> None:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB), nota_number="560/LAMA")
    with transaction():
        first = case.nota
        assert first is not None
        columns = {
            each.name: getattr(first, each.name)
            for each in Nota.__table__.columns
            if each.name not in ("id", "number")
        }
        db.session.add(Nota(**columns, number="560/BARU"))
    page = ask(browser("lia"), NIB)
    assert "560/BARU" in page.text
    assert "560/LAMA" not in page.text
    assert len(Answer.restored(checks()[0].answer).cases) == 1


def test_the_printed_receipt_says_the_word_the_number_the_time_and_the_officer(
    browser: Open, at: Clock
) -> None:
    a_held_company(at)
    lia = browser("lia")
    page = lia.get(f"{ask(lia, NIB).path}/print")
    for words in (
        "MERAH – ADA CATATAN",
        "CK-2027-000001",
        "2 Maret 2027 pukul 09.00 WITA",
        "petugas: Lia Misal",
        "DPMPTSP Kota Kupang",
        "Putuskan sendiri, tertulis",
        "simpan dalam berkas permohonan",
    ):
        assert words in page.text, words
    assert "musnahkan" not in page.text


def test_the_history_is_ones_own_newest_first_and_turns_its_pages(browser: Open) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    lia, eda = browser("lia"), browser("eda")
    assert "Anda belum pernah mengecek" in lia.get("/check/history").text
    with transaction():
        company, officer = db.session.scalars(sa.select(Company)).one(), user("lia")
        for number in range(30):
            make_check(f"{NIB} {number}", company, by=officer)
    ask(eda, "9120009999999")
    page = lia.get("/check/history")
    assert page.text.index("CK-2026-000030") < page.text.index("CK-2026-000029")
    assert "CK-2026-000005" not in page.text
    older = next(link for link in page.links() if "after=" in link)
    assert "CK-2026-000001" in lia.get(older).text
    assert "9120009999999" not in page.text
    everything = browser("tika").get("/check/history")
    assert "9120009999999" in everything.text
    assert "Eda Umpama" in everything.text
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert lia.get(f"/check/history?after={nonsense}").status == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (NIB, {1, 2}), ("9120 0012 3456 7", {1, 2}), ("bahari", {1, 2}), ("PT Contoh Lama", {1, 2}),
        ("ck-2026-000002", {2}), ("PMH-12", {2}), ("tidak ada di sini", {3}), ("9120009999999",
            {4}), ("912000999", {4}),
        ("%", set()), ("zzz", set()),
    ],
)  # fmt: skip
def test_the_history_is_searched_by_number_name_and_receipt(
    browser: Open, asked: str, found: set[int]
) -> None:
    company = a_company("PT Contoh Lama", nib=NIB)
    with transaction():
        renamed = CompanyFacts(name="PT Contoh Bahari", region_code="53.71", nib=NIB)
        change_company(company, renamed, by=user("tika"), renamed=True)
    lia = browser("lia")
    for each in (NIB, "contoh bahari", "PT Tidak Ada di Sini", "9120009999999"):
        ask(lia, each)
    lia.post("/check/CK-2026-000002/decision", decision="postponed", application="PMH-12")
    page = lia.get("/check/history", query_string={"q": asked})
    assert page.value("q") == asked
    assert {int(number) for number in re.findall(r"CK-2026-0*(\d+)", page.text)} == found
    assert ("Tidak ada cek yang cocok" in page.text) == (not found)
    assert "CK-" not in browser("eda").get("/check/history", query_string={"q": asked}).text
    everybody = browser("tika").get("/check/history", query_string={"q": asked})
    assert {int(number) for number in re.findall(r"CK-2026-0*(\d+)", everybody.text)} == found


def test_the_code_on_the_paper_finds_its_check(browser: Open) -> None:
    lia = browser("lia")
    ask(lia, "9120009999999")
    ask(lia, "9120008888888")
    page = lia.get("/check/history", query_string={"q": shown_code(checks()[0].code).lower()})
    assert "CK-2026-000001" in page.text
    assert "CK-2026-000002" not in page.text


def test_the_pages_of_the_counter_speak_english_too(browser: Open, at: Clock) -> None:
    a_held_company(at)
    lia = browser("lia", "en")
    page = ask(lia, NIB)
    assert "2 March 2027" in page.text
    for address in (
        "/check",
        page.path,
        f"{page.path}/print",
        "/check/history",
        "/check/choose?asked=contoh",
    ):
        assert lia.get(address).status == 200
