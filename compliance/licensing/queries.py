"""Reads of licensing: flags and checks in the asker's scope. Loading authorises.

A flag changes only under the lock of its case, as everything does that happens to the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.cases.models import Case
from compliance.companies import identity
from compliance.companies.models import CompanyName
from compliance.companies.queries import find_companies, holding_words_of
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.events import Event
from compliance.licensing.codes import read_code
from compliance.licensing.models import LEVELS, Acknowledgement, Flag, LicenceCheck
from compliance.people.models import User
from compliance.policy import Actor, require, scope

IS_ACTIVE = sa.text("flags.lifted_at IS NULL")
IS_LIFTED = sa.text("flags.lifted_at IS NOT NULL")
WITH_READERS = selectinload(Flag.acknowledgements).options(
    joinedload(Acknowledgement.office), joinedload(Acknowledgement.by)
)
COUNTED = 1_000
"""Lists are counted up to here; what is more is said to be more."""
BADGE = 99
"""And the badge in the navigation up to here."""


@dataclass(frozen=True)
class FlagFilter:
    """Which flags a reader wants to see; `unread` are those that the office (None: any office) did not acknowledge."""

    lifted: bool = False
    level: str | None = None
    region: str | None = None
    unread: bool = False
    office_id: int | None = None


def active_flags_of(case: Case) -> Sequence[Flag]:
    """The flags that stand because of this case."""
    return db.session.scalars(
        sa.select(Flag).where(Flag.case_id == case.id, IS_ACTIVE).order_by(Flag.id)
    ).all()


def flags_for_page(case: Case) -> dict[str, Any]:
    """What the case's page shows of licensing: `flags` newest first, and the `levels`."""
    flags = db.session.scalars(sa.select(Flag).where(Flag.case_id == case.id).order_by(Flag.id.desc())).all()
    return {"flags": flags, "levels": LEVELS}


def flags_visible_to(by: Actor) -> sa.ColumnElement[bool]:
    """The condition on flags that says which ones `by` may see."""
    reach = scope(by, "flag.read")
    if reach == "all":
        return sa.true()
    if reach == "own":
        return Flag.case_id.in_(sa.select(Case.id).where(Case.inspector_id == by.actor_id))
    if reach == "office" and by.region_code:
        return Flag.region_code.startswith(by.region_code, autoescape=True)
    return sa.false()


def flags_of(
    by: Actor, wanted: FlagFilter, *, before_id: int | None = None, limit: int = 50
) -> Sequence[Flag]:
    """The flags in the asker's scope that they want to see, newest first; `before_id` continues a page."""
    require(by, "flag.read")
    query = (
        sa.select(Flag)
        .options(joinedload(Flag.company), joinedload(Flag.case), WITH_READERS)
        .where(*_conditions(by, wanted), IS_LIFTED if wanted.lifted else IS_ACTIVE)
        .order_by(Flag.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Flag.id < before_id)
    return db.session.scalars(query).all()


def count_flags(by: Actor, wanted: FlagFilter) -> dict[str, int]:
    """How many flags are active and how many were lifted under the same filter, each up to COUNTED + 1."""
    require(by, "flag.read")

    def counted(state: sa.TextClause) -> sa.ScalarSelect[int]:
        rows = sa.select(Flag.id).where(*_conditions(by, wanted), state).limit(COUNTED + 1).subquery()
        return sa.select(sa.func.count()).select_from(rows).scalar_subquery()

    active, lifted = db.session.execute(sa.select(counted(IS_ACTIVE), counted(IS_LIFTED))).one()
    return {"active": active, "lifted": lifted}


def unanswered_flags(by: User) -> int:
    """How many active flags the asker's licensing office has not answered, up to BADGE + 1; 0 for everybody else."""
    if scope(by, "flag.acknowledge") is None:
        return 0
    wanted = FlagFilter(unread=True, office_id=by.office_id)
    rows = sa.select(Flag.id).where(*_conditions(by, wanted), IS_ACTIVE).limit(BADGE + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(rows)) or 0


def load_flag(by: Actor, id: int, *, action: str = "flag.read", for_update: bool = False) -> Flag:
    """One flag in the asker's scope, its case locked first when it is to be changed. Raises NotFound."""
    query = sa.select(Flag).where(Flag.id == id)
    if not 0 < id < 2**31:
        raise NotFound()
    if for_update:
        of_flag = sa.select(Flag.case_id).where(Flag.id == id).scalar_subquery()
        db.session.scalar(
            sa.select(Case)
            .where(Case.id == of_flag)
            .with_for_update(of=Case)
            .execution_options(populate_existing=True)
        )
        query = query.execution_options(populate_existing=True)
    flag = db.session.scalar(
        query.options(
            joinedload(Flag.company),
            joinedload(Flag.case).options(joinedload(Case.inspector), selectinload(Case.notas)),
            WITH_READERS,
        )
    )
    if flag is None:
        raise NotFound()
    require(by, "flag.read", flag)
    require(by, action, flag)
    return flag


def history_of(flag: Flag) -> Sequence[Event]:
    """What happened to a flag, newest first."""
    return db.session.scalars(
        sa.select(Event)
        .where(Event.case_id == flag.case_id, Event.subject == f"flag:{flag.id}")
        .order_by(Event.id.desc())
    ).all()


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
    """Which checks a reader looks for: by what was asked or answered, and whether the decision was recorded."""

    q: str | None = None
    decided: bool | None = None


EVERY_CHECK = CheckFilter()


def checks_of(
    by: Actor, wanted: CheckFilter = EVERY_CHECK, *, before_id: int | None = None, limit: int = 50
) -> Sequence[LicenceCheck]:
    """The checks the asker may see and looks for, newest first; `before_id` continues a page."""
    require(by, "check.read")
    query = (
        sa.select(LicenceCheck)
        .options(joinedload(LicenceCheck.by), joinedload(LicenceCheck.office))
        .order_by(LicenceCheck.id.desc())
        .limit(limit)
    )
    if scope(by, "check.read") == "own":
        query = query.where(LicenceCheck.by_id == by.actor_id)
    if wanted.decided is not None:
        decided = LicenceCheck.decision.is_not(None)
        query = query.where(decided if wanted.decided else ~decided)
    if wanted.q:
        query = query.where(_mentions(wanted.q))
    if before_id is not None:
        query = query.where(LicenceCheck.id < before_id)
    return db.session.scalars(query).all()


def _mentions(q: str) -> sa.ColumnElement[bool]:
    """The checks with this receipt number, code or application, on the companies it means, or asked in vain with it."""
    found = [
        LicenceCheck.receipt == q.upper(),
        LicenceCheck.application == q,
        sa.and_(LicenceCheck.company_id.is_(None), LicenceCheck.asked.icontains(q, autoescape=True)),
    ]
    code, words = read_code(q), holding_words_of(q)
    if code is not None:
        found.append(LicenceCheck.code == code)
    if identity.kind_of(q) != "name" and (bearers := find_companies(q)):
        found.append(LicenceCheck.company_id.in_([each.id for each in bearers]))
    elif words is not None:
        found.append(LicenceCheck.company_id.in_(sa.select(CompanyName.company_id).where(words)))
    return sa.or_(*found)


def genuine_check(code: str) -> LicenceCheck | None:
    """The check whose receipt bears this code. Open to strangers, who are told its number, time and word only."""
    return db.session.scalar(sa.select(LicenceCheck).where(LicenceCheck.code == code))


def load_case_to_ask(case_id: int | None, *, for_update: bool) -> Case:
    """The case of which a page that the asker may read speaks; locked, nothing is asked twice. Raises NotFound."""
    query = sa.select(Case).where(Case.id == case_id)
    if for_update:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalar(query.options(joinedload(Case.company), joinedload(Case.inspector)))
    if case is None:
        raise NotFound()
    return case


def _conditions(by: Actor, wanted: FlagFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [flags_visible_to(by)]
    if wanted.level:
        conditions.append(Flag.level == wanted.level)
    if wanted.region:
        conditions.append(Flag.region_code == wanted.region)
    if wanted.unread:
        read = sa.select(Acknowledgement.id).where(Acknowledgement.flag_id == Flag.id)
        if wanted.office_id is not None:
            read = read.where(Acknowledgement.office_id == wanted.office_id)
        conditions.append(~read.exists())
    return conditions
