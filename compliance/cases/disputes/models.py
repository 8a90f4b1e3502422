"""The table of disputes. A case says by a day of its own since when it is disputed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model
from compliance.core.text import say

DISPUTE_KINDS = {
    "objection": say("Keberatan"),
    "appeal": say("Banding"),
    "lawsuit": say("Gugatan"),
}


class Dispute(Model):
    """One objection, appeal or lawsuit about a case: open until it has ended with an outcome."""

    __tablename__ = "disputes"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(DISPUTE_KINDS)}", name="kind"),
        sa.CheckConstraint("(ended_on IS NULL) = (outcome IS NULL)", name="end_has_outcome"),
        sa.CheckConstraint("ended_on >= filed_on", name="ended_after_it_was_filed"),
        sa.Index("ix_disputes_case_id_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    filed_on: Mapped[date]
    number: Mapped[str | None] = mapped_column(sa.String(100))
    stage: Mapped[str | None] = mapped_column(sa.String(200))
    outcome: Mapped[str | None] = mapped_column(sa.String(500))
    ended_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
