"""Registering and changing a company: what is stored, what is refused, and that no change is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from compliance.companies.commands import change_company, facts_of
from compliance.companies.models import Company
from compliance.companies.queries import expect_company_version
from compliance.companies.rules import CompanyFacts
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, Stale, Taken
from compliance.core.events import Event
from compliance.policy import SYSTEM
from tests.factories import a_company

pytestmark = pytest.mark.usefixtures("app")


def change(company: Company, *, renamed: bool = False, **facts: object) -> dict[str, object]:
    with transaction():
        company = db.session.get_one(Company, company.id)
        return change_company(company, facts_of(company, **facts), by=SYSTEM, renamed=renamed)


def test_another_spelling_of_an_alias_takes_the_place_of_the_first() -> None:
    company = a_company("PT Contoh Bahari", aliases=("Toko Misal",))
    change(company, aliases=("TOKO MISAL", "Contoh Bahari Ende"))
    assert company.aliases == ["TOKO MISAL", "Contoh Bahari Ende"]


def test_a_change_of_the_legal_form_keeps_the_name_so_far() -> None:
    company = a_company("CV Contoh Jaya")
    change(company, name="PT Contoh Jaya", renamed=True)
    change(company, name="PT Contoh Jaya Tbk", renamed=True)
    assert company.former_names == ["CV Contoh Jaya", "PT Contoh Jaya"]
    change(company, name="PT Contoh Jaya", renamed=True)
    assert company.former_names == ["CV Contoh Jaya", "PT Contoh Jaya Tbk"]


def test_what_a_company_was_called_from_when_until_when_is_known(at: Callable[[str], None]) -> None:
    id = a_company("PT Satu").id
    for day, name in (
        ("2026-12-01", "PT Dua"),
        ("2027-03-01", "PT Satu"),
        ("2027-05-03", "PT Tiga"),
    ):
        at(f"{day} 09:00")
        change(db.session.get_one(Company, id), name=name, renamed=True)
    assert db.session.get_one(Company, id).names_over_time == [
        ("PT Tiga", date(2027, 5, 3), None),
        ("PT Satu", date(2027, 3, 1), date(2027, 5, 3)),
        ("PT Dua", None, date(2027, 3, 1)),
    ]


def test_a_corrected_spelling_leaves_no_former_name() -> None:
    company = a_company("PT Contho")
    assert change(company, name="PT Contoh") == {"name": ["PT Contho", "PT Contoh"]}
    assert (company.former_names, company.name_key) == ([], "contoh")


def test_changing_only_the_aliases_makes_an_older_form_stale() -> None:
    company = a_company("PT Contoh Lama")
    seen = company.version
    change(company, aliases=("Misal",))
    with pytest.raises(Stale) as refused:
        expect_company_version(company, seen)
    assert [event.kind for event in refused.value.changes] == ["company.changed"]
    expect_company_version(company, company.version)


def test_saving_what_is_there_already_changes_and_records_nothing() -> None:
    company = a_company("PT Contoh Tetap", nib="new", aliases=("Misal",), workers_total=12)
    seen = company.version
    assert change(company) == {}
    assert company.version == seen
    assert db.session.query(Event).filter_by(kind="company.changed").count() == 0


def test_lines_of_an_address_stay_lines_and_tabs_part_words() -> None:
    company = a_company(
        address="  Jl. Contoh\t5 \r\n\r\n Kel.\N{NO-BREAK SPACE}Misal\x00 ", phone="0380\t1"
    )
    assert (company.address, company.phone) == ("Jl. Contoh 5\nKel. Misal", "0380 1")


def test_a_new_kbli_is_one_of_the_classification_of_today() -> None:
    company = a_company(kbli="10311")
    with transaction():
        company.kbli_version = 2020
    change(company, phone="1")
    assert company.kbli_version == 2020
    change(company, kbli="10312")
    assert company.kbli_version == 2025
    change(company, kbli=None)
    assert company.kbli_version is None


def test_a_number_in_use_is_refused_with_its_owner() -> None:
    owner = a_company("PT Contoh Pemilik", npwp="01.234.567.8-901.000")
    with pytest.raises(Taken) as refused:
        a_company("PT Contoh Lain", npwp="0012345678901000")
    assert (refused.value.field, refused.value.candidates) == ("npwp", [owner])
    assert str(refused.value.reason) == "NPWP ini sudah dipakai PT Contoh Pemilik."
    change(owner, phone="1")


def test_more_aliases_than_anybody_has_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        a_company(aliases=tuple(f"Nama {n}" for n in range(51)))
    assert list(refused.value.errors) == ["aliases"]


def test_facts_of_a_company_are_those_it_was_registered_with() -> None:
    facts = CompanyFacts(
        name="PT Contoh", region_code="53.08", nib="9120000000001", scale="micro", aliases=("A B",)
    )
    company = a_company(**{field: getattr(facts, field) for field in facts.__dataclass_fields__})
    assert facts_of(company) == facts
