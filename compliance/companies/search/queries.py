"""Finds the companies that may be the one in question: candidates through the indexes, then a score for each.

Used while somebody types, before a company is registered, by the nota form and by the nightly search. Three
reads, however many companies there are; never walks a table. Refuses nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind, read_number
from compliance.companies.models import Company, CompanyName
from compliance.companies.names import name_key
from compliance.companies.numbers import ids_bearing, is_living
from compliance.companies.queries import SHORTEST_QUERY
from compliance.companies.rules import CompanyFacts
from compliance.companies.search.rules import (
    LEAST_NAME,
    SHOW_FROM,
    Likeness,
    Traits,
    likeness,
    name_likeness,
)
from compliance.core.db import db, is_postgresql
from compliance.core.lists import Rows

MOST_OF_A_KIND = 50
"""Names that one way of searching may bring."""
MOST_SCORED = 30
"""Companies that are read in full; the likeliest by their names, and all that share a number."""
MOST_WORDS = 4
SHORTEST_BEGINNING = 5


@dataclass(frozen=True)
class Alike:
    """A known company, how alike it is, and why."""

    company: Company
    score: int
    reasons: tuple[Any, ...]

    @property
    def id(self) -> int:
        return self.company.id

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Its main numbers under their names, as they are written for people."""
        known = ((kind, getattr(self.company, kind)) for kind in NUMBERS)
        return [(NUMBERS[kind], identity.SHOWN[kind](number)) for kind, number in known if number]


def facts_in(q: str, **typed: str) -> CompanyFacts:
    """What is typed so far: some fields under their names, and `q`, which is a number or a name."""
    if q:
        typed[read_number(q).kind] = q
    return CompanyFacts(
        name=typed.get("name", ""),
        region_code=typed.get("region_code", ""),
        nib=typed.get("nib"),
        npwp=typed.get("npwp"),
        npp=typed.get("npp"),
    )


def traits_of_facts(facts: CompanyFacts) -> Traits:
    """What is compared of facts as they are typed; a number that cannot be read says nothing."""
    keys = (name_key(alias) for alias in facts.aliases if alias.strip())
    return Traits(
        name=name_key(facts.name),
        other_names=tuple(keys),
        region_code=facts.region_code,
        nibs=_stored("nib", facts.nib),
        npwps=_stored("npwp", facts.npwp, *facts.other_npwps),
        npps=_stored("npp", facts.npp),
        address=facts.address,
        phone=facts.phone,
    )


def _stored(kind: NumberKind, *typed: str | None) -> frozenset[str]:
    return frozenset(number.stored for text in typed for number in read_number(text, kind).numbers)


def traits_of(company: Company) -> Traits:
    """What is compared of a known company: all its names, all its numbers."""
    return Traits(
        name=company.name_key,
        other_names=tuple(name.key for name in company.names if name.kind != "current"),
        region_code=company.region_code,
        address=company.address,
        phone=company.phone,
        **{f"{kind}s": frozenset(_borne(company, kind)) for kind in NUMBERS},
    )


def _borne(company: Company, kind: NumberKind) -> Iterator[str]:
    """The numbers of a kind that a company bears; a filler is nobody's."""
    for stored in (getattr(company, kind), *company.further(kind)):
        if stored and not identity.is_filler(kind, stored):
            yield stored


def alike_to(
    facts: CompanyFacts | Traits, *, limit: int = 5, least: int = SHOW_FROM, but: Iterable[int] = ()
) -> list[Alike]:
    """The known companies that `facts` may describe, the likeliest first, without the ids in `but`. Three
    reads."""
    wanted = facts if isinstance(facts, Traits) else traits_of_facts(facts)
    ids = _candidates(wanted, frozenset(but))
    scored = [
        Alike(company, alike.score, alike.reasons)
        for company in with_traits(ids)
        if (alike := likeness(wanted, traits_of(company))).score >= least
    ]
    return sorted(scored, key=lambda alike: (-alike.score, alike.id))[:limit]


def with_traits(ids: Sequence[int]) -> Sequence[Company]:
    """These companies with everything that is compared. Two reads."""
    if not ids:
        return ()
    query = sa.select(Company).where(Company.id.in_(ids), is_living()).order_by(Company.id)
    query = query.options(joinedload(Company.names), selectinload(Company.other_numbers))
    return db.session.scalars(query).unique().all()


def how_alike(one: Company, other: Company) -> Likeness:
    """How alike two known companies are."""
    return likeness(traits_of(one), traits_of(other))


def _candidates(wanted: Traits, but: frozenset[int]) -> list[int]:
    """The ids worth reading: all that share a number, then those with the closest names. One read."""
    parts = [*_by_number(wanted), *_by_name(wanted)]
    if not parts:
        return []
    best: dict[int, float] = {}
    for id, key in db.session.execute(sa.union_all(*parts)):
        alike = 101.0 if key is None else max(name_likeness(name, key) for name in wanted.names)
        if id not in but and alike >= LEAST_NAME:
            best[id] = max(best.get(id, 0.0), alike)
    return sorted(best, key=lambda id: (-best[id], id))[:MOST_SCORED]


def _by_number(wanted: Traits) -> Iterator[Rows]:
    for kind, numbers in (("nib", wanted.nibs), ("npwp", wanted.npwps), ("npp", wanted.npps)):
        if numbers:
            bearers = ids_bearing(kind, numbers).limit(MOST_OF_A_KIND).subquery()
            yield sa.select(bearers.c[0].label("id"), sa.null().label("key"))


def _by_name(wanted: Traits) -> Iterator[Rows]:
    """Names that are equal, that begin alike, and that have all words but one."""
    if wanted.names:
        yield _few(
            sa.select(CompanyName.company_id, CompanyName.key).where(
                CompanyName.key.in_(wanted.names)
            )
        )
    key = wanted.name
    beginning = key[: max(SHORTEST_BEGINNING, len(key) * 2 // 3)]
    if len(beginning) >= SHORTEST_BEGINNING:
        names = sa.select(CompanyName.company_id, CompanyName.key).where(
            CompanyName.key >= beginning, CompanyName.key < beginning + "\U0010ffff"
        )
        yield _few(names.order_by(CompanyName.key))
    for words, either in _most_words(key):
        holding = _holding(words, either).subquery()
        yield _few(sa.select(holding.c.company_id, holding.c.key))


def _few(names: Rows) -> Rows:
    few = names.limit(MOST_OF_A_KIND).subquery()
    return sa.select(few.c.company_id.label("id"), few.c.key.label("key"))


def _most_words(key: str) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """The long words of a name without one of them, which may be misspelt or joined to another word; with the
    beginning and the end of that one, of which most slips leave one right. Of three words or more, one may
    also be missing."""
    words = sorted(
        {word for word in key.split() if len(word) >= SHORTEST_QUERY}, key=len, reverse=True
    )[:MOST_WORDS]
    for left_out in words:
        others = [word for word in words if word != left_out]
        if others or len(left_out) > 2 * SHORTEST_QUERY:
            yield others, _ends(left_out, SHORTEST_QUERY if others else len(left_out) - 2)
        if len(others) > 1:
            yield others, ()


def _ends(word: str, length: int) -> tuple[str, ...]:
    return word[:length], word[-length:]


def _holding(words: Sequence[str], either: Sequence[str]) -> Rows:
    """Names that hold all of `words` and, where there are any, one of `either`; by the trigram index."""
    names = sa.select(CompanyName.company_id, CompanyName.key)
    if is_postgresql():
        conditions = [CompanyName.key.contains(word, autoescape=True) for word in words]
        if either:
            conditions.append(
                sa.or_(*(CompanyName.key.contains(part, autoescape=True) for part in either))
            )
        # Materialized, so that the limit does not tempt the planner to read the whole table instead.
        holding = names.where(*conditions).cte().prefix_with("MATERIALIZED")
        return sa.select(holding.c.company_id, holding.c.key)
    terms = [_phrase(word) for word in words] + (
        [f"({' OR '.join(map(_phrase, either))})"] if either else []
    )
    matches = sa.literal_column("company_search").bool_op("MATCH")(sa.literal(" AND ".join(terms)))
    return names.join(_SEARCH, _SEARCH.c.rowid == CompanyName.id).where(matches)


def _phrase(words: str) -> str:
    """In quotes, so that no sign in it is an operator."""
    return '"' + words.replace('"', '""') + '"'


_SEARCH = sa.table("company_search", sa.column("rowid", sa.Integer))
