"""The pages of flags: who sees which, acknowledging, lifting, and passing on a sanction that BPJS
asks for.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.core.db import db, transaction
from compliance.licensing.commands import lift_flag
from compliance.licensing.models import Flag
from compliance.licensing.queries import flags_for_page
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user
from tests.licensing.flagged import a_warned_case, flag_of, the_case, two_regencies
from tests.queries import queries

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
Clock = Callable[[str], None]


def test_the_page_says_why_since_when_and_whose(browser: Open, at: Clock) -> None:
    case_id = a_warned_case(at)
    page = browser("lia").get(f"/flags/{flag_of(case_id)}")
    for words in (
        "PT Contoh Bahari",
        "Peringatan",
        "Berlaku",
        "Jatuh tempo 1 Maret 2027 lewat tanpa hasil cek ulang.",
        "2 Maret 2027",
        "1 Maret 2028",
        "NTT-2026-0001",
        "Ina Contoh",
        "belum dibaca kantor perizinan mana pun",
        "oleh sistem",
    ):
        assert words in page.text, words
    assert page.soup.find("a", string="Cabut catatan ini") is None


def test_the_office_answers_a_flag_once(browser: Open, at: Clock) -> None:
    flag_id = flag_of(a_warned_case(at))
    lia = browser("lia")
    unsaid = lia.submit(f"/flags/{flag_id}", note="Sudah ditempel di loket")
    assert (unsaid.status, unsaid.value("note")) == (422, "Sudah ditempel di loket")
    assert "Pilih jawaban kantor Anda." in unsaid.text
    page = lia.submit(f"/flags/{flag_id}", answer="used", note="Sudah ditempel di loket")
    assert page.path == f"/flags/{flag_id}"
    assert "Sudah dibaca, dipakai dalam keputusan" in page.text
    assert (
        "Kantor Anda sudah membaca catatan ini: Lia Misal, 2 Maret 2027 pukul 09.00 WITA."
        in page.text
    )
    assert "DPMPTSP Kota Kupang" in page.text
    assert "Sudah ditempel di loket" in page.text
    assert lia.post(f"/flags/{flag_id}/acknowledgement", answer="not_ours").status == 200
    inspector = browser("ina").get(f"/flags/{flag_id}")
    assert "DPMPTSP Kota Kupang" in inspector.text
    assert "Sudah dibaca, dipakai dalam keputusan" in inspector.text, "the first answer stands"
    assert browser("ina").post(f"/flags/{flag_id}/acknowledgement").status == 403
    assert browser("yos").post(f"/flags/{flag_id}/acknowledgement").status == 404
    too_long = browser("eda").post(
        f"/flags/{flag_id}/acknowledgement", answer="used", note="x" * 2001
    )
    assert (too_long.status, too_long.value("note")) == (422, "x" * 2001)
    assert browser("eda").post(f"/flags/{flag_id}/acknowledgement", answer="perhaps").status == 422


def test_an_office_may_say_that_a_flag_is_not_its_to_act_on(browser: Open, at: Clock) -> None:
    flag_id = flag_of(a_warned_case(at))
    browser("lia").submit(f"/flags/{flag_id}", answer="not_ours", note="Wewenang DPMPTSP provinsi")
    inbox = browser("ina").get("/inbox").text
    assert "Jawaban kantor itu: Bukan wewenang kantor kami" in inbox
    assert "beri tahu tim kepatuhan kantor mana yang berwenang" in inbox
    assert "Tidak ada yang perlu Anda lakukan" not in inbox
    assert "Keterangannya: Wewenang DPMPTSP provinsi" in inbox
    assert "Bukan wewenang kantor kami" in browser("lia").get("/flags").text
    assert (
        "bukan wewenangnya: Wewenang DPMPTSP provinsi"
        in browser("tika").get(f"/flags/{flag_id}").text
    )


def test_the_navigation_counts_what_my_office_has_not_answered(browser: Open, at: Clock) -> None:
    kupang, _ende = two_regencies(at)

    def badge(who: str) -> str | None:
        found = browser(who).get("/help").soup.select_one("nav a[href='/flags'] .count")
        return " ".join(found.get_text().split()) if found else None

    assert badge("eda") == "2 belum dijawab kantor Anda"
    assert badge("lia") == "1 belum dijawab kantor Anda"
    browser("lia").post("/flags/acknowledgements", flag=[str(flag_of(kupang))])
    assert badge("lia") == "1 belum dijawab kantor Anda", "read is not answered"
    browser("lia").submit(f"/flags/{flag_of(kupang)}", answer="used")
    assert badge("lia") is None
    assert badge("eda") == "2 belum dijawab kantor Anda", (
        "another office's answer is not this office's"
    )
    with transaction():
        lift_flag(
            db.session.get_one(Flag, flag_of(kupang)),
            by=user("tika"),
            reason="Keliru",
            proof="Surat 1",
        )
    assert badge("eda") == "1 belum dijawab kantor Anda"
    assert badge("tika") is None


def test_the_badge_costs_one_question_and_only_at_a_counter(browser: Open, at: Clock) -> None:
    two_regencies(at)
    for who, cost in (("lia", 1), ("tika", 0), ("ina", 0)):
        reader = browser(who)
        with queries() as seen:
            reader.get("/help")
        assert len(seen.about("from flags")) == cost, str(seen)


def test_a_hold_is_lifted_with_reason_and_proof_after_saying_what_follows(
    browser: Open, at: Clock
) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    flag_id = flag_of(case_id, "hold")
    tika = browser("tika")
    page = tika.get(f"/flags/{flag_id}/lift")
    assert "Kasus NTT-2026-0001 dinyatakan patuh" in page.text
    page = tika.submit(f"/flags/{flag_id}/lift", reason="Sudah terdaftar")
    assert page.status == 422
    assert page.value("reason") == "Sudah terdaftar"
    assert "Sebutkan buktinya" in page.text
    said = {"reason": "Sudah terdaftar", "proof": "Sertifikat 12, iuran Februari"}
    asked = tika.submit(f"/flags/{flag_id}/lift", said)
    assert (asked.status, "isi bukti kepesertaan" in asked.text) == (422, True), "a sentence alone"
    page = tika.submit(f"/flags/{flag_id}/lift", said, sure=asked.value("sure"))
    assert page.path == f"/flags/{flag_id}"
    for words in ("Dicabut", "oleh Tika Andai", "Sudah terdaftar", "Sertifikat 12, iuran Februari"):
        assert words in page.text, words
    assert the_case(case_id).status == "resolved"
    seen_by_licensing = browser("lia").get(f"/flags/{flag_id}")
    assert "Sertifikat 12" in seen_by_licensing.text
    assert seen_by_licensing.soup.find(attrs={"name": "note"}) is None
    again = tika.post(f"/flags/{flag_id}/lift", reason="x", proof="y")
    assert again.status == 409


def test_a_lift_decided_on_an_old_picture_is_refused_with_what_changed(
    browser: Open, at: Clock
) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    flag_id = flag_of(case_id, "hold")
    tika = browser("tika")
    version = tika.get(f"/flags/{flag_id}/lift").value("version")
    a_visit(the_case(case_id), "not_complied", registered=25)
    page = tika.post(
        f"/flags/{flag_id}/lift", reason="Sudah terdaftar", proof="Sertifikat 12", version=version
    )
    assert page.status == 412
    assert "Data ini sudah diubah orang lain" in page.text
    assert the_case(case_id).status == "unresolved"


@pytest.mark.parametrize(
    ("who", "status"), [("lia", 403), ("ina", 403), ("yos", 404), ("budi", 404), ("sari", 200)]
)
def test_only_compliance_and_supervisors_lift(
    browser: Open, at: Clock, who: str, status: int
) -> None:
    flag_id = flag_of(a_warned_case(at))
    person = browser(who)
    assert person.get(f"/flags/{flag_id}/lift").status == status
    if status != 200:
        assert person.post(f"/flags/{flag_id}/lift", reason="x", proof="y").status == status
        assert db.session.get_one(Flag, flag_id).lifted_at is None


def test_a_request_of_bpjs_is_passed_on_not_imposed(browser: Open) -> None:
    case = a_case(company=a_company("PT Contoh Bahari"))
    case_id, number = case.id, case.number
    tika = browser("tika")
    address = f"/cases/{number}/sanction"
    page = tika.get(address)
    assert "Dinas tidak menjatuhkan sanksi ini." in page.text
    page = tika.submit(address, letter_number="B/12/2026", letter_on="31-2-2026")
    assert (page.status, page.value("letter_on")) == (422, "31-2-2026")
    page = tika.submit(address, letter_number="", letter_on="")
    assert "Isi nomor surat permintaan" in page.text
    assert "Isi tanggal surat" in page.text
    page = tika.submit(
        address, letter_number="B/12/2026", letter_on="27-11-2026"
    )  # none is ticked for them
    assert "Tandai layanan yang disebut dalam surat BPJS" in page.text
    page = tika.submit(
        address,
        letter_number="B/12/2026",
        letter_on="27 November 2026",
        services=["building", "tender"],
    )
    assert "izin untuk mengikuti tender proyek; PBG (dalam PP 86/2013: IMB)" in page.text
    assert page.path == f"/flags/{flag_of(case_id, 'sanction')}"
    assert "B/12/2026, 27 November 2026" in page.text
    again = tika.submit(
        address, letter_number="B/13/2026", letter_on="27-11-2026", services=["tender"]
    )
    assert again.status == 409
    for who, status in (
        ("ina", 403),
        ("lia", 403),
        ("budi", 404),
        ("yos", 404),
        ("sari", 200),
        ("adi", 403),
    ):
        assert browser(who).get(address).status == status, who
    assert tika.get("/cases/NTT-2026-9999/sanction").status == 404


def test_the_cases_page_gets_its_flags_newest_first(at: Clock) -> None:
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    shown = flags_for_page(the_case(case_id))
    assert [(flag.level, flag.is_active) for flag in shown["flags"]] == [
        ("hold", True),
        ("warning", False),
    ]
    assert set(shown["levels"]) == {"warning", "hold", "sanction"}


def test_ticked_flags_are_read_in_one_go_and_answered_later(browser: Open, at: Clock) -> None:
    kupang, ende = two_regencies(at)
    ours, theirs = flag_of(kupang), flag_of(ende)
    lia = browser("lia")
    page = lia.get("/flags")
    assert [box["value"] for box in page.soup.select("[name=flag]")] == [str(ours)]
    assert browser("tika").get("/flags").soup.select("[name=flag]") == []
    assert "Pilih minimal satu catatan." in lia.post("/flags/acknowledgements").text
    page = lia.post("/flags/acknowledgements", flag=[ours, *range(1000, 1100)])
    assert page.status == 409
    assert "Paling banyak 100 catatan sekaligus." in page.text
    page = lia.post(
        "/flags/acknowledgements", flag=[ours, theirs, "x"], next="/flags?level=warning"
    )
    assert page.path == "/flags"
    assert "1 catatan ditandai sudah dibaca." in page.text
    assert "sudah dibaca" in page.text
    assert page.soup.select("[name=flag]") == []
    assert "belum dibaca kantor perizinan mana pun" in browser("yos").get(f"/flags/{theirs}").text
    answered = lia.submit(f"/flags/{ours}", answer="no_request", note="Tahun ini belum ada")
    assert "Belum ada permohonan izin" in answered.text
    assert "Belum ada permohonan izin" in lia.get("/flags").text
    lia.post(f"/flags/{ours}/acknowledgement", answer="used")
    seen = browser("ina").get(f"/flags/{ours}").text
    assert "belum ada permohonan izin: Tahun ini belum ada" in seen, "the first answer stands"
    assert "Jawaban kantor itu: Belum ada permohonan izin" in browser("ina").get("/inbox").text
    assert browser("ina").post("/flags/acknowledgements", flag=ours).status == 403
    assert lia.get("/flags/acknowledgements").path == "/flags"
