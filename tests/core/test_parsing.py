"""Counts and reasons as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.core.errors import Invalid
from compliance.core.parsing import (
    LARGEST_COUNT,
    BadCount,
    clean_line,
    clean_lines,
    needed_reason,
    parse_count,
    printable,
    too_long,
)
from compliance.core.text import say


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("1250", 1250),
        ("1.250", 1250),
        ("1,250", 1250),
        ("1\u00a0250", 1250),
        (" 25 ", 25),
        ("0", 0),
        ("007", 7),
        ("１２", 12),
        ("10.000.000", 10_000_000),
    ],
)
def test_a_whole_number_is_read_as_it_is_written(typed: str, count: int) -> None:
    assert parse_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("", "Isi jumlahnya"),
        ("  ", "Isi jumlahnya"),
        ("33.73", "bilangan bulat"),
        ("1,5", "bilangan bulat"),
        ("1.250,00", "bilangan bulat"),
        ("1.250,000", "bilangan bulat"),
        ("0.250", "bilangan bulat"),
        ("1e3", "bilangan bulat"),
        ("dua", "bilangan bulat"),
        ("25\x00", "bilangan bulat"),
        ("9" * 10_000, "bilangan bulat"),
        ("-5", "kurang dari nol"),
        ("\N{MINUS SIGN} 5", "kurang dari nol"),
        ("10.000.001", "paling besar 10000000"),
    ],
)
def test_anything_else_is_refused_with_advice(typed: str, advice: str) -> None:
    with pytest.raises(BadCount) as refused:
        parse_count(typed)
    assert advice in str(refused.value.reason)


@given(st.integers(0, LARGEST_COUNT))
def test_every_count_is_read_back_from_its_indonesian_form(count: int) -> None:
    assert parse_count(f"{count:,}".replace(",", ".")) == count


@given(st.text(max_size=80))
def test_any_text_is_a_count_or_refused(typed: str) -> None:
    try:
        assert 0 <= parse_count(typed) <= LARGEST_COUNT
    except BadCount:
        return


def test_a_line_and_lines_are_cleaned_in_one_way() -> None:
    assert clean_line("  PT \t Contoh\x00\u200b  Usaha \n") == "PT Contoh Usaha"
    assert [clean_line(typed) for typed in (None, "", " \t\n", "\x00 \u200b")] == [None] * 4
    assert clean_lines(" satu  dua \r\n\r\n tiga\x07\n ") == "satu dua\n\ntiga"
    assert clean_lines(" satu \n\n tiga", empty_lines=False) == "satu\ntiga"
    assert clean_lines(" \n\u200b\n") is None
    assert printable("a  b\x00\r\nc ") == "a  b\nc" and printable(None) == ""


def test_what_is_too_long_is_refused_in_one_sentence() -> None:
    assert too_long(None, 3) is None and too_long("abc", 3) is None
    assert str(too_long("abcd", 3)) == "Paling panjang 3 huruf."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Salah  foto\n", "Salah foto"), ("a" * 5, "aaaaa"), ("a\nb", "a b")],
)
def test_a_reason_is_kept_as_one_line(typed: str, kept: str) -> None:
    assert needed_reason(typed, most=10) == kept


def test_a_reason_may_have_several_lines() -> None:
    assert needed_reason(" a \nb", most=10, lines=True) == "a\nb"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (None, "Tuliskan alasannya."),
        (" \n", "Tuliskan alasannya."),
        ("a" * 11, "Paling panjang 10"),
    ],
)
@pytest.mark.parametrize("lines", [False, True])
def test_no_reason_and_one_that_is_too_long_are_refused(
    typed: str | None, said: str, lines: bool
) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        needed_reason(typed, most=10, lines=lines)
    assert list(refused.value.errors) == ["reason"]


def test_a_room_says_in_its_own_words_that_a_reason_is_missing() -> None:
    with pytest.raises(Invalid, match="Tulis sebabnya"):
        needed_reason("", most=10, missing=say("Tulis sebabnya"))
