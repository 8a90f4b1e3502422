"""Reads of licensing: flags and checks in the asker's scope. Loading authorises.

A flag changes only under the lock of its case, as everything does that happens to the case; a sanction
without a case under the lock of its company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from compliance.cases.models import Case, Nota
from compliance.companies.models import Company
from compliance.companies.queries import BY_NAME
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.events import Event, Subject
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import COUNTED, Rows, Sort, counts_up_to
from compliance.core.text import say
from compliance.evidence.models import Evidence
from compliance.evidence.queries import evidence_shown
from compliance.licensing.models import ACTIVE, LEVELS, LIFTED, Acknowledgement, Flag
from compliance.office.queries import with_predecessors
from compliance.office.settings import today
from compliance.people.models import User
from compliance.policy import Actor, may, require, scope, within_scope

IS_ACTIVE = sa.text(f"flags.{ACTIVE}")
IS_LIFTED = sa.text(f"flags.{LIFTED}")
BY_SINCE = Sort(say("Sejak"), "earliest", "latest")
BY_REVIEW = Sort(say("Ditinjau kembali"), "review", "review-last")
WITH_READERS = selectinload(Flag.acknowledgements).options(
    joinedload(Acknowledgement.office), joinedload(Acknowledgement.by)
)
"""The badge in the navigation counts up to here."""


@dataclass(frozen=True)
class FlagFilter:
    """Which flags a reader wants to see; `unread` are those that the office did not answer (None: that no
    office has read), `review_by` the active ones that are to be looked at again by that day.
    """

    lifted: bool = False
    level: str | None = None
    region: str | None = None
    unread: bool = False
    office_id: int | None = None
    review_by: date | None = None


def active_flags_of(case: Case) -> Sequence[Flag]:
    """The flags that stand because of this case."""
    return db.session.scalars(
        sa.select(Flag).where(Flag.case_id == case.id, IS_ACTIVE).order_by(Flag.id)
    ).all()


def flags_because_of(case: Case) -> Sequence[Flag]:
    """The flags that stand or stood because of this case."""
    of_case = sa.select(Flag).where(Flag.case_id == case.id).order_by(Flag.id)
    return db.session.scalars(of_case).all()


def flags_changed_since(case: Case, moment: datetime) -> tuple[list[Flag], list[Flag]]:
    """The flags of a case that were raised since `moment` and stand, and those that were lifted since."""
    flags = flags_because_of(case)
    raised = [flag for flag in flags if flag.is_active and flag.raised_at >= moment]
    lifted = [
        flag for flag in flags if flag.lifted_at and flag.lifted_at >= moment > flag.raised_at
    ]
    return raised, lifted


def active_flags_by_level(case_ids: Sequence[int]) -> dict[int, dict[str, Flag]]:
    """The flags that stand because of these cases: by case, then by level."""
    active: dict[int, dict[str, Flag]] = {}
    for flag in db.session.scalars(sa.select(Flag).where(Flag.case_id.in_(case_ids), IS_ACTIVE)):
        if flag.case_id is not None:
            active.setdefault(flag.case_id, {})[flag.level] = flag
    return active


def active_flags_against(company_id: int) -> Sequence[Flag]:
    """The flags that stand against a company, with a case or without."""
    return db.session.scalars(
        sa.select(Flag).where(Flag.company_id == company_id, IS_ACTIVE).order_by(Flag.id)
    ).all()


def active_sanctions_of(company_id: int) -> Sequence[Flag]:
    """The requests of BPJS that stand against a company, with a case or without."""
    return db.session.scalars(
        sa.select(Flag).where(Flag.company_id == company_id, Flag.level == "sanction", IS_ACTIVE)
    ).all()


def flagged_among(company_ids: Sequence[int]) -> set[int]:
    """Those of these companies that bear an active flag. One read."""
    if not company_ids:
        return set()
    return set(
        db.session.scalars(
            sa.select(Flag.company_id).where(Flag.company_id.in_(company_ids), IS_ACTIVE)
        )
    )


@dataclass(frozen=True)
class FlaggedCase:
    """What a flag takes over from its case."""

    id: int
    version: int
    company_id: int
    region_code: str


def cases_to_flag(case_ids: Sequence[int]) -> dict[int, FlaggedCase]:
    """What flags need to know of their cases, by id. One read for all."""
    columns = sa.select(Case.id, Case.version, Case.company_id, Case.region_code)
    rows = db.session.execute(columns.where(Case.id.in_(case_ids)))
    return {row.id: FlaggedCase(*row) for row in rows}


@dataclass(frozen=True)
class FlagNews:
    """What licensing and the inspector are told of a flag; a sanction may have no case."""

    id: int
    case_id: int | None
    region_code: str
    inspector_id: int | None
    level: str
    since_on: date
    letter_number: str | None
    company: str
    case_number: str | None
    nota_number: str | None


def flag_news(flag_ids: Sequence[int]) -> dict[int, FlagNews]:
    """What is told of these flags, by id. One read for all."""
    nota_number = (
        sa.select(Nota.number)
        .where(Nota.case_id == Case.id, Nota.kind == "I")
        .order_by(Nota.id.desc())
        .limit(1)
    ).scalar_subquery()
    rows = db.session.execute(
        sa.select(
            Flag.id,
            Flag.case_id,
            Flag.region_code,
            Case.inspector_id,
            Flag.level,
            Flag.since_on,
            Flag.letter_number,
            Company.name,
            Case.number,
            nota_number,
        )
        .join(Company, Flag.company_id == Company.id)
        .outerjoin(Case, Flag.case_id == Case.id)
        .where(Flag.id.in_(flag_ids))
    )
    return {row[0]: FlagNews(*row) for row in rows}


def flags_for_page(case: Case) -> dict[str, Any]:
    """What the case's page shows of licensing: `flags` newest first, and the `levels`."""
    flags = db.session.scalars(
        sa.select(Flag).where(Flag.case_id == case.id).order_by(Flag.id.desc())
    ).all()
    return {"flags": flags, "levels": LEVELS}


def flags_visible_to(by: Actor) -> sa.ColumnElement[bool]:
    """The condition on flags that says which ones `by` may see."""
    of_own_cases = Flag.case_id.in_(sa.select(Case.id).where(Case.inspector_id == by.actor_id))
    return within_scope(by, "flag.read", own=of_own_cases, region=Flag.region_code)


def flag_sorts(wanted: FlagFilter, *, total: int) -> dict[str, Sort]:
    """The columns by which a list of `total` flags may be sorted: by name only one that is counted out."""
    by_day = {"since": BY_SINCE} if wanted.review_by is None else {"review": BY_REVIEW}
    return by_day | ({"name": BY_NAME} if total <= COUNTED else {})


def flags_of(
    by: Actor,
    wanted: FlagFilter,
    *,
    order: str = BY_SINCE.falling,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[Flag]:
    """The flags in the asker's scope that they want to see; `after` is the cursor of the row before."""
    require(by, "flag.read")
    conditions = _in_list(by, wanted)
    if order in BY_NAME.orders:  # they are few: found first, sorted then
        conditions = [Flag.id.in_(sa.select(Flag.id).where(*conditions).limit(COUNTED + 1))]
    query = (
        sa.select(Flag)
        .join(Flag.company)
        .options(contains_eager(Flag.company), joinedload(Flag.case), WITH_READERS)
        .where(*conditions)
        .limit(limit)
    )
    return db.session.scalars(flag_keyset(order).paged(query, after)).all()


def flag_keyset(order: str) -> Keyset:
    """The columns of an order of the list of flags."""
    if order in BY_NAME.orders:
        row = ("company.name_key", "id")
        return Keyset(Company.name_key, Flag.id, falling=order == BY_NAME.falling, row=row)
    if order in BY_REVIEW.orders:
        return Keyset(Flag.review_on, Flag.id, falling=order == BY_REVIEW.falling)
    return Keyset(Flag.since_on, Flag.id, falling=order == BY_SINCE.falling)


def _in_list(by: Actor, wanted: FlagFilter) -> list[Any]:
    return [*_conditions(by, wanted), IS_LIFTED if wanted.lifted else IS_ACTIVE]


def count_flags(
    by: Actor, wanted: FlagFilter, also: Mapping[str | int, FlagFilter] | None = None
) -> dict[str | int, int]:
    """How many flags are active, are to be looked at again, and were lifted under the same filter, and how
    many each of `also` finds.

    Each up to COUNTED + 1. One read.
    """
    require(by, "flag.read")
    asked: dict[str | int, FlagFilter] = {
        "active": replace(wanted, lifted=False, review_by=None),
        "lifted": replace(wanted, lifted=True, review_by=None),
        "review": replace(wanted, lifted=False, review_by=today()),
    }
    asked |= also or {}
    return counts_up_to(
        COUNTED,
        {name: sa.select(Flag.id).where(*_in_list(by, wanted)) for name, wanted in asked.items()},
    )


def flags_to_review(days: Sequence[date]) -> int:
    """How many active flags were to be looked at again on these days, up to COUNTED + 1. One read."""
    due = sa.select(Flag.id).where(IS_ACTIVE, Flag.review_on.in_(days))
    return counts_up_to(COUNTED, {"due": due})["due"]


def flags_for_file(by: Actor, wanted: FlagFilter, *, order: str) -> Rows:
    """All flags of a list in one statement, for a file. Reasons of licensing only; no finding is read."""
    require(by, "flag.read")
    reader = sa.select(sa.func.count(Acknowledgement.id)).where(Acknowledgement.flag_id == Flag.id)
    return (
        sa.select(
            Flag.level,
            Flag.region_code,
            Flag.since_on,
            Flag.review_on,
            Flag.letter_number,
            Flag.letter_on,
            Flag.lifted_at,
            Company.name.label("company"),
            Company.nib,
            Company.npwp,
            Case.number,
            reader.correlate(Flag).scalar_subquery().label("readers"),
        )
        .join(Company, Company.id == Flag.company_id)
        .outerjoin(Case, Case.id == Flag.case_id)
        .where(*_in_list(by, wanted))
        .order_by(*flag_keyset(order).order)
    )


def unanswered_flags(by: User) -> sa.Select[int] | None:
    """The active flags that the asker's licensing office has not answered; None for everybody else."""
    if scope(by, "flag.acknowledge") is None:
        return None
    wanted = FlagFilter(unread=True, office_id=by.office_id)
    return sa.select(Flag.id).where(*_in_list(by, wanted))


def load_flag(by: Actor, id: int, *, action: str = "flag.read", for_update: bool = False) -> Flag:
    """One flag in the asker's scope; its case, or its company where it has none, is locked first when it is
    to be changed. Raises NotFound.
    """
    query = sa.select(Flag).where(Flag.id == id)
    if not is_id(id):
        raise NotFound()
    if for_update:
        of_flag = sa.select(Flag.case_id).where(Flag.id == id).scalar_subquery()
        db.session.scalar(
            sa.select(Case)
            .where(Case.id == of_flag)
            .with_for_update(of=Case)
            .execution_options(populate_existing=True)
        )
        of_caseless = sa.select(Flag.company_id).where(Flag.id == id, Flag.case_id.is_(None))
        db.session.scalar(
            sa.select(Company.id)
            .where(Company.id == of_caseless.scalar_subquery())
            .with_for_update(of=Company)
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


def load_flags(by: Actor, ids: Sequence[int], *, action: str) -> Sequence[Flag]:
    """The active ones of these flags in the asker's scope, with their cases and companies locked, to be
    changed; what is out of scope or lifted is left out. A few reads for any number.
    """
    require(by, action)
    mine = sa.select(Flag).where(Flag.id.in_(ids), IS_ACTIVE, flags_visible_to(by))
    rows = db.session.execute(mine.with_only_columns(Flag.case_id, Flag.company_id)).all()
    cases = [row.case_id for row in rows if row.case_id is not None]
    caseless = [row.company_id for row in rows if row.case_id is None]
    for locked, keys in ((Case, cases), (Company, caseless)):
        lock = sa.select(locked.id).where(locked.id.in_(keys)).order_by(locked.id)
        db.session.execute(lock.with_for_update())
    whole = mine.options(joinedload(Flag.company), joinedload(Flag.case), WITH_READERS)
    fresh = whole.order_by(Flag.id).execution_options(populate_existing=True)
    return [flag for flag in db.session.scalars(fresh) if may(by, action, flag)]


def files_of(flag: Flag, by: Actor) -> Sequence[Evidence]:
    """The files about a flag, and those that its proof of membership names, which `by` may see. One read."""
    named = flag.membership.evidence if flag.membership else ()
    return evidence_shown(by, "flag", flag.id, named=named)


def history_of(flag: Flag) -> Sequence[Event]:
    """What happened to a flag, newest first."""
    of_flag = Event.case_id == flag.case_id
    if flag.case_id is None:  # also what was recorded before its company became part of another
        before = sa.select(Company.id).where(Company.merged_into_id == flag.company_id)
        of_flag = sa.or_(Event.company_id == flag.company_id, Event.company_id.in_(before))
    return db.session.scalars(
        sa.select(Event)
        .where(of_flag, Event.subject == str(Subject("flag", flag.id)))
        .order_by(Event.id.desc())
    ).all()


def load_case_to_ask(case_id: int | None, *, for_update: bool) -> Case:
    """The case of which a page that the asker may read speaks; locked, nothing is asked twice.

    Raises NotFound.
    """
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
    if wanted.review_by is not None:
        conditions.append(Flag.review_on <= wanted.review_by)
    if wanted.unread:
        heard = sa.select(Acknowledgement.id).where(Acknowledgement.flag_id == Flag.id)
        if wanted.office_id is not None:  # what was only read still waits for its answer
            of_office = Acknowledgement.office_id.in_(with_predecessors(wanted.office_id))
            heard = heard.where(of_office, Acknowledgement.answer.is_not(None))
        conditions.append(~heard.exists())
    return conditions
