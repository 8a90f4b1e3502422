"""The catalogue says what the law says, in both languages, and falls into none of the known traps."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from compliance.cases.catalogue import (
    CATALOGUE,
    NEW_CRIMINAL_CODE_FROM,
    NORM_GROUPS,
    CatalogueEntry,
    catalogue_on,
    entry_for,
)
from compliance.reference.programmes import PROGRAMMES

LAST_DAY_OF_THE_OLD_CODE = date(2026, 1, 1)
FIRST_DAY_OF_THE_NEW_CODE = date(2026, 1, 2)
DAYS = (date(2021, 6, 1), LAST_DAY_OF_THE_OLD_CODE, FIRST_DAY_OF_THE_NEW_CODE, date(2030, 2, 28))

ALL_CODES = {
    *(f"JS-{n:02}" for n in range(1, 13)),
    *("WL-01", "WL-02", "UP-01", "UP-02", "UP-03", "UP-04", "WK-01", "WK-02", "WK-03"),
    *(
        "HK-01",
        "HK-02",
        "HK-03",
        "PP-01",
        "PP-02",
        "TKA-01",
        "TKA-02",
        "TKA-03",
        "K3-01",
        "K3-02",
        "AN-01",
    ),
}
NOT_REGISTERED = {"JS-01", "JS-02", "JS-04", "JS-07", "JS-08", "JS-09", "JS-10"}
ONCE_THREATENED_WITH_KURUNGAN = {"WL-01", "WL-02", "WK-02", "WK-03", "TKA-03", "K3-02"}

PAIRS = ("title", "order", "evidence", "sanction_note")

every_entry = pytest.mark.parametrize(
    "entry", CATALOGUE, ids=lambda entry: f"{entry.code}@{entry.valid_from or 'always'}"
)


def words_of(entry: CatalogueEntry) -> str:
    texts = [getattr(entry, name) for pair in PAIRS for name in (pair, f"{pair}_en")]
    return " ".join([*texts, entry.legal_basis])


def now(code: str) -> CatalogueEntry:
    entry = entry_for(code, on=FIRST_DAY_OF_THE_NEW_CODE)
    assert entry is not None
    return entry


def before(code: str) -> CatalogueEntry:
    entry = entry_for(code, on=LAST_DAY_OF_THE_OLD_CODE)
    assert entry is not None
    return entry


# The list itself


def test_the_catalogue_holds_every_finding_of_the_dossier() -> None:
    assert {entry.code for entry in CATALOGUE} == ALL_CODES


@pytest.mark.parametrize("day", DAYS)
def test_on_any_day_every_code_is_there_exactly_once(day: date) -> None:
    assert Counter(entry.code for entry in catalogue_on(day)) == Counter(ALL_CODES)


@every_entry
def test_every_entry_is_written_in_both_languages(entry: CatalogueEntry) -> None:
    for pair in PAIRS:
        indonesian, english = getattr(entry, pair), getattr(entry, f"{pair}_en")
        assert indonesian.strip() == indonesian != ""
        assert english.strip() == english != ""
        assert indonesian != english, pair


@every_entry
def test_sentences_are_whole_and_their_pieces_were_joined_with_single_spaces(
    entry: CatalogueEntry,
) -> None:
    text = words_of(entry)
    assert "  " not in text
    assert not re.search(r"[.,;:][A-Za-z]", re.sub(r"PER\.08", "", text)), "a space is missing"
    assert text.count("(") == text.count(")")
    for name in ("title", "title_en", "order", "order_en", "evidence", "evidence_en"):
        assert not getattr(entry, name).endswith("."), f"{name} is continued by the letter"
    assert entry.sanction_note.endswith(".") and entry.sanction_note_en.endswith(".")


@every_entry
def test_every_law_is_cited_in_full(entry: CatalogueEntry) -> None:
    for citation in entry.legal_basis.split("; "):
        assert re.match(
            r"(UU|PP|Perpres) \d+/\d{4}\b|Permenakertrans PER\.08/MEN/VII/2010\b", citation
        )
    assert "pasal" in entry.legal_basis


@every_entry
def test_every_entry_belongs_to_a_known_norm_group_and_to_known_programmes(
    entry: CatalogueEntry,
) -> None:
    assert entry.norm_group in NORM_GROUPS
    assert set(entry.programmes) <= set(PROGRAMMES)
    assert entry.default_days == 14


def test_no_norm_group_is_empty_and_each_has_two_names() -> None:
    assert {entry.norm_group for entry in CATALOGUE} == set(NORM_GROUPS)
    for indonesian, english in NORM_GROUPS.values():
        assert indonesian and english and indonesian != english


def test_bpjs_names_five_kinds_of_breach_and_each_is_one_finding() -> None:
    named = {entry.code: entry.bpjs_category for entry in CATALOGUE if entry.bpjs_category}
    assert named == {
        "JS-01": "PWBD",
        "JS-02": "PDS-TK",
        "JS-03": "PDS-Upah",
        "JS-04": "PDS-Program",
        "JS-06": "Piutang",
    }


# Dates


def test_entries_of_one_code_never_overlap_and_leave_no_gap() -> None:
    for code in ALL_CODES:
        periods = sorted(
            (entry.valid_from or date.min, entry.valid_to or date.max)
            for entry in CATALOGUE
            if entry.code == code
        )
        assert periods[0][0] == date.min and periods[-1][1] == date.max
        for (_, ends), (starts, _) in pairwise(periods):
            assert starts.toordinal() == ends.toordinal() + 1


def test_a_penalty_of_kurungan_is_read_as_a_fine_from_2_january_2026() -> None:
    until = {e.code for e in catalogue_on(LAST_DAY_OF_THE_OLD_CODE) if "kurungan" in words_of(e)}
    after = {e.code for e in catalogue_on(FIRST_DAY_OF_THE_NEW_CODE) if "kurungan" in words_of(e)}
    assert NEW_CRIMINAL_CODE_FROM == FIRST_DAY_OF_THE_NEW_CODE
    assert until == ONCE_THREATENED_WITH_KURUNGAN
    assert after == set()


PENALTIES_SINCE_2026 = {
    "penjara paling lama 4 tahun dan/atau denda paling banyak kategori IV, Rp200 juta":
        {"UP-01", "UP-02", "UP-04", "TKA-02", "AN-01"},
    "denda paling banyak kategori VIII, Rp50 miliar": {"WK-02", "WK-03", "TKA-03"},
    "denda paling banyak kategori V, Rp500 juta": {"WK-01", "HK-01", "PP-01", "PP-02", "JS-06"},
    "penjara paling lama 8 tahun atau denda paling banyak kategori V, Rp500 juta": {"JS-06"},
}  # fmt: skip
"""UU 1/2026, Lampiran I no. 93 (UU 24/2011) and no. 175 (UU 13/2003)."""
OF_NO_READ_AMOUNT = {"WL-01", "WL-02", "K3-02"}


def test_every_criminal_penalty_since_2026_is_that_of_uu_1_of_2026() -> None:
    criminal = {entry.code for entry in CATALOGUE if entry.sanction == "criminal"}
    assert criminal == set().union(*PENALTIES_SINCE_2026.values()) | OF_NO_READ_AMOUNT
    for penalty, codes in PENALTIES_SINCE_2026.items():
        for code in codes:
            assert penalty in now(code).sanction_note
    for code in criminal:
        assert "UU 1/2026" in now(code).sanction_note
        assert "UU 1/2026" in now(code).sanction_note_en
        assert "UU 1/2026" not in before(code).sanction_note
        assert now(code).sanction_note.count("minimum") == 0


@pytest.mark.parametrize("code", sorted(OF_NO_READ_AMOUNT))
def test_where_no_text_was_read_no_figure_is_printed(code: str) -> None:
    entry = now(code)
    assert "sebagaimana disesuaikan UU 1/2026" in entry.sanction_note
    for note in (entry.sanction_note, entry.sanction_note_en):
        assert not re.search(r"Rp|kategori|category|bulan|month|tahun|year", note)


def test_only_the_penalty_changes_with_the_new_criminal_code() -> None:
    for code in set().union(*PENALTIES_SINCE_2026.values(), OF_NO_READ_AMOUNT):
        old = before(code)
        assert (old.title, old.legal_basis, old.order, old.evidence) == (
            now(code).title,
            now(code).legal_basis,
            now(code).order,
            now(code).evidence,
        )
        assert old.sanction_note != now(code).sanction_note


def test_an_unknown_code_has_no_entry() -> None:
    assert entry_for("JS-99", on=FIRST_DAY_OF_THE_NEW_CODE) is None


# The traps


@every_entry
def test_no_finding_of_social_security_but_unpaid_contributions_threatens_prison(
    entry: CatalogueEntry,
) -> None:
    if entry.norm_group != "social_security":
        return
    threat = re.search(
        r"penjara|kurungan|pidana|prison|jail|detention|criminal", words_of(entry).lower()
    )
    assert bool(threat) is (entry.code == "JS-06")
    assert (entry.sanction == "criminal") is (entry.code == "JS-06")


@every_entry
def test_a_nota_khusus_is_only_for_fixed_term_and_outsourced_work(entry: CatalogueEntry) -> None:
    assert entry.special_note is (entry.code in {"HK-02", "HK-03"})


@every_entry
def test_tmp2t_is_asked_for_by_bpjs_and_carried_out_by_the_service_unit(
    entry: CatalogueEntry,
) -> None:
    if "TMP2T" not in words_of(entry):
        return
    assert "unit pelayanan publik" in entry.sanction_note
    assert "public service unit" in entry.sanction_note_en
    if entry.code == "JS-09":
        assert "rekomendasi kepala dinas provinsi" in entry.sanction_note
    else:
        assert "atas permintaan BPJS" in entry.sanction_note
        assert "dinas" not in entry.sanction_note.lower()
        assert "at the request of BPJS" in entry.sanction_note_en


def test_job_loss_insurance_has_its_own_ladder_without_a_fine() -> None:
    note = now("JS-09").sanction_note
    assert "tanpa denda" in note and "0,1%" not in note
    assert "0,46" not in " ".join(words_of(entry) for entry in CATALOGUE)


@every_entry
def test_the_administrative_fine_and_the_late_fee_are_never_mixed(entry: CatalogueEntry) -> None:
    text = words_of(entry)
    assert not (re.search(r"0[,.]1%", text) and re.search(r"\b2%", text))
    assert bool(re.search(r"\b2%", text)) is (entry.code == "JS-06")


@pytest.mark.parametrize("code", sorted(NOT_REGISTERED))
def test_registration_is_proved_by_certificate_and_contribution_not_by_a_form_or_a_nib(
    code: str,
) -> None:
    entry = now(code)
    assert "sertifikat kepesertaan" in entry.evidence.lower()
    assert "bukti iuran terakhir" in entry.evidence.lower()
    assert not re.search(
        r"formulir|\bnib\b|\bform\b", f"{entry.evidence} {entry.evidence_en}".lower()
    )


@pytest.mark.parametrize("code", ["JS-01", "JS-02", "JS-03", "JS-04", "JS-05", "JS-06", "JS-12"])
def test_what_depends_on_the_scale_of_the_company_names_no_programme(code: str) -> None:
    assert now(code).programmes == ()


def test_pension_and_old_age_findings_say_for_which_scales_they_are_owed() -> None:
    assert "usaha menengah dan usaha besar" in now("JS-07").order
    assert "usaha kecil, menengah, dan besar" in now("JS-08").order


@every_entry
def test_no_deleted_rule_is_cited(entry: CatalogueEntry) -> None:
    text = words_of(entry)
    assert not re.search(r"pasal 90\b(?![AB])", text), "UU 13/2003 pasal 90 is deleted"
    assert "IMB" not in text
    assert "UU 11/2020" not in text, "replaced by UU 6/2023"


@every_entry
def test_no_text_calls_anything_a_pemeriksaan_ulang(entry: CatalogueEntry) -> None:
    assert "pemeriksaan ulang" not in words_of(entry).lower()


@every_entry
def test_no_fixed_length_is_given_for_the_warnings_of_bpjs(entry: CatalogueEntry) -> None:
    assert not re.search(r"\b10 (hari|days|working)", words_of(entry))
