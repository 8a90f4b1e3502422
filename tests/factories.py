"""Builders of what tests need, through the same commands as everybody else. Each commits what it made."""

from __future__ import annotations

import itertools
import uuid
from datetime import date
from typing import Any

from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.commands.visits import record_visit
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts, VisitFacts
from compliance.companies.commands import register_company
from compliance.companies.models import Company
from compliance.companies.rules import CompanyFacts
from compliance.core.db import db, transaction
from compliance.office.settings import today
from compliance.people.models import User
from compliance.policy import SYSTEM

_numbers = itertools.count(1)


def user(who: str) -> User:
    """A member of the cast, in this session."""
    from sqlalchemy import select

    return db.session.scalars(select(User).where(User.email == f"{who}@contoh.example")).one()


def a_company(name: str | None = None, **facts: Any) -> Company:
    """A registered company in Kota Kupang, unless told otherwise; `nib="new"` makes up a number."""
    number = next(_numbers)
    if facts.get("nib") == "new":
        facts["nib"] = f"91200{number:08d}"
    with transaction():
        return register_company(
            CompanyFacts(
                name=name or f"PT Contoh Usaha {number}",
                region_code=facts.pop("region_code", "53.71"),
                **facts,
            ),
            by=SYSTEM,
        )


def a_case(
    by: str = "ina",
    *,
    company: Company | None = None,
    issued_on: date | None = None,
    inspected_on: date | None = None,
    workers: tuple[int, int] = (40, 28),
    violations: tuple[str, ...] = ("JS-02",),
    nota_number: str | None = None,
) -> Case:
    """A case with its nota issued (today, unless told otherwise)."""
    company = company or a_company(nib="new")
    issued_on = issued_on or today()
    with transaction():
        inspector = user(by)
        case = start_draft(company, by=inspector, draft_key=str(uuid.uuid4()))
        issue_nota(
            case,
            by=inspector,
            facts=NotaFacts(
                inspected_on=inspected_on or issued_on,
                issued_on=issued_on,
                workers_total=workers[0],
                workers_registered=workers[1],
                nota_number=nota_number,
                findings=[FindingFacts(violation=each) for each in violations],
            ),
        )
    return case


def a_visit(
    case: Case, outcome: str, *, by: str = "ina", registered: int | None = None, **facts: Any
) -> None:
    """A visit today, unless `visited_on` says otherwise."""
    with transaction():
        if outcome == "complied" and registered is None:
            registered = case.workers_total
        if outcome == "complied":
            facts.setdefault("proof", "Sertifikat 12345, iuran Februari")
        stated = {"visited_on": today(), "workers_registered": registered, **facts}
        record_visit(case, by=user(by), facts=VisitFacts(outcome=outcome, **stated))
