"""Workplaces: the branches, shops and plants of one company, each where it is and with its workers.

One legal entity stays one record: numbers, cases and flags are the company's. A workplace says where
inspectors go.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.companies.models import Company, Workplace
from compliance.companies.names import clean_name
from compliance.companies.rules import LONGEST, read_district
from compliance.companies.workplaces.queries import MOST_WORKPLACES, workplaces_of
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import record
from compliance.core.parsing import LARGEST_COUNT, Unreadable, clean_lines, too_long
from compliance.core.text import Text, say
from compliance.office.settings import served_province
from compliance.policy import Actor, System, command


@dataclass(frozen=True)
class WorkplaceFacts:
    """What is known of a workplace, as typed."""

    name: str = ""
    region_code: str = ""
    district_code: str | None = None
    address: str = ""
    workers_total: int | None = None


@command("company.write")
def add_workplace(company: Company, facts: WorkplaceFacts, *, by: Actor | System) -> Workplace:
    """A further workplace. Raises Invalid."""
    if len(workplaces_of(company)) >= MOST_WORKPLACES:
        raise Invalid({"name": say("Paling banyak {count} tempat kerja", count=MOST_WORKPLACES)})
    added = Workplace(company_id=company.id, created_at=clock.now())
    _write(added, facts)
    db.session.add(added)
    _remember("added", added, by=by)
    return added


@command("company.write")
def change_workplace(
    company: Company, workplace: Workplace, facts: WorkplaceFacts, *, by: Actor | System
) -> None:
    """What is known of a workplace now. Raises Invalid."""
    _write(workplace, facts)
    if db.session.is_modified(workplace):
        _remember("changed", workplace, by=by)


@command("company.write")
def remove_workplace(company: Company, workplace: Workplace, *, by: Actor | System) -> None:
    """Remove a workplace where nobody works any more. Notas keep the address they were written for."""
    db.session.delete(workplace)
    _remember("removed", workplace, by=by)


def _write(workplace: Workplace, facts: WorkplaceFacts) -> None:
    problems: dict[str, Text] = {}
    name, address = facts.name, clean_lines(facts.address, empty_lines=False)
    try:
        name = clean_name(facts.name)
    except Unreadable:
        problems["name"] = say(
            "Tulis nama tempat kerja, misalnya Cabang {place} atau Gudang Pelabuhan",
            place=served_province().capital,
        )
    if facts.region_code not in served_province().region_names:
        problems["region_code"] = say("Pilih kabupaten atau kota")
    district_code = read_district(facts.district_code, facts.region_code, problems)
    if reason := too_long(address, LONGEST["address"]):
        problems["address"] = reason
    if facts.workers_total is not None and not 0 <= facts.workers_total <= LARGEST_COUNT:
        problems["workers_total"] = say("Isi jumlah pekerja, misalnya 25")
    if problems:
        raise Invalid(problems)
    workplace.name, workplace.region_code, workplace.address = name, facts.region_code, address
    workplace.district_code, workplace.workers_total = district_code, facts.workers_total


def _remember(act: str, workplace: Workplace, *, by: Actor | System) -> None:
    record(
        "company.workplace_changed",
        by=by,
        company_id=workplace.company_id,
        act=act,
        name=workplace.name,
        region_code=workplace.region_code,
    )
