"""The tables of cases: violations, cases, notas, findings, visits. An act writes the due date it decides.

The database itself refuses a status that does not fit its dates, and a number given twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.cases.catalogue.penalties import SANCTIONS
from compliance.cases.deadlines import case_deadline
from compliance.cases.proofs.models import MembershipProof
from compliance.cases.rules import LONGEST_TEXTS, DueDate
from compliance.cases.workflow import AWAITING, DRAFT, OPEN, STATUSES, UNRESOLVED
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import Model, index_where
from compliance.core.text import Text, from_json, say, to_json
from compliance.people.models import User

# Conditions on the status, with its names written out: a partial index is used only for these very words.
_AWAITING = f"status IN {AWAITING}"
_OPEN = f"status IN {OPEN}"
_ISSUED = f"status <> '{DRAFT}'"
ESCALATION_OPEN = "closed_at IS NULL"
IS_SECOND = "kind = 'II'"
HAS_OPEN_DEADLINE = "fixed_on IS NULL AND deadline_on IS NOT NULL"
_UNRESOLVED = f"status = '{UNRESOLVED}'"
IS_OPEN = sa.text(f"cases.{_OPEN}")
IS_UNRESOLVED = sa.text(f"cases.{_UNRESOLVED}")
IS_ISSUED = sa.text(f"cases.{_ISSUED}")

OUTCOMES = {
    "complied": say("Patuh"),
    "partly_complied": say("Patuh sebagian"),
    "not_complied": say("Belum patuh"),
    "not_met": say("Tidak dapat ditemui"),
}
NOT_MET_REASONS = {
    "closed": say("Tutup atau tidak beroperasi lagi"),
    "moved": say("Pindah alamat"),
    "refused": say("Menolak diperiksa"),
    "other": say("Sebab lain"),
}
"""Why nobody could be met at a visit."""


def awaiting_recheck() -> sa.TextClause:
    """The condition on cases that the recheck is still to come."""
    return sa.text(f"cases.{_AWAITING}")


class Violation(Model):
    """One entry of the catalogue, in force from `valid_from` to `valid_to` (open ends are None)."""

    __tablename__ = "violations"
    __table_args__ = (
        sa.UniqueConstraint("code", "valid_from"),
        sa.CheckConstraint(f"sanction IN {tuple(SANCTIONS)}", name="sanction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), index=True)
    norm_group: Mapped[str] = mapped_column(sa.String(30))
    title: Mapped[str] = mapped_column(sa.String(300))
    title_en: Mapped[str] = mapped_column(sa.String(300))
    legal_basis: Mapped[str] = mapped_column(sa.String(500))
    order: Mapped[str] = mapped_column(sa.Text)
    order_en: Mapped[str] = mapped_column(sa.Text)
    evidence: Mapped[str] = mapped_column(sa.String(500))
    evidence_en: Mapped[str] = mapped_column(sa.String(500))
    sanction: Mapped[str] = mapped_column(sa.String(20))
    sanction_note: Mapped[str] = mapped_column(sa.String(500))
    sanction_note_en: Mapped[str] = mapped_column(sa.String(500))
    default_days: Mapped[int]
    special_note: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Case(Model):
    """One company, one story. A draft has no number and keeps its unfinished form in `draft`."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.CheckConstraint(f"status IN {tuple(STATUSES)}", name="status"),
        sa.CheckConstraint("(status = 'draft') = (number IS NULL)", name="issued_has_number"),
        sa.CheckConstraint(
            "status = 'draft' OR effective_on IS NOT NULL", name="issued_has_due_date"
        ),
        sa.CheckConstraint("effective_on >= due_on", name="effective_not_before_due"),
        sa.CheckConstraint(
            "(status = 'resolved') = (resolved_on IS NOT NULL)", name="resolved_has_date"
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn_has_date"
        ),
        sa.CheckConstraint(
            f"next_step_at IS NULL OR {_AWAITING}", name="next_step_only_while_awaiting"
        ),
        sa.CheckConstraint("workers_registered <= workers_total", name="workers"),
        index_where(
            "ix_cases_next_step_at",
            "next_step_at",
            where="next_step_at IS NOT NULL AND step_error IS NULL",
        ),
        *(
            index_where(name, "effective_on", "id", where=state)
            for name, state in (("ix_cases_open", _OPEN), ("ix_cases_issued", _ISSUED))
        ),
        *(
            index_where(name, *columns, where=_AWAITING)
            for name, columns in (
                ("ix_cases_awaiting", ("effective_on", "id")),
                ("ix_cases_awaiting_by_inspector", ("inspector_id", "effective_on", "id")),
                ("ix_cases_awaiting_by_region", ("region_code", "effective_on", "id")),
            )
        ),
        *(
            index_where(name, *columns, where=_UNRESOLVED)
            for name, columns in (
                ("ix_cases_next_visit", ("next_visit_on", "id")),
                ("ix_cases_next_visit_by_inspector", ("inspector_id", "next_visit_on", "id")),
            )
        ),
        index_where("ix_cases_step_error", "id", where="step_error IS NOT NULL"),
        sa.Index(
            "ix_cases_inspector_id_status_effective_on", "inspector_id", "status", "effective_on"
        ),
        sa.Index("ix_cases_status_effective_on_id", "status", "effective_on", "id"),
        sa.Index("ix_cases_status_id", "status", "id", info={"only_on": "sqlite"}).ddl_if(
            dialect="sqlite"
        ),
        sa.Index(
            "ix_cases_region_code_status_effective_on", "region_code", "status", "effective_on"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    draft_key: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    draft: Mapped[dict[str, Any] | None]
    submitted_at: Mapped[datetime | None]  # while a nota waits for approval
    status: Mapped[str] = mapped_column(sa.String(20))
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    region_code: Mapped[str] = mapped_column(sa.String(13))
    workers_total: Mapped[int | None]
    workers_registered: Mapped[int | None]
    due_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    due_why: Mapped[list[Any] | None]
    extended_on: Mapped[date | None]
    next_step_at: Mapped[datetime | None]
    step_error: Mapped[str | None] = mapped_column(sa.Text)
    escalated_on: Mapped[date | None]
    disputed_since: Mapped[date | None]
    unresolved_on: Mapped[date | None]
    next_visit_on: Mapped[date | None]
    resolved_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Company] = relationship()
    inspector: Mapped[User] = relationship()
    notas: Mapped[list[Nota]] = relationship(back_populates="case", order_by="Nota.id")
    findings: Mapped[list[Finding]] = relationship(
        back_populates="case", order_by="Finding.position"
    )
    visits: Mapped[list[Visit]] = relationship(
        back_populates="case", order_by="Visit.visited_on, Visit.id"
    )
    escalations: Mapped[list[Escalation]] = relationship(
        back_populates="case", order_by="Escalation.id"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def owner_id(self) -> int:
        return self.inspector_id

    @property
    def open_escalation(self) -> Escalation | None:
        """What was brought before the supervisors and has no answer yet."""
        if self.escalated_on is None:
            return None
        return next((one for one in self.escalations if one.closed_at is None), None)

    @property
    def nota(self) -> Nota | None:
        """Nota I: it states the findings, and grants the time for them."""
        return next((nota for nota in self.notas if nota.kind == "I"), None)

    @property
    def second_nota(self) -> Nota | None:
        """Nota II, the last warning, which refers to Nota I; most cases never get one."""
        return next((nota for nota in self.notas if nota.kind == "II"), None)

    @property
    def open_findings(self) -> list[Finding]:
        """The findings that are still to be settled."""
        return [finding for finding in self.findings if finding.fixed_on is None]

    @property
    def warned_of(self) -> list[Finding]:
        """The open findings that stand in Nota I; one for a Nota Khusus does not."""
        return [finding for finding in self.open_findings if not finding.violation.special_note]

    @property
    def first_limit_on(self) -> date | None:
        """The last day of the time that Nota I grants for what is still open; None before its receipt."""
        return max((one.deadline_on for one in self.warned_of if one.deadline_on), default=None)

    @property
    def visits_that_stand(self) -> list[Visit]:
        """The visits that were not taken back."""
        return [visit for visit in self.visits if visit.undone_at is None]

    @property
    def awaits_recheck(self) -> bool:
        return self.status in AWAITING

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def deadline(self) -> date | Text | None:
        """Until when the open obligations of its notas must be met (`deadlines`)."""
        return case_deadline(self)

    def days_late(self, today: date) -> int:
        """Days since the effective due day while the recheck is still to come; due today is not late."""
        if not self.awaits_recheck or self.effective_on is None:
            return 0
        return max(0, (today - self.effective_on).days)

    @property
    def workers_missing(self) -> int | None:
        if self.workers_total is None or self.workers_registered is None:
            return None
        return self.workers_total - self.workers_registered

    def schedule(self, due: DueDate, zone: ZoneInfo) -> None:
        """Take over a due date; the clock's next step is the start of the effective day at the office."""
        self.due_on, self.effective_on = due.due_on, due.effective_on
        self.due_why = [to_json(reason) for reason in due.why]
        self.next_step_at, self.step_error = clock.start_of(due.effective_on, zone), None

    @property
    def why(self) -> list[Text]:
        """The reasons of the due date, sentence by sentence."""
        return [from_json(reason) for reason in self.due_why or []]


class Nota(Model):
    """The issued document. Frozen: only receipt and number, where they come later, are ever written into it.

    `inspector` inspected; the case may change hands later, the nota does not. Nota II repeats no findings:
    its own time is `deadline_days` from its receipt, until `deadline_on`. An old nota may count nobody.
    """

    __tablename__ = "notas"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('I', 'II')", name="kind"),
        sa.CheckConstraint("issued_on >= inspected_on", name="issued_after_inspection"),
        sa.CheckConstraint("received_on >= issued_on", name="received_after_issue"),
        sa.CheckConstraint(
            "(received_on IS NULL) = (received_by IS NULL)", name="receipt_is_whole"
        ),
        sa.Index("ix_notas_inspector_id_issued_on", "inspector_id", "issued_on"),
        index_where("uq_notas_second", "case_id", unique=True, where=IS_SECOND),
        index_where(
            "ix_notas_deadline_on", "deadline_on", "case_id", where="deadline_on IS NOT NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(2))
    number: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    inspected_on: Mapped[date]
    issued_on: Mapped[date]
    conveyed_on: Mapped[date | None]
    received_on: Mapped[date | None]
    received_by: Mapped[str | None] = mapped_column(sa.String(200))
    company_name: Mapped[str] = mapped_column(sa.String(200))
    workers_total: Mapped[int | None]
    workers_registered: Mapped[int | None]
    place: Mapped[str | None] = mapped_column(sa.String(LONGEST_TEXTS["place"]))
    met: Mapped[str | None] = mapped_column(sa.String(LONGEST_TEXTS["met"]))
    note: Mapped[str | None] = mapped_column(sa.Text)
    deadline_days: Mapped[int | None]
    deadline_day_type: Mapped[str | None] = mapped_column(sa.String(10))
    deadline_on: Mapped[date | None]

    case: Mapped[Case] = relationship(back_populates="notas")
    inspector: Mapped[User] = relationship()


class Finding(Model):
    """One violation found: the fact, how many workers, which programmes, its own deadline; open
    until fixed.
    """

    __tablename__ = "findings"
    __table_args__ = (
        sa.CheckConstraint("workers_affected >= 0", name="workers_affected"),
        sa.CheckConstraint("deadline_days BETWEEN 1 AND 365", name="deadline_days"),
        sa.CheckConstraint(
            "deadline_day_type IN ('calendar', 'working')", name="deadline_day_type"
        ),
        index_where(
            "ix_findings_open_deadline_on", "deadline_on", "case_id", where=HAS_OPEN_DEADLINE
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    nota_id: Mapped[int] = mapped_column(sa.ForeignKey("notas.id"), index=True)
    violation_id: Mapped[int] = mapped_column(sa.ForeignKey("violations.id"))
    position: Mapped[int]
    note: Mapped[str | None] = mapped_column(sa.Text)
    programmes: Mapped[list[Any]]
    workers_affected: Mapped[int | None]
    deadline_days: Mapped[int]
    deadline_day_type: Mapped[str] = mapped_column(sa.String(10))
    deadline_on: Mapped[date | None]
    fixed_on: Mapped[date | None]

    case: Mapped[Case] = relationship(back_populates="findings")
    violation: Mapped[Violation] = relationship(lazy="joined", innerjoin=True)


class Visit(Model):
    """One visit made for the recheck, whatever came of it. What was not counted or seen is None.

    `before` is what the case was like, for undoing; `undone_at` says that the visit was taken back.
    """

    __tablename__ = "visits"
    __table_args__ = (sa.CheckConstraint(f"outcome IN {tuple(OUTCOMES)}", name="outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    visited_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(sa.String(20))
    workers_total: Mapped[int | None]
    workers_registered: Mapped[int | None]
    not_met_reason: Mapped[str | None] = mapped_column(sa.String(10))
    proof: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    before: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    case: Mapped[Case] = relationship(back_populates="visits")
    by: Mapped[User] = relationship()
    membership: Mapped[MembershipProof | None] = relationship(lazy="joined")

    @property
    def proven_by(self) -> Text | str | None:
        """What was shown, as one sentence: built from the fields of a proof of membership, or as typed."""
        return self.membership.said if self.membership else self.proof


class Escalation(Model):
    """A late recheck brought before the supervisors: what was asked, and what they answered.

    Open until it is answered, or until what happened to the case settled it without an answer.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        index_where("uq_escalations_open", "case_id", unique=True, where=ESCALATION_OPEN),
        index_where("ix_escalations_open_asked_at", "asked_at", "id", where=ESCALATION_OPEN),
        sa.Index("ix_escalations_case_id_id", "case_id", "id"),
        sa.Index("ix_escalations_closed_at_id", "closed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    closed_by: Mapped[str | None] = mapped_column(sa.String(200))
    closed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="escalations")
