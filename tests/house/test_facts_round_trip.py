"""A fact that enters the house reaches the store and comes back: every field of every facts class (law 14).

A new field of a facts class needs a value here; then it must come back from the store as it went in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
import wtforms

from compliance.admin.letters.forms import LetterheadForm
from compliance.api.schemas import responses
from compliance.api.schemas.circumstances import CircumstanceGiven
from compliance.api.schemas.proofs import ProofGiven
from compliance.api.schemas.requests import (
    NewCase,
    NewCircumstance,
    NewCompany,
    NewFinding,
    NewProof,
    NewSecondNota,
    NewVisit,
)
from compliance.cases.approvals.rules import SecondNotaFacts
from compliance.cases.nota.forms import (
    FINDING_FIELDS,
    About,
    FindingsPage,
    NotesPage,
    PlacePage,
    WorkersPage,
)
from compliance.cases.proofs.forms import ProofFields
from compliance.cases.proofs.rules import ProofFacts
from compliance.cases.rules import FindingFacts, NotaFacts, VisitFacts
from compliance.cases.second_nota.forms import SecondNotaForm
from compliance.cases.visits.forms import VisitForm
from compliance.companies.circumstances.commands import CircumstanceFacts
from compliance.companies.circumstances.forms import CircumstanceForm
from compliance.companies.forms import ChangeForm, CompanyForm
from compliance.companies.rules import CompanyFacts
from compliance.companies.workplaces.commands import WorkplaceFacts
from compliance.companies.workplaces.views import WorkplaceForm
from compliance.office.letterheads.rules import LetterheadFacts
from compliance.plan.commands import Listed
from compliance.web.forms import Form
from tests.house.facts import (
    CIRCUMSTANCE,
    COMPANY,
    FINDING,
    LETTERHEAD,
    LISTED,
    NOTA,
    PROOF,
    SECOND_NOTA,
    VISIT,
    WORKPLACE,
    Values,
    a_circumstance,
    a_proof,
    add_a_workplace,
    change,
    change_a_workplace,
    issue,
    issue_a_finding,
    issue_second,
    keep_head,
    plan,
    register,
    visit,
)
from tests.house.source import modules
from tests.house.writers import imported, mark_of


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
_OF_PROOF = fields_of(ProofFields) - {"proof"}
"""The files become evidence; the words of the same form are the note."""
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
        adds=["id", "created_at", "warnings", "circumstance"],
    ),
    "the form of a circumstance": Door(CircumstanceFacts, fields_of(CircumstanceForm)),
    "a circumstance sent to the API": Door(CircumstanceFacts, NewCircumstance.model_fields),
    "a circumstance as the API gives it": Door(
        CircumstanceFacts, CircumstanceGiven.model_fields,
        adds=["id", "company_id", "recorded_at", "recorded_by", "revoked_at", "revoked_by",
              "revoke_reason"],
    ),
    "the form of a workplace": Door(WorkplaceFacts, fields_of(WorkplaceForm)),
    "the pages of a nota": Door(
        NotaFacts, fields_of(PlacePage, WorkersPage, FindingsPage, NotesPage), adds=["scale"]
    ),
    "a nota sent to the API": Door(
        NotaFacts, NewCase.model_fields, ["place", "met"], adds=["company_id"]
    ),
    "the form of Nota II": Door(SecondNotaFacts, fields_of(SecondNotaForm)),
    "Nota II sent to the API": Door(SecondNotaFacts, NewSecondNota.model_fields),
    "the form of a visit": Door(
        VisitFacts, fields_of(VisitForm) - _OF_PROOF, adds=["other_findings", "sure"]
    ),
    "the fields of a proof": Door(
        ProofFacts, {name.removeprefix("proof_") for name in _OF_PROOF},
        ["evidence", "note"],
        adds=["certificate_file", "certificate_file_kept", "contribution_file",
              "contribution_file_kept", "files_restricted"],
    ),
    "a proof sent to the API": Door(ProofFacts, NewProof.model_fields),
    "a proof as the API gives it": Door(ProofFacts, ProofGiven.model_fields),
    "a visit sent to the API": Door(VisitFacts, NewVisit.model_fields),
    "the form of a letterhead": Door(
        LetterheadFacts, fields_of(LetterheadForm), adds=["crest", "no_crest", "from_on"]
    ),
    "a visit as the API gives it": Door(
        VisitFacts, responses.Visit.model_fields, ["fixed", "new_findings", "next_visit_on"],
        adds=["id", "by", "recorded_at", "undone_at", "membership_proof"],
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


NO_FACTS_OF_A_FORM = {
    "OldNotaFacts": "what a row of a list says; tests/cases/test_old_notas.py reads its cells",
    "StepFacts": "what the guards of a chart may look at",
    "SignedFileFacts": "what verifying a signed file said, kept as it was said",
}


TRIPS: dict[str, tuple[type, Values, Callable[[Values], Callable[[str], Any]]]] = {
    "a company registered": (CompanyFacts, COMPANY, register),
    "a company changed": (CompanyFacts, COMPANY, change),
    "a workplace added": (WorkplaceFacts, WORKPLACE, add_a_workplace),
    "a workplace changed": (WorkplaceFacts, WORKPLACE, change_a_workplace),
    "a company that moved": (CircumstanceFacts, CIRCUMSTANCE, a_circumstance),
    "a nota": (NotaFacts, NOTA, issue),
    "Nota II": (SecondNotaFacts, SECOND_NOTA, issue_second),
    "a finding": (FindingFacts, FINDING, issue_a_finding),
    "a visit": (VisitFacts, VISIT, visit),
    "a letterhead kept": (LetterheadFacts, LETTERHEAD, keep_head),
    "a proof of membership": (ProofFacts, PROOF, a_proof),
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
        "class LetterFacts:\n    note: str",
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
