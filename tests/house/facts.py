"""A value for every field of every class of facts, and how each is written and read back (law 14)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from compliance.cases.approvals.rules import SecondNotaFacts, kept, second_facts_of
from compliance.cases.commands.approvals import issue_or_submit_second
from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota, record_receipt
from compliance.cases.commands.visits import record_visit
from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case, Finding, Visit
from compliance.cases.proofs.models import MembershipProof
from compliance.cases.proofs.rules import ProofFacts
from compliance.cases.queries import timeline
from compliance.cases.rules import FindingFacts, NotaFacts, VisitFacts
from compliance.companies.circumstances.commands import CircumstanceFacts, record_circumstance
from compliance.companies.circumstances.models import Circumstance
from compliance.companies.commands import change_company, facts_of, register_company
from compliance.companies.models import Company, Workplace
from compliance.companies.rules import CompanyFacts
from compliance.companies.workplaces.commands import WorkplaceFacts, add_workplace, change_workplace
from compliance.core.db import db, transaction
from compliance.evidence.commands import add_evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import Examined
from compliance.office.letterheads.commands import keep_letterhead
from compliance.office.letterheads.models import Letterhead
from compliance.office.letterheads.rules import LetterheadFacts
from compliance.office.queries import find_office
from compliance.office.settings import today
from compliance.plan.commands import Listed, plan_inspections
from compliance.plan.models import PlanEntry
from compliance.policy import SYSTEM
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import pdf

Values = Mapping[str, Any]

COMPANY: Values = {
    "name": "PT Contoh Bulat", "region_code": "53.71", "district_code": "53.71.01",
    "nib": "9120001234567", "npwp": "0012345674922000",
    "npp": "JJ012345", "kbli": "10710", "scale": "small", "scale_evidence": "NIB", "address": "Jalan Misal 1",
    "phone": "0380-000-001", "email": "kantor@contoh.example", "workers_total": 25,
    "aliases": ("Contoh Bundar",),
    "other_npwps": ("0012345674071002",),
    "former_names": ("CV Contoh Bulat",),
}  # fmt: skip
WORKPLACE: Values = {
    "name": "Cabang Ende", "region_code": "53.08", "district_code": "53.08.01",
    "address": "Jalan Umpama 2", "workers_total": 7,
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
SECOND_NOTA: Values = {"issued_on": date(2026, 11, 30), "days": 9, "number": "560/8/2026"}
VISIT: Values = {
    "visited_on": date(2026, 11, 30), "outcome": "partly_complied", "workers_total": 55,
    "workers_registered": 50,
    "fixed": ("JS-02",), "new_findings": ("K3-02",), "not_met_reason": "closed", "proof": "Sertifikat Misal",
    "next_visit_on": date(2026, 12, 15), "note": "Catatan kunjungan Misal",
}  # fmt: skip
PROOF: Values = {
    "npp": "JJ012345", "month": date(2026, 10, 1), "programmes": ("JKK", "JKM"), "workers": 33,
    "checked_on": date(2026, 11, 30), "checked_by": "Rina Contoh", "certificate": "S-12",
    "certificate_on": date(2026, 11, 2), "evidence": (1,), "note": "Catatan bukti Misal",
}  # fmt: skip
CIRCUMSTANCE: Values = {
    "kind": "moved", "since_on": date(2026, 11, 20), "proof": "NIB Misal", "region_code": "53.08",
    "address": "Jalan Umpama 3", "curator": "Kurator Misal",
}  # fmt: skip
LETTERHEAD: Values = {
    "government": "Pemerintah Provinsi Misal", "office": "Dinas Misal\nUPT Contoh",
    "details": "Jalan Misal 4", "paper": "f4", "font": "DejaVu Sans Mono", "font_size": 12,
    "margin_top": 21, "margin_right": 31, "margin_bottom": 27, "margin_left": 33,
}  # fmt: skip
LISTED: Values = {
    "company_id": 1, "region_code": "53.71", "categories": ("PWBD", "arrears"), "workers_total": 40,
    "workers_registered": 28,
}  # fmt: skip


def a_proof(values: Values) -> Callable[[str], Any]:
    """Shown at a visit, with the one file that the case has."""
    case = a_case(company=a_company(nib="new"))
    with transaction():
        content = pdf()
        add_evidence(
            about_case(case, "case", case.id),
            by=user("ina"),
            examined=Examined(content, "pdf"),
            kept=keep_bytes(content, kind="pdf"),
            name="sertifikat.pdf",
        )
    a_visit(case, "complied", proof=ProofFacts(**values))
    return _attributes(MembershipProof, 1)


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


def a_circumstance(values: Values) -> Callable[[str], Any]:
    """A move; the curator is one of a bankruptcy of the same company."""
    company = a_company()
    moved = CircumstanceFacts(**{**values, "curator": None})
    bankrupt = CircumstanceFacts(
        "bankrupt", date(2026, 11, 2), "Putusan", curator=values["curator"]
    )
    with transaction():
        ids = [
            record_circumstance(company, facts, by=user("tika")).id for facts in (moved, bankrupt)
        ]
    at_move, at_end = (_attributes(Circumstance, id) for id in ids)
    return lambda name: at_end(name) if name == "curator" else at_move(name)


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


def issue_second(values: Values) -> Callable[[str], Any]:
    """Nota II, kept as facts while it waits, then issued from them."""
    with transaction():
        case = _issue(NOTA)
        record_receipt(
            case, by=user("ina"), received_on=date(2026, 11, 27), received_by="Ani Misal"
        )
        for finding in case.findings:
            finding.deadline_on = date(2026, 11, 29)
        issue_or_submit_second(
            case, by=user("ina"), facts=second_facts_of(kept(SecondNotaFacts(**values)))
        )
    nota = case.second_nota
    return lambda name: getattr(nota, {"days": "deadline_days"}.get(name, name))


def issue_a_finding(values: Values) -> Callable[[str], Any]:
    (finding,) = _issue({**NOTA, "findings": (FindingFacts(**values),)}).findings
    return lambda name: _of_finding(finding, name)


def _of_finding(finding: Finding, name: str) -> Any:
    return finding.violation.code if name == "violation" else _plain(getattr(finding, name))


def visit(values: Values) -> Callable[[str], Any]:
    """A second visit to a case whose recheck failed on this day; its findings are given by their codes."""
    case = a_case(issued_on=date(2026, 8, 28))
    by_code = {finding.violation.code: finding.id for finding in case.findings}
    a_visit(case, "not_complied", registered=30)
    fixed = [by_code[code] for code in values["fixed"]]
    with transaction():
        stated = VisitFacts(**{**values, "fixed": fixed})
        id = record_visit(case, by=user("ina"), facts=stated).id
    row, event = db.session.get_one(Visit, id), timeline(case)[0]
    draft = db.session.scalars(
        sa.select(Case).where(Case.draft.is_not(None)).order_by(-Case.id)
    ).first()
    elsewhere = {
        "fixed": tuple(event.fact("fixed")),
        "new_findings": tuple(draft.draft["findings"]["findings"]),
        "next_visit_on": case.next_visit_on,
    }
    return lambda name: elsewhere[name] if name in elsewhere else getattr(row, name)


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


def keep_head(values: Values) -> Callable[[str], Any]:
    """A letterhead of the inspectorate from today."""
    with transaction():
        office = find_office("disnaker-53")
        assert office is not None
        facts = LetterheadFacts(**values)
        kept = keep_letterhead(office, by=user("adi"), facts=facts, from_on=today(), crest=None)
    assert kept is not None
    return lambda name: getattr(db.session.get_one(Letterhead, kept.id), name)
