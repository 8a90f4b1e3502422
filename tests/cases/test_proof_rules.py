"""What a proof of membership must say, what in it is asked about once more, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from compliance.cases.proofs.lines import proof_lines
from compliance.cases.proofs.rules import (
    ProofFacts,
    programmes_named,
    proof_doubts,
    proof_problems,
    proof_sentence,
    tidied,
)
from compliance.web.forms import read_month
from tests.cases.proven import FACTS

TODAY, NOTA_ON = date(2027, 3, 10), date(2026, 11, 30)


def problems(**changed: Any) -> set[str]:
    facts = tidied(replace(FACTS, **changed))
    return set(proof_problems(facts, today=TODAY, nota_on=NOTA_ON))


def test_a_proof_states_who_checked_what_and_when() -> None:
    assert problems() == set()
    nothing = tidied(ProofFacts())
    assert set(proof_problems(nothing, today=TODAY, nota_on=None)) == {
        "npp",
        "month",
        "programmes",
        "workers",
        "checked_on",
        "checked_by",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("npp", "NIB"),
        ("npp", "0000000000"),
        ("month", date(2027, 4, 1)),
        ("month", date(2013, 12, 1)),
        ("programmes", ("JKK", "JHT")),
        ("programmes", ("JKK", "JKM", "BPJS")),
        ("workers", 0),
        ("workers", 2_000_000),
        ("checked_on", date(2027, 3, 11)),
        ("checked_on", date(2026, 11, 29)),
        ("checked_by", " \N{ZERO WIDTH SPACE}"),
        ("checked_by", "x" * 201),
        ("certificate", "x" * 101),
        ("certificate_on", date(2027, 3, 11)),
        ("certificate_on", date(1027, 3, 10)),
        ("evidence", tuple(range(1, 12))),
        ("note", "x" * 2001),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, value: Any) -> None:
    refused = problems(**{field: value})
    assert field in refused
    assert refused <= {field, "month"}, "a day of the check also bounds the month"


def test_a_proof_covers_the_programmes_that_the_findings_name() -> None:
    named = programmes_named([("JS-04", ("JP",)), ("JS-09", ()), ("JS-02", ())])
    assert named == {"JP", "JKP"}
    refused = proof_problems(FACTS, today=TODAY, nota_on=NOTA_ON, named=named)
    assert "JP, JKP" in str(refused["programmes"])


@pytest.mark.parametrize(
    ("scale", "programmes", "asked"),
    [
        ("micro", ("JKK", "JKM"), ""),
        ("small", ("JKK", "JKM"), "JHT"),
        ("small", ("JKK", "JKM", "JHT"), ""),
        ("large", ("JKK", "JKM", "JHT"), "JP"),
        (None, ("JKK", "JKM"), ""),
    ],
)
def test_only_what_the_scale_owes_is_asked_about(
    scale: str | None, programmes: tuple[str, ...], asked: str
) -> None:
    facts = replace(FACTS, programmes=programmes)
    assert problems(programmes=programmes) == set()
    doubts = proof_doubts(facts, today=TODAY, scale=scale, workers=40, known_npp=None)
    assert [doubt.facts["programmes"] for doubt in doubts] == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"month": date(2026, 12, 1)}, "adakah yang lebih baru"),
        ({"workers": 39}, "mencakup 39 pekerja, tercatat 40"),
        ({"npp": "KK999999"}, "tercatat lain: JJ012345"),
    ],
)
def test_what_looks_odd_is_a_question(changed: dict[str, Any], words: str) -> None:
    assert problems(**changed) == set()
    known: dict[str, Any] = {"today": TODAY, "scale": None, "workers": 40, "known_npp": "JJ012345"}
    assert proof_doubts(FACTS, **known) == []
    [doubt] = proof_doubts(replace(FACTS, **changed), **known)
    assert words in str(doubt)


def test_the_contribution_of_two_months_ago_is_recent() -> None:
    first = replace(FACTS, month=date(2026, 11, 1))
    known: dict[str, Any] = {"scale": None, "workers": None, "known_npp": None}
    assert proof_doubts(first, today=date(2027, 1, 31), **known) == []
    assert len(proof_doubts(first, today=date(2027, 2, 1), **known)) == 1


def test_a_proof_is_one_sentence_and_the_lines_of_a_letter() -> None:
    whole = replace(FACTS, certificate="S-12", certificate_on=date(2027, 1, 5), workers=1250)
    assert proof_sentence(whole).facts["certificate"] == "S-12"
    assert "certificate" not in proof_sentence(FACTS).facts
    assert proof_lines(whole) == [
        "Sertifikat kepesertaan BPJS Ketenagakerjaan nomor S-12 tanggal 5 Januari 2027,"
        " nomor pendaftaran perusahaan (NPP) JJ012345",
        "Program yang diikuti: Jaminan Kecelakaan Kerja (JKK), Jaminan Kematian (JKM), Jaminan Hari Tua"
        " (JHT)",
        "Bukti lunas iuran terakhir: bulan Februari 2027",
        "Pekerja yang tercakup: 1.250 orang",
        "Dicek pada BPJS Ketenagakerjaan tanggal 2 Maret 2027 oleh Rina Contoh, petugas layanan",
    ]
    assert "nomor S" not in proof_lines(FACTS)[0]


@pytest.mark.parametrize(
    "typed", ["2-2027", "02/2027", "Februari 2027", "feb 2027", "2027-02", " 2.2027 "]
)
def test_a_month_is_read_as_people_write_it(typed: str) -> None:
    assert read_month(typed) == date(2027, 2, 1)


@pytest.mark.parametrize("typed", ["2027", "13-2027", "2-27", "1-2-2027", "Februari", "0-2027"])
def test_what_is_no_month_is_not_guessed(typed: str) -> None:
    assert read_month(typed) is None
