"""What licensing sees: flags against companies, acknowledgements, and every check made at a counter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.cases.models import Case
from compliance.cases.proofs.models import MembershipProof
from compliance.companies.models import Company
from compliance.core.db import Model, index_where
from compliance.core.text import Text, from_json, say
from compliance.evidence.models import Evidence
from compliance.office.models import Office
from compliance.people.models import User

LEVELS = {
    "warning": say("Peringatan"),
    "hold": say("Catatan hasil cek ulang"),
    "sanction": say("Permintaan TMP2T"),
}
VERDICTS = ("hold", "caution", "clear", "unknown")
DECISIONS = {
    "postponed": say("Ditunda, menunggu bukti"),
    "issued": say("Diterbitkan"),
    "issued_despite_hold": say("Diterbitkan walau ada catatan, dengan alasan tertulis"),
    "refused": say("Ditolak dengan alasan tertulis"),
    "unrelated": say("Tidak terkait permohonan"),
}
ANSWERS = {
    "used": say("Sudah dibaca, dipakai dalam keputusan"),
    "not_ours": say("Bukan wewenang kantor kami"),
    "no_request": say("Belum ada permohonan izin"),
}
"""What a licensing office says to a flag; an acknowledgement without an answer says only that it was read."""
BPJS_LETTERS = {
    "request": say("Surat permintaan TMP2T"),
    "lifting": say("Surat pencabutan TMP2T"),
}
"""The letters of BPJS about a sanction."""
OF_THE_INSPECTORATE = ("warning", "hold")
"""What a case raised and its end lifts. A sanction is BPJS's: it ends only by BPJS's own letter
(PP 86/2013 art. 10(7)–(8)), whatever becomes of the case.
"""
REVIEW_DAYS = 365
LONGEST_LINE = 100
ACTIVE = "lifted_at IS NULL"
LIFTED = "lifted_at IS NOT NULL"


class Flag(Model):
    """A flag against a company because of one case, or a sanction of BPJS about a company without one.

    At most one active per case and level.
    """

    __tablename__ = "flags"
    __table_args__ = (
        sa.CheckConstraint(f"level IN {tuple(LEVELS)}", name="level"),
        sa.CheckConstraint(
            "level <> 'sanction' OR letter_number IS NOT NULL", name="sanction_has_letter"
        ),
        sa.CheckConstraint(
            "level = 'sanction' OR case_id IS NOT NULL", name="only_a_sanction_has_no_case"
        ),
        sa.CheckConstraint("lifted_at IS NULL OR lift_reason IS NOT NULL", name="lift_has_reason"),
        index_where("uq_flags_active", "case_id", "level", unique=True, where=ACTIVE),
        index_where("ix_flags_company_id", "company_id", where=ACTIVE),
        index_where("ix_flags_active_review_on_id", "review_on", "id", where=ACTIVE),
        sa.Index("ix_flags_company_id_id", "company_id", "id"),
        sa.Index("ix_flags_region_code_id", "region_code", "id"),
        *(
            index_where(name, "since_on", "id", where=state)
            for name, state in (
                ("ix_flags_active_since_on_id", ACTIVE),
                ("ix_flags_lifted_since_on_id", LIFTED),
            )
        ),
        *(
            index_where(name, "level", "since_on", "id", where=state)
            for name, state in (
                ("ix_flags_active_level_since_on_id", ACTIVE),
                ("ix_flags_lifted_level_since_on_id", LIFTED),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    region_code: Mapped[str] = mapped_column(sa.String(13))
    level: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[dict[str, Any]]
    since_on: Mapped[date]
    review_on: Mapped[date | None]
    letter_number: Mapped[str | None] = mapped_column(sa.String(100))
    letter_on: Mapped[date | None]
    services: Mapped[list[str] | None] = mapped_column(sa.JSON)
    raised_at: Mapped[datetime]
    raised_by: Mapped[str] = mapped_column(sa.String(200))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(sa.String(200))
    lift_reason: Mapped[dict[str, Any] | None]
    lift_proof: Mapped[str | None] = mapped_column(sa.Text)
    lift_proof_id: Mapped[int | None] = mapped_column(sa.ForeignKey("membership_proofs.id"))
    lift_letter_number: Mapped[str | None] = mapped_column(sa.String(100))
    lift_letter_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case | None] = relationship()
    company: Mapped[Company] = relationship()
    acknowledgements: Mapped[list[Acknowledgement]] = relationship(order_by="Acknowledgement.id")
    membership: Mapped[MembershipProof | None] = relationship(lazy="joined")
    bpjs_letters: Mapped[list[BpjsLetter]] = relationship(order_by="BpjsLetter.id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def owner_id(self) -> int | None:
        return self.case.inspector_id if self.case else None

    @property
    def is_active(self) -> bool:
        return self.lifted_at is None

    @property
    def why(self) -> Text:
        return Text.restored(self.reason)

    @property
    def lifted_on_proof(self) -> Text | str | None:
        """What proved that it could end, as one sentence: built from fields, or as typed."""
        return self.membership.said if self.membership else self.lift_proof

    @property
    def why_lifted(self) -> Text | None:
        reason: Text | None = from_json(self.lift_reason)
        return reason


class BpjsLetter(Model):
    """A letter of BPJS about a sanction as it is filed: when it came, and its scan. Filed, never written.

    Its number and its day are those of the flag.
    """

    __tablename__ = "bpjs_letters"
    __table_args__ = (
        sa.UniqueConstraint("flag_id", "kind"),
        sa.CheckConstraint(f"kind IN {tuple(BPJS_LETTERS)}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[int] = mapped_column(sa.ForeignKey("flags.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    received_on: Mapped[date | None]
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))

    evidence: Mapped[Evidence | None] = relationship(lazy="joined")

    @property
    def has_scan(self) -> bool:
        return self.evidence is not None and self.evidence.withdrawn_at is None


class Acknowledgement(Model):
    """A licensing office says it has read a flag, and what it makes of it."""

    __tablename__ = "acknowledgements"
    __table_args__ = (
        sa.UniqueConstraint("flag_id", "office_id"),
        sa.CheckConstraint(f"answer IN {tuple(ANSWERS)}", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[int] = mapped_column(sa.ForeignKey("flags.id"))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("offices.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(sa.String(10))
    note: Mapped[str | None] = mapped_column(sa.Text)

    office: Mapped[Office] = relationship()
    by: Mapped[User] = relationship()


class LicenceCheck(Model):
    """One question asked at a counter and the answer given, word for word; numbered, never changed.

    Only the licensing officer's own decision about the application is added later.
    """

    __tablename__ = "licence_checks"
    __table_args__ = (
        sa.CheckConstraint(f"verdict IN {VERDICTS}", name="verdict"),
        sa.CheckConstraint(f"decision IN {tuple(DECISIONS)}", name="decision"),
        sa.CheckConstraint(
            "(verdict = 'unknown') = (company_id IS NULL)", name="unknown_has_no_company"
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decision_is_whole"),
        sa.Index("ix_licence_checks_by_id_id", "by_id", "id"),
        sa.Index("ix_licence_checks_company_id_id", "company_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(sa.String(30), unique=True)
    code: Mapped[str] = mapped_column(sa.String(10), unique=True)
    asked: Mapped[str] = mapped_column(sa.String(200))
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("companies.id"))
    verdict: Mapped[str] = mapped_column(sa.String(10))
    answer: Mapped[dict[str, Any]]
    checked_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offices.id"))
    application: Mapped[str | None] = mapped_column(sa.String(100))
    decision: Mapped[str | None] = mapped_column(sa.String(30))
    decision_note: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[datetime | None]

    by: Mapped[User] = relationship()
    office: Mapped[Office | None] = relationship()

    @property
    def owner_id(self) -> int:
        return self.by_id
