"""Sixteen months of a fictitious NTT, lived day by day through the same commands and sweeps as real life.

The clock is replayed, so that every page has something true to show.
"""

from __future__ import annotations

import heapq
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from stdnum import luhn

from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.commands.nota import issue_nota, record_receipt
from compliance.cases.commands.rechecks import record_visit
from compliance.cases.commands.team import (
    escalate_case,
    extend_deadline,
    reassign_case,
    remind_inspector,
)
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.companies.commands import change_company, register_company
from compliance.companies.models import Company
from compliance.companies.rules import CompanyFacts
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.outbox import Message
from compliance.demo.names import ACCOUNTS, FORMS, INSPECTORS, INVENTED, PASSWORD, QUALITIES, TRADES
from compliance.demo.size import COMPANIES, DAYS, DUE_SOON, LISTED, OWED, TWICE, TWICE_FROM
from compliance.licensing.commands import (
    acknowledge_flag,
    decide_check,
    make_check,
    record_sanction,
)
from compliance.licensing.models import Flag, LicenceCheck
from compliance.merges.jobs import find_duplicates
from compliance.office.models import Office
from compliance.office.queries import find_office
from compliance.office.settings import office_settings
from compliance.people.commands.users import add_user
from compliance.people.models import User
from compliance.people.passwords import hash_password
from compliance.plan.commands import Listed, plan_inspections
from compliance.policy import SYSTEM
from compliance.reference.regions import REGENCIES


class Story:
    """Sixteen months, told by one seeded source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.calendar = load_calendar()
        self.zone = office_settings().zone
        self.last = clock.day_of(clock.now(), self.zone)
        self.first = self.last - timedelta(days=DAYS)
        self.plan: list[tuple[date, int, Callable[[], None]]] = []
        self.order = 0
        self.inspectors: list[int] = []

    def live(self) -> None:
        """Found the office, register the companies, then live every day up to now."""
        with self._on(self.first, 8), transaction():
            self._hire()
        with self._on(self.first, 9):
            companies = self._register()
        self._plan_inspections(companies)
        swept = self.first
        while self.plan:
            day, _order, act = heapq.heappop(self.plan)
            while swept < day:
                swept += timedelta(days=1)
                with self._on(swept, 0):
                    sweep_due_rechecks()
            with self._on(day, self.chance.randint(8, 15)):
                try:
                    with transaction():
                        act()
                except Refusal:
                    db.session.rollback()  # life took another turn meanwhile: nothing to do any more
        with self._on(self.last, 7):
            sweep_due_rechecks()
        with self._on(self.last - timedelta(days=10), 9), transaction():
            self._list_who_owes()
        with self._on(self.last - timedelta(days=1), 9), transaction():
            self._register_twice()
        with self._on(self.last, 3):
            find_duplicates()
        self._settle()

    @contextmanager
    def _on(self, day: date, hour: int) -> Iterator[None]:
        moment = datetime.combine(day, time(hour, self.chance.randint(0, 59)), self.zone)
        with clock.replaying(min(moment, clock.now())):
            db.session.info.clear()
            yield
            db.session.rollback()

    def _later(self, day: date, days: int, act: Callable[[], None]) -> None:
        when, _skipped = self.calendar.next_working(day + timedelta(days=days))
        if when <= self.last:
            self.order += 1
            heapq.heappush(self.plan, (when, self.order, act))

    def _hire(self) -> None:
        for role, (email, name, office) in ACCOUNTS.items():
            user = add_user(
                by=SYSTEM,
                email=email,
                name=name,
                role=role,
                office=find_office(office) if office else None,
                phone="0380-000-001",
            )
            if role == "inspector":
                self.inspectors.append(user.id)
        for number, name in enumerate(INSPECTORS, start=2):
            user = add_user(
                by=SYSTEM,
                email=f"pengawas{number}@demo.example",
                name=name,
                role="inspector",
                phone=f"0380-000-0{number:02}",
            )
            self.inspectors.append(user.id)
        for place in REGENCIES:
            if place.code != "53.71":
                add_user(
                    by=SYSTEM,
                    email=f"ptsp.{place.code.replace('.', '-')}@demo.example",
                    name=f"Petugas Contoh {place.name}",
                    role="licensing",
                    office=find_office(f"ptsp-{place.code}"),
                )
        secret = hash_password(PASSWORD)
        for user in db.session.scalars(sa.select(User)):
            user.password_hash = secret
            user.wants_email = False  # sixteen months of mails would bury the first real one
        for code in ("ptsp-53.71", "ptsp-53.08", "ptsp-53.15"):
            told = find_office(code)
            assert told is not None
            told.legal_basis = "Peraturan Wali Kota/Bupati contoh 12/2025 pasal 7"

    def _npwp(self, number: int) -> str:
        """A taxpayer's number; one in ten was mistyped, so that its check digit need not match."""
        mistyped = self.chance.randint(0, 9) == 0
        return f"{number:08}{0 if mistyped else luhn.calc_check_digit(f'{number:08}')}922000"

    def _register(self) -> list[tuple[int, str, str | None]]:
        made: list[tuple[int, str, str | None]] = []
        names: set[str] = set()
        with transaction():
            for number in range(1, COMPANIES + 1):
                place = REGENCIES[number % len(REGENCIES)] if number % 3 else REGENCIES[-1]
                name = self._name(names)
                scale = self.chance.choices(
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
                        region_code=place.code,
                        scale=scale,
                        workers_total=self.chance.randint(*workers),
                        nib=f"9120{number:09}" if self.chance.random() < 0.85 else None,
                        npwp=self._npwp(number) if self.chance.random() < 0.7 else None,
                        npp=f"{53000000 + number}" if self.chance.random() < 0.5 else None,
                        kbli=self.chance.choice(("46339", "55110", "47111", "01270", "41011")),
                        phone="0380-000-000",
                        address=f"Jalan Contoh Nomor {number}",
                    ),
                    by=SYSTEM,
                )
                if number % 40 == 0:
                    facts = CompanyFacts(
                        name=self._name(names),
                        region_code=place.code,
                        nib=company.nib,
                        npwp=company.npwp,
                        npp=company.npp,
                        scale=scale,
                        workers_total=company.workers_total,
                        address=company.address,
                    )
                    change_company(company, facts, by=SYSTEM, renamed=True)
                made.append((company.id, place.code, scale))
        return made

    def _name(self, taken: set[str]) -> str:
        while True:
            form, invented = self.chance.choice(FORMS), self.chance.choice(INVENTED)
            name = f"{form} {invented} {self.chance.choice(TRADES)} {self.chance.choice(QUALITIES)}"
            if name not in taken:
                taken.add(name)
                return name

    def _plan_inspections(self, companies: list[tuple[int, str, str | None]]) -> None:
        inspected = self.chance.sample(companies, k=int(COMPANIES * 0.65))
        for company_id, region, scale in inspected:
            day = self.first + timedelta(days=self.chance.randint(3, DAYS - 1))
            inspector = (
                self.inspectors[0]
                if region in ("53.71", "53.01")
                else self.chance.choice(self.inspectors[1:])
            )
            self._later(day, 0, partial(self._issue, company_id, inspector, scale))
        waiting = [
            each for each in companies if each not in inspected and each[1] in ("53.71", "53.01")
        ]
        ina = self.inspectors[0]
        for (company_id, _region, scale), in_days in zip(waiting, DUE_SOON, strict=False):
            day = self.last + timedelta(days=in_days) - relativedelta(months=3)
            self._later(day, 0, partial(self._issue, company_id, ina, scale, alone=True))
        for company_id, _region, _scale in waiting[len(DUE_SOON) : len(DUE_SOON) + 2]:
            self._later(self.last - timedelta(days=3), 0, partial(self._begin, company_id, ina))

    def _begin(self, company_id: int, inspector_id: int) -> None:
        company, inspector = (
            db.session.get_one(Company, company_id),
            db.session.get_one(User, inspector_id),
        )
        case = start_draft(
            company,
            by=inspector,
            draft_key=str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
        )
        case.draft = {"workers_total": str(company.workers_total or 10), "step": "workers"}

    def _issue(
        self, company_id: int, inspector_id: int, scale: str | None, *, alone: bool = False
    ) -> None:
        """Issue a nota and plan what becomes of it; `alone`: nobody has come back yet."""
        company, inspector = (
            db.session.get_one(Company, company_id),
            db.session.get_one(User, inspector_id),
        )
        day, total = clock.day_of(clock.now(), self.zone), company.workers_total or 10
        case = start_draft(
            company,
            by=inspector,
            draft_key=str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
        )
        registered = 0 if self.chance.random() < 0.3 else self.chance.randint(0, total - 1)
        findings = [
            FindingFacts(
                "JS-01" if registered == 0 else "JS-02", workers_affected=total - registered
            )
        ]
        if scale in ("medium", "large") and self.chance.random() < 0.4:
            findings.append(FindingFacts("JS-04", programmes=("JHT", "JP")))
        if self.chance.random() < 0.25:
            findings.append(FindingFacts(self.chance.choice(("WL-02", "UP-01", "PP-01", "JS-06"))))
        issue_nota(
            case,
            by=inspector,
            facts=NotaFacts(
                inspected_on=day - timedelta(days=self.chance.randint(0, 3)),
                issued_on=day,
                workers_total=total,
                workers_registered=registered,
                findings=findings,
            ),
        )
        if not alone:
            self._plan_the_rest(case, day)

    def _plan_the_rest(self, case: Case, day: date) -> None:
        number, luck = case.id, self.chance.random()
        self._later(day, self.chance.randint(1, 6), lambda: self._receive(number))
        late = self.chance.choice((0, 0, 1, 3, 8, 20, 45))
        assert case.effective_on is not None
        due = (case.effective_on - day).days
        if luck < 0.10:
            self._later(day, self.chance.randint(20, 70), lambda: self._visit(number, "complied"))
        elif luck < 0.50:
            self._later(day, due + late, lambda: self._visit(number, "complied"))
        elif luck < 0.72:
            self._later(day, 45, lambda: self._visit(number, "not_complied"))
            self._later(day, due + late, lambda: self._visit(number, "partly_complied"))
            if luck < 0.62:
                self._later(
                    day,
                    due + late + self.chance.randint(20, 150),
                    lambda: self._visit(number, "complied"),
                )
            elif luck < 0.64:
                self._later(day, due + late + 60, lambda: self._sanction(number))
        elif luck < 0.76:
            self._later(day, due + 5, lambda: self._extend(number))
            self._later(day, due + 50, lambda: self._visit(number, "complied"))
        elif luck < 0.78:
            self._later(day, 10, lambda: self._withdraw(number))
        elif luck < 0.84:
            self._later(day, due + 4, lambda: self._visit(number, "not_met"))
            self._later(day, due + 12, lambda: self._escalate(number))
        elif luck < 0.92:
            self._later(day, due + 6, lambda: self._hand_over(number))
        if luck >= 0.78 and self.chance.random() < 0.7:
            self._later(
                day, due + self.chance.randint(15, 160), lambda: self._visit(number, "complied")
            )
        for after in (30, due + 10):
            if self.chance.random() < 0.35:
                self._later(day, after, lambda: self._check(number))

    def _case(self, case_id: int) -> Case:
        return db.session.get_one(Case, case_id)

    def _someone(self, role: str) -> User:
        return (
            db.session.scalars(sa.select(User).where(User.role == role).order_by(User.id)).first()
            or User()
        )

    def _receive(self, number: int) -> None:
        case = self._case(number)
        day = clock.day_of(clock.now(), self.zone)
        record_receipt(
            case, by=case.inspector, received_on=day, received_by="Rina Contoh, bagian kepegawaian"
        )

    def _visit(self, number: int, outcome: str) -> None:
        case = self._case(number)
        total, registered = case.workers_total or 0, case.workers_registered or 0
        now = {
            "complied": total,
            "partly_complied": (registered + total) // 2,
            "not_complied": registered,
        }.get(outcome)
        record_visit(
            case,
            by=case.inspector,
            visited_on=clock.day_of(clock.now(), self.zone),
            outcome=outcome,
            workers_registered=now,
            note="Kantor tutup saat didatangi." if outcome == "not_met" else None,
        )
        flags = db.session.scalars(
            sa.select(Flag).where(Flag.case_id == number, Flag.lifted_at.is_(None))
        ).all()
        officer = self._officer(case.region_code)
        if flags and officer and self.chance.random() < 0.6:
            acknowledge_flag(flags[0], by=officer, answer="used")

    def _extend(self, number: int) -> None:
        case, day = self._case(number), clock.day_of(clock.now(), self.zone)
        extend_deadline(
            case,
            by=self._someone("compliance"),
            until=day + timedelta(days=40),
            reason="Pendaftaran sedang diproses; bukti antrean ditunjukkan.",
        )

    def _withdraw(self, number: int) -> None:
        withdraw_case(
            self._case(number), by=self._someone("supervisor"), reason="Salah alamat perusahaan."
        )

    def _escalate(self, number: int) -> None:
        escalate_case(
            self._case(number),
            by=self._someone("compliance"),
            reason="Sudah dua kali tidak dapat ditemui.",
        )

    def _hand_over(self, number: int) -> None:
        case = self._case(number)
        to = db.session.get_one(
            User,
            self.chance.choice([each for each in self.inspectors if each != case.inspector_id]),
        )
        officer = self._someone("compliance")
        remind_inspector(case, by=officer)
        reassign_case(case, by=officer, to=to, reason="Pemerataan beban pengawas.")

    def _sanction(self, number: int) -> None:
        record_sanction(
            self._case(number),
            by=self._someone("compliance"),
            letter_number=f"B/{number:03}/CONTOH/2026",
            letter_on=clock.day_of(clock.now(), self.zone),
        )

    def _officer(self, region_code: str) -> User | None:
        return db.session.scalar(
            sa.select(User)
            .join(Office)
            .where(User.role == "licensing", Office.region_code == region_code)
            .limit(1)
        )

    def _check(self, number: int) -> None:
        case = self._case(number)
        officer, company = self._officer(case.region_code), case.company
        if officer is None:
            return
        asked = company.nib or company.npp or company.name
        check = make_check(
            asked, company, by=officer, application=f"PMH-{self.chance.randint(1000, 9999)}"
        )
        made = db.session.get_one(LicenceCheck, check.id)
        if check.verdict == "hold":
            decide_check(made, by=officer, decision="postponed")
        elif self.chance.random() < 0.7:
            decide_check(made, by=officer, decision="issued")

    def _list_who_owes(self) -> None:
        """A list of BPJS names two dozen companies that nobody inspected."""
        untouched = (
            sa.select(Company)
            .where(Company.id.not_in(sa.select(Case.company_id)))
            .order_by(Company.id)
        )
        listed = []
        for company in db.session.scalars(untouched.limit(LISTED)):
            total = company.workers_total or 10
            category = self.chance.choices(tuple(OWED), tuple(OWED.values()))[0]
            registered = 0 if category == "PWBD" else self.chance.randint(1, max(1, total - 1))
            also = ("arrears",) if category != "PWBD" and self.chance.random() < 0.3 else ()
            listed.append(
                Listed(company.id, company.region_code, (category, *also), total, registered)
            )
        day = clock.day_of(clock.now(), self.zone)
        plan_inspections(
            listed, by=SYSTEM, source="Daftar contoh BPJS Ketenagakerjaan", listed_on=day
        )

    def _register_twice(self) -> None:
        """Some companies are registered again as their signboards write them, or by a branch."""
        known = sa.select(Company).where(
            Company.npwp.is_not(None), Company.workers_total > TWICE_FROM
        )
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

    def _settle(self) -> None:
        """People want their mails from now on, and have read what is older than a week."""
        with transaction():
            now = clock.now()
            db.session.execute(sa.update(User).values(wants_email=True))
            db.session.execute(
                sa.update(Message)
                .where(Message.channel == "inbox", Message.created_at < now - timedelta(days=7))
                .values(read_at=now)
            )
            db.session.execute(sa.text("ANALYZE"))
