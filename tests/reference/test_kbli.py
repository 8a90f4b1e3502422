"""Sectors by the first two digits of KBLI, in words that fit into a list to choose from."""

from __future__ import annotations

import pytest

from compliance.reference.kbli import SECTORS, sector_of


def test_every_division_stands_once_in_order_with_a_name_in_both_languages() -> None:
    codes = list(SECTORS)
    assert codes == sorted(set(codes))
    assert len(codes) == 88, "as many divisions as ISIC Rev. 4 has"
    for code, name in SECTORS.items():
        for words in (name.facts["id"], name.facts["en"]):
            assert words.startswith(f"{code} ") and 5 < len(words) <= 45, words


@pytest.mark.parametrize(
    ("kbli", "sector"),
    [
        ("47111", "47 Perdagangan eceran"),
        ("01270", "01 Pertanian, peternakan, perburuan"),
        ("45101", "45 Perdagangan dan reparasi kendaraan"),
    ],
)
def test_a_code_lies_in_the_sector_of_its_first_two_digits(kbli: str, sector: str) -> None:
    found = sector_of(kbli)
    assert found is not None and found.facts["id"] == sector


@pytest.mark.parametrize("kbli", [None, "", "04111", "00000", "x"])
def test_no_code_and_no_division_is_no_sector(kbli: str | None) -> None:
    assert sector_of(kbli) is None
