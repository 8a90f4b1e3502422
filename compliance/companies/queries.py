"""Reads of the registry: by id, by any number, by three letters of any part of any name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rapidfuzz.fuzz import ratio
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from compliance.companies.identity import Reading, read_number
from compliance.companies.models import Company, CompanyName
from compliance.companies.names import name_key
from compliance.companies.numbers import MOST_BEARERS, family, ids_bearing, is_living
from compliance.companies.panels import OWN_COMPANIES
from compliance.companies.search.words import spellings_of
from compliance.core.db import db, is_postgresql
from compliance.core.errors import NotFound, Stale
from compliance.core.events import Event
from compliance.core.keyset import Keyset, is_id
from compliance.core.lists import COUNTED, Rows, Sort, counts_up_to
from compliance.core.text import say
from compliance.policy import Actor, require, within_scope

SHORTEST_QUERY = 3
MOST_CANDIDATES = 300
MOST_NEIGHBOURS = 50
MOST_CHANGES = 20
CHANGES = ("company.changed", "company.merged", "company.merge_undone")
ALSO_SHOWN = ("company.workplace_changed", "company.told_apart", "company.reconsidered")


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


@dataclass(frozen=True)
class Match:
    """A company that a search found, and the name it was found by when that is not its current one."""

    company: Company
    other_kind: str | None = None
    other_name: str | None = None


def find_companies(typed: str, *, limit: int = 25) -> Sequence[Company]:
    """The companies that `typed` may mean, the likeliest first: a number, or part of any name."""
    return [match.company for match in find_matches(typed, limit=limit)]


def find_matches(typed: str, *, limit: int) -> list[Match]:
    """The companies of `find_companies`, with the former name or alias that matched. At most three reads."""
    reading = read_number(typed)
    bearers = companies_bearing(reading)
    if bearers:
        return [Match(company) for company in bearers[:limit]]
    if reading.words:
        return _by_name(reading.words, limit=limit)
    return _by_name(typed, limit=limit) if reading.kind in ("npp", "name") else []


def is_too_short(typed: str) -> bool:
    """Whether `typed` is so short that only a name of exactly these letters matches."""
    return read_number(typed).kind == "name" and not _long_words(name_key(typed))


def holding_words_of(typed: str) -> sa.ColumnElement[bool] | None:
    """The condition on names that they contain every word of `typed`, or its nearest spellings.

    None when no word is long enough to search for. Reads which words the registry knows.
    """
    words = _long_words(name_key(typed))
    if not words:
        return None
    spellings = spellings_of(words)
    if is_postgresql():
        return _contain(spellings)
    matching = sa.select(_SEARCH.c.rowid).where(_match(spellings))
    return CompanyName.id.in_(matching.scalar_subquery())


def _long_words(key: str) -> list[str]:
    """The parts of a key that the trigram index can find: words of three letters or more, else the key."""
    words = [word for word in key.split() if len(word) >= SHORTEST_QUERY] or [key]
    return [word for word in words if len(word) >= SHORTEST_QUERY and any(map(str.isalnum, word))]


Spellings = Sequence[tuple[str, ...]]
"""The words to look for, each with the other words that it may be a misspelling of."""


def _contain(words: Spellings) -> sa.ColumnElement[bool]:
    return sa.and_(
        *(
            sa.or_(*(CompanyName.key.contains(spelling, autoescape=True) for spelling in spellings))
            for spellings in words
        )
    )


_SEARCH = sa.table("company_search", sa.column("rowid", sa.Integer))


def _match(words: Spellings) -> sa.ColumnElement[bool]:
    """SQLite's full-text condition: every word is a phrase in quotes, so no sign in it is an operator."""
    phrases = (
        " OR ".join(f'"{_quoted(spelling)}"' for spelling in spellings) for spellings in words
    )
    return sa.literal_column("company_search").bool_op("MATCH")(
        sa.literal(" AND ".join(f"({phrase})" for phrase in phrases))
    )


def _quoted(word: str) -> str:
    return word.replace('"', '""')


def _by_name(typed: str, *, limit: int) -> list[Match]:
    """The companies whose names are likest to what was typed, each by its likest name."""
    key = name_key(typed)
    likest: dict[int, Any] = {}
    for row in sorted(_candidate_names(key), key=lambda row: _likeness(row, key)):
        likest.setdefault(row.company_id, row)
    return _matches(list(likest.values())[:limit])


def _candidate_names(key: str) -> list[Any]:
    """Names that begin with `key` or contain all its words as typed; else those that contain their nearest
    spellings."""
    words = _long_words(key)
    rows = [
        row
        for row in db.session.execute(names_from(key))
        if row.key == key or (words and row.key.startswith(key))
    ]
    if words:
        rows += db.session.execute(names_containing([(word,) for word in words]))
    if words and not rows:
        spellings = spellings_of(words)
        if any(len(spelling) > 1 for spelling in spellings):
            rows += db.session.execute(names_containing(spellings))
    return rows


def _likeness(name: Any, key: str) -> tuple[Any, ...]:
    """How names are sorted: equal to the key, beginning with it, fewest words missing, shortest."""
    missing = sum(word not in name.key for word in key.split())
    unlike = -ratio(key, name.key) if missing else 0
    return (
        name.key != key,
        not name.key.startswith(key),
        missing,
        unlike,
        len(name.key),
        name.key,
        name.id,
    )


def _matches(names: Sequence[Any]) -> list[Match]:
    """The companies of these names, in their order, with the name when it is not the current one."""
    ids = [name.company_id for name in names]
    query = sa.select(Company).where(Company.id.in_(ids)).options(joinedload(Company.names))
    companies = {company.id: company for company in db.session.scalars(query).unique()}
    return [
        Match(companies[name.company_id])
        if name.kind == "current"
        else Match(companies[name.company_id], name.kind, name.name)
        for name in names
    ]


Names = sa.Select[int, int, str, str, str]
_NAME = (
    CompanyName.id,
    CompanyName.company_id,
    CompanyName.kind,
    CompanyName.name,
    CompanyName.key,
)


def names_from(key: str) -> Names:
    """The names that follow `key` in the order of the index: first those that are it, then those that begin
    with it."""
    return (
        sa.select(*_NAME)
        .where(CompanyName.key >= key)
        .order_by(CompanyName.key)
        .limit(MOST_NEIGHBOURS)
    )


def names_containing(words: Spellings) -> Names:
    """Names that contain all `words`, of three letters or more, by the trigram index. The oldest 300."""
    names = sa.select(*_NAME)
    if is_postgresql():
        # Materialized, so that the limit does not tempt the planner to read the whole table instead.
        containing = names.where(_contain(words)).cte("containing").prefix_with("MATERIALIZED")
        return sa.select(containing).limit(MOST_CANDIDATES)
    names = names.join(_SEARCH, _SEARCH.c.rowid == CompanyName.id)
    return names.where(_match(words)).limit(MOST_CANDIDATES)


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
            Company.nib,
            Company.npwp,
            Company.npp,
            Company.kbli,
            Company.scale,
            Company.address,
            Company.phone,
            Company.email,
            Company.workers_total,
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
