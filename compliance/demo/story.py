"""Sixteen months of an invented province, lived day by day through the same commands and sweeps as real life.

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

from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.ending import withdraw_case
from compliance.cases.commands.nota import issue_nota, record_receipt
from compliance.cases.commands.team import (
    escalate_case,
    extend_deadline,
    reassign_case,
    remind_inspector,
)
from compliance.cases.commands.visits import record_visit
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts, VisitFacts
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.calendar import load_calendar
from compliance.core.channels import through
from compliance.core.db import db, transaction
from compliance.core.errors import Refusal
from compliance.core.outbox import Message
from compliance.demo.cast import hire_everybody, register_companies, register_twice
from compliance.demo.papers import DayOfPapers, Papers
from compliance.demo.size import COMPANY_COUNT, DAYS, DUE_SOON, LISTED_COUNT, NOTICED, OWED
from compliance.licensing.checks.commands import decide_check, make_check
from compliance.licensing.commands import acknowledge_flag
from compliance.licensing.models import Flag, LicenceCheck
from compliance.licensing.sanctions import record_sanction
from compliance.merges.jobs import find_duplicates
from compliance.office.models import Office
from compliance.office.settings import office_settings, served_province
from compliance.people.models import User
from compliance.plan.commands import Listed, plan_inspections
from compliance.policy import SYSTEM


def findings_of(
    chance: random.Random, *, total: int, registered: int, scale: str | None
) -> list[FindingFacts]:
    """What an inspector finds at a company: no finding speaks against another or against the workers."""
    missing = FindingFacts(
        "JS-01" if registered == 0 else "JS-02", workers_affected=total - registered
    )
    findings, also = [missing], ["WL-02"]
    if registered > 0 and scale in ("medium", "large") and chance.random() < 0.4:
        findings.append(FindingFacts("JS-04", programmes=("JHT", "JP")))
    if registered > 0:
        also.append("JS-06")
    if total >= 10:
        also.append("PP-01")
    if scale in ("medium", "large"):  # others pay by pasal 90B
        also.append("UP-01")
    if chance.random() < 0.25:
        findings.append(FindingFacts(chance.choice(also)))
    return findings


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
        self.papers = Papers(self.calendar, self.zone, later=self._later)
        self.inspectors: list[int] = []

    def live(self) -> None:
        """Found the office, register the companies, then live every day up to now."""
        with self._on(self.first, 8), through("console"), transaction():
            self.inspectors = hire_everybody()
        with self._on(self.first, 9):
            companies = register_companies(self.chance)
        self._plan_inspections(companies)
        swept = self.first
        while self.plan:
            day, _order, act = heapq.heappop(self.plan)
            while swept < day:
                swept += timedelta(days=1)
                with self._on(swept, 0), through("job"):
                    sweep_due_rechecks()
            try:
                self._do(day, act)
            except Refusal:
                db.session.rollback()  # life took another turn meanwhile: nothing to do any more
        with self._on(self.last, 7), through("job"):
            sweep_due_rechecks()
        with self._on(self.last - timedelta(days=10), 9), transaction():
            self._list_who_owes()
        with self._on(self.last - timedelta(days=1), 9), transaction():
            register_twice()
        with self._on(self.last, 3):
            find_duplicates()
        self._settle()

    def _do(self, day: date, act: Callable[[], None]) -> None:
        if isinstance(act, DayOfPapers):
            act()  # it has hours and transactions of its own
            return
        with self._on(day, self.chance.randint(8, 15)), transaction():
            act()

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

    def _plan_inspections(self, companies: list[tuple[int, str, str | None]]) -> None:
        inspected = self.chance.sample(companies, k=int(COMPANY_COUNT * 0.65))
        province = served_province()
        near = (province.example.code, province.regencies[0].code)
        for company_id, region, scale in inspected:
            day = self.first + timedelta(days=self.chance.randint(3, DAYS - 1))
            inspector = (
                self.inspectors[0] if region in near else self.chance.choice(self.inspectors[1:])
            )
            self._later(day, 0, partial(self._issue, company_id, inspector, scale))
        waiting = [each for each in companies if each not in inspected and each[1] in near]
        ina = self.inspectors[0]
        for (company_id, _region, scale), in_days in zip(waiting, DUE_SOON, strict=False):
            day = self.last + timedelta(days=in_days) - relativedelta(months=3)
            if in_days == NOTICED:
                self.papers.tell_of_a_coming_recheck(company_id, day, now=self.last)
                continue
            self._later(day, 0, partial(self._issue, company_id, ina, scale, alone=True))
        rest = waiting[len(DUE_SOON) :]
        for company_id, _region, _scale in rest[:2]:
            self._later(self.last - timedelta(days=3), 0, partial(self._begin, company_id, ina))
        self.papers.tell_of_the_whole_road(
            [company_id for company_id, _region, _scale in rest[2:]], now=self.last
        )

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
        findings = findings_of(self.chance, total=total, registered=registered, scale=scale)
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
        in_vain, complied = outcome == "not_met", outcome == "complied"
        record_visit(
            case,
            by=case.inspector,
            facts=VisitFacts(
                visited_on=clock.day_of(clock.now(), self.zone),
                outcome=outcome,
                workers_total=total if complied else None,
                workers_registered=now,
                fixed=[finding.id for finding in case.findings] if complied else (),
                not_met_reason="closed" if in_vain else None,
                proof="Sertifikat kepesertaan dan bukti iuran terakhir" if complied else None,
                note="Kantor tutup saat didatangi." if in_vain else None,
            ),
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
            reason="Kantornya tutup saat didatangi; belum ada hasil cek ulang.",
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
        day = clock.day_of(clock.now(), self.zone)
        record_sanction(
            self._case(number),
            by=self._someone("compliance"),
            letter_number=f"B/{number:03}/CONTOH/{day.year}",
            letter_on=day,
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
        for company in db.session.scalars(untouched.limit(LISTED_COUNT)):
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
