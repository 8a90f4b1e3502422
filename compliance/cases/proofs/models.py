"""The table of proofs of membership. A row is never changed; a file that comes later is added to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.cases.proofs.lines import proof_lines
from compliance.cases.proofs.rules import LONGEST_CERTIFICATE, LONGEST_CHECKER, proof_sentence
from compliance.core.db import Model
from compliance.core.text import Text


class MembershipProof(Model):
    """What a company showed about a case, and who looked it up at BPJS: at a visit, or without one.

    The columns are those of `ProofFacts`. `evidence` holds ids of evidence; none of it is ever deleted.
    """

    __tablename__ = "membership_proofs"
    __table_args__ = (
        sa.CheckConstraint("workers > 0", name="workers"),
        sa.Index("ix_membership_proofs_case_id_id", "case_id", "id"),
        sa.UniqueConstraint("visit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))
    npp: Mapped[str] = mapped_column(sa.String(20))
    month: Mapped[date]
    programmes: Mapped[list[Any]]
    workers: Mapped[int]
    checked_on: Mapped[date]
    checked_by: Mapped[str] = mapped_column(sa.String(LONGEST_CHECKER))
    certificate: Mapped[str | None] = mapped_column(sa.String(LONGEST_CERTIFICATE))
    certificate_on: Mapped[date | None]
    evidence: Mapped[list[Any]]
    note: Mapped[str | None] = mapped_column(sa.Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(200))

    @property
    def said(self) -> Text:
        """The proof in one sentence."""
        return proof_sentence(self)

    @property
    def lines(self) -> list[str]:
        """The proof as the lines of a letter."""
        return proof_lines(self)
