"""The verbs of closures, bankruptcies and moves: record one, revoke it. The company is locked by the caller.

A move changes the company's address; revoking it puts the former one back. What becomes of cases and
flags is in the table of reactions: none of them ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from compliance.companies.circumstances.models import Circumstance
from compliance.companies.circumstances.queries import circumstances_of
from compliance.companies.circumstances.rules import (
    BANKRUPT,
    CIRCUMSTANCES,
    MOVED,
    PROOF_WANTED,
    weight,
)
from compliance.companies.models import Company
from compliance.companies.rules import LONGEST
from compliance.companies.search.contacts import address_key
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, clean_lines, needed_reason, too_long
from compliance.core.text import Text, say
from compliance.office.settings import served_province, today
from compliance.policy import Actor, command

_LONGEST_WORDS, _LONGEST_CURATOR = 500, 200


@dataclass(frozen=True)
class CircumstanceFacts:
    """What is known of a closure, a bankruptcy or a move. A move without `region_code` left the province."""

    kind: str
    since_on: date | None
    proof: str | None
    region_code: str | None = None
    address: str | None = None
    curator: str | None = None


@command("company.circumstance", about=None)
def record_circumstance(company: Company, facts: CircumstanceFacts, *, by: Actor) -> Circumstance:
    """The company closed, went bankrupt or moved. Raises Invalid, Refusal."""
    proof, curator = clean_lines(facts.proof), clean_line(facts.curator)
    address = clean_lines(facts.address, empty_lines=False)
    _check(facts, proof=proof, address=address, curator=curator)
    assert facts.since_on is not None
    assert proof is not None
    _refuse_twice(company, facts, address)
    version, moves = company.version, facts.kind == MOVED
    circumstance = Circumstance(
        company_id=company.id,
        kind=facts.kind,
        since_on=facts.since_on,
        proof=proof,
        region_code=facts.region_code,
        address=address,
        curator=curator,
        from_region_code=company.region_code if moves else None,
        from_address=company.address if moves else None,
        recorded_at=clock.now(),
        recorded_by=by.actor_name,
    )
    db.session.add(circumstance)
    if address is not None:
        _settle_at(company, facts.region_code or company.region_code, address)
    db.session.flush()
    _say_on_company(company)
    record(
        "company.circumstance_recorded",
        by=by,
        company_id=company.id,
        subject=Subject("circumstance", circumstance.id),
        name=company.name,
        circumstance=circumstance.kind,
        since_on=circumstance.since_on,
        proof=proof,
        region_code=circumstance.region_code,
        from_region_code=circumstance.from_region_code,
        address=address,
        curator=curator,
        version=version,
    )
    return circumstance


@command("company.circumstance", about=None)
def revoke_circumstance(
    circumstance: Circumstance, *, company: Company, by: Actor, reason: str | None
) -> None:
    """It was a mistake, or is over: the company is operating again. Raises Invalid, Refusal."""
    text = needed_reason(reason, most=_LONGEST_WORDS, lines=True)
    if not circumstance.stands:
        raise Refusal(say("Ini sudah dibatalkan {name}.", name=circumstance.revoked_by))
    version = company.version
    circumstance.revoked_at, circumstance.revoked_by = clock.now(), by.actor_name
    circumstance.revoke_reason = text
    moves_back = circumstance.address is not None and company.address == circumstance.address
    if moves_back and circumstance.from_region_code is not None:
        _settle_at(company, circumstance.from_region_code, circumstance.from_address)
    db.session.flush()
    _say_on_company(company)
    record(
        "company.circumstance_revoked",
        by=by,
        company_id=company.id,
        subject=Subject("circumstance", circumstance.id),
        reason=text,
        name=company.name,
        circumstance=circumstance.kind,
        since_on=circumstance.since_on,
        region_code=circumstance.from_region_code if moves_back else None,
        from_region_code=circumstance.region_code if moves_back else None,
        version=version,
    )


def _settle_at(company: Company, region_code: str, address: str | None) -> None:
    if region_code != company.region_code:
        company.district_code = None  # the new one is asked on the company's page
    company.region_code, company.address = region_code, address
    company.address_key = address_key(address)


def _say_on_company(company: Company) -> None:
    """The company says what is in force: an end before a move, then the latest; nothing when none stands."""
    stand = [each for each in circumstances_of(company) if each.stands]
    in_force = max(stand, key=lambda each: weight(each.kind, each.since_on), default=None)
    company.circumstance = in_force.kind if in_force else None
    company.circumstance_since = in_force.since_on if in_force else None
    company.circumstance_region = in_force.region_code if in_force else None
    db.session.flush()


def _check(
    facts: CircumstanceFacts, *, proof: str | None, address: str | None, curator: str | None
) -> None:
    problems: dict[str, Text | None] = {}
    if facts.kind not in CIRCUMSTANCES:
        problems["kind"] = say("Pilih apa yang terjadi.")
    if facts.since_on is None:
        problems["since_on"] = say("Isi tanggal, misalnya 18-3-2026")
    elif facts.since_on > today():
        problems["since_on"] = say("Tanggalnya tidak boleh sesudah hari ini.")
    if proof is None:
        problems["proof"] = PROOF_WANTED.get(facts.kind, say("Sebutkan buktinya."))
    else:
        problems["proof"] = too_long(proof, _LONGEST_WORDS)
    if facts.kind == MOVED:
        if (
            facts.region_code is not None
            and facts.region_code not in served_province().region_names
        ):
            problems["region_code"] = say("Pilih kabupaten atau kota")
        if address is None:
            problems["address"] = say("Isi alamat yang baru.")
        else:
            problems["address"] = too_long(address, LONGEST["address"])
    elif facts.region_code is not None or address is not None:
        problems["address"] = say("Alamat baru hanya untuk perusahaan yang pindah.")
    if curator is not None:
        problems["curator"] = (
            too_long(curator, _LONGEST_CURATOR)
            if facts.kind == BANKRUPT
            else say("Kurator hanya ada bila perusahaan pailit.")
        )
    if refused := {field: reason for field, reason in problems.items() if reason is not None}:
        raise Invalid(refused)


def _refuse_twice(company: Company, facts: CircumstanceFacts, address: str | None) -> None:
    """What stands already is not recorded again, however often a form is sent."""
    for known in circumstances_of(company):
        same_place = facts.kind != MOVED or company.address == address
        if known.stands and known.kind == facts.kind and same_place:
            raise Refusal(
                say("Sudah tercatat: {what}. Bila keliru, batalkan dulu.", what=known.said)
            )
