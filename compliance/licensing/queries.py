"""Reads of licensing: flags in scope, companies that bear a number, and the answer to a counter's question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.models import Case, Nota
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.text import Text
from compliance.licensing import rules
from compliance.licensing.models import Flag, LicenceCheck
from compliance.licensing.rules import ActiveFlag, OpenCase
from compliance.people.models import Office, User
from compliance.people.places import place
from compliance.policy import Actor, require, scope

IS_ACTIVE = sa.text("flags.lifted_at IS NULL")
IS_OPEN = sa.text("cases.status IN ('in_remedy', 'recheck_due', 'unresolved')")


def active_flags_of(case: Case) -> Sequence[Flag]:
    """The flags that stand because of this case."""
    return db.session.scalars(sa.select(Flag).where(Flag.case_id == case.id, IS_ACTIVE).order_by(Flag.id)).all()


def flags_visible_to(by: Actor) -> sa.ColumnElement[bool]:
    """The condition on flags that says which ones `by` may see."""
    reach = scope(by, "flag.read")
    if reach == "all":
        return sa.true()
    if reach == "own":
        return Flag.case.has(Case.inspector_id == by.actor_id)
    if reach == "office" and by.region_code:
        return Flag.region_code.startswith(by.region_code, autoescape=True)
    return sa.false()


def load_flag(by: Actor, id: int, *, for_update: bool = False) -> Flag:
    """One flag in the asker's scope. Raises NotFound."""
    query = sa.select(Flag).where(Flag.id == id)
    if for_update:
        query = query.with_for_update(of=Flag).execution_options(populate_existing=True)
    flag = db.session.scalar(query)
    if flag is None:
        raise NotFound()
    require(by, "flag.read", flag)
    return flag


def load_check(by: Actor, receipt: str) -> LicenceCheck:
    """One check by its receipt number, for its officer or the compliance team. Raises NotFound."""
    check = db.session.scalar(
        sa.select(LicenceCheck)
        .options(joinedload(LicenceCheck.by), joinedload(LicenceCheck.office))
        .where(LicenceCheck.receipt == receipt)
    )
    if check is None:
        raise NotFound()
    require(by, "check.read", check)
    return check


def checks_of(by: Actor, *, before_id: int | None = None, limit: int = 50) -> Sequence[LicenceCheck]:
    """The checks the asker may see, newest first; `before_id` continues a page."""
    require(by, "check.read")
    query = sa.select(LicenceCheck).order_by(LicenceCheck.id.desc()).limit(limit)
    if scope(by, "check.read") == "own":
        query = query.where(LicenceCheck.by_id == by.actor_id)
    if before_id is not None:
        query = query.where(LicenceCheck.id < before_id)
    return db.session.scalars(query).all()


def answer_on(company: Company | None, *, asked: str, day: date, office: Office | None) -> dict[str, Any]:
    """The whole answer to a counter, as plain data to be kept word for word.

    Holds what licensing may know (identity, nota numbers and dates, worker counts, contact, what clears it) and
    nothing else: no findings' text, no names of workers, no notes. Two reads, whatever there is to say.
    """
    if company is None:
        verdict = rules.not_found(asked)
        return _answer(verdict, company=None, cases=[], flags=[], office=office)
    cases = db.session.execute(
        sa.select(
            Case.id, Case.number, Case.status, Case.due_on, Case.effective_on, Case.unresolved_on,
            Case.workers_total, Case.workers_registered, Nota.number.label("nota_number"), Nota.issued_on,
            User.name.label("inspector"), User.phone.label("inspector_phone"),
        )
        .join(Nota, Nota.case_id == Case.id)
        .join(User, User.id == Case.inspector_id)
        .where(Case.company_id == company.id, IS_OPEN)
        .order_by(Nota.id)
    ).all()  # fmt: skip
    flags = db.session.execute(
        sa.select(Flag.level, Flag.since_on, Flag.letter_number, Case.number.label("case_number"))
        .join(Case, Case.id == Flag.case_id)
        .where(Flag.company_id == company.id, IS_ACTIVE)
        .order_by(Flag.id)
    ).all()
    verdict = rules.verdict_on(
        [
            OpenCase(
                row.number, row.nota_number, row.issued_on, row.status, row.effective_on, row.unresolved_on,
                row.workers_total, row.workers_registered,
            )
            for row in cases
        ],
        [ActiveFlag(row.level, row.case_number, row.since_on, row.letter_number) for row in flags],
        today=day,
    )  # fmt: skip
    return _answer(verdict, company=company, cases=cases, flags=flags, office=office)


def _answer(
    verdict: rules.Verdict, *, company: Company | None, cases: Sequence[Any], flags: Sequence[Any], office: Office | None
) -> dict[str, Any]:
    where = place(company.region_code) if company else None
    return {
        "verdict": verdict.verdict,
        "word": verdict.word.stored(),
        "reasons": [reason.stored() for reason in verdict.reasons],
        "company": company
        and {
            "id": company.id, "name": company.name, "nib": company.nib, "npwp": company.npwp, "npp": company.npp,
            "region_code": company.region_code, "region": where.name if where else company.region_code,
        },
        "cases": [
            {
                "number": row.number, "nota_number": row.nota_number, "issued_on": row.issued_on.isoformat(),
                "status": row.status, "due_on": row.due_on.isoformat(), "effective_on": row.effective_on.isoformat(),
                "workers_total": row.workers_total, "workers_registered": row.workers_registered,
                "inspector": row.inspector, "inspector_phone": row.inspector_phone,
            }
            for row in cases
        ],
        "flags": [
            {
                "level": row.level, "since_on": row.since_on.isoformat(), "letter_number": row.letter_number,
                "case_number": row.case_number,
            }
            for row in flags
        ],
        "cleared_by": rules.CLEARED_BY.stored() if cases or flags else None,
        "legal_basis": office.legal_basis if office else None,
    }  # fmt: skip


def words_of(answer: dict[str, Any]) -> tuple[Text, list[Text]]:
    """The verdict's word and reasons, as they were chosen then."""
    return Text.restored(answer["word"]), [Text.restored(each) for each in answer["reasons"]]
