"""Which company a row of a list means. Pure: compares the row with the companies that are known.

A company is known by its numbers; else by its name and regency, when there is just one such company and no
number speaks against it. A row that may mean two companies is unclear. Where a person can be asked, a row
that only resembles a company is unclear, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.rules import CompanyFacts
from compliance.core.text import Text, say
from compliance.imports.deciding.known import KnownCompanies, KnownCompany
from compliance.imports.reading.rows import Row
from compliance.reference.regions import region_name

MOST_OFFERED = 10
_OF_ONE_BEARER: tuple[NumberKind, ...] = ("nib", "npp")


@dataclass(frozen=True)
class Unclear:
    """A person must say which company a row means: what speaks against deciding, in which field, and the
    candidates."""

    field: str
    reason: Text
    candidates: tuple[KnownCompany, ...]


RowMatch = KnownCompany | Unclear | None


def match_company(
    row: Row, facts: CompanyFacts, companies: KnownCompanies, *, asks: bool
) -> RowMatch:
    """The company that a row means; None when it is a new one. `asks`: a person will decide about unclear
    rows."""
    owners = owners_of(facts, companies)
    if len(owners) > 1:
        return _two_owners(owners)
    if owners:
        return next(iter(owners))
    owner = _owner_of_other_npwps(facts, companies)
    if owner is not None:
        return owner
    by_name = _match_by_name(row, facts, companies, asks=asks)
    return _resembling(row, facts, companies) if by_name is None and asks else by_name


def owners_of(facts: CompanyFacts, companies: KnownCompanies) -> dict[KnownCompany, NumberKind]:
    """The companies that bear a number of the row, each with the first kind of number that says so."""
    owners: dict[KnownCompany, NumberKind] = {}
    for kind in NUMBERS:
        owner = companies.of_number(kind, getattr(facts, kind))
        if owner is not None:
            owners.setdefault(owner, kind)
    return owners


def has_number(facts: CompanyFacts) -> bool:
    return any(getattr(facts, kind) for kind in NUMBERS)


def _two_owners(owners: dict[KnownCompany, NumberKind]) -> Unclear:
    (first, one), (second, other) = list(owners.items())[:2]
    reason = say(
        "{one} milik {first}, tetapi {other} milik {second}. Periksa kedua nomor",
        one=NUMBERS[one],
        first=first.columns["name"],
        other=NUMBERS[other],
        second=second.columns["name"],
    )
    return _unclear(other, reason, owners)


def _owner_of_other_npwps(facts: CompanyFacts, companies: KnownCompanies) -> KnownCompany | None:
    """The one company that bears the further NPWPs of the row."""
    owners = {companies.of_number("npwp", npwp): None for npwp in facts.other_npwps}
    owners.pop(None, None)
    return next(iter(owners)) if len(owners) == 1 else None


def _match_by_name(
    row: Row, facts: CompanyFacts, companies: KnownCompanies, *, asks: bool
) -> RowMatch:
    namesakes = companies.of_name(row.key, facts.region_code)
    if not has_number(facts):
        if len(namesakes) > 1:
            return _several(namesakes, facts)
        return namesakes[0] if namesakes else None
    possible = [company for company in namesakes if not _contradicts(company, facts)]
    core = identity.npwp_core(facts.npwp) if facts.npwp else None
    for company in possible:
        if core in company.cores:
            return company
    if len(possible) > 1:
        return _several(possible, facts) if asks else None
    return possible[0] if possible else None


def _several(namesakes: Sequence[KnownCompany], facts: CompanyFacts) -> Unclear:
    reason = say(
        "Ada {count} perusahaan bernama ini di {place}. Isi NIB, NPWP, atau NPP supaya jelas yang mana",
        count=len(namesakes),
        place=region_name(facts.region_code),
    )
    return _unclear("name", reason, namesakes)


def _resembling(row: Row, facts: CompanyFacts, companies: KnownCompanies) -> Unclear | None:
    """A new company that resembles a known one: the same taxpayer, or the same name elsewhere."""
    taxpayer = companies.of_taxpayer(facts.npwp)
    if taxpayer is not None and row.key not in taxpayer.keys:
        reason = say(
            "Pokok NPWP sama dengan {name}, tetapi namanya lain", name=taxpayer.columns["name"]
        )
        return _unclear("npwp", reason, [taxpayer])
    elsewhere = companies.of_name_anywhere(row.key)
    if not has_number(facts) and elsewhere:
        regions = dict.fromkeys(
            region_name(company.columns["region_code"]) for company in elsewhere
        )
        return _unclear(
            "region_code",
            say("Nama yang sama ada di {places}", places=", ".join(regions)),
            elsewhere,
        )
    return None


def _unclear(field: str, reason: Text, candidates: Iterable[KnownCompany]) -> Unclear:
    return Unclear(field, reason, tuple(candidates)[:MOST_OFFERED])


def _contradicts(company: KnownCompany, facts: CompanyFacts) -> bool:
    """Whether a number of the row says that this is another company. An NPWP does so by its core only."""
    if company.cores and facts.npwp and identity.npwp_core(facts.npwp) not in company.cores:
        return True
    return any(
        company.main(kind) and getattr(facts, kind) not in (None, company.main(kind))
        for kind in _OF_ONE_BEARER
    )
