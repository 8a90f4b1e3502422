"""A fact that enters the house reaches the store and comes back: every field of every facts class (law 14).

A new field of a facts class needs a value here; then it must come back from the store as it went in.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.api.schemas import responses
from compliance.api.schemas.requests import NewFinding
from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.models import Case, Finding
from compliance.cases.nota.forms import FINDING_FIELDS, About
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.companies.commands import change_company, facts_of, register_company
from compliance.companies.models import Company, Workplace
from compliance.companies.rules import CompanyFacts
from compliance.companies.workplaces.commands import WorkplaceFacts, add_workplace, change_workplace
from compliance.core.db import db, transaction
from compliance.plan.commands import Listed, plan_inspections
from compliance.plan.models import PlanEntry
from compliance.policy import SYSTEM
from tests.factories import a_company, user

Values = Mapping[str, Any]

COMPANY: Values = {
    "name": "PT Contoh Bulat", "region_code": "53.71", "nib": "9120001234567", "npwp": "0012345674922000",
    "npp": "JJ012345", "kbli": "10710", "scale": "small", "scale_evidence": "NIB", "address": "Jalan Misal 1",
    "phone": "0380-000-001", "email": "kantor@contoh.example", "workers_total": 25,
    "aliases": ("Contoh Bundar",),
    "other_npwps": ("0012345674071002",),
}  # fmt: skip
WORKPLACE: Values = {
    "name": "Cabang Ende", "region_code": "53.08", "address": "Jalan Umpama 2", "workers_total": 7,
}  # fmt: skip
FINDING: Values = {
    "violation": "JS-02", "workers_affected": 11, "programmes": ("JKK", "JKM"), "note": "Daftar upah Misal",
    "deadline_days": 30,
}  # fmt: skip
NOTA: Values = {
    "inspected_on": date(2026, 11, 26), "issued_on": date(2026, 11, 27), "workers_total": 40,
    "workers_registered": 28,
    "findings": (FindingFacts(**FINDING),), "nota_number": "560/7/2026", "place": "Gudang Tenau",
    "met": "Bapak Contoh, kepala gudang", "note": "Catatan nota Misal",
}  # fmt: skip
LISTED: Values = {
    "company_id": 1, "region_code": "53.71", "categories": ("PWBD", "arrears"), "workers_total": 40,
    "workers_registered": 28,
}  # fmt: skip


def register(values: Values) -> Callable[[str], Any]:
    with transaction():
        company = register_company(CompanyFacts(**values), by=SYSTEM)
    return _company_of(company.id)


def change(values: Values) -> Callable[[str], Any]:
    company = a_company("PT Lain")
    with transaction():
        change_company(company, facts_of(company, **values), by=SYSTEM)
    return _company_of(company.id)


def _company_of(id: int) -> Callable[[str], Any]:
    return _attributes(Company, id)


def add_a_workplace(values: Values) -> Callable[[str], Any]:
    with transaction():
        id = add_workplace(a_company(), WorkplaceFacts(**values), by=SYSTEM).id
    return _attributes(Workplace, id)


def change_a_workplace(values: Values) -> Callable[[str], Any]:
    company = a_company()
    with transaction():
        workplace = add_workplace(company, WorkplaceFacts("Lain", "53.71"), by=SYSTEM)
        change_workplace(company, workplace, WorkplaceFacts(**values), by=SYSTEM)
    return _attributes(Workplace, workplace.id)


def _attributes(model: Any, id: int) -> Callable[[str], Any]:
    db.session.expire_all()
    row = db.session.get_one(model, id)
    return lambda name: _plain(getattr(row, name))


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _issue(values: Values) -> Case:
    with transaction():
        case = start_draft(a_company(nib="new"), by=user("ina"), draft_key=str(uuid.uuid4()))
        issue_nota(case, by=user("ina"), facts=NotaFacts(**values))
    db.session.expire_all()
    return case


def issue(values: Values) -> Callable[[str], Any]:
    nota = _issue(values).notas[0]

    def read(name: str) -> Any:
        if name == "findings":
            return tuple(
                FindingFacts(
                    **{
                        field.name: _of_finding(finding, field.name)
                        for field in fields(FindingFacts)
                    }
                )
                for finding in nota.case.findings
            )
        return getattr(nota, {"nota_number": "number"}.get(name, name))

    return read


def issue_a_finding(values: Values) -> Callable[[str], Any]:
    (finding,) = _issue({**NOTA, "findings": (FindingFacts(**values),)}).findings
    return lambda name: _of_finding(finding, name)


def _of_finding(finding: Finding, name: str) -> Any:
    return finding.violation.code if name == "violation" else _plain(getattr(finding, name))


def plan(values: Values) -> Callable[[str], Any]:
    id = a_company().id
    with transaction():
        plan_inspections(
            [Listed(**{**values, "company_id": id})],
            by=SYSTEM,
            source="Misal",
            listed_on=date(2026, 11, 1),
        )
    entry = db.session.scalars(sa.select(PlanEntry).where(PlanEntry.company_id == id)).one()
    elsewhere = {
        "company_id": values["company_id"],
        "categories": tuple(sorted(reason.category for reason in entry.reasons)),
    }
    return lambda name: elsewhere[name] if name in elsewhere else getattr(entry, name)


FINDING_DOORS: dict[str, Collection[str]] = {
    "the form of a finding": About()._fields,
    "the names of the form's fields": FINDING_FIELDS,
    "a finding sent to the API": NewFinding.model_fields,
    "a finding as the API gives it": responses.Finding.model_fields,
}


def closed_doors(facts: type) -> list[str]:
    """The doors of a finding that do not know every field of these facts."""
    stated = {field.name for field in fields(facts)} - {"violation"}
    return [door for door, known in FINDING_DOORS.items() if not stated <= set(known)]


TRIPS: dict[str, tuple[type, Values, Callable[[Values], Callable[[str], Any]]]] = {
    "a company registered": (CompanyFacts, COMPANY, register),
    "a company changed": (CompanyFacts, COMPANY, change),
    "a workplace added": (WorkplaceFacts, WORKPLACE, add_a_workplace),
    "a workplace changed": (WorkplaceFacts, WORKPLACE, change_a_workplace),
    "a nota": (NotaFacts, NOTA, issue),
    "a finding": (FindingFacts, FINDING, issue_a_finding),
    "a company listed for inspection": (Listed, LISTED, plan),
}


def lost_fields(
    facts: type, values: Values, write: Callable[[Values], Callable[[str], Any]]
) -> list[str]:
    """The fields of a facts class without a value here, or that do not come back as they went in."""
    names = [each.name for each in fields(facts)]
    without_value = [name for name in names if values.get(name) in (None, (), "")]
    if without_value:
        return without_value
    read = write(values)
    return [name for name in names if read(name) != values[name]]


@pytest.mark.parametrize("trip", TRIPS)
@pytest.mark.usefixtures("app")
def test_every_field_that_enters_reaches_the_store_and_comes_back(trip: str) -> None:
    assert lost_fields(*TRIPS[trip]) == []


def test_every_field_of_a_finding_is_typed_sent_and_read() -> None:
    assert closed_doors(FindingFacts) == []


@dataclass(frozen=True)
class _WidenedFinding(FindingFacts):
    """The facts of a finding with one more, which no form and no schema has."""

    never_asked: str | None = None


def test_a_field_of_a_finding_without_a_door_is_noticed() -> None:
    assert closed_doors(_WidenedFinding) == list(FINDING_DOORS)


@dataclass(frozen=True)
class _Widened(CompanyFacts):
    """The facts of a company with one more, which no command stores."""

    wage_month: str | None = None


@pytest.mark.usefixtures("app")
def test_a_field_that_is_forgotten_on_the_way_is_noticed() -> None:
    def register_widened(values: Values) -> Callable[[str], Any]:
        return register({name: value for name, value in values.items() if name != "wage_month"})

    with pytest.raises(AttributeError, match="wage_month"):
        lost_fields(_Widened, {**COMPANY, "wage_month": "2026-10"}, register_widened)
    assert lost_fields(_Widened, COMPANY, register_widened) == ["wage_month"]


@pytest.mark.usefixtures("app")
def test_a_field_that_a_command_drops_is_noticed() -> None:
    assert lost_fields(
        CompanyFacts, COMPANY, lambda values: register({**values, "phone": None})
    ) == ["phone"]
