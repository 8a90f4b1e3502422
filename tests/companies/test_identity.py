"""Numbers and names of companies: what is understood, what is refused and with which advice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.companies import identity
from compliance.companies.identity import BadNumber
from compliance.companies.names import LONGEST_NAME, BadName, clean_name, name_key

NPWP = "0012345674922000"  # invented; the nine digits 012345674 pass Luhn
NORMALISERS = [identity.nib, identity.npwp, identity.npp]
TYPED = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="0123456789 .-/\t\x00９٣OABab+,\u200b", max_size=70),
    st.from_regex(r"[A-Z]{0,3}[0-9]{5,20}[ .-]?[A-Z0-9]{0,4}", fullmatch=True),
)
NAMES = st.lists(
    st.one_of(
        st.sampled_from(
            ["PT", "P.T.", "CV", "UD.", "Toko", "Tbk", "(Persero)", "Koperasi", "A", "b", "F"]
        ),
        st.text(max_size=12),
    ),
    min_size=1,
).map(" ".join)


@pytest.mark.parametrize(
    "typed",
    [
        "9120001234567",
        " 9120 0012 3456 7\r\n",
        "9120-0012-3456-7",
        "'9120001234567",
        "９１２０００１２３４５６７",
        "\u200b9120001234567\u202c",
        "9120001\x00234567",
        "9120001234567.0",
        "9120001234567,00",
    ],
)
def test_a_nib_is_thirteen_digits_however_it_is_typed(typed: str) -> None:
    assert identity.nib(typed) == "9120001234567"


@pytest.mark.parametrize("read", NORMALISERS)
@pytest.mark.parametrize("typed", [None, "", "  \t\r\n", "-", " – ", "\u200b", " " * 100])
def test_nothing_typed_is_no_number(
    read: Callable[[str | None], str | None], typed: str | None
) -> None:
    assert read(typed) is None


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("912000123456", "NIB terdiri dari 13 angka; yang diketik 12"),
        ("91200O123456T", "NIB hanya berisi angka; periksa huruf O, T"),
        ("9,12E+12", "NIB ini sudah dibulatkan oleh Excel"),
        ("9120001234567 9120001234567 9120001234567 9120001234567 912000", "Ketik satu nomor saja"),
        ("91200\N{EURO SIGN}01234567é", "tanda yang bukan angka"),
        ("9120001234567é", "tanda yang bukan angka"),
        ("@@@", "tanda yang bukan angka"),
        ("9120001234567 / 9120001234568", "Ada beberapa nomor di sini: NIB 9120 0012 3456 7, NIB"),
        ("91200O1234567", "Maksud Anda NIB 9120 0012 3456 7? Huruf O dibaca sebagai angka"),
    ],
)
def test_what_cannot_be_a_nib_is_refused_with_advice(typed: str, advice: str) -> None:
    with pytest.raises(BadNumber) as refused:
        identity.nib(typed)
    assert advice in str(refused.value.reason)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    "typed",
    [
        "01.234.567.4-922.000",
        "01.234.567.4.922.000",
        "01 234 567 4 922 000",
        "012345674922000",
        "0012345674922000",
        "0012 3456 7492 2000",
        "001.234.567.4-922.000",
        "\t01-234.567.4–922.000 ",
        "0012345674922000000000",
        "0012345674922000-000001",
        "NITKU 0012 3456 7492 2000 000001",
    ],
)
def test_old_and_new_npwp_are_one_number(typed: str) -> None:
    assert identity.npwp(typed) == NPWP


def test_a_nik_serves_as_npwp() -> None:
    assert identity.npwp("5371 0145 0890 0001") == "5371014508900001"


@pytest.mark.parametrize(
    ("typed", "count"), [("1.234.567.5-922.000", 14), ("0", 1), ("01234567492200055", 17)]
)
def test_an_npwp_of_another_length_is_refused_with_its_length(typed: str, count: int) -> None:
    with pytest.raises(BadNumber, match=f"15 atau 16 angka; yang diketik {count}$"):
        identity.npwp(typed)


def test_branches_of_one_taxpayer_share_the_core() -> None:
    branches = [identity.npwp("01.234.567.4-922.000"), identity.npwp("01.234.567.4-071.002")]
    assert {identity.npwp_core(each) for each in branches if each} == {"012345674"}
    assert identity.npwp_core("5371014508900001") == "5371014508900001"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("01.234.567.4-922.000 / 0012345674922000", [NPWP]),
        ("NPWP: 01.234.567.4-922.000 (pusat)\r\n01.234.567.4-071.002", [NPWP, "0012345674071002"]),
        ("5371014508900001 dan 0012 3456 7492 2000", ["5371014508900001", NPWP]),
        ("0012 3456 7492 2000 01.234.567.4-071.002", [NPWP, "0012345674071002"]),
        ("NPWP 0012345674922 00 0", [NPWP]),
        ("12 01.234.567.4-922.000", [NPWP]),
        ("NIB 9120001234567, NPWP 01.234.567.4-922.000", [NPWP]),
        ("0012345674922000000000; 0012345674071002000001", [NPWP, "0012345674071002"]),
        ("12345674922000", [NPWP]),
        ("00.000.000.0-000.000 / 01.234.567.4-922.000", [NPWP]),
        ("tidak berubah", []),
        ("www.contoh.example", []),
        ("-", []),
        (None, []),
    ],
)
def test_several_npwps_in_one_cell_are_found_once_each(
    cell: str | None, numbers: list[str]
) -> None:
    assert identity.numbers_in("npwp", cell) == numbers


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("15070955", "15070955"),
        ("AB01234567890", "AB01234567890"),
        ("AB012345678901234567", "AB012345678901234567"),
        ("jj 012345", "JJ012345"),
        ("ＪＪ０１２３４５", "JJ012345"),
        ("JJ012345-000", "JJ012345000"),
    ],
)
def test_an_npp_keeps_letters_and_digits(typed: str, stored: str) -> None:
    assert identity.npp(typed) == stored


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("1507095", "yang diketik 7"),
        ("JJ" + "0" * 19, "yang diketik 21"),
        ("sudah ada", "memuat angka"),
        ("Contoh Jaya 2024", "tanpa kata lain"),
        ("AB123456 / CD654321", "Ketik satu nomor saja"),
    ],
)
def test_what_cannot_be_an_npp_is_refused_with_advice(typed: str, advice: str) -> None:
    with pytest.raises(BadNumber, match=advice):
        identity.npp(typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("9120 0012 3456 7", "nib"),
        ("01.234.567.4-922.000", "npwp"),
        ("5371014508900001", "npwp"),
        ("15070955", "npp"),
        ("jj012345", "npp"),
        ("JJ012345-000", "npp"),
        ("PT 12345678", "name"),
        ("P.T. 12345678", "name"),
        ("12345678 UD", "name"),
        ("UD Misal 88", "name"),
        ("91200012345678", "nib"),
        ("JJ01234567890", "npp"),
        ("JJ0123456789012345", "npp"),
        ("Contoh2024", "name"),
        ("NPP Contoh Jaya 88", "name"),
        ("Toko NIB 88", "name"),
        ("Toko 88888888", "name"),
        ("BOS 88888888", "name"),
        ("PT Contoh +62 812 3456 7890", "name"),
        ("Toko", "name"),
        ("", "name"),
        (None, "name"),
        ("9\x00", "name"),
    ],
)
def test_the_one_box_at_the_counter_tells_numbers_from_names(typed: str | None, kind: str) -> None:
    assert identity.read_number(typed).kind == kind


def test_numbers_are_shown_in_groups_people_can_read_out() -> None:
    assert identity.shown_nib("9120001234567") == "9120 0012 3456 7"
    assert identity.shown_npwp(NPWP) == "01.234.567.4-922.000"
    assert identity.shown_npwp("5371014508900001") == "5371 0145 0890 0001"


@pytest.mark.parametrize(
    ("numbers", "doubt"),
    [
        ({"npwp": "0012345678922000"}, "Angka pemeriksa NPWP tidak cocok"),
        ({"npwp": "0000000000922000"}, "NPWP ini angka pengisi"),
        ({"npwp": "5371013202900001"}, "NIK"),
        ({"npwp": "9971014508900001"}, "NIK"),
        ({"nib": "1111111111111"}, "NIB ini angka pengisi"),
        ({"npp": "00000000"}, "NPP ini angka pengisi"),
    ],
)
def test_an_unlikely_number_is_doubted_not_refused(numbers: dict[str, str], doubt: str) -> None:
    (found,) = identity.doubts(**numbers)
    assert doubt in str(found)


def test_likely_numbers_raise_no_doubt() -> None:
    assert identity.doubts(nib="9120001234567", npwp=NPWP, npp="15070955") == []
    assert identity.doubts(npwp="5371014508900001") == []
    assert identity.doubts() == []


@pytest.mark.parametrize(
    "name",
    [
        "PT. Contoh Jaya (Persero), Tbk.",
        "P.T. CONTOH  JAYA",
        "contoh jaya tbk tbk",
        "Ｃontoh Jaya, P.T",
        "CV Contoh-Jaya",
        "Perseroan Terbatas Contoh Jaya",
        "Koperasi Contoh Jaya",
    ],
)
def test_names_compare_without_legal_form_case_and_punctuation(name: str) -> None:
    assert name_key(name) == "contoh jaya"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Toko", "toko"),
        ("PT Toko Tbk", "toko"),
        ("UD Misal Jum'at", "misal jumat"),
        ("A.B.C. Misal", "abc misal"),
        ("PT A Misal", "a misal"),
        ("Misal Toko Contoh", "misal toko contoh"),
        ("!!!", "!!!"),
    ],
)
def test_a_name_is_never_without_a_key(name: str, key: str) -> None:
    assert name_key(name) == key


def test_a_name_is_kept_as_typed_but_for_what_nobody_sees() -> None:
    assert clean_name("  PT.  Contoh\tJaya\x00,\u202e Tbk \n") == "PT. Contoh Jaya, Tbk"
    assert clean_name("UD\ud800 Misal") == "UD Misal"


@pytest.mark.parametrize(
    ("typed", "advice"), [(None, "Isi nama"), (" \x00 ", "Isi nama"), ("x" * 201, "201")]
)
def test_a_name_that_cannot_be_kept_is_refused_with_advice(typed: str | None, advice: str) -> None:
    with pytest.raises(BadName, match=advice):
        clean_name(typed)


def test_the_key_of_the_longest_name_fits_where_the_name_fits() -> None:
    assert 0 < len(name_key("\ufdfa" * 200)) <= LONGEST_NAME
    assert name_key("toko " * 5000) == "toko"


@pytest.mark.parametrize("read", NORMALISERS)
@given(typed=TYPED)
def test_a_normaliser_only_ever_refuses_and_reads_its_own_form(
    read: Callable[[str | None], str | None], typed: str
) -> None:
    try:
        stored = read(typed)
    except BadNumber:
        return
    assert read(stored) == stored
    assert stored is None or (stored.isascii() and stored.isalnum())


@given(typed=TYPED)
def test_what_is_taken_for_a_number_is_accepted_as_one(typed: str) -> None:
    reading = identity.read_number(typed)
    taken = reading.kind != "name" and not reading.is_mistyped and not reading.is_filler
    assert not taken or identity.read_number(typed, reading.kind).numbers


@given(digits=st.from_regex(r"[0-9]{15,16}", fullmatch=True))
def test_a_shown_npwp_can_be_typed_again_and_found_in_a_cell(digits: str) -> None:
    stored = identity.npwp(digits)
    assume(stored)
    assert identity.npwp(identity.shown_npwp(stored)) == stored
    assert identity.numbers_in("npwp", f"NPWP {identity.shown_npwp(stored)} / {stored}") == [stored]
    assert all(str(doubt) for doubt in identity.doubts(npwp=stored))


@given(cell=TYPED)
def test_any_cell_can_be_looked_through_for_numbers(cell: str) -> None:
    for kind, read in identity.NORMALISERS.items():
        assert all(read(number) == number for number in identity.numbers_in(kind, cell))


@given(typed=NAMES)
def test_a_name_and_its_key_stay_what_they_are(typed: str) -> None:
    try:
        name = clean_name(typed)
    except BadName:
        return
    key = name_key(name)
    assert clean_name(name) == name
    assert key
    assert name_key(key) == key


def test_a_nik_that_a_spreadsheet_rounded_is_doubted_and_speaks_against_nobody() -> None:
    rounded, whole = "5371011203850000", "5371011203850007"
    assert ["berakhiran 0000" in str(doubt) for doubt in identity.doubts(npwp=rounded)] == [True]
    assert identity.is_weak("npwp", rounded)
    assert identity.doubts(npwp=whole) == []
    assert identity.doubts(npwp="0012345674911000") == []
