"""What licensing sees: flags against companies, acknowledgements, and every check made at a counter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import Model
from compliance.core.text import Text, from_json, say
from compliance.office.models import Office
from compliance.people.models import User

LEVELS = {
    "warning": say("Peringatan"),
    "hold": say("Catatan perizinan"),
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
}
"""What a licensing office says to a flag; an acknowledgement without an answer says only that it was read."""
ACTIVE = "lifted_at IS NULL"
LIFTED = "lifted_at IS NOT NULL"


class Flag(Model):
    """A flag against a company because of one case. At most one active per case and level."""

    __tablename__ = "flags"
    __table_args__ = (
        sa.CheckConstraint(f"level IN {tuple(LEVELS)}", name="level"),
        sa.CheckConstraint(
            "level <> 'sanction' OR letter_number IS NOT NULL", name="sanction_has_letter"
        ),
        sa.CheckConstraint("lifted_at IS NULL OR lift_reason IS NOT NULL", name="lift_has_reason"),
        sa.Index(
            "uq_flags_active",
            "case_id",
            "level",
            unique=True,
            sqlite_where=sa.text(ACTIVE),
            postgresql_where=sa.text(ACTIVE),
        ),
        sa.Index(
            "ix_flags_company_id",
            "company_id",
            sqlite_where=sa.text(ACTIVE),
            postgresql_where=sa.text(ACTIVE),
        ),
        sa.Index("ix_flags_company_id_id", "company_id", "id"),
        sa.Index("ix_flags_region_code_id", "region_code", "id"),
        *(
            sa.Index(
                name, "since_on", "id", sqlite_where=sa.text(state), postgresql_where=sa.text(state)
            )
            for name, state in (
                ("ix_flags_active_since_on_id", ACTIVE),
                ("ix_flags_lifted_since_on_id", LIFTED),
            )
        ),
        *(
            sa.Index(
                name,
                "level",
                "since_on",
                "id",
                sqlite_where=sa.text(state),
                postgresql_where=sa.text(state),
            )
            for name, state in (
                ("ix_flags_active_level_since_on_id", ACTIVE),
                ("ix_flags_lifted_level_since_on_id", LIFTED),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
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
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    company: Mapped[Company] = relationship()
    acknowledgements: Mapped[list[Acknowledgement]] = relationship(order_by="Acknowledgement.id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def owner_id(self) -> int:
        return self.case.inspector_id

    @property
    def is_active(self) -> bool:
        return self.lifted_at is None

    @property
    def why(self) -> Text:
        return Text.restored(self.reason)

    @property
    def why_lifted(self) -> Text | None:
        reason: Text | None = from_json(self.lift_reason)
        return reason


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
