"""A company closes, goes bankrupt or moves: recorded, said wherever it matters, taken back; nothing ends."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.companies.circumstances.commands import CircumstanceFacts, record_circumstance
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.licensing.models import Flag
from compliance.plan.commands import Listed, plan_inspections
from compliance.policy import SYSTEM
from tests.factories import a_case, a_company, user
from tests.licensing.desk import NIB, Clock, Open, a_held_company, ask
from tests.merges.twins import merged, undone

CLOSED = "Tutup sejak 20 Februari 2027"
CLOSURE = {"kind": "closed", "since_on": "20-2-2027", "proof": "Surat lurah 12/II/2027"}
MOVE = {
    "kind": "moved",
    "since_on": "1-3-2027",
    "proof": "NIB yang diubah",
    "region_code": "53.08",
    "address": "Jalan Misal 5, Ende",
}


def the_case() -> Case:
    db.session.rollback()
    return db.session.scalars(sa.select(Case)).one()


def test_a_closure_is_said_on_every_page_and_ends_nothing(browser: Open, at: Clock) -> None:
    id = a_held_company(at)
    ina, number = browser("ina"), the_case().number
    unsaid = ina.submit(f"/companies/{id}/circumstance", kind="closed", since_on="3-3-2027")
    assert (unsaid.status, unsaid.value("since_on")) == (422, "3-3-2027")
    assert "surat keterangan tutup dari lurah" in unsaid.text
    assert "Tanggalnya tidak boleh sesudah hari ini." in unsaid.text
    page = ina.submit(f"/companies/{id}/circumstance", **CLOSURE)
    assert page.path == f"/companies/{id}"
    for words in (CLOSED, "Bukti: Surat lurah 12/II/2027", "Perusahaan tutup sejak 20 Februari"):
        assert words in page.text, words
    case = the_case()
    assert (case.status, case.is_open, case.inspector.name) == ("unresolved", True, "Ina Contoh")
    follows = "kunjungan berikutnya memastikan bahwa perusahaan tutup"
    for address in (f"/cases/{number}", f"/cases/{number}/recheck"):
        assert CLOSED in ina.get(address).text, address
        assert follows in ina.get(address).text, address
    assert CLOSED in ina.get("/field").text
    again = ina.submit(f"/companies/{id}/circumstance", **CLOSURE)
    assert (again.status, f"Sudah tercatat: {CLOSED}" in again.text) == (409, True)


def test_what_follows_is_said_only_of_a_company_with_something_open(
    browser: Open, at: Clock
) -> None:
    at("2027-03-02")
    id = a_company("PT Contoh Tanpa Kasus").id
    page = browser("tika").submit(f"/companies/{id}/circumstance", **CLOSURE)
    assert CLOSED in page.text
    assert "Kasusnya tetap terbuka" not in page.text
    a_held_company(at)
    held = db.session.scalars(sa.select(Company).where(Company.nib == NIB)).one().id
    page = browser("tika").submit(f"/companies/{held}/circumstance", **CLOSURE)
    assert "Kasusnya tetap terbuka" in page.text
    assert "TMP2T berakhir hanya dengan surat BPJS." in page.text


def closed_and_held(browser: Open, at: Clock) -> int:
    id = a_held_company(at)
    browser("ina").submit(f"/companies/{id}/circumstance", **CLOSURE)
    return id


def test_lists_and_files_say_it_in_the_row(browser: Open, at: Clock) -> None:
    closed_and_held(browser, at)
    assert CLOSED in browser("ina").get("/cases?view=revisit").text
    assert CLOSED in browser("tika").get("/cases?view=flagged").text
    assert "Tutup" in browser("tika").get("/companies").text
    assert CLOSED in browser("sari").get("/companies.csv").text


def test_the_counter_reads_one_line_and_no_proof(browser: Open, at: Clock) -> None:
    id = closed_and_held(browser, at)
    lia, number = browser("lia"), the_case().number
    receipt = ask(lia, NIB)
    assert "MERAH – ADA CATATAN" in receipt.text
    assert f"Keadaan perusahaan: {CLOSED}." in receipt.text
    seen = lia.get(f"/cases/{number}").text
    assert CLOSED in seen
    assert "memastikan bahwa perusahaan tutup" not in seen
    flag = db.session.scalars(sa.select(Flag).where(Flag.lifted_at.is_(None))).one()
    assert "Catatan ini tidak berakhir karena itu." in lia.get(f"/flags/{flag.id}").text
    assert CLOSED in lia.get("/flags").text
    for page in (lia.get(f"/companies/{id}"), lia.get(f"/cases/{number}"), receipt):
        assert "Surat lurah" not in page.text
    assert "Tutup: PT Contoh Bahari" in lia.get("/inbox").text
    assert lia.get(f"/companies/{id}/circumstance").status == 403


def test_a_late_case_of_a_closed_company_stays_in_the_queue_with_its_line(
    browser: Open, at: Clock
) -> None:
    id = a_case(company=a_company("PT Contoh Tutup")).company_id
    at("2027-03-08")
    browser("tika").submit(f"/companies/{id}/circumstance", **CLOSURE)
    queue = browser("tika").get("/queue")
    assert "PT Contoh Tutup" in queue.text
    assert CLOSED in queue.text
    assert CLOSED in browser("tika").get("/queue.csv").text
    assert CLOSED in browser("tika").get("/cases.csv?view=late").text
    assert "Tutup: PT Contoh Tutup" in browser("ina").get("/inbox").text


def test_a_moved_company_takes_its_case_and_flag_to_the_new_office_and_back(
    browser: Open, at: Clock
) -> None:
    id, number = a_held_company(at), the_case().number
    ina = browser("ina")
    page = ina.submit(f"/companies/{id}/circumstance", {**MOVE, "region_code": ""})
    assert (page.status, page.value("address")) == (422, MOVE["address"])
    page = ina.submit(f"/companies/{id}/circumstance?next=/cases/{number}", **MOVE)
    assert page.path == f"/cases/{number}"
    assert "Pindah ke Kab. Ende sejak 1 Maret 2027" in page.text
    assert "alihkan kasus ke pengawas lain" in page.text
    assert (the_case().region_code, the_case().status) == ("53.08", "unresolved")
    company = db.session.get_one(Company, id)
    assert (company.region_code, company.address) == ("53.08", MOVE["address"])
    yos, lia = browser("yos"), browser("lia")
    assert "PT Contoh Bahari" in yos.get("/flags").text
    assert "sekarang di wilayah kantor Anda" in yos.get("/inbox").text
    assert "PT Contoh Bahari" not in lia.get("/flags").text
    told = lia.get("/inbox")
    assert "Pindah: PT Contoh Bahari" in told.text
    assert "sekarang di wilayah kantor Anda" not in told.text
    assert browser("eda").get("/inbox").text.count("Perusahaan pindah ke Kab. Ende") == 1
    assert "MERAH – ADA CATATAN" in ask(lia, NIB).text, "the old office still gets the answer"
    for who in ("sari", "tika"):
        assert "Pindah: PT Contoh Bahari" in browser(who).get("/inbox").text, who
    (revoke,) = {a for a in ina.get(f"/companies/{id}").links() if "/circumstances/" in a}
    assert ina.submit(revoke, reason=" ").status == 422
    page = ina.submit(revoke, reason="Keliru: perusahaan lain")
    assert page.path == f"/companies/{id}"
    assert "dibatalkan Ina Contoh" in page.text
    assert "Pindah sejak 1 Maret 2027 dibatalkan" in page.text
    assert the_case().region_code == "53.71"
    assert db.session.get_one(Company, id).region_code == "53.71"
    assert db.session.get_one(Company, id).circumstance is None
    assert "PT Contoh Bahari" in browser("lia").get("/flags").text
    assert "Pindah, dibatalkan: PT Contoh Bahari" in browser("yos").get("/inbox").text
    told = browser("lia").get("/inbox").text.partition("Pindah, dibatalkan: PT Contoh Bahari")[2]
    told = told.partition("Pindah: PT Contoh Bahari")[0]
    assert 'Keterangan "Perusahaan pindah sejak 1 Maret 2027" dibatalkan.' in told
    assert "tidak berakhir karena itu" not in told, "nothing more follows from a mistake"
    assert ina.submit(f"/companies/{id}/circumstance", **MOVE).status == 200, "it may move again"


def test_a_bankrupt_company_names_its_court_decision_and_its_curator(
    browser: Open, at: Clock
) -> None:
    id = a_held_company(at)
    tika, address = browser("tika"), f"/companies/{id}/circumstance"
    page = tika.submit(address, kind="bankrupt", since_on="1-3-2027", curator="Kurator Misal")
    assert "nomor putusan pengadilan niaga" in page.text
    assert page.value("curator") == "Kurator Misal"
    page = tika.submit(
        address,
        kind="bankrupt",
        since_on="1-3-2027",
        proof="7/Pdt.Sus-Pailit/2027",
        curator="Kurator Misal",
        address="Jalan yang ditulis lalu dibatalkan",
    )
    assert "Pailit sejak 1 Maret 2027" in page.text
    assert "diajukan kepada kurator" in page.text
    assert "Kurator: Kurator Misal" in page.text
    assert db.session.get_one(Company, id).address is None
    assert "diajukan kepada kurator" in browser("ina").get(f"/cases/{the_case().number}").text


@pytest.mark.one_store
def test_a_company_on_the_plan_waits_in_the_list_of_its_new_regency(
    browser: Open, at: Clock
) -> None:
    id = a_company("PT Contoh Rencana").id
    at("2027-03-02")
    with transaction():
        listed = Listed(id, "53.71", ("PWBD",))
        plan_inspections([listed], by=SYSTEM, source="Daftar", listed_on=date(2027, 3, 1))
    browser("tika").submit(f"/companies/{id}/circumstance", **MOVE)
    assert "Pindah ke Kab. Ende" in browser("tika").get("/plan?region=53.08").text
    assert "PT Contoh Rencana" not in browser("tika").get("/plan?region=53.71").text


@pytest.mark.one_store
def test_a_visit_that_found_the_company_closed_or_moved_offers_to_record_it(
    browser: Open, at: Clock
) -> None:
    case = a_case(company=a_company("PT Contoh Bahari"))
    number, id = case.number, case.company_id
    at("2027-03-02")
    ina = browser("ina")
    page = ina.submit(f"/cases/{number}/recheck", outcome="not_met", not_met_reason="moved")
    assert page.path == f"/companies/{id}/circumstance"
    assert "Kunjungan dicatat: tidak dapat ditemui." in page.text
    assert page.soup.select_one("[name=kind][value=moved]").has_attr("checked")
    assert page.value("since_on") == "2-3-2027"
    assert page.soup.find("a", string="Batal")["href"] == f"/cases/{number}"
    assert "Batalkan hasil kunjungan terakhir" in ina.get(f"/cases/{number}").text
    saved = ina.submit(
        f"/companies/{id}/circumstance?next=/cases/{number}",
        since_on="2-3-2027",
        kind="moved",
        proof="Tetangga",
        address="Kupang",
        region_code="53.01",
    )
    assert saved.path == f"/cases/{number}"
    assert "Batalkan hasil kunjungan terakhir" in saved.text, "the visit can still be taken back"
    page = ina.submit(f"/cases/{number}/recheck", outcome="not_met", not_met_reason="moved")
    assert page.path == f"/cases/{number}", "it is recorded already"
    page = ina.submit(f"/cases/{number}/recheck", outcome="not_met", not_met_reason="refused")
    assert page.path == f"/cases/{number}"


@pytest.mark.one_store
@pytest.mark.usefixtures("app")
def test_an_end_counts_before_a_move_and_follows_a_merge(at: Clock) -> None:
    at("2027-03-02")
    kept, gone = a_company("PT Contoh Tetap"), a_company("PT Contoh Ganda")
    with transaction():
        moved = CircumstanceFacts("moved", date(2027, 3, 1), "KTP", None, "Surabaya")
        record_circumstance(kept, moved, by=user("tika"))
        assert (kept.circumstance, kept.region_code) == ("moved", "53.71")
        assert str(kept.circumstance_line) == "Pindah ke luar provinsi sejak 2027-03-01"
        closed = CircumstanceFacts("closed", date(2027, 1, 4), "Surat")
        record_circumstance(gone, closed, by=user("tika"))
    merge = merged(kept.id, gone.id)
    kept = db.session.get_one(Company, kept.id)
    assert (kept.circumstance, kept.circumstance_since) == ("closed", date(2027, 1, 4))
    undone(merge)
    assert [db.session.get_one(Company, id).circumstance for id in (kept.id, gone.id)] == [
        "moved",
        "closed",
    ]
