"""Finds the companies that may be the one in question: candidates through the indexes, then a score for each.

Used while somebody types, before a company is registered, by the nota form and by the nightly search. Three
reads, however many companies there are; never walks a table. Refuses nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind, read_number
from compliance.companies.models import Company
from compliance.companies.names import legal_form
from compliance.companies.numbers import ids_bearing, is_living
from compliance.companies.rules import CompanyFacts, with_former_names
from compliance.companies.search.candidates import little_here, names_like
from compliance.companies.search.contacts import MOST_OF_ONE_CONTACT, address_key, phone_key
from compliance.companies.search.rules import (
    LEAST_NAME,
    SHOW_FROM,
    Likeness,
    Traits,
    likeness,
    name_likeness,
    reached_alike,
)
from compliance.companies.search.spelling import search_key
from compliance.core.db import db
from compliance.core.lists import Rows

MOST_OF_A_KIND = 50
"""Names that one way of searching may bring."""
MOST_SCORED = 30
"""Companies that are read in full; the likeliest by their names, and all that share a number."""


@dataclass(frozen=True)
class Alike:
    """A known company, how alike it is, and why; 0 when it is only reached alike."""

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
    facts = CompanyFacts(
        name=typed.get("name", ""),
        region_code=typed.get("region_code", ""),
        nib=typed.get("nib"),
        npwp=typed.get("npwp"),
        npp=typed.get("npp"),
        phone=typed.get("phone"),
        address=typed.get("address"),
    )
    return with_former_names(facts)


def traits_of_facts(facts: CompanyFacts) -> Traits:
    """What is compared of facts as they are typed; a number that cannot be read says nothing."""
    keys = (search_key(alias) for alias in facts.aliases if alias.strip())
    return Traits(
        name=search_key(facts.name),
        form=legal_form(facts.name),
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
        name=search_key(company.name),
        form=legal_form(company.name),
        other_names=tuple(name.search_key for name in company.names if name.kind != "current"),
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
    reads, and as many for each former name that is stated.

    Of facts that somebody typed also the few with the same telephone or address, whatever they are called.
    """
    wanted = [facts] if isinstance(facts, Traits) else [*_as_called(facts)]
    scored: dict[int, Alike] = {}
    little = little_here()
    for traits in wanted:
        companies = with_traits(_candidates(traits, frozenset(but)))
        for company in companies:
            alike = likeness(traits, traits_of(company), little)
            if alike.score >= max(least, scored[company.id].score if company.id in scored else 0):
                scored[company.id] = Alike(company, alike.score, alike.reasons)
        if not isinstance(facts, Traits):
            for company, reasons in _reached_alike(traits, companies):
                scored.setdefault(company.id, Alike(company, 0, reasons))
    return sorted(scored.values(), key=lambda alike: (-alike.score, alike.id))[:limit]


def _reached_alike(
    wanted: Traits, companies: Sequence[Company]
) -> Iterator[tuple[Company, tuple[Any, ...]]]:
    """Those of `companies` with a telephone or address that only few have, and which of the two."""
    phone, address = phone_key(wanted.phone), address_key(wanted.address)
    few = replace(
        wanted,
        phone=wanted.phone
        if _is_of_few(company.phone_key == phone for company in companies)
        else None,
        address=wanted.address
        if _is_of_few(company.address_key == address for company in companies)
        else None,
    )
    little = little_here()
    for company in companies:
        if reasons := reached_alike(few, traits_of(company), little):
            yield company, reasons


def _is_of_few(sharing: Iterable[bool]) -> bool:
    return sum(sharing) <= MOST_OF_ONE_CONTACT


def _as_called(facts: CompanyFacts) -> Iterator[Traits]:
    """What is compared of facts: under the name, and under each former name as if it were the name."""
    for name in (facts.name, *facts.former_names):
        yield traits_of_facts(replace(facts, name=name, former_names=()))


def with_traits(ids: Sequence[int]) -> Sequence[Company]:
    """These companies with everything that is compared. Two reads."""
    if not ids:
        return ()
    query = sa.select(Company).where(Company.id.in_(ids), is_living()).order_by(Company.id)
    query = query.options(joinedload(Company.names), selectinload(Company.other_numbers))
    return db.session.scalars(query).unique().all()


def how_alike(one: Company, other: Company) -> Likeness:
    """How alike two known companies are."""
    return likeness(traits_of(one), traits_of(other), little_here())


def _candidates(wanted: Traits, but: frozenset[int]) -> list[int]:
    """The ids worth reading: all that share a number, then those with the closest names. Three
    reads."""
    parts = list(_by_number_or_contact(wanted))
    sharing = db.session.scalars(sa.union_all(*parts)) if parts else ()
    best = dict.fromkeys(sharing, 101.0)
    little = little_here()
    for row in names_like(wanted.name):
        alike = max(name_likeness(name, row.search_key, little) for name in wanted.names)
        if alike >= LEAST_NAME:
            best[row.company_id] = max(best.get(row.company_id, 0.0), alike)
    return sorted(best.keys() - but, key=lambda id: (-best[id], id))[:MOST_SCORED]


def _by_number_or_contact(wanted: Traits) -> Iterator[Rows]:
    for column, key in (
        (Company.phone_key, phone_key(wanted.phone)),
        (Company.address_key, address_key(wanted.address)),
    ):
        if key is not None:
            sharing = sa.select(Company.id).where(column == key)
            yield sa.select(sharing.limit(MOST_OF_ONE_CONTACT + 1).subquery())
    for kind, numbers in (("nib", wanted.nibs), ("npwp", wanted.npwps), ("npp", wanted.npps)):
        if numbers:
            yield sa.select(ids_bearing(kind, numbers).limit(MOST_OF_A_KIND).subquery())
