"""Reads of checks: the facts that an answer is made from, and the checks that were made.

The facts are plain rows, read by statements that are built once. Loading a check authorises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from compliance.cases.deadlines import FindingDeadline, deadline_in_force, deadline_of
from compliance.cases.models import IS_OPEN, Case, Finding, Nota, Violation
from compliance.cases.proofs.models import MembershipProof
from compliance.cases.proofs.rules import STATED, proof_sentence
from compliance.companies.identity import read_number
from compliance.companies.queries import companies_bearing, companies_named
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db, read_rows
from compliance.core.errors import NotFound
from compliance.core.keyset import Keyset
from compliance.core.lists import Rows
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.licensing import rules
from compliance.licensing.checks.rules import (
    Answer,
    AskingOffice,
    CheckedCase,
    CheckedCompany,
    CheckedFlag,
    Contact,
    Employer,
    StandingCase,
    StandingFlag,
    answer_on,
    answer_on_nobody,
    time_to_decide,
)
from compliance.licensing.clearance import clean_question
from compliance.licensing.codes import read_code
from compliance.licensing.models import REVIEW_DAYS, Flag, LicenceCheck
from compliance.licensing.queries import IS_ACTIVE
from compliance.licensing.rules import ActiveFlag, OpenCase
from compliance.office.models import Office
from compliance.office.queries import find_permit_kind
from compliance.office.settings import office_settings, today
from compliance.people.models import User
from compliance.policy import Actor, require, within_scope
from compliance.reference.regions import region_name


class Asker(Actor, Protocol):
    """Who asks at a counter."""

    @property
    def office(self) -> AskingOffice | None: ...


NEWEST_CHECK_FIRST = Keyset(LicenceCheck.id, falling=True)
_SECOND = aliased(Nota)
_OPEN_CASES = (
    sa.select(
        Case.id,
        Case.number,
        Case.status,
        Case.due_on,
        Case.effective_on,
        Case.unresolved_on,
        Case.workers_total,
        Case.workers_registered,
        Case.disputed_since,
        Nota.number.label("nota_number"),
        Nota.issued_on,
        User.name.label("inspector"),
        User.phone.label("inspector_phone"),
        Violation.norm_group,
        Violation.special_note,
        Finding.deadline_on,
        Finding.deadline_days,
        Finding.deadline_day_type,
        _SECOND.id.label("second_id"),
        _SECOND.deadline_on.label("second_on"),
        _SECOND.deadline_days.label("second_days"),
        _SECOND.deadline_day_type.label("second_day_type"),
    )
    .join(Nota, sa.and_(Nota.case_id == Case.id, Nota.kind == "I"))
    .outerjoin(_SECOND, sa.and_(_SECOND.case_id == Case.id, _SECOND.kind == "II"))
    .join(User, User.id == Case.inspector_id)
    .outerjoin(Finding, sa.and_(Finding.case_id == Case.id, Finding.fixed_on.is_(None)))
    .outerjoin(Violation, Violation.id == Finding.violation_id)
    .where(Case.company_id == sa.bindparam("company_id"), IS_OPEN)
    .order_by(Case.id, Nota.id, Finding.position)
)
"""A row for every open finding of an open case, with Nota I and the time that Nota II grants."""
_FLAGS_THAT_COUNT = (
    sa.select(
        Flag.level,
        Flag.since_on,
        Flag.letter_number,
        Flag.letter_on,
        Flag.services,
        Case.number.label("case_number"),
        Case.resolved_on,
        Case.withdrawn_on,
        Flag.lifted_at,
        *(getattr(MembershipProof, name) for name in STATED),
    )
    .outerjoin(Case, Case.id == Flag.case_id)
    .outerjoin(MembershipProof, MembershipProof.id == Flag.lift_proof_id)
    .where(
        Flag.company_id == sa.bindparam("company_id"),
        sa.or_(
            IS_ACTIVE,
            sa.and_(
                Flag.level == "hold",
                Flag.lift_proof_id.is_not(None),
                Flag.lifted_at >= sa.bindparam("since"),
            ),
        ),
    )
    .order_by(Flag.id)
)
"""The active flags, and the holds that a proof of membership has lifted of late."""


def answer_about(
    company: Employer | None,
    *,
    asked: str,
    day: date,
    office: AskingOffice | None,
    permit_kind: str | None = None,
) -> Answer:
    """The answer about `company` (None: no such company) on `day`. At most two reads."""
    settings = office_settings()
    contact = Contact(settings.office_name, settings.office_contact)
    kind = find_permit_kind(office.id, permit_kind) if office and permit_kind else None
    time = time_to_decide(kind, day=day, calendar=load_calendar(), named=permit_kind is not None)
    if company is None:
        return answer_on_nobody(
            asked, office=office, contact=contact, time=time, permit_kind=permit_kind
        )
    active, proven = flags_that_count(company.id, day=day, zone=settings.zone)
    return answer_on(
        _as_shown(company),
        open_cases(company.id),
        active,
        proven=proven,
        day=day,
        office=office,
        contact=contact,
        time=time,
        permit_kind=permit_kind,
        circumstance=company.circumstance_line,
    )


def answer_not_kept(
    asked: str, company: Employer | None, *, by: Asker, permit_kind: str | None = None
) -> Answer:
    """The answer of this moment, while nothing may be written: neither question nor answer is kept."""
    require(by, "check.make")
    return answer_about(
        company,
        asked=clean_question(asked),
        day=today(),
        office=by.office,
        permit_kind=clean_line(permit_kind),
    )


def _as_shown(company: Employer) -> CheckedCompany:
    return CheckedCompany(
        id=company.id,
        name=company.name,
        nib=company.nib,
        npwp=company.npwp,
        npp=company.npp,
        region_code=company.region_code,
        region=region_name(company.region_code),
        former_names=list(company.former_names),
    )


def open_cases(company_id: int) -> list[StandingCase]:
    """The company's open cases, with the nota in force and the kinds of obligations that are still open."""
    rows = read_rows(_OPEN_CASES, company_id=company_id)
    return [_standing_case(list(of_case)) for _id, of_case in groupby(rows, key=lambda row: row.id)]


def _standing_case(rows: Sequence[sa.Row[Any]]) -> StandingCase:
    row = rows[-1]
    groups = [finding.norm_group for finding in rows if finding.norm_group is not None]
    kinds = dict.fromkeys(rules.obligation_of(group) for group in groups)
    second = FindingDeadline(row.second_on, row.second_days, row.second_day_type)
    deadline = deadline_in_force(
        [deadline_of(one) for one in rows if one.norm_group is not None and not one.special_note],
        second if row.second_id is not None else None,
    )
    counted = OpenCase(
        number=row.number,
        nota_number=row.nota_number,
        issued_on=row.issued_on,
        status=row.status,
        effective_on=row.effective_on,
        unresolved_on=row.unresolved_on,
        workers_total=row.workers_total,
        workers_registered=row.workers_registered,
        obligations=frozenset(kinds),
        deadline=deadline,
        disputed_since=row.disputed_since,
    )
    shown = CheckedCase(
        id=row.id,
        number=row.number,
        status=row.status,
        due_on=row.due_on,
        effective_on=row.effective_on,
        unresolved_on=row.unresolved_on,
        workers_total=row.workers_total,
        workers_registered=row.workers_registered,
        nota_number=row.nota_number,
        issued_on=row.issued_on,
        inspector=row.inspector,
        inspector_phone=row.inspector_phone,
        obligations=[rules.OBLIGATIONS[kind] for kind in kinds],
        deadline=deadline,
        disputed_since=row.disputed_since,
    )
    return StandingCase(counted, shown)


def flags_that_count(
    company_id: int, *, day: date, zone: ZoneInfo
) -> tuple[list[StandingFlag], Text | None]:
    """The company's active flags, the oldest first, and what lifted its last hold within a year, if that was
    a proof of membership and no hold stands. One read.
    """
    since = clock.start_of(day - timedelta(days=REVIEW_DAYS), zone)
    rows = read_rows(_FLAGS_THAT_COUNT, company_id=company_id, since=since)
    active = [_standing_flag(row) for row in rows if row.lifted_at is None]
    lifted = [row for row in rows if row.lifted_at is not None]
    if not lifted or any(flag.counted.level == "hold" for flag in active):
        return active, None
    last = max(lifted, key=lambda row: row.lifted_at)
    lifted_on = clock.day_of(last.lifted_at, zone)
    return active, say(
        "Catatan dicabut {day} atas bukti: {proof}", day=lifted_on, proof=proof_sentence(last)
    )


def _standing_flag(row: sa.Row[Any]) -> StandingFlag:
    services = tuple(row.services or ())
    return StandingFlag(
        ActiveFlag(
            row.level,
            row.case_number,
            row.since_on,
            row.letter_number,
            services,
            met_on=row.resolved_on,
            withdrawn_on=row.withdrawn_on,
        ),
        CheckedFlag(row.level, row.since_on, row.letter_number, row.letter_on, row.case_number),
    )


def load_check(
    by: Actor, receipt: str, *, action: str = "check.read", for_update: bool = False
) -> LicenceCheck:
    """One check by its receipt number, for its officer or the compliance team. Raises NotFound."""
    query = (
        sa.select(LicenceCheck)
        .options(joinedload(LicenceCheck.by), joinedload(LicenceCheck.office))
        .where(LicenceCheck.receipt == receipt)
    )
    if for_update:
        query = query.with_for_update(of=LicenceCheck).execution_options(populate_existing=True)
    check = db.session.scalar(query)
    if check is None:
        raise NotFound()
    require(by, "check.read", check)
    require(by, action, check)
    return check


@dataclass(frozen=True)
class CheckFilter:
    """Which checks a reader looks for: by what was asked or answered, and whether the decision was
    recorded.
    """

    q: str | None = None
    decided: bool | None = None


EVERY_CHECK = CheckFilter()


def checks_of(
    by: Actor, wanted: CheckFilter = EVERY_CHECK, *, after: str | None = None, limit: int = 50
) -> Sequence[LicenceCheck]:
    """The checks the asker may see and looks for, newest first; `after` is the cursor of the row before."""
    query = (
        sa.select(LicenceCheck)
        .options(joinedload(LicenceCheck.by), joinedload(LicenceCheck.office))
        .where(*_checks(by, wanted))
        .limit(limit)
    )
    return db.session.scalars(NEWEST_CHECK_FIRST.paged(query, after)).all()


def _mentions(q: str) -> sa.ColumnElement[bool]:
    """The checks with this receipt number, code or application, on the companies it means, or asked
    in vain with it.
    """
    ways = [
        LicenceCheck.receipt == q.upper(),
        LicenceCheck.application == q,
        sa.and_(
            LicenceCheck.company_id.is_(None), LicenceCheck.asked.icontains(q, autoescape=True)
        ),
    ]
    code, named = read_code(q), companies_named(q)
    if code is not None:
        ways.append(LicenceCheck.code == code)
    if bearers := companies_bearing(read_number(q)):
        ways.append(LicenceCheck.company_id.in_([company.id for company in bearers]))
    elif named is not None:
        ways.append(LicenceCheck.company_id.in_(named))
    return sa.or_(*ways)


def checks_for_file(by: Actor, wanted: CheckFilter = EVERY_CHECK) -> Rows:
    """All checks the asker may see and looks for in one statement, for a file."""
    return (
        sa.select(
            LicenceCheck.receipt,
            LicenceCheck.checked_at,
            LicenceCheck.asked,
            LicenceCheck.answer,
            LicenceCheck.application,
            LicenceCheck.decision,
            LicenceCheck.decided_at,
            User.name.label("officer"),
            Office.name.label("office"),
        )
        .join(User, User.id == LicenceCheck.by_id)
        .outerjoin(Office, Office.id == LicenceCheck.office_id)
        .where(*_checks(by, wanted))
        .order_by(LicenceCheck.id.desc())
    )


def _checks(by: Actor, wanted: CheckFilter) -> list[sa.ColumnElement[bool]]:
    """The conditions on checks that the asker may see and looks for."""
    require(by, "check.read")
    conditions = [within_scope(by, "check.read", own=LicenceCheck.by_id == by.actor_id)]
    if wanted.decided is not None:
        decided = LicenceCheck.decision.is_not(None)
        conditions.append(decided if wanted.decided else ~decided)
    if wanted.q:
        conditions.append(_mentions(wanted.q))
    return conditions


def genuine_check(code: str) -> LicenceCheck | None:
    """The check whose receipt bears this code.

    Open to strangers, who are told its number, time and word only.
    """
    return db.session.scalar(sa.select(LicenceCheck).where(LicenceCheck.code == code))
