"""Reads of the registry: by id, by any number, by a name however it is spelt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from compliance.companies import identity
from compliance.companies.identity import Reading, read_number
from compliance.companies.models import CIRCUMSTANCE_COLUMNS, Company, CompanyName
from compliance.companies.numbers import (
    MOST_BEARERS,
    family,
    ids_bearing,
    ids_of_core,
    is_living,
)
from compliance.companies.panels import OWN_COMPANIES
from compliance.companies.search.candidates import close_names, holding, long_words
from compliance.companies.search.ranking import CLOSE_FROM, MOST_BEHIND
from compliance.companies.search.spelling import search_key
from compliance.core.db import db
from compliance.core.errors import NotFound, Stale
from compliance.core.events import Event
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import COUNTED, Rows, Sort, counts_up_to
from compliance.core.text import say
from compliance.policy import Actor, require, within_scope

MOST_MEANT = 25
MOST_MATCHES = 300
MOST_CHANGES = 20
CHANGES = (
    "company.changed",
    "company.merged",
    "company.merge_undone",
    "company.circumstance_recorded",
    "company.circumstance_revoked",
)
ALSO_SHOWN = (
    "company.workplace_changed",
    "company.told_apart",
    "company.reconsidered",
    "company.left_as_it_is",
    "company.listed_again",
    "company.separated",
)


def load_company(
    by: Actor,
    id: int,
    *,
    action: str = "company.read",
    for_update: bool = False,
    also: Sequence[ORMOption] = (),
) -> Company:
    """One company with its names; the id of one that was merged leads to the company it is part of. Raises
    NotFound.

    Locked in every transaction that may write, so that it is not merged away meanwhile.
    """
    require(by, action)
    query = sa.select(Company).options(
        joinedload(Company.names), joinedload(Company.other_numbers), *also
    )
    if for_update or not db.session.info.get("read_only"):
        query = query.with_for_update(of=Company, read=not for_update).execution_options(
            populate_existing=True
        )
    by_id = query.where(Company.id == id)
    company = db.session.scalars(by_id).unique().one_or_none() if is_id(id) else None
    while company is not None and company.merged_into_id is not None:
        company = (
            db.session.scalars(query.where(Company.id == company.merged_into_id)).unique().one()
        )
    if company is None:
        raise NotFound()
    return company


def expect_company_version(company: Company, version: int | None) -> None:
    """Refuse a form that was opened before somebody else changed the company; tell what changed since."""
    if version is None or version == company.version:
        return
    since = db.session.scalars(
        sa.select(Event)
        .where(Event.company_id == company.id, Event.kind.in_(CHANGES))
        .order_by(Event.id.desc())
        .limit(MOST_CHANGES)
    )
    raise Stale([event for event in since if event.fact("version") >= version])


def companies_bearing(reading: Reading) -> Sequence[Company]:
    """The companies that bear the likeliest number of `reading` that any company bears. One read for each
    number."""
    for number in reading.numbers:
        bearers = sa.select(Company).where(
            Company.id.in_(ids_bearing(number.kind, [number.stored]))
        )
        companies = db.session.scalars(bearers.order_by(Company.id).limit(MOST_BEARERS)).all()
        if companies:
            return companies
    return ()


def companies_one_slip_from(reading: Reading, *, limit: int) -> Sequence[Company]:
    """The companies whose number differs from one of `reading` by one slip of a hand. One read for each
    number.
    """
    for number in reading.numbers:
        slips = identity.numbers_one_slip_from(number.core or number.stored)
        near = ids_of_core(slips) if number.core else ids_bearing(number.kind, slips)
        query = sa.select(Company).where(Company.id.in_(near), is_living())
        companies = db.session.scalars(query.order_by(Company.id).limit(limit)).all()
        if companies:
            return companies
    return ()


@dataclass(frozen=True)
class Match:
    """A company that a search found, and the name it was found by when that is not its current one.

    `closeness` is 1 for a number and for an equal name, less for one that only resembles.
    """

    company: Company
    other_kind: str | None = None
    other_name: str | None = None
    closeness: float = 1.0

    @property
    def called(self) -> str:
        """The name that matched."""
        return self.other_name or self.company.name


def find_companies(typed: str, *, limit: int = 25, near: str | None = None) -> Sequence[Company]:
    """The companies that `typed` may mean, the likeliest first: a number, or a name however it is spelt."""
    return [match.company for match in find_matches(typed, limit=limit, near=near)]


def find_matches(typed: str, *, limit: int, near: str | None = None) -> list[Match]:
    """The companies of `find_companies`, with their closeness and the name that matched. Five reads at most.

    Of names that are equally close, those of the regency `near` come first.
    """
    reading = read_number(typed)
    bearers = companies_bearing(reading)
    if bearers:
        return [Match(company) for company in bearers[:limit]]
    if reading.kind not in ("npp", "name") and not reading.words:
        return []
    closest: dict[int, tuple[Any, float]] = {}
    for name, closeness in _close_enough(close_names(reading.words or typed)):
        closest.setdefault(name.company_id, (name, closeness))
    return _matches(list(closest.values())[:limit], near)


def is_too_short(typed: str) -> bool:
    """Whether `typed` is so short that only a name that begins with these letters matches."""
    return read_number(typed).kind == "name" and not long_words(search_key(typed))


def companies_named(typed: str) -> sa.Select[int] | None:
    """The companies whose names hold every word of `typed`; when none does, those that it may mean.

    Two reads. None when no word is long enough to search for.
    """
    words = long_words(search_key(typed))
    if not words:
        return None
    names = close_names(typed, slips=False)
    if any(all(word in name.search_key for word in words) for name, _closeness in names):
        return sa.select(CompanyName.company_id).where(holding(words))
    closest = {name.company_id for name, _closeness in _close_enough(names)[:MOST_MEANT]}
    return sa.select(Company.id).where(Company.id.in_(closest))


def _close_enough(names: Sequence[tuple[Any, float]]) -> list[tuple[Any, float]]:
    """The names, the closest first, that are close enough to be shown."""
    least = max(CLOSE_FROM, names[0][1] - MOST_BEHIND) if names else 0.0
    return [name for name in names if name[1] >= least]


def _matches(closest: Sequence[tuple[Any, float]], near: str | None) -> list[Match]:
    """The companies of these names, in their order, with the name when it is not the current one."""
    ids = [name.company_id for name, _closeness in closest]
    query = sa.select(Company).where(Company.id.in_(ids)).options(joinedload(Company.names))
    companies = {company.id: company for company in db.session.scalars(query).unique()}
    found = [
        Match(
            companies[name.company_id],
            None if name.kind == "current" else name.kind,
            None if name.kind == "current" else name.name,
            closeness,
        )
        for name, closeness in closest
    ]
    if near is not None:
        found.sort(
            key=lambda match: (-round(match.closeness, 2), match.company.region_code != near)
        )
    return found


BY_NAME = Sort(say("{id}", id="Perusahaan", en="Company"), "name", "name-desc")


@dataclass(frozen=True)
class Narrowed:
    """What a reader narrows the list of companies to: a regency, a sector of KBLI by its two digits."""

    region: str | None = None
    sector: str | None = None


def in_sector(code: str, of: Any = Company) -> sa.ColumnElement[bool]:
    """The condition on companies that their KBLI begins with two digits. A code has five, so the index is
    walked."""
    condition: sa.ColumnElement[bool] = of.kbli.between(f"{code}000", f"{code}999")
    return condition


def narrowed_to(wanted: Narrowed) -> list[sa.ColumnElement[bool]]:
    """The conditions on companies that `wanted` says. A company that is part of another is not listed."""
    conditions = [is_living()]
    if wanted.region is not None:
        conditions.append(Company.region_code == wanted.region)
    return conditions if wanted.sector is None else [*conditions, in_sector(wanted.sector)]


def companies_by_name(
    wanted: Narrowed | None = None,
    *,
    falling: bool = False,
    few: bool = False,
    after: str | None,
    limit: int,
) -> Sequence[Company]:
    """Companies in the order of their names, those after the cursor `after` of `by_name`.

    `few` says that at most FEW companies match: they are read first and sorted then, instead of walking all
    names.
    """
    conditions = narrowed_to(wanted or Narrowed())
    if few:
        conditions = [Company.id.in_(sa.select(Company.id).where(*conditions).limit(COUNTED))]
    query = sa.select(Company).where(*conditions).limit(limit)
    return db.session.scalars(by_name(falling=falling).paged(query, after)).all()


def by_name(*, falling: bool = False) -> Keyset:
    """The order of companies by their names."""
    return Keyset(Company.name_key, Company.id, falling=falling)


def companies_for_file(
    by: Actor, wanted: Narrowed, *, falling: bool = False, ids: Sequence[int] | None = None
) -> Rows:
    """All companies of a list in one statement, for a file: those of `ids` when a search found them.

    A file holds only the reader's own companies, although they may look up any: an inspector's are those they
    had a case with, a licensing officer's those of the office's region.
    """
    require(by, "company.read")
    require(by, "list.export")
    own = sa.and_(sa.true(), *(condition(by) for condition in OWN_COMPANIES))
    conditions = [
        *narrowed_to(wanted),
        within_scope(by, "list.export", own=own, region=Company.region_code),
    ]
    if ids is not None:
        conditions.append(Company.id.in_(ids))
    return (
        sa.select(
            Company.name,
            Company.region_code,
            Company.district_code,
            Company.nib,
            Company.npwp,
            Company.npp,
            Company.kbli,
            Company.scale,
            Company.address,
            Company.phone,
            Company.email,
            Company.workers_total,
            *CIRCUMSTANCE_COLUMNS,
        )
        .where(*conditions)
        .order_by(*by_name(falling=falling).order)
    )


def count_companies(wanted: Mapping[int, Narrowed], *, most: int) -> dict[int, int]:
    """How many companies each of `wanted` leaves, counted up to `most` + 1. One read."""
    return counts_up_to(
        most,
        {
            name: sa.select(Company.id).where(*narrowed_to(narrowed))
            for name, narrowed in wanted.items()
        },
    )


def changes_of(company: Company) -> Sequence[Event]:
    """What was done to the company's own data, and to that of the companies merged into it, newest first."""
    return db.session.scalars(
        sa.select(Event)
        .where(
            Event.company_id.in_(family(company.id)),
            Event.kind.in_(("company.registered", *CHANGES, *ALSO_SHOWN)),
        )
        .order_by(Event.id.desc())
        .limit(MOST_CHANGES)
    ).all()
