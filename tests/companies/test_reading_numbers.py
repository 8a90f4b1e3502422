"""Numbers as they are typed: inside words, several in a cell, fillers, and slips that are only offered."""

from __future__ import annotations

import pytest

from compliance.companies import identity
from compliance.companies.identity import NumberKind

NPWP = "0012345674922000"  # invented; the nine digits 012345674 pass Luhn


@pytest.mark.parametrize(
    ("kind", "cell", "numbers"),
    [
        ("npp", "AB123456 / CD654321", ["AB123456", "CD654321"]),
        ("npp", "NPP: AB123456, CD654321 (cabang)", ["AB123456", "CD654321"]),
        ("npp", "15070955 15070956", ["15070955", "15070956"]),
        ("npp", "AB123456\nAB123456", ["AB123456"]),
        ("npp", "JJ012345/000", ["JJ012345000"]),
        ("npp", "JJ012345 Kupang", ["JJ012345"]),
        ("npp", "NIB 9120001234567", []),
        ("nib", "NIB: 9120001234567 / 9120 0012 3456 8", ["9120001234567", "9120001234568"]),
        ("nib", "9120001234567 (baru)\n9120001234568", ["9120001234567", "9120001234568"]),
        ("nib", "NIB 9120001234567 NPWP 01.234.567.4-922.000", ["9120001234567"]),
        ("nib", "HP 0812 3456 78901", []),
        ("nib", "1111111111111", []),
    ],
)
def test_a_cell_may_hold_several_numbers_of_any_kind(
    kind: NumberKind, cell: str, numbers: list[str]
) -> None:
    assert identity.numbers_in(kind, cell) == numbers


@pytest.mark.parametrize(
    ("kind", "cell", "remark"),
    [
        ("nib", "1111111111111", "NIB 1111111111111 ini angka pengisi, bukan nomor siapa pun"),
        ("npwp", "00.000.000.0-000.000", "NPWP 00.000.000.0-000.000 ini angka pengisi"),
        ("npwp", "12345674922000", "Nol di depan hilang; dibaca sebagai NPWP 01.234.567.4-922.000"),
    ],
)
def test_what_was_read_in_its_own_way_is_remarked_on(
    kind: NumberKind, cell: str, remark: str
) -> None:
    (said,) = identity.remarks_on(kind, cell)
    assert remark in str(said)


@pytest.mark.parametrize("typed", ["9120001234567", "NIB 9120001234567", "-", "", None])
def test_a_plain_number_needs_no_remark(typed: str | None) -> None:
    assert identity.remarks_on("nib", typed) == []


FILLERS = [
    ("nib", "1111111111111"),
    ("nib", "0000000000000"),
    ("nib", "1234567890123"),
    ("nib", "0123456789012"),
    ("nib", "9876543210987"),
    ("nib", "9120 0000 0000 0"),
    ("nib", "0" * 14),
    ("npwp", "00.000.000.0-000.000"),
    ("npwp", "00.000.000.0-922.000"),
    ("npwp", "99.000.000.0-000.000"),
    ("npwp", "11.111.111.1-901.000"),
    ("npwp", "99.999.999.9-999.999"),
    ("npwp", "123456789012345"),
    ("npwp", "012345678901234"),
    ("npwp", "12.345.678.9-000.000"),
    ("npwp", "1234567890123456"),
    ("npwp", "5371000000000000"),
    ("npwp", "0000000000000000000000"),
    ("npp", "11111111"),
    ("npp", "12345678"),
    ("npp", "JJ000000"),
]


@pytest.mark.parametrize(("kind", "typed"), FILLERS)
def test_a_filler_is_nobodys_number(kind: NumberKind, typed: str) -> None:
    assert identity.NORMALISERS[kind](typed) is None
    assert identity.NORMALISERS[kind](f"UD Contoh, {kind} {typed}") is None
    for reading in (
        identity.read_number(typed, kind),
        identity.read_number(typed),
        identity.read_number(f"UD Contoh, {kind.upper()} {typed}"),
    ):
        assert (reading.is_filler, reading.is_mistyped, reading.numbers) == (True, False, ())
        assert (reading.code, reading.kind != "name") == ("filler_number", True)
        assert "bukan nomor siapa pun" in str(reading.problem)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("nib", "9120000000334"),
        ("nib", "9120000000001"),
        ("nib", "1111111111112"),
        ("npwp", "01.000.013.1-093.000"),
        ("npwp", "01.234.567.8-901.000"),
        ("npwp", "5371 0145 0890 0001"),
        ("npp", "15070000"),
        ("npp", "JJ000001"),
    ],
)
def test_a_number_with_many_zeros_is_no_filler(kind: NumberKind, typed: str) -> None:
    assert identity.NORMALISERS[kind](typed)


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("9120001234567", "9120001234567", False),
        ("9120001234567", "9120001234568", True),
        ("9120001234567", "9120001235467", True),
        ("9120001234567", "9120001235476", False),
        ("9120001234567", "912000123456", True),
        ("9120001234567", "1200012345673", False),
        ("9120001234567", "91200012345670", True),
        ("9120001234567", "09120001234567", True),
        ("9120001234567", "9120001234", False),
        ("JJ012345", "JJ021345", True),
        ("JJ012345", "JJ021354", False),
    ],
)
def test_one_slip_is_a_sign_changed_missing_or_too_many_or_two_swapped(
    one: str, other: str, is_slip: bool
) -> None:
    assert identity.one_slip_apart(one, other) == is_slip
    assert identity.one_slip_apart(other, one) == is_slip


@pytest.mark.parametrize(
    ("kind", "stored", "weak"),
    [
        ("npwp", NPWP, False),
        ("npwp", "0012345678922000", True),
        ("npwp", "5371014508900001", False),
        ("npwp", "5371013202900001", True),
        ("npwp", "0000000000000000", True),
        ("nib", "9120001234567", False),
        ("nib", "1111111111111", True),
        ("npp", "JJ012345", False),
    ],
)
def test_a_number_is_weak_that_fails_its_check_or_is_a_filler(
    kind: NumberKind, stored: str, weak: bool
) -> None:
    assert identity.is_weak(kind, stored) == weak


@pytest.mark.parametrize(
    ("typed", "stored", "words"),
    [
        ("UD Contoh, NIB 9120 0000 0033 4", "9120000000334", "UD Contoh"),
        ("NIB: 9120000000334 a.n. UD Contoh", "9120000000334", "a.n. UD Contoh"),
        ("UD Contoh (9120000000334)", "9120000000334", "UD Contoh"),
        ("9120000000334 NIB", "9120000000334", ""),
        ("9120000000334NIB", "9120000000334", ""),
        ("OSS 9120000000334", "9120000000334", "OSS"),
        ("PT. 9120000000334", "9120000000334", "PT"),
        ("N.I.B. 9120000000334", "9120000000334", "N.I.B"),
        ("OSS:9120000000334", "9120000000334", "OSS"),
        ("NPP BPJS Ketenagakerjaan: AB123456", "AB123456", "BPJS Ketenagakerjaan"),
        ("NPWP (16 digit): 0012345674922000", NPWP, "16 digit"),
        ("NIB9120000000334", "9120000000334", ""),
        ("No. NIB 9120000000334", "9120000000334", ""),
        ("Nomor Induk Berusaha: 9120000000334", "9120000000334", ""),
        ("https://oss.go.id/nib/9120000000334?ref=12", "9120000000334", ""),
        ("https://contoh.example/cek?nib=9120000000334&kbli=03111", "9120000000334", ""),
        ("PT Contoh NPP AB123456 Kupang", "AB123456", "PT Contoh Kupang"),
        ("NPP: AB123456", "AB123456", ""),
        ("AB123456 (NPP)", "AB123456", ""),
        ("Toko 88, NPWP 01.234.567.4-922.000", NPWP, "Toko 88"),
        ("PT Contoh 0012345674922000000001", NPWP, "PT Contoh"),
    ],
)
def test_a_number_is_read_inside_words(typed: str, stored: str, words: str) -> None:
    reading = identity.read_number(typed)
    assert [number.stored for number in reading.numbers][:1] == [stored]
    assert (reading.words, reading.problem) == (words, None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("91200O1234567", "NIB 9120 0012 3456 7"),
        ("9l20OOl234567", "NIB 9120 0012 3456 7"),
        ("NIB 9I2000I234S67", "NIB 9120 0012 3456 7"),
        ("UD Contoh NIB 91200O1234567", "NIB 9120 0012 3456 7"),
        ("UD Contoh 91200O1234567", "NIB 9120 0012 3456 7"),
        ("CV 91200O1234567", "NIB 9120 0012 3456 7"),
        ("01.234.567.4-922.OOO", "NPWP 01.234.567.4-922.000"),
        ("12345674922000", "NPWP 01.234.567.4-922.000"),
        ("1.234.567.4-922.000", "NPWP 01.234.567.4-922.000"),
    ],
)
def test_what_a_slip_may_have_meant_is_offered_never_taken(typed: str, meant: str) -> None:
    reading = identity.read_number(typed)
    assert reading.suggested is not None
    assert (reading.suggested.shown, reading.code) == (meant, "confirm_number")
    assert f"Maksud Anda {meant}?" in str(reading.problem)
    assert reading.is_mistyped


def test_an_npp_may_hold_a_letter_for_a_digit_but_is_no_slip_by_itself() -> None:
    reading = identity.read_number("JJO12345")
    assert (reading.kind, reading.is_mistyped, reading.problem) == ("npp", False, None)
    assert reading.suggested == identity.Number("npp", "JJ012345")


@pytest.mark.parametrize("typed", ["912000125", "91200012345", "912000123456"])
def test_nine_to_twelve_bare_digits_are_a_slip_unless_a_company_bears_them(typed: str) -> None:
    for reading in (identity.read_number(typed), identity.read_number(typed, "npp")):
        assert reading.numbers == (identity.Number("npp", typed),)
        assert (reading.is_mistyped, reading.code) == (True, "mistyped_number")
    assert not identity.read_number(f"NPP {typed}").is_mistyped


@pytest.mark.parametrize(
    "typed", ["PT Contoh NIB 9120001234567 NPWP 01.234.567.4-922.000", "AB123456 / CD654321"]
)
def test_of_several_numbers_none_is_chosen(typed: str) -> None:
    reading = identity.read_number(typed)
    assert (reading.numbers, reading.is_mistyped) == ((), True)
    assert "Ketik satu nomor saja" in str(reading.problem)
