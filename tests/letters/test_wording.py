"""An office writes the wording of its letters: with chips of a list, in versions, with what must be said."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.letters.jobs import set_letters
from compliance.letters.kinds import LETTER_KINDS
from tests.letters.conftest import words_of
from tests.letters.test_road_on_paper import drafted
from tests.licensing.desk import Open

PAGE = "/admin/wording/recheck_notice"
OPENING = (
    "Sesuai {nomor_nota}, pengecekan kembali di perusahaan Saudara dilakukan pada {kunjungan}."
)


def paragraphs(**changed: str) -> dict[str, str]:
    usual = {name: one.text for name, one in LETTER_KINDS["recheck_notice"].paragraphs.items()}
    return {**usual, "valid_from": "30-11-2026", **changed}


def test_new_wording_stands_in_the_next_letter_and_changes_no_draft(
    browser: Open, api: Any, case_id: int
) -> None:
    before = drafted(api, case_id, "recheck_notice")["id"]
    page = browser("adi").post(PAGE, paragraphs(opening=OPENING))
    assert "versi 1" in page.text
    after = drafted(api, case_id, "recheck_notice")["id"]
    sari = api("sari")
    said = []
    for id in (before, after):
        assert sari.post(f"/letters/{id}/number").status_code == 200
        set_letters()
        said.append(words_of(sari.get(f"/letters/{id}/pdf").data))
        sari.post(f"/letters/{id}/withdrawal", reason="Salah tanggal")
    assert ["Menindaklanjuti" in words for words in said] == [True, False]
    assert "Sesuai Nomor 560/001-NP/XI/2026, pengecekan kembali" in said[1]


@pytest.mark.parametrize(
    ("opening", "why"),
    [
        ("Kami akan datang pada {kunjungan}.", "wajib memuat: pengecekan kembali"),
        ("pengecekan kembali {kunjungan} {nama_pekerja}", "Tidak ada isian bernama {nama_pekerja}"),
        ("pengecekan kembali {kunjungan} {", "Kurung kurawal"),
        (" ", "Isi kalimatnya"),
    ],
)
@pytest.mark.one_store
def test_wording_that_misses_what_must_be_said_is_refused(
    browser: Open, case_id: int, opening: str, why: str
) -> None:
    page = browser("adi").post(PAGE, paragraphs(opening=opening))
    assert (page.status, why in page.text) == (422, True), page.text


@pytest.mark.parametrize("kind", LETTER_KINDS)
@pytest.mark.one_store
def test_every_kind_shows_an_invented_example_of_its_wording(
    browser: Open, case_id: int, kind: str
) -> None:
    answer = browser("adi").get(f"/admin/wording/{kind}/preview").response
    assert answer.mimetype == "application/pdf"
    assert "Halaman 1 dari" in words_of(answer.data)


@pytest.mark.one_store
def test_markup_in_wording_is_printed_and_never_run(browser: Open, api: Any, case_id: int) -> None:
    typed = OPENING + " #panic() $x$ *tebal* \\ <b>"
    browser("adi").post(PAGE, paragraphs(opening=typed))
    id = drafted(api, case_id, "recheck_notice")["id"]
    api("sari").post(f"/letters/{id}/number")
    set_letters()
    assert "#panic() $x$ *tebal* \\ <b>" in words_of(api("sari").get(f"/letters/{id}/pdf").data)
    assert browser("sari").get(PAGE).status == 403


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("kind", "paragraph", "words", "why"),
    [
        (
            "recommendation",
            "request",
            "Kami merekomendasikan sanksi.",
            "37 Tahun 2021 Pasal 47 ayat (5)",
        ),
        (
            "clearance_letter",
            "limits",
            "Surat ini tidak mengakhiri TMP2T.",
            "bukan pernyataan patuh",
        ),
        ("clearance_letter", "proof", "Perusahaan ini patuh sepenuhnya.", "tidak menyatakan"),
        ("certificate", "opening", "Kami menerangkan kepatuhan. Patuh:", "tidak menyatakan"),
        (
            "cover_ptsp",
            "dates",
            "Masa perbaikan sampai {cek_ulang}, {tenggat}.",
            "Tidak ada masa perbaikan",
        ),
    ],
)
def test_wording_that_says_what_no_letter_may_say_is_refused(
    browser: Open, kind: str, paragraph: str, words: str, why: str
) -> None:
    usual = {name: one.text for name, one in LETTER_KINDS[kind].paragraphs.items()}
    typed = {**usual, "valid_from": "30-11-2026", paragraph: words}
    page = browser("adi").post(f"/admin/wording/{kind}", typed)
    assert (page.status, why in page.text) == (422, True), page.text
