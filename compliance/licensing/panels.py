"""What licensing shows on the pages of cases and companies: flags, checks, and what a counter may be told.

Never tells which norm was broken beyond the kind of obligation (the nota is Rahasia).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from compliance.cases.models import Case
from compliance.cases.panels import FlagColumn
from compliance.cases.workflow import UNRESOLVED
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.slots import Slot
from compliance.core.text import Text, say
from compliance.licensing import rules
from compliance.licensing.checks.rules import word_of
from compliance.licensing.codes import read_code
from compliance.licensing.models import DECISIONS, LEVELS, Flag, LicenceCheck
from compliance.licensing.queries import IS_ACTIVE, flags_for_page, flags_visible_to
from compliance.licensing.rules import OBLIGATIONS, ActiveFlag, OpenCase, obligation_of
from compliance.office.settings import today
from compliance.policy import Actor, may, scope, within_scope
from compliance.web.search import Hit


@dataclass(frozen=True)
class VerifiedPaper:
    """What the public page tells of a paper that a room above made: never the company.

    `holds` is false for one that was replaced or withdrawn; `sha256` is that of its bytes, once it has any.
    `signature` says how it was signed, `signed_sha256` is that of the signed file, if there is one.
    """

    name: Text
    number: str | None
    issued_on: date
    state: Text
    holds: bool
    sha256: str | None
    code: str
    signature: Text | None = None
    signed_sha256: str | None = None


VERIFIED_PAPERS: Slot[Callable[[str], VerifiedPaper | None]] = Slot()
"""How rooms above find their paper by the code that is printed on it."""


@dataclass(frozen=True)
class VerifiedFile:
    """What the public page tells of a PDF that was sent to it, which is not kept.

    `paper` is the paper of ours that these bytes are, or begin with (not `exact`); `compared` is false for a
    signed copy whose words were not compared with our letter. `signatures` are the names in those that it
    bears, `signature` says what they are worth.
    """

    paper: VerifiedPaper | None
    exact: bool
    signed_copy: bool
    compared: bool
    signature: Text
    signatures: Sequence[tuple[Text, Text]]


VERIFIED_FILES: Slot[Callable[[bytes], VerifiedFile]] = Slot()
"""How rooms above know a PDF again. Raises BadFile for what is no PDF."""
LATEST_CHECKS = 5
MOST_FLAGS = 20


def _asked_of(company: Any) -> str:
    """What is asked at the counter about this company: a number, else its name."""
    return str(company.nib or company.npwp or company.npp or company.name)


def extras_of(case: Case) -> dict[str, Any]:
    """For the pages of a case: `flags` and their `levels`, the kinds of `obligations`, what the
    case is `cleared_by`, and `foretold`, what a counter would read if a recheck today found it
    unresolved; and the way to licensing's own pages.
    """
    shown = flags_for_page(case)
    kinds = {obligation_of(finding.violation.norm_group): None for finding in case.open_findings}
    open_cases = [_open_case(case, frozenset(kinds))] if case.is_open else []
    standing = [
        ActiveFlag(flag.level, case.number or "", flag.since_on, flag.letter_number)
        for flag in shown["flags"]
        if flag.is_active
    ]
    return {
        **shown,
        "questions_template": "licensing/questions.html",
        "check_address": url_for("licensing.check", asked=_asked_of(case.company)),
        "sanction_address": (
            url_for("licensing.sanction", number=case.number) if case.number else None
        ),
        "flag_address": lambda flag: url_for("licensing.flag", id=flag.id),
        "obligations": [OBLIGATIONS[kind] for kind in kinds],
        "cleared_by": rules.cleared_by(open_cases, standing),
        "foretold": _foretold(open_cases, standing) if open_cases else None,
    }


def _foretold(open_cases: list[OpenCase], standing: list[ActiveFlag]) -> rules.Verdict:
    day = today()
    failed = [replace(case, status=UNRESOLVED, unresolved_on=day) for case in open_cases]
    flags = [flag for flag in standing if flag.level == "sanction"]
    flags += [ActiveFlag("hold", case.number, day, None) for case in open_cases]
    return rules.verdict_on(failed, flags, today=day)


def _open_case(case: Case, kinds: frozenset[str]) -> OpenCase:
    assert case.nota is not None
    assert case.effective_on is not None
    return OpenCase(
        number=case.number or "",
        nota_number=case.nota.number,
        issued_on=case.nota.issued_on,
        status=case.status,
        effective_on=case.effective_on,
        unresolved_on=case.unresolved_on,
        workers_total=case.workers_total,
        workers_registered=case.workers_registered,
        obligations=kinds,
        deadline=case.deadline,
    )


def following_flags(company_ids: Sequence[int]) -> Mapping[int, Sequence[Text]]:
    """What would move along when a company becomes part of another: the flags that stand, the
    checks made at counters.
    """
    flags = sa.select(
        Flag.company_id, sa.func.count().label("flags"), sa.literal(0).label("checks")
    )
    checks = sa.select(LicenceCheck.company_id, sa.literal(0), sa.func.count())
    rows: sa.CompoundSelect[Any] = sa.union_all(
        flags.where(Flag.company_id.in_(company_ids), IS_ACTIVE).group_by(Flag.company_id),
        checks.where(LicenceCheck.company_id.in_(company_ids)).group_by(LicenceCheck.company_id),
    )
    sentences: dict[int, list[Text]] = {id: [] for id in company_ids}
    for row in db.session.execute(rows):
        sentence = (
            say("Catatan atau peringatan yang berlaku: {count}", count=row.flags)
            if row.flags
            else say("Cek di loket perizinan: {count}", count=row.checks)
        )
        sentences[row.company_id].append(sentence)
    return sentences


_GRAVEST = (
    sa.select(Flag.level)
    .where(Flag.case_id == Case.id, IS_ACTIVE)
    .order_by(
        sa.case({level: rank for rank, level in enumerate(rules.WORST_FIRST)}, value=Flag.level)
    )
    .limit(1)
    .correlate(Case)
    .scalar_subquery()
)
_FLAGS = Flag.__table__
LEVEL_COLUMN = FlagColumn(
    level=_GRAVEST, words=LEVELS, flags=_FLAGS, case_id=_FLAGS.c.case_id, stands=IS_ACTIVE
)
"""For lists of cases."""


def flags_and_checks(company: Company, by: Actor) -> Mapping[str, Any] | None:
    """The flags in the asker's scope, the standing ones first, and the latest checks: all, or the
    asker's own.
    """
    flags = db.session.scalars(
        sa.select(Flag)
        .where(Flag.company_id == company.id, flags_visible_to(by))
        .options(joinedload(Flag.case))
        .order_by(Flag.lifted_at.is_not(None), Flag.id.desc())
        .limit(MOST_FLAGS)
    ).all()
    checks = _checks(company, by)
    if not flags and not checks:
        return None
    return {
        "template": "licensing/panel.html",
        "flags": flags,
        "stands": any(flag.is_active for flag in flags),
        "levels": LEVELS,
        "decisions": DECISIONS,
        "checks": [(check, word_of(check.answer)) for check in checks[:LATEST_CHECKS]],
        "more": len(checks) > LATEST_CHECKS,
    }


def _checks(company: Company, by: Actor) -> list[LicenceCheck]:
    if not may(by, "check.read"):
        return []
    query = (
        sa.select(LicenceCheck)
        .where(LicenceCheck.company_id == company.id)
        .options(joinedload(LicenceCheck.by), joinedload(LicenceCheck.office))
        .order_by(LicenceCheck.id.desc())
        .limit(LATEST_CHECKS + 1)
    )
    if scope(by, "check.read") != "all":
        query = query.where(LicenceCheck.by_id == by.actor_id)
    return list(db.session.scalars(query))


def receipts(by: Actor, typed: str, limit: int) -> list[Hit]:
    """Receipts of checks for the search of everything: by their number or their code."""
    numbers = [LicenceCheck.receipt == typed.upper()]
    if (code := read_code(typed)) is not None:
        numbers.append(LicenceCheck.code == code)
    checks = db.session.scalars(
        sa.select(LicenceCheck)
        .where(
            sa.or_(*numbers),
            within_scope(by, "check.read", own=LicenceCheck.by_id == by.actor_id),
        )
        .limit(limit)
    )
    return [
        Hit(
            check.receipt,
            url_for("licensing.receipt", receipt=check.receipt),
            (check.answer["company"]["name"] if check.answer["company"] else check.asked,),
        )
        for check in checks
    ]
