"""The verbs of the registry: register and change a company. Refuses a number that another company bears."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.models import SCALES, Company, CompanyName, CompanyNumber
from compliance.companies.numbers import bears_exactly
from compliance.companies.search.words import learn_words
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Taken
from compliance.core.events import record
from compliance.core.parsing import LARGEST_COUNT, Unreadable, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.office.settings import today
from compliance.policy import Actor, System, command
from compliance.reference.regions import REGION_NAMES

LONGEST = {"address": 500, "phone": 60, "email": 254, "scale_evidence": 200}
MOST_ALIASES = 50
MOST_NPWPS = 50
KBLI_VERSION = 2025


@dataclass(frozen=True)
class CompanyFacts:
    """What is known of a company, as typed. Numbers may have any punctuation.

    `other_npwps` are those of branches, beside the main one.
    """

    name: str = ""
    region_code: str = ""
    nib: str | None = None
    npwp: str | None = None
    npp: str | None = None
    kbli: str | None = None
    scale: str | None = None
    scale_evidence: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    workers_total: int | None = None
    aliases: tuple[str, ...] = ()
    other_npwps: tuple[str, ...] = ()


MANY = ("aliases", "other_npwps")
STORED_AS_GIVEN = tuple(each.name for each in fields(CompanyFacts) if each.name not in ("name", *MANY))
"""The facts that are columns of the same name; a name brings its key, aliases and further numbers are rows of their own."""


def facts_of(company: Company, **changed: Any) -> CompanyFacts:
    """What is known of a company now, with some of it `changed`."""
    known = {field: getattr(company, field) for field in ("name", *STORED_AS_GIVEN)}
    many = {field: tuple(getattr(company, field)) for field in MANY}
    return CompanyFacts(**{**known, **many, **changed})


def checked_facts(facts: CompanyFacts) -> CompanyFacts:
    """The facts in the form in which they are stored. Raises Invalid with every field that will not do."""
    problems: dict[str, Text] = {}
    clean: dict[str, Any] = {}
    readers = {"name": identity.clean_name, "nib": identity.nib, "npwp": identity.npwp, "npp": identity.npp}
    for field, reader in readers.items():
        try:
            clean[field] = reader(getattr(facts, field))
        except Unreadable as error:
            problems[field] = error.reason
    try:
        clean["aliases"] = tuple(
            dict.fromkeys(identity.clean_name(each) for each in facts.aliases if each.strip())
        )
    except Unreadable as error:
        problems["aliases"] = error.reason
    if len(facts.aliases) > MOST_ALIASES:
        problems["aliases"] = say("Paling banyak {count} nama lain", count=MOST_ALIASES)
    try:
        others = [number for each in facts.other_npwps if (number := identity.npwp(each)) is not None]
        clean["other_npwps"] = tuple(each for each in dict.fromkeys(others) if each != clean.get("npwp"))
    except Unreadable as error:
        problems["other_npwps"] = error.reason
    if len(facts.other_npwps) > MOST_NPWPS:
        problems["other_npwps"] = say("Paling banyak {count} NPWP lain", count=MOST_NPWPS)
    clean["region_code"] = facts.region_code.strip()
    if clean["region_code"] not in REGION_NAMES:
        problems["region_code"] = say("Pilih kabupaten atau kota, misalnya Kota Kupang (53.71)")
    kbli = (facts.kbli or "").strip()
    if kbli and not re.fullmatch(r"[0-9]{5}", kbli):
        problems["kbli"] = say("KBLI terdiri dari 5 angka")
    clean["kbli"] = kbli or None
    if facts.scale and facts.scale not in SCALES:
        problems["scale"] = say("Skala usaha: mikro, kecil, menengah, atau besar")
    clean["scale"] = facts.scale or None
    if facts.workers_total is not None and not 0 <= facts.workers_total <= LARGEST_COUNT:
        problems["workers_total"] = say("Isi jumlah pekerja, misalnya 25")
    for field, longest in LONGEST.items():
        clean[field] = clean_lines(getattr(facts, field), empty_lines=False)
        if reason := too_long(clean[field], longest):
            problems[field] = reason
    if clean["email"] and ("@" not in clean["email"] or " " in clean["email"]):
        problems["email"] = say("Tulis alamat surel yang lengkap, misalnya nama@contoh.go.id")
    if problems:
        raise Invalid(problems)
    return replace(facts, **clean)


@command("company.write", about=None)
def register_company(facts: CompanyFacts, *, by: Actor | System) -> Company:
    """A new company. Raises Invalid for facts that will not do, Taken with the owner when a number is in use."""
    facts = checked_facts(facts)
    refuse_taken(facts)
    company = Company(name=facts.name, name_key=identity.name_key(facts.name), created_at=clock.now())
    _write(company, facts)
    db.session.add(company)
    db.session.flush()
    learn_words(each.key for each in company.names)
    record(
        "company.registered", by=by, company_id=company.id, name=company.name, region_code=company.region_code
    )
    return company


@command("company.write")
def change_company(
    company: Company, facts: CompanyFacts, *, by: Actor | System, renamed: bool = False
) -> dict[str, Any]:
    """Change what is known of a company; answers what changed, by field: [before, after].

    `renamed` keeps the name so far as a former name; otherwise a changed name counts as a corrected spelling.
    """
    facts = checked_facts(facts)
    refuse_taken(facts, owner=company)
    before, version = facts_of(company), company.version
    if renamed and facts.name != company.name:
        _give_up_name(company)
    company.name, company.name_key = facts.name, identity.name_key(facts.name)
    _write(company, facts)
    changes = _differences(before, facts_of(company))
    if changes:
        flag_modified(company, "name_key")  # a change of aliases alone makes an older form stale, too
        db.session.flush()
        learn_words(each.key for each in company.names)
        record(
            "company.changed",
            by=by,
            company_id=company.id,
            name=company.name,
            changes=changes,
            version=version,
        )
    return changes


def _write(company: Company, facts: CompanyFacts) -> None:
    if facts.kbli != company.kbli:
        company.kbli_version = KBLI_VERSION if facts.kbli else None
    for field in STORED_AS_GIVEN:
        setattr(company, field, getattr(facts, field))
    company.npwp_core = identity.npwp_core(facts.npwp) if facts.npwp else None
    current = next((each for each in company.names if each.kind == "current"), None)
    if current is None:
        _add_name(company, "current", facts.name)
    elif current.name != facts.name:
        current.name, current.key = facts.name, identity.name_key(facts.name)
    for each in [each for each in company.names if each.kind == "alias" and each.name not in facts.aliases]:
        company.names.remove(each)
    for alias in facts.aliases:
        _add_name(company, "alias", alias)
    _write_other_numbers(company, facts)


def _write_other_numbers(company: Company, facts: CompanyFacts) -> None:
    """The further NPWPs as given; of the other kinds only what has become the main number goes."""
    for each in list(company.other_numbers):
        given = (
            each.number in facts.other_npwps
            if each.kind == "npwp"
            else each.number != getattr(facts, each.kind)
        )
        if not given:
            company.other_numbers.remove(each)
    for number in facts.other_npwps:
        if number not in company.other_npwps:
            core = identity.npwp_core(number)
            further = CompanyNumber(kind="npwp", number=number, core=core, since=clock.now())
            company.other_numbers.append(further)


def _give_up_name(company: Company) -> None:
    """Its name becomes a former one today; one that it bore before, again."""
    _add_name(company, "former", company.name)
    former = next(each for each in company.names if each.kind == "former" and each.name == company.name)
    former.until = today()


def _add_name(company: Company, kind: str, name: str) -> None:
    if not any(each.name == name and each.kind == kind for each in company.names):
        company.names.append(CompanyName(kind=kind, name=name, key=identity.name_key(name)))


def refuse_taken(facts: CompanyFacts, *, owner: Company | None = None) -> None:
    """Raise Taken when a number of `facts`, checked before, belongs to another company than `owner`."""
    asked: dict[str, tuple[NumberKind, list[str]]] = {
        field: (field, [number]) for field in NUMBERS if (number := getattr(facts, field)) is not None
    }
    if facts.other_npwps:
        asked["other_npwps"] = ("npwp", list(facts.other_npwps))
    if not asked:
        return
    taken = sa.or_(*(bears_exactly(kind, numbers) for kind, numbers in asked.values()))
    query = sa.select(Company).where(taken).options(selectinload(Company.other_numbers)).order_by(Company.id)
    others = [each for each in db.session.scalars(query) if each is not owner]
    for field, (kind, numbers) in asked.items():
        for other in others:
            if {getattr(other, kind), *other.further(kind)} & set(numbers):
                reason = say("{label} ini sudah dipakai {name}.", label=NUMBERS[kind], name=other.name)
                raise Taken(reason, field=field, candidates=others)


def _differences(before: CompanyFacts, after: CompanyFacts) -> dict[str, Any]:
    pairs = {
        each.name: [getattr(before, each.name), getattr(after, each.name)] for each in fields(CompanyFacts)
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
