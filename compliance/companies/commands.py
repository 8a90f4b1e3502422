"""The verbs of the registry: register and change a company. Refuses a number that another company bears."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from compliance.companies import identity
from compliance.companies.identity import NUMBERS, NumberKind
from compliance.companies.models import COMPANIES_TABLE, Company, CompanyName, CompanyNumber
from compliance.companies.names import key_of, name_key
from compliance.companies.numbers import ids_bearing_exactly
from compliance.companies.rules import KBLI_VERSION, MANY, CompanyFacts, checked_facts
from compliance.companies.search.contacts import address_key, phone_key
from compliance.companies.search.spelling import initials_of, name_columns, search_key
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Taken
from compliance.core.events import record
from compliance.core.text import say
from compliance.office.settings import served_province, today
from compliance.policy import Actor, System, command, system_only

STORED_AS_GIVEN = tuple(
    fact.name for fact in fields(CompanyFacts) if fact.name not in ("name", *MANY)
)
"""The facts that are columns of the same name; a name brings its key, aliases and further numbers are rows of
their own."""


NAMES_AT_ONCE = 5_000


def facts_of(company: Company, **changed: Any) -> CompanyFacts:
    """What is known of a company now, with some of it `changed`."""
    known = {field: getattr(company, field) for field in ("name", *STORED_AS_GIVEN)}
    many = {field: tuple(getattr(company, field)) for field in MANY}
    return CompanyFacts(**{**known, **many, **changed})


@command("company.write", about=None)
def register_company(facts: CompanyFacts, *, by: Actor | System) -> Company:
    """A new company. Raises Invalid for facts that will not do, Taken when a number has an owner."""
    facts = checked_facts(facts, served_province())
    refuse_taken(facts)
    company = Company(name=facts.name, name_key=name_key(facts.name), created_at=clock.now())
    _write(company, facts)
    db.session.add(company)
    db.session.flush()
    record(
        "company.registered",
        by=by,
        company_id=company.id,
        name=company.name,
        region_code=company.region_code,
    )
    return company


@command("company.write")
def change_company(
    company: Company, facts: CompanyFacts, *, by: Actor | System, renamed: bool = False
) -> dict[str, Any]:
    """Change what is known of a company; answers what changed, by field: [before, after].

    `renamed`: the old name stays as a former name; otherwise a changed name counts as a corrected spelling.
    """
    facts = checked_facts(facts, served_province())
    refuse_taken(facts, owner=company)
    before, version = facts_of(company), company.version
    if renamed and facts.name != company.name:
        _give_up_name(company)
    company.name, company.name_key = facts.name, name_key(facts.name)
    _write(company, facts)
    changes = _differences(before, facts_of(company))
    if changes:
        flag_modified(
            company, "name_key"
        )  # a change of aliases alone makes an older form stale, too
        db.session.flush()
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
    company.phone_key, company.address_key = phone_key(facts.phone), address_key(facts.address)
    current = next((name for name in company.names if name.kind == "current"), None)
    if current is None:
        _add_name(company, "current", facts.name)
    elif current.name != facts.name:
        key = key_of(facts.name)
        current.name, current.key, current.form = facts.name, key.same, key.form
        current.search_key, current.initials = search_key(facts.name), initials_of(facts.name)
    dropped = [
        name for name in company.names if name.kind == "alias" and name.name not in facts.aliases
    ]
    for name in dropped:
        company.names.remove(name)
    for kind, names in (("alias", facts.aliases), ("former", facts.former_names)):
        for called in names:
            _add_name(company, kind, called)
    _write_other_numbers(company, facts)


def _write_other_numbers(company: Company, facts: CompanyFacts) -> None:
    """The further NPWPs as given; of the other kinds only what has become the main number goes."""
    for further in list(company.other_numbers):
        main = getattr(facts, further.kind)
        stays = (
            further.number in facts.other_npwps
            if further.kind == "npwp"
            else further.number != main
        )
        if not stays:
            company.other_numbers.remove(further)
    for number in facts.other_npwps:
        if number not in company.other_npwps:
            core = identity.npwp_core(number)
            added = CompanyNumber(kind="npwp", number=number, core=core, since=clock.now())
            company.other_numbers.append(added)


def _give_up_name(company: Company) -> None:
    """Its name becomes a former one today; one that it bore before, again."""
    _add_name(company, "former", company.name)
    former = next(
        name for name in company.names if name.kind == "former" and name.name == company.name
    )
    former.until = today()


def _add_name(company: Company, kind: str, name: str) -> None:
    if not any((known.name, known.kind) == (name, kind) for known in company.names):
        company.names.append(CompanyName(kind=kind, **name_columns(name)))


def refuse_taken(facts: CompanyFacts, *, owner: Company | None = None) -> None:
    """Raise Taken when a number of `facts`, checked before, belongs to another company than `owner`."""
    wanted: dict[str, tuple[NumberKind, list[str]]] = {
        field: (field, [number])
        for field in NUMBERS
        if (number := getattr(facts, field)) is not None
    }
    if facts.other_npwps:
        wanted["other_npwps"] = ("npwp", list(facts.other_npwps))
    if not wanted:
        return
    query = (
        sa.select(Company)
        .where(Company.id.in_(ids_bearing_exactly(wanted.values())))
        .options(selectinload(Company.other_numbers))
        .order_by(Company.id)
    )
    others = [company for company in db.session.scalars(query) if company is not owner]
    for field, (kind, numbers) in wanted.items():
        for other in others:
            if {getattr(other, kind), *other.further(kind)} & set(numbers):
                reason = say(
                    "{label} ini sudah dipakai {name}.", label=NUMBERS[kind], name=other.name
                )
                raise Taken(reason, field=field, candidates=others)


@system_only
def key_names(session: Session) -> int:
    """Write what follows from the names that have no search key; how many there were.

    A migration that changes the rules of names empties the search keys; this fills them again.
    """
    written, last = 0, 0
    while True:
        rows = session.execute(
            sa.select(
                CompanyName.id,
                CompanyName.company_id,
                CompanyName.kind,
                CompanyName.name,
                Company.phone,
                Company.address,
            )
            .join(Company, Company.id == CompanyName.company_id)
            .where(CompanyName.id > last, CompanyName.search_key == "")
            .order_by(CompanyName.id)
            .limit(NAMES_AT_ONCE)
        ).all()
        if not rows:
            return written
        session.execute(
            sa.update(CompanyName), [{"id": row.id, **name_columns(row.name)} for row in rows]
        )
        current = [
            {
                "of": row.company_id,
                "key": name_key(row.name),
                "by_phone": phone_key(row.phone),
                "by_address": address_key(row.address),
            }
            for row in rows
            if row.kind == "current"
        ]
        if current:
            session.connection().execute(
                sa.update(COMPANIES_TABLE)
                .where(COMPANIES_TABLE.c.id == sa.bindparam("of"))
                .values(
                    name_key=sa.bindparam("key"),
                    phone_key=sa.bindparam("by_phone"),
                    address_key=sa.bindparam("by_address"),
                ),
                current,
            )
        written, last = written + len(rows), rows[-1].id


def _differences(before: CompanyFacts, after: CompanyFacts) -> dict[str, Any]:
    names = [fact.name for fact in fields(CompanyFacts)]
    pairs = {name: [getattr(before, name), getattr(after, name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
