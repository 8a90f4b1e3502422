"""Companies are found by three letters of any part of any name and by any number, through the indexes."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.companies.commands import change_company, facts_of
from compliance.companies.models import Company, CompanyName
from compliance.companies.names import name_key
from compliance.companies.queries import (
    by_name,
    companies_by_name,
    find_companies,
    find_matches,
    is_too_short,
)
from compliance.companies.search.spelling import name_columns
from compliance.core import clock
from compliance.core.db import db, is_postgresql, transaction
from compliance.core.errors import Invalid
from compliance.policy import SYSTEM
from tests.factories import a_company
from tests.queries import plans_of

pytestmark = pytest.mark.usefixtures("app")


def found(typed: str) -> list[str]:
    return [company.name for company in find_companies(typed)]


def a_crowd(names: list[str]) -> None:
    """Many companies at once, past the commands."""
    now = clock.now()
    with transaction():
        ids = range(1_000, 1_000 + len(names))
        companies = [
            {
                "id": id,
                "name": name,
                "name_key": name_key(name),
                "region_code": "53.71",
                "created_at": now,
                "version": 1,
            }
            for id, name in zip(ids, names, strict=True)
        ]
        db.session.execute(sa.insert(Company), companies)
        db.session.execute(
            sa.insert(CompanyName),
            [
                {
                    "company_id": each["id"],
                    "kind": "current",
                    **name_columns(each["name"]),
                }
                for each in companies
            ],
        )
    with transaction():
        if is_postgresql():  # what autovacuum does after a while
            db.session.execute(
                sa.text("SELECT gin_clean_pending_list('ix_company_names_search_key_trigram')")
            )
        db.session.execute(sa.text("ANALYZE"))


@pytest.mark.parametrize(
    "typed", ["bah", "AHA", "ari", "contoh  bahari", "P.T. Contoh", "hari toh", "bahari ut"]
)
def test_three_letters_of_any_part_of_a_name_are_enough(typed: str) -> None:
    a_company("PT. Contoh Bahari Utama, Tbk")
    a_company("UD Misal")
    assert found(typed) == ["PT. Contoh Bahari Utama, Tbk"]


def test_a_company_is_found_by_its_former_name_and_its_aliases() -> None:
    company = a_company("PT Contoh Lama", aliases=("Warung Umpama",))
    with transaction():
        change_company(company, facts_of(company, name="PT Misal Baru"), by=SYSTEM, renamed=True)
    seen = {
        typed: [(m.company.name, m.other_kind, m.other_name) for m in find_matches(typed, limit=5)]
        for typed in ("lama", "baru", "umpama")
    }
    assert seen == {
        "lama": [("PT Misal Baru", "former", "PT Contoh Lama")],
        "baru": [("PT Misal Baru", None, None)],
        "umpama": [("PT Misal Baru", "alias", "Warung Umpama")],
    }


@pytest.mark.parametrize(
    "typed",
    ["sejahtra", "sejahhtera", "sejathera", "PT Contoh Sejahtara Abadi", "contho sejahtera", "Sajehtera",
     "sejahtera abdi", "cnotoh"],
)  # fmt: skip
def test_a_mistyped_word_finds_the_name_that_was_meant(typed: str) -> None:
    a_company("PT Contoh Sejahtera Abadi")
    a_company("UD Misal Bahari")
    assert found(typed) == ["PT Contoh Sejahtera Abadi"]


def test_the_name_that_is_nearest_to_what_was_mistyped_comes_first() -> None:
    a_company("PT Mutiara Laut Selatan Indah")
    a_company("PT Mutiara Laut")
    assert found("mutiaar laut") == ["PT Mutiara Laut", "PT Mutiara Laut Selatan Indah"]


def test_the_name_as_typed_comes_before_one_that_resembles_it() -> None:
    a_company("UD Andan")
    a_company("UD Andai")
    assert found("andai") == ["UD Andai", "UD Andan"]


@pytest.mark.parametrize("typed", ["xenofon", "abc", "sejuta", "contoh xenofon"])
def test_what_resembles_no_name_finds_none(typed: str) -> None:
    a_company("PT Contoh Sejahtera Abadi")
    assert found(typed) == []


def test_a_new_name_is_understood_mistyped_at_once() -> None:
    company = a_company("PT Contoh Lama")
    with transaction():
        change_company(company, facts_of(company, name="PT Cendrawasih"), by=SYSTEM, renamed=True)
    assert found("cendrawasi") == found("cendarwasih") == ["PT Cendrawasih"]


@pytest.mark.parametrize(
    "typed",
    ["01.234.567.8-901.000", "012345678901000", "0012345678901000", " 01 234 567 8 901 000 ",
        "01.234.567.8-901.003",
     "9120.0000.0000.1", "9120000000001", "15070955", "15-07-0955"],
)  # fmt: skip
def test_a_number_finds_its_company_in_any_shape(typed: str) -> None:
    a_company("PT Contoh Satu", npwp="01.234.567.8-901.000", nib="9120000000001", npp="15070955")
    a_company("PT Contoh Dua", npwp="02.234.567.8-901.000", nib="9120000000002", npp="15070956")
    assert found(typed) == ["PT Contoh Satu"]


def test_a_company_number_of_thirteen_digits_is_found_too() -> None:
    a_company("Proyek Contoh", npp="2300001078094")
    assert found("2300001078094") == ["Proyek Contoh"]


def test_the_exact_name_comes_first_however_many_others_contain_it() -> None:
    a_crowd([f"PT {number:04} Jaya Contoh" for number in range(400)] + ["UD Jaya", "UD Jaya Abadi"])
    assert found("jaya")[:2] == ["UD Jaya", "UD Jaya Abadi"]
    assert len(found("jaya")) == 25


def test_a_name_of_two_letters_is_found_by_its_beginning() -> None:
    a_company("PT XYZ")
    a_company("PT XY")
    assert found("PT XY") == ["PT XY", "PT XYZ"]
    assert is_too_short("PT AB")
    assert not is_too_short("ABC")
    assert found("x") == []


@pytest.mark.parametrize(
    "typed",
    [
        "%%%",
        "___",
        "con%toh",
        '"contoh" OR "misal"',
        "contoh*",
        "-contoh",
        "key:contoh",
        "^con",
        "\\",
    ],
)
def test_signs_that_mean_something_to_a_store_mean_nothing_here(typed: str) -> None:
    a_company("UD Misal Andai")
    assert found(typed) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80) | st.text(alphabet="conth \"'*%_^:()-+\\{}[]~", max_size=40))
def test_nothing_that_can_be_typed_breaks_the_search(typed: str) -> None:
    find_companies(typed)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=3, max_size=30))
def test_whatever_a_company_is_called_it_is_found_by_it(name: str) -> None:
    try:
        company = a_company(name)
    except Invalid:
        return
    if not any(map(str.isdigit, name)):
        assert company.id in [each.id for each in find_companies(name, limit=1_000)]


def test_a_search_uses_the_indexes() -> None:
    a_crowd(
        [
            f"PT {a} {b} {number}"
            for number in range(30)
            for a in ("Contoh", "Misal", "Umpama", "Andai")
            for b in (
                "Bahari",
                "Kopi",
                "Tenun",
                "Garam",
                "Jagung",
                "Mutiara",
                "Wisata",
                "Kayu",
                "Angkutan",
                "Ternak",
            )
        ]
        + [f"PT Lain {number:05}" for number in range(12_000)]
        + ["PT Sasando Rote"]
    )
    find_companies("sasando")  # samples the names
    for typed in ("sasando rote", "sasnado roti", "srb", "lain 00017", "contoh"):
        for plan in plans_of(lambda typed=typed: find_companies(typed)):
            walked = re.findall(
                r"Seq Scan on (\w+)" if is_postgresql() else r"SCAN (company_names|companies)\b",
                plan,
            )
            assert not walked, plan
    assert found("asand") == ["PT Sasando Rote"]


def test_all_companies_are_turned_page_by_page_in_the_order_of_their_names() -> None:
    a_crowd([f"PT Contoh {number % 7}" for number in range(40)] + ["Toko Abadi"])
    seen: list[Company] = []
    while True:
        rows = companies_by_name(after=by_name().cursor(seen[-1]) if seen else None, limit=15)
        seen += rows
        if len(rows) < 15:
            break
    assert [each.id for each in seen] == [
        each.id for each in sorted(seen, key=lambda each: (each.name_key, each.id))
    ]
    assert len({each.id for each in seen}) == 41
    assert companies_by_name(after="nonsense", limit=1)[0].name == "Toko Abadi"


def test_words_around_a_number_that_nobody_bears_are_searched(app) -> None:
    company = a_company("PT Contoh Satu", nib="9120000000001")
    assert find_companies("PT Contoh Satu, NIB 9120 0000 0033 4") == [company]
    assert find_companies("UD Umpama, NIB 9120 0000 0000 1") == [company]
