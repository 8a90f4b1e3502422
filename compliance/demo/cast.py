"""The people and the companies of the demo, as they are before the story begins."""

from __future__ import annotations

import random

import sqlalchemy as sa
from stdnum import luhn

from compliance.companies.commands import change_company, register_company
from compliance.companies.models import Company
from compliance.companies.rules import CompanyFacts
from compliance.core.db import db, transaction
from compliance.demo.names import ACCOUNTS, FORMS, INSPECTORS, INVENTED, PASSWORD, QUALITIES, TRADES
from compliance.demo.size import COMPANY_COUNT, TWICE, TWICE_FROM
from compliance.office.commands import change_settings
from compliance.office.models import Office
from compliance.office.queries import find_office
from compliance.office.settings import served_province, today
from compliance.office.signatories.commands import add_signatory
from compliance.people.commands.users import add_user, change_titles
from compliance.people.models import User
from compliance.people.passwords import hash_password
from compliance.policy import SYSTEM
from compliance.reference.provinces import Province
from compliance.reference.regions import Region

OFFICE_CONTACT = "Loket Contoh, 0380-000-000, loket@demo.example"
"""Whom people are sent to: invented, and nobody answers there."""


def hire_everybody() -> list[int]:
    """Add the accounts of the demo. Answers the ids of the inspectors."""
    inspectors, province = [], served_province()
    change_settings(
        {"second_factor_for": "nobody", "unused_days": 0}, by=SYSTEM
    )  # its passwords stand in the README
    for role, (email, name) in ACCOUNTS.items():
        user = add_user(
            by=SYSTEM,
            email=email,
            name=name,
            role=role,
            office=_licensing_office(province.example) if role == "licensing" else None,
            phone="0380-000-001",
        )
        if role == "inspector":
            inspectors.append(user.id)
    for number, name in enumerate(INSPECTORS, start=2):
        user = add_user(
            by=SYSTEM,
            email=f"pengawas{number}@demo.example",
            name=name,
            role="inspector",
            phone=f"0380-000-0{number:02}",
        )
        inspectors.append(user.id)
    for region in province.regencies:
        if region != province.example:
            add_user(
                by=SYSTEM,
                email=f"ptsp.{region.code.replace('.', '-')}@demo.example",
                name=f"Petugas Contoh {region.name}",
                role="licensing",
                office=_licensing_office(region),
            )
    secret = hash_password(PASSWORD)
    for user in db.session.scalars(sa.select(User)):
        user.password_hash = secret
        user.wants_email = False  # sixteen months of mails would bury the first real one
    for region in _that_know_their_law(province):
        licensing_office = _licensing_office(region)
        head = "Wali Kota" if region.is_city else "Bupati"
        licensing_office.legal_basis = f"Peraturan {head} contoh 12/2025 pasal 7"
    _let_them_sign(inspectors)
    change_settings({"office_contact": OFFICE_CONTACT}, by=SYSTEM)
    return inspectors


def _that_know_their_law(province: Province) -> list[Region]:
    """The city of the story and two other regencies: their offices know on what rule they act."""
    others = [region for region in province.regencies if region != province.example]
    return [province.example, *others[7 % len(others) :: 7][:2]]


def _licensing_office(region: Region) -> Office:
    office = find_office(f"ptsp-{region.code}")
    assert office is not None
    return office


def _let_them_sign(inspectors: list[int]) -> None:
    """A head of the office and what stands under the names of the inspectors: letters bear both."""
    add_signatory(
        by=SYSTEM,
        name="Rosa Umpama Contoh, S.H., M.Si.",
        title="Kepala Dinas",
        rank="Pembina Utama Muda",
        nip="197001011995012001",
        from_on=today(),
        until_on=None,
    )
    for number, id in enumerate(inspectors, start=1):
        change_titles(
            db.session.get_one(User, id),
            by=SYSTEM,
            nip=f"198501012010011{number:03}",
            rank="Penata",
            position="Pengawas Ketenagakerjaan Ahli Muda",
        )


def register_companies(chance: random.Random) -> list[tuple[int, str, str | None]]:
    """Register the companies. Answers the id, the region and the scale of each."""
    made: list[tuple[int, str, str | None]] = []
    names: set[str] = set()
    province = served_province()
    regencies, city = province.regencies, province.example
    with transaction():
        for number in range(1, COMPANY_COUNT + 1):
            region = regencies[number % len(regencies)] if number % 3 else city
            name = _name(chance, names)
            scale = chance.choices(
                ("micro", "small", "medium", "large", None), (35, 30, 15, 5, 15)
            )[0]
            workers = {
                "micro": (2, 9),
                "small": (5, 40),
                "medium": (25, 120),
                "large": (100, 480),
                None: (3, 60),
            }[scale]
            company = register_company(
                CompanyFacts(
                    name=name,
                    region_code=region.code,
                    scale=scale,
                    workers_total=chance.randint(*workers),
                    nib=f"9120{number:09}" if chance.random() < 0.85 else None,
                    npwp=_npwp(chance, number) if chance.random() < 0.7 else None,
                    npp=f"{int(province.code) * 1_000_000 + number}"
                    if chance.random() < 0.5
                    else None,
                    kbli=chance.choice(("46339", "55110", "47111", "01270", "41011")),
                    phone="0380-000-000",
                    address=f"Jalan Contoh Nomor {number}",
                ),
                by=SYSTEM,
            )
            if number % 40 == 0:
                facts = CompanyFacts(
                    name=_name(chance, names),
                    region_code=region.code,
                    nib=company.nib,
                    npwp=company.npwp,
                    npp=company.npp,
                    scale=scale,
                    workers_total=company.workers_total,
                    address=company.address,
                )
                change_company(company, facts, by=SYSTEM, renamed=True)
            made.append((company.id, region.code, scale))
    return made


def register_twice() -> None:
    """Some companies are registered again as their signboards write them, or by a branch."""
    known = sa.select(Company).where(Company.npwp.is_not(None), Company.workers_total > TWICE_FROM)
    for number, company in enumerate(
        db.session.scalars(known.order_by(Company.id).limit(TWICE)), start=1
    ):
        form, _space, rest = company.name.partition(" ")
        branch = f"{(company.npwp or '')[1:10]}9220{number:02}"
        facts = CompanyFacts(
            name=f"{form}. {rest.upper()}",
            region_code=company.region_code,
            npwp=branch if number % 2 else None,
            phone=company.phone,
            address=company.address,
        )
        register_company(facts, by=SYSTEM)


def _npwp(chance: random.Random, number: int) -> str:
    """A taxpayer's number; one in ten was mistyped, so that its check digit need not match."""
    mistyped = chance.randint(0, 9) == 0
    return f"{number:08}{0 if mistyped else luhn.calc_check_digit(f'{number:08}')}922000"


def _name(chance: random.Random, taken: set[str]) -> str:
    while True:
        form, invented = chance.choice(FORMS), chance.choice(INVENTED)
        name = f"{form} {invented} {chance.choice(TRADES)} {chance.choice(QUALITIES)}"
        if name not in taken:
            taken.add(name)
            return name
