"""Telephones and addresses for comparing."""

from __future__ import annotations

import pytest

from compliance.companies.search.contacts import address_key, phone_key


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("(0380) 123-456", "80123456"),
        ("+62 380 123456", "80123456"),
        ("0812-3456-7890 / 0813 1111 2222", "34567890"),
        ("123456", None),
        ("0380 000000", None),
        (None, None),
    ],
)
def test_telephones_are_compared_by_their_last_digits(phone: str | None, key: str | None) -> None:
    assert phone_key(phone) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Jl. Timor Contoh No. 12\nKel. Misal", "jalantimorcontoh12kelurahanmisal"),
        ("Jalan Timor Contoh 12, Kelurahan Misal", "jalantimorcontoh12kelurahanmisal"),
        ("Jalan Timor Contoh", None),
        ("Jl. 1", None),
        (None, None),
    ],
)
def test_addresses_are_compared_without_abbreviations_and_spaces(
    address: str | None, key: str | None
) -> None:
    assert address_key(address) == key
