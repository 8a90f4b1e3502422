"""Verification codes: random, easy to copy from paper, hard to mistake."""

from __future__ import annotations

import pytest

from compliance.licensing.codes import ALPHABET, new_code, read_code, shown_code


def test_a_code_has_ten_signs_none_of_which_looks_like_another() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(each) for each in codes} == {10}
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert shown_code("7K3QF9X2MD") == "7K3QF-9X2MD"


@pytest.mark.parametrize(
    "typed",
    ["70K1F-9X2MD", "70k1f9x2md", " 7ok1f - 9x2md ", "7OKIF–9X2MD", "7OKlF.9X2MD", "70K1F9-X2-MD"],
)
def test_what_is_typed_carelessly_is_still_the_code(typed: str) -> None:
    assert read_code(typed) == "70K1F9X2MD"


@pytest.mark.parametrize(
    "typed",
    ["", "70K1F", "70K1F-9X2MDA", "70K1F-9X2MU", "CK-2026-000001", "70K1F-9X2M\u00e9", "x" * 500],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
