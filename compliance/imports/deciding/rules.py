"""Which company a row of a list means. Pure: compares the row with the companies that are known.

A company is known by its numbers; else by its name and regency, when there is just one such company and no
number speaks against it. A row that may mean two companies, or only resembles one, is unclear: a person
decides. A name that states another legal form is another company's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind, one_slip_apart
from compliance.companies.names import key_of
from compliance.companies.rules import CompanyFacts
from compliance.companies.search.rules import LEAST_NAME, LEAST_OF_ONE_PHONE, name_likeness
from compliance.companies.search.spelling import search_key
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


def match_company(row: Row, facts: CompanyFacts, companies: KnownCompanies) -> RowMatch:
    """The company that a row means; None when it is a new one."""
    owners = owners_of(facts, companies)
    if len(owners) > 1:
        return _two_owners(owners)
    unlike = _unlike(row, facts, companies)
    for owner in owners:
        if owner.may_be_called(row.key):
            return owner
        if unlike is not None:
            return _unclear(*unlike, [owner])
        namesakes = companies.of_name(row.key, facts.region_code)
        if namesakes:
            return _number_or_name(owner, owners[owner], namesakes)
        by_npwp_alone = [kind for kind in NUMBERS if _bears(owner, kind, facts)] == ["npwp"]
        unlike_elsewhere = (
            _unlike_elsewhere(owner, row, facts, companies) if by_npwp_alone else None
        )
        return unlike_elsewhere or owner
    other = _owner_of_other_npwps(facts, companies)
    if other is not None:
        return _unlike_elsewhere(other, row, facts, companies) or other
    by_name = _match_by_name(row, facts, companies)
    return _resembling(row, facts, companies) if by_name is None else by_name


def _unlike(
    row: Row, facts: CompanyFacts, companies: KnownCompanies
) -> tuple[NumberKind, Text] | None:
    """The number that an earlier row of the list has under a name that has nothing in common with this one,
    and why that is odd."""
    name = search_key(row.name)
    for kind in NUMBERS:
        other = companies.first_row_with(kind, getattr(facts, kind), row)
        if (
            other is not None
            and name_likeness(name, search_key(other.name), companies.little) < LEAST_NAME
        ):
            reason = say(
                "{number} yang sama ada di baris {row}: {name}. Salah satu nomor keliru, atau "
                "namanya berganti",
                number=NUMBERS[kind],
                row=other.number,
                name=other.name,
            )
            return kind, reason
    return None


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


def _number_or_name(
    owner: KnownCompany, kind: NumberKind, namesakes: Sequence[KnownCompany]
) -> Unclear:
    reason = say(
        "{number} milik {owner}, tetapi nama dan daerahnya sama dengan {name}",
        number=NUMBERS[kind],
        owner=owner.columns["name"],
        name=namesakes[0].columns["name"],
    )
    return _unclear(kind, reason, [owner, *namesakes])


def _bears(company: KnownCompany, kind: NumberKind, facts: CompanyFacts) -> bool:
    number = getattr(facts, kind)
    return number is not None and (
        company.columns[kind] == number or (kind, number) in company.other_numbers
    )


def _unlike_elsewhere(
    company: KnownCompany, row: Row, facts: CompanyFacts, companies: KnownCompanies
) -> Unclear | None:
    """Why a company that bears the NPWP of a row may still be another one: it stands in another regency,
    under another name."""
    if (
        facts.region_code in company.regions
        or company.resembles(row.name, companies.little) >= LEAST_NAME
    ):
        return None
    reason = say(
        "NPWP milik {name} di {place}, tetapi nama dan daerahnya lain",
        name=company.columns["name"],
        place=region_name(company.columns["region_code"]),
    )
    return _unclear("npwp", reason, [company])


def _owner_of_other_npwps(facts: CompanyFacts, companies: KnownCompanies) -> KnownCompany | None:
    """The one company that bears the further NPWPs of the row."""
    owners = {companies.of_number("npwp", npwp): None for npwp in facts.other_npwps}
    owners.pop(None, None)
    return next(iter(owners)) if len(owners) == 1 else None


def _match_by_name(row: Row, facts: CompanyFacts, companies: KnownCompanies) -> RowMatch:
    namesakes = companies.of_name(row.key, facts.region_code)
    if not namesakes:
        return None
    possible = [company for company in namesakes if not _contradicts(company, facts)]
    core = identity.npwp_core(facts.npwp) if facts.npwp else None
    for company in possible:
        if core in company.cores:
            return company
    if len(possible) == 1 == len(namesakes):
        return possible[0]
    if len(namesakes) > 1:
        return _several(namesakes, facts)
    reason = say(
        "Di {place} sudah ada {name} dengan nomor lain",
        place=region_name(facts.region_code),
        name=namesakes[0].columns["name"],
    )
    return _unclear("name", reason, namesakes)


def _several(namesakes: Sequence[KnownCompany], facts: CompanyFacts) -> Unclear:
    reason = say(
        "Ada {count} perusahaan bernama ini di {place}. Isi NIB, NPWP, atau NPP supaya jelas yang mana",
        count=len(namesakes),
        place=region_name(facts.region_code),
    )
    return _unclear("name", reason, namesakes)


def _resembling(row: Row, facts: CompanyFacts, companies: KnownCompanies) -> Unclear | None:
    """A new company that resembles a known one: another name of it, the same taxpayer, the same name
    elsewhere, nearly the same name here, or a telephone or address that few have."""
    for alias in facts.other_names:
        bearers = companies.of_name(key_of(alias), facts.region_code)
        if bearers:
            name = bearers[0].columns["name"]
            return _unclear(
                "name", say("{alias} adalah nama {name}", alias=alias, name=name), bearers
            )
    taxpayer = companies.of_taxpayer(facts.npwp)
    if taxpayer is not None:
        name = taxpayer.columns["name"]
        reason = (
            say("Pokok NPWP sama dengan {name} di daerah lain, mungkin tempat kerjanya", name=name)
            if taxpayer.may_be_called(row.key)
            else say("Pokok NPWP sama dengan {name}, tetapi namanya lain", name=name)
        )
        return _unclear("npwp", reason, [taxpayer])
    elsewhere = companies.of_name_anywhere(row.key)
    if elsewhere and not has_number(facts):
        regions = dict.fromkeys(
            region_name(company.columns["region_code"]) for company in elsewhere
        )
        return _unclear(
            "region_code",
            say("Nama yang sama ada di {places}", places=", ".join(regions)),
            elsewhere,
        )
    for field, likely, reason in (
        ("name", companies.twins(row), say("Mirip dengan {names}")),
        ("phone", companies.of_phone(facts), say("Telepon sama dengan {names}")),
        ("address", companies.of_address(facts), say("Alamat sama dengan {names}")),
    ):
        possible = [company for company in likely if not _contradicts(company, facts)]
        if possible:
            names = ", ".join(dict.fromkeys(one.columns["name"] for one in possible[:3]))
            return _unclear(field, replace(reason, facts={"names": names}), possible)
    return _dialled_elsewhere(row, facts, companies)


def _dialled_elsewhere(row: Row, facts: CompanyFacts, companies: KnownCompanies) -> Unclear | None:
    """A company of another regency that has the telephone of a row and a name somewhat like the row's."""
    for company in companies.of_phone_elsewhere(facts):
        if company.resembles(row.name, companies.little) >= LEAST_OF_ONE_PHONE and not _contradicts(
            company, facts
        ):
            reason = say(
                "Telepon sama dengan {name} di {place}, dan namanya mirip",
                name=company.columns["name"],
                place=region_name(company.columns["region_code"]),
            )
            return _unclear("phone", reason, [company])
    return None


def _unclear(field: str, reason: Text, candidates: Iterable[KnownCompany]) -> Unclear:
    return Unclear(field, reason, tuple(candidates)[:MOST_OFFERED])


def _contradicts(company: KnownCompany, facts: CompanyFacts) -> bool:
    """Whether a number of the row says that this is another company. An NPWP does so by its core only.

    One that fails its check digit, or is one slip away from the known one, says nothing.
    """
    if company.cores and facts.npwp and not identity.is_weak("npwp", facts.npwp):
        core = identity.npwp_core(facts.npwp)
        if not any(core == known or one_slip_apart(core, known) for known in company.cores):
            return True
    return any(
        known and typed and known != typed and not one_slip_apart(known, typed)
        for kind in _OF_ONE_BEARER
        for known, typed in [(company.main(kind), getattr(facts, kind))]
    )
