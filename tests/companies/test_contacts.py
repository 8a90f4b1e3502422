"""Telephones and addresses for comparing."""

from __future__ import annotations

import importlib

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from compliance.companies.commands import key_names
from compliance.companies.queries import find_matches
from compliance.companies.search.contacts import address_key, phone_key
from compliance.core.db import db, transaction
from tests.factories import a_company


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
        ("Jl. Timor Contoh No. 12, Misal", "jalantimorcontoh12misal"),
        ("Jl. Timor Contoh No. 12\nKel. Misal", "jalantimorcontoh12"),
        ("Jalan Timor Contoh 12 RT.03/RW.02, Kelurahan Misal, Kec. Andai", "jalantimorcontoh12"),
        ("Jln Timor Contoh 12 RT003 RW 02", "jalantimorcontoh12"),
        ("Jl. Kota Contoh No. 12, Kota Kupang", "jalankotacontoh12"),
        ("Desa Contoh RT 03/RW 02", "desacontohrt03"),
        ("Jalan Timor Contoh", None),
        ("Jl. 1", None),
        (None, None),
    ],
)
def test_addresses_are_compared_by_street_and_number_without_abbreviations_and_areas(
    address: str | None, key: str | None
) -> None:
    assert address_key(address) == key


@pytest.mark.usefixtures("app")
def test_an_upgrade_keys_the_addresses_of_before_anew() -> None:
    company = a_company("PT Contoh Bahari", address="Jl. Timor Contoh No. 12, Kel. Misal")
    company.address_key = "jalantimorcontoh12kelurahanmisal"
    db.session.commit()
    rekey = importlib.import_module("migrations.versions.0023_addresses_without_areas")
    with transaction():
        with Operations.context(MigrationContext.configure(db.session.connection())):
            rekey.upgrade()
        assert key_names(db.session()) == 1
    db.session.expire_all()
    assert company.address_key == "jalantimorcontoh12"
    assert [match.company.name for match in find_matches("Contoh Bahari", limit=5)] == [
        company.name
    ]
