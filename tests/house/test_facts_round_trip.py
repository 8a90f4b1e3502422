"""A fact that enters the house reaches the store and comes back: every field of every facts class (law 14).

A new field of a facts class needs a value here; then it must come back from the store as it went in.
"""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import wtforms

from compliance.api.schemas import responses
from compliance.api.schemas.requests import NewCase, NewCompany, NewFinding
from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.models import Case, Finding
from compliance.cases.nota.forms import (
    FINDING_FIELDS,
    About,
    FindingsPage,
    NotesPage,
    PlacePage,
    WorkersPage,
)
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.companies.commands import change_company, facts_of, register_company
from compliance.companies.forms import ChangeForm, CompanyForm
from compliance.companies.models import Company, Workplace
from compliance.companies.rules import CompanyFacts
from compliance.companies.workplaces.commands import WorkplaceFacts, add_workplace, change_workplace
from compliance.companies.workplaces.views import WorkplaceForm
from compliance.core.db import db, transaction
from compliance.plan.commands import Listed, plan_inspections
from compliance.plan.models import PlanEntry
from compliance.policy import SYSTEM
from compliance.web.forms import Form
from tests.factories import a_company, user
from tests.house.source import modules
from tests.house.writers import imported, mark_of

Values = Mapping[str, Any]

COMPANY: Values = {
    "name": "PT Contoh Bulat", "region_code": "53.71", "nib": "9120001234567", "npwp": "0012345674922000",
    "npp": "JJ012345", "kbli": "10710", "scale": "small", "scale_evidence": "NIB", "address": "Jalan Misal 1",
    "phone": "0380-000-001", "email": "kantor@contoh.example", "workers_total": 25,
    "aliases": ("Contoh Bundar",),
    "other_npwps": ("0012345674071002",),
    "former_names": ("CV Contoh Bulat",),
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


@dataclass(frozen=True)
class Door:
    """A form or a schema: what it asks or gives, what it leaves out of the facts, and what it adds."""

    facts: type
    known: Collection[str]
    leaves_out: Collection[str] = ()
    adds: Collection[str] = ()


def fields_of(*forms: type[wtforms.Form]) -> set[str]:
    """The fields of forms as they are declared, those of their bases included."""
    return {
        name
        for form in forms
        for name in set(dir(form)) - set(dir(Form))
        if isinstance(getattr(form, name), wtforms.fields.core.UnboundField)
    }


NO_EVIDENCE = ("scale_evidence", "other_npwps")
"""What only the page of a company asks."""
IN_THE_NAME = ("former_names",)
"""What is typed within the name: "PT Baru (dahulu CV Lama)"."""
DOORS: dict[str, Door] = {
    "the form of a finding": Door(FindingFacts, fields_of(About), ["violation"]),
    "the names of the form's fields": Door(FindingFacts, FINDING_FIELDS, ["violation"]),
    "a finding sent to the API": Door(FindingFacts, NewFinding.model_fields),
    "a finding as the API gives it": Door(
        FindingFacts, responses.Finding.model_fields,
        adds=["id", "fixed_on", "norm_group", "title", "deadline_on", "legal_basis"],
    ),
    "the form of a company": Door(
        CompanyFacts, fields_of(CompanyForm, ChangeForm), IN_THE_NAME, adds=["seen", "naming"]
    ),
    "a company sent to the API": Door(
        CompanyFacts, NewCompany.model_fields, [*NO_EVIDENCE, *IN_THE_NAME]
    ),
    "a company as the API gives it": Door(
        CompanyFacts, responses.Company.model_fields, NO_EVIDENCE,
        adds=["id", "created_at", "warnings"],
    ),
    "the form of a workplace": Door(WorkplaceFacts, fields_of(WorkplaceForm)),
    "the pages of a nota": Door(
        NotaFacts, fields_of(PlacePage, WorkersPage, FindingsPage, NotesPage), adds=["scale"]
    ),
    "a nota sent to the API": Door(
        NotaFacts, NewCase.model_fields, ["place", "met"], adds=["company_id"]
    ),
}  # fmt: skip
"""Where facts are typed, sent and read. A field that no facts hold is typed and lost."""


def wrong_doors(doors: Mapping[str, Door] = DOORS) -> dict[str, set[str]]:
    """The doors that do not know every field of their facts, or ask for what the facts do not hold."""
    wrong = {}
    for name, door in doors.items():
        stated = {field.name for field in fields(door.facts)} - set(door.leaves_out)
        asked = set(door.known) - set(door.adds)
        if stated != asked:
            wrong[name] = stated ^ asked
    return wrong


def facts_classes(sources: Mapping[str, ast.Module]) -> set[str]:
    """Every class of facts that a command takes, and every class that is called so."""
    taken, called = set[str](), set[str]()
    for tree in sources.values():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Facts"):
                called.add(node.name)
            elif isinstance(node, ast.FunctionDef) and mark_of(node, imported(tree)):
                for argument in (*node.args.args, *node.args.kwonlyargs):
                    if argument.arg == "facts" and argument.annotation is not None:
                        taken |= set(re.findall(r"\w+", ast.unparse(argument.annotation)))
    return (taken | called) - set(NO_FACTS_OF_A_FORM)


NO_FACTS_OF_A_FORM = {"StepFacts": "what the guards of a chart may look at"}


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
    usual = {each.name: (None, (), "", each.default) for each in fields(facts)}
    without_value = [name for name in usual if values.get(name) in usual[name]]
    if without_value:
        return without_value
    read = write(values)
    return [name for name in usual if read(name) != values[name]]


@pytest.mark.parametrize("trip", TRIPS)
@pytest.mark.usefixtures("app")
def test_every_field_that_enters_reaches_the_store_and_comes_back(trip: str) -> None:
    assert lost_fields(*TRIPS[trip]) == []


def test_every_fact_is_typed_sent_and_read_and_nothing_typed_is_lost() -> None:
    assert wrong_doors() == {}


def test_every_class_of_facts_makes_its_trip() -> None:
    assert facts_classes(modules()) | {"Listed"} == {facts.__name__ for facts, *_ in TRIPS.values()}


@pytest.mark.parametrize(
    "source",
    [
        "class VisitFacts:\n    note: str",
        "from compliance.policy import command\n@command('case.visit')\n"
        "def record_visit(case, *, by, facts: Seen): pass",
        "import compliance.policy as p\n@p.command('case.visit')\n"
        "def record_visit(case, facts: 'Seen | None' = None, *, by): pass",
    ],
)
def test_a_new_class_of_facts_is_noticed(source: str) -> None:
    assert facts_classes({"compliance/cases/further.py": ast.parse(source)}) != set()


@dataclass(frozen=True)
class _WidenedFinding(FindingFacts):
    """The facts of a finding with one more, which no form and no schema has."""

    never_asked: str | None = None


def test_a_fact_without_a_door_is_noticed() -> None:
    widened = {
        name: replace(door, facts=_WidenedFinding)
        for name, door in DOORS.items()
        if door.facts is FindingFacts
    }
    assert set(wrong_doors(widened)) == set(widened)


class _WiderForm(CompanyForm):
    """The form of a company with a field that its facts do not hold."""

    website = wtforms.StringField()


def test_a_field_that_is_typed_and_lost_is_noticed() -> None:
    door = replace(DOORS["the form of a company"], known=fields_of(_WiderForm, ChangeForm))
    assert wrong_doors({"the form": door}) == {"the form": {"website"}}


def test_a_value_that_a_field_has_anyway_proves_nothing() -> None:
    @dataclass(frozen=True)
    class Counted:
        days: int = 14

    assert lost_fields(Counted, {"days": 14}, lambda _values: lambda _name: 14) == ["days"]


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
