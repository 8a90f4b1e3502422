"""The papers of the road: each is drafted, previewed, numbered, set once, signed and served."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.files.storage import hash_of
from compliance.letters.grounds import GROUNDS
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.office.commands import change_settings
from tests.factories import a_company, user
from tests.letters.conftest import FILLED, ready_for, words_of
from tests.licensing.desk import Clock, Open

SAID = {
    "ba": (
        "BERITA ACARA PEMERIKSAAN",
        "Senin, 30 November 2026",
        "Rina Umpama",
        "staf personalia",
        "daftar upah",
    ),
    "ba_refusal": (
        "BERITA ACARA PENOLAKAN",
        "telah ditolak",
        "memperlihatkan daftar upah",
        "Yos Andai",
        "Saksi",
    ),
    "cover_ptsp": (
        "Yth. Kepala DPMPTSP Kota Kupang",
        "bersifat informasi",
        "pengecekan kembali 1 Maret 2027",
        "sertifikat kepesertaan dan bukti pembayaran iuran terakhir",
        "BPJS Ketenagakerjaan",
    ),
    "recheck_notice": (
        "Senin, 1 Maret 2027, pukul 09.30 WITA",
        "bukti pembayaran iuran terakhir",
        "560/001-NP/XI/2026",
    ),
    "noncompliance_report": (
        "Rahasia",
        "tidak melaksanakan",
        "Pasal 47 ayat (4)",
        "Rina, HRD",
        "Usul:",
    ),
    "recommendation": ("Yth. Wali Kota Kupang", "Pasal 47 ayat (5)", "merekomendasikan"),
    "clearance_letter": (
        "keadaan per tanggal 2 Maret 2027",
        "tidak mengakhiri TMP2T",
        "sertifikat Nomor 12",
    ),
    "certificate": ("SURAT KETERANGAN", "keadaan per tanggal", "bukan pernyataan patuh"),
}
"""What stands on each paper (letters.md)."""


def the_letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def kinds_of_events(id: int) -> list[str]:
    db.session.rollback()
    query = sa.select(Event.kind).where(Event.subject == f"letter:{id}").order_by(Event.id)
    return list(db.session.scalars(query))


def drafted(api: Any, case_id: int, kind: str, **more: Any) -> dict[str, Any]:
    answer = api("sari").post(
        f"/cases/{case_id}/letters", kind=kind, **{**FILLED.get(kind, {}), **more}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.one_store
def test_each_paper_of_a_case_says_what_it_must(
    api: Any, case_id: int, at: Clock, kind: str
) -> None:
    if kind in GROUNDS and kind not in ("cover_ptsp", "recheck_notice"):
        refused = api("sari").post(f"/cases/{case_id}/letters", kind=kind, **FILLED[kind])
        assert refused.status_code == 409, refused.text
    ready_for(kind, api, case_id, at)
    letter = drafted(api, case_id, kind)
    assert (letter["state"], letter["number"], letter["pdf"]) == ("draft", None, None)
    sari = api("sari")
    numbered = sari.post(f"/letters/{letter['id']}/number")
    assert numbered.status_code == 200, numbered.text
    assert numbered.json["state"] == "numbered"
    set_letters()
    answer = sari.get(f"/letters/{letter['id']}/pdf")
    said = words_of(answer.data)
    for words in (*SAID[kind], "PT Contoh Bahari Timur", "Halaman 1 dari"):
        assert words in said, (words, said)
    assert kinds_of_events(letter["id"]) == ["letter.drafted", "letter.numbered", "letter.set"]


@pytest.mark.one_store
def test_a_cover_letter_never_tells_a_finding(api: Any, case_id: int) -> None:
    letter = drafted(api, case_id, "cover_ptsp")
    api("sari").post(f"/letters/{letter['id']}/number")
    set_letters()
    said = words_of(api("sari").get(f"/letters/{letter['id']}/pdf").data)
    assert (
        "12" not in said.replace("9120001234567", "").split("kewajiban")[1].split("pengecekan")[0]
    )
    assert "belum" not in said


@pytest.mark.usefixtures("head")
def test_an_order_to_inspect_comes_before_any_case(api: Any) -> None:
    company = a_company("PT Contoh Bahari Timur", address="Jalan Contoh 12").id
    ina = api("ina")
    people = [user("ina").id, user("budi").id]
    asked = {"kind": "spt", "inspectors": people, "visit_on": "2026-12-03", "visit_at": "9:30"}
    letter = ina.post(f"/companies/{company}/letters", **asked).json
    assert ina.post(f"/letters/{letter['id']}/number").status_code == 403
    assert (
        api("sari").post(f"/letters/{letter['id']}/number").json["number"] == "094/001-SPT/XI/2026"
    )
    set_letters()
    said = words_of(ina.get(f"/letters/{letter['id']}/pdf").data)
    for words in (
        "SURAT PERINTAH TUGAS",
        "MEMERINTAHKAN",
        "Ina Contoh",
        "Budi Misal",
        "Kamis, 3 Desember 2026, pukul 09.30",
    ):
        assert words in said, words
    late = ina.post(f"/companies/{company}/letters", **{**asked, "visit_on": "2026-11-29"})
    assert late.status_code == 422
    assert "sesudah kunjungan" in late.json["errors"][0]["message"]


def test_the_life_of_a_letter_is_refused_out_of_its_order(api: Any, case_id: int) -> None:
    sari = api("sari")
    id = drafted(api, case_id, "recheck_notice")["id"]
    served = {"how": "hand", "served_on": "2026-11-30", "receiver": "Rina Umpama"}
    assert sari.post(f"/letters/{id}/service", **served).status_code == 409
    assert sari.get(f"/letters/{id}/pdf").status_code == 404
    assert sari.post(f"/letters/{id}/number").status_code == 200
    refused = sari.post(f"/letters/{id}/service", **served)
    assert (refused.status_code, "belum ditandatangani" in refused.json["detail"]) == (409, True)
    assert sari.post(f"/letters/{id}/number", number="7/B").status_code == 409
    assert (
        sari.post(f"/letters/{id}/withdrawal", reason="Salah tanggal").json["state"] == "withdrawn"
    )
    assert sari.post(f"/letters/{id}/replacement", reason="Coba").status_code == 409


def test_every_attempt_to_serve_is_kept_and_the_one_that_counts_starts_the_limits(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    (nota,) = [letter.id for letter in the_letters()]
    at("2026-12-02 09:00")
    ina = browser("ina")
    assert ina.post(f"/letters/{nota}/sign", signed_on="1-12-2026").status == 200
    page = ina.post(f"/letters/{nota}/serve", how="hand", delivered="no", served_on="1-12-2026")
    assert "Tuliskan sebabnya" in page.text
    typed = {"how": "hand", "delivered": "no", "served_on": "1-12-2026", "why_not": "Alamat salah"}
    assert ina.post(f"/letters/{nota}/serve", **typed).status == 200
    typed = {
        "how": "post",
        "served_on": "2-12-2026",
        "receiver": "Rina Umpama",
        "receiver_position": "HRD",
    }
    assert ina.post(f"/letters/{nota}/serve", **typed).status == 200
    case = api("ina").get(f"/cases/{case_id}").json
    assert case["nota"]["received_on"] == "2026-12-02"
    (letter,) = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    assert letter["state"] == "served"
    assert [(one["counts"], one["why_not"]) for one in letter["deliveries"]] == [
        (False, "Alamat salah"),
        (True, None),
    ]
    again = api("ina").post(
        f"/letters/{nota}/service", how="hand", served_on="2026-12-02", receiver="Yos"
    )
    assert "restart_deadlines" in {error["field"] for error in again.json["errors"]}


def test_the_receipt_of_the_case_is_the_service_of_its_letter(api: Any, case_id: int) -> None:
    ina = api("ina")
    answer = ina.post(
        f"/cases/{case_id}/receipt", received_on="2026-11-30", received_by="Rina, HRD"
    )
    assert answer.status_code == 200
    (letter,) = ina.get(f"/cases/{case_id}/letters").json["items"]
    assert letter["state"] == "served"
    (service,) = letter["deliveries"]
    assert (service["how"], service["receiver"], letter["signed_on"]) == ("hand", "Rina, HRD", None)


def test_a_new_version_takes_the_place_of_a_nota_and_says_why(
    browser: Open, api: Any, case_id: int
) -> None:
    (nota,) = [letter.id for letter in the_letters()]
    set_letters()
    first = hash_of(api("ina").get(f"/letters/{nota}/pdf").data)
    finding = api("ina").get(f"/cases/{case_id}").json["findings"][0]["id"]
    ina = browser("ina")
    typed = {
        "reason": "Nama perusahaan keliru",
        "company_name": "PT Contoh Bahari",
        f"fact-{finding}": "Sebelas orang",
    }
    assert ina.post(f"/letters/{nota}/replace", typed).status == 200
    new = the_letters()[-1]
    new_id = new.id
    assert (new.status, new.version, new.replaces_id) == ("draft", 2, nota)
    assert browser("sari").post(f"/letters/{new_id}/number").status == 200
    set_letters()
    old, new = the_letters()
    old_id, old_code = old.id, old.code
    assert (old.status, new.status, new.number) == ("replaced", "numbered", "560/001-NP/XI/2026.A")
    assert hash_of(api("ina").get(f"/letters/{old_id}/pdf").data) == first
    said = words_of(api("ina").get(f"/letters/{new_id}/pdf").data)
    for words in (
        "menggantikan",
        "Nama perusahaan keliru",
        "Yth. Pimpinan PT Contoh Bahari",
        "Sebelas orang",
        "versi 2",
    ):
        assert words in said, words
    assert "tidak berlaku lagi" in browser().get(f"/verify/{old_code}").text


def test_a_letter_waits_for_the_head_where_the_office_wants_it(
    browser: Open, api: Any, case_id: int
) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    ina, sari = browser("ina"), browser("sari")
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    assert (
        ina.post(f"/cases/{number}/letters/new/recheck_notice", visit_on="1-3-2027").status == 200
    )
    letter = the_letters()[-1].id
    assert "Surat pengecekan kembali" in sari.get("/approvals").text
    assert "menunggu persetujuan" in api("sari").post(f"/letters/{letter}/number").json["detail"]
    assert sari.post(f"/letters/{letter}/return", reason="Jam kunjungan belum ada").status == 200
    assert "Jam kunjungan belum ada" in ina.get(f"/letters/{letter}").text
    assert "Surat pengecekan kembali" not in sari.get("/approvals").text
    assert ina.post(f"/letters/{letter}/edit", visit_on="1-3-2027", visit_at="10.00").status == 200
    assert "berikutnya" in sari.get(f"/letters/{letter}/approve").text
    assert sari.post(f"/letters/{letter}/approve", next="yes").status == 200
    assert api("sari").post(f"/letters/{letter}/number").json["state"] == "numbered"


def test_nobody_approves_a_letter_about_the_own_inspection_alone(api: Any, case_id: int) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    company = a_company("CV Misal").id
    asked = {"kind": "spt", "inspectors": [user("sari").id], "visit_on": "2026-12-03"}
    letter = api("sari").post(f"/companies/{company}/letters", **asked).json
    refused = api("sari").post(f"/letters/{letter['id']}/approval")
    assert (refused.status_code, "satu-satunya pemeriksa" in refused.json["detail"]) == (409, True)


@pytest.mark.one_store
def test_where_tata_usaha_numbers_a_letter_goes_out_with_a_blank(api: Any, case_id: int) -> None:
    with transaction():
        change_settings({"letter_numbering": "by_hand"}, by=user("adi"))
    sari = api("sari")
    one, two = (drafted(api, case_id, kind)["id"] for kind in ("recheck_notice", "certificate"))
    assert sari.post(f"/letters/{one}/number").json["number"] is None
    set_letters()
    bytes_before = sari.get(f"/letters/{one}/pdf").data
    assert sari.post(f"/letters/{one}/number", number="094/7/2026").json["number"] == "094/7/2026"
    assert sari.get(f"/letters/{one}/pdf").data == bytes_before
    taken = sari.post(f"/letters/{two}/number", number="094/7/2026")
    assert (taken.status_code, "sudah dipakai" in taken.json["detail"]) == (409, True)


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_a_letter_of_the_head_needs_a_signatory_on_its_day(api: Any) -> None:
    from tests.factories import a_case

    case_id = a_case().id
    refused = api("sari").post(
        f"/cases/{case_id}/letters", kind="recheck_notice", visit_on="2027-03-01"
    )
    assert (refused.status_code, "penanda tangan" in refused.json["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "ba"}, "held_on"),
        ({"kind": "recheck_notice", "visit_on": "2026-11-29"}, "visit_on"),
        ({"kind": "recheck_notice", "visit_on": "2027-03-01", "visit_at": "25.00"}, "visit_at"),
        ({"kind": "recheck_notice", "visit_on": "2027-03-01", "proof": ["x"]}, "proof"),
        ({"kind": "cover_ptsp", "cover": "bpjs_request"}, "bpjs_number"),
        ({"kind": "receipt", "about_letter": 999}, "about_letter"),
        ({"kind": "report"}, "kind"),
    ],
)
@pytest.mark.one_store
def test_what_cannot_stand_on_a_letter_is_refused_beside_its_name(
    api: Any, case_id: int, sent: dict[str, Any], field: str
) -> None:
    answer = api("sari").post(f"/cases/{case_id}/letters", **sent)
    assert answer.status_code == 422, answer.text
    assert field in {error["field"] for error in answer.json["errors"]}
    assert len(the_letters()) == 1


@pytest.mark.one_store
def test_a_licensing_office_opens_what_was_sent_to_it(
    api: Any, browser: Open, case_id: int
) -> None:
    cover = drafted(api, case_id, "cover_ptsp")["id"]
    report = drafted(api, case_id, "recheck_notice")["id"]
    lia = api("lia")
    assert lia.get(f"/letters/{cover}").status_code == 404
    for id in (cover, report):
        api("sari").post(f"/letters/{id}/number")
    set_letters()
    assert lia.get(f"/letters/{cover}/pdf").status_code == 200
    assert lia.get(f"/letters/{report}/pdf").status_code == 404
    assert api("yos").get(f"/letters/{cover}/pdf").status_code == 404
    number = lia.get(f"/cases/{case_id}").json["number"]
    assert f"/letters/{cover}" in browser("lia").get(f"/cases/{number}").links()


@pytest.mark.one_store
def test_a_draft_is_previewed_and_nothing_is_kept(browser: Open, api: Any, case_id: int) -> None:
    id = drafted(api, case_id, "recheck_notice")["id"]
    answer = browser("sari").get(f"/letters/{id}/preview.pdf").response
    assert answer.mimetype == "application/pdf"
    assert "KONSEP" in words_of(answer.data)
    assert the_letters()[-1].file_id is None


@pytest.mark.one_store
def test_a_withdrawn_case_takes_its_letters_along_and_a_reopened_one_brings_them_back(
    api: Any, browser: Open, case_id: int
) -> None:
    draft, sent = (drafted(api, case_id, "recheck_notice")["id"] for _ in range(2))
    sari = api("sari")
    sari.post(f"/letters/{sent}/number")
    number = sari.get(f"/cases/{case_id}").json["number"]
    assert sari.post(f"/cases/{case_id}/withdrawal", reason="Salah alamat").status_code == 200
    assert {letter.status for letter in the_letters()} == {"withdrawn"}
    set_letters()
    assert browser("sari").post(f"/cases/{number}/reopen", reason="Ternyata benar").status == 200
    assert {letter.id: letter.status for letter in the_letters()}[draft] == "draft"


@pytest.mark.one_store
def test_a_served_letter_looks_the_same_on_its_page_and_in_its_case(
    browser: Open, api: Any, case_id: int
) -> None:
    received = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    number = api("ina").post(f"/cases/{case_id}/receipt", **received).json["number"]
    id, ina = the_letters()[0].id, browser("ina")
    looks = [
        [tag["class"] for tag in ina.get(address).soup.select("main .tag") if "Tersampaikan" in tag]
        for address in (f"/letters/{id}", f"/cases/{number}")
    ]
    assert looks[0][0] == looks[1][0] == ["tag", "clear"]
