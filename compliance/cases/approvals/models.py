"""The table of submissions: a nota that waits for approval, with its facts as they were submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.cases.models import Case
from compliance.core.db import Model, index_where
from compliance.core.text import say
from compliance.people.models import User

NOTA_KINDS = {"I": say("Nota Pemeriksaan I"), "II": say("Nota Pemeriksaan II")}
SUBMISSION_ENDS = {
    "approved": say("Disetujui"),
    "sent_back": say("Dikembalikan"),
    "taken_back": say("Ditarik kembali"),
}
APPROVED, SENT_BACK, TAKEN_BACK = SUBMISSION_ENDS
SUBMISSION_OPEN = "closed_at IS NULL"


class Submission(Model):
    """One time that a nota was submitted. Open until it is approved, sent back, or taken back.

    `facts` are what the inspector stated; `about` is how the company stood then.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(NOTA_KINDS)}", name="kind"),
        sa.CheckConstraint(f"outcome IN {tuple(SUBMISSION_ENDS)}", name="outcome"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="end_has_outcome"),
        index_where("uq_submissions_open", "case_id", unique=True, where=SUBMISSION_OPEN),
        index_where("ix_submissions_open_since", "submitted_at", "id", where=SUBMISSION_OPEN),
        sa.Index("ix_submissions_case_id_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(sa.String(2))
    facts: Mapped[dict[str, Any]]
    about: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    case: Mapped[Case] = relationship()
    submitted_by: Mapped[User] = relationship(foreign_keys=[submitted_by_id])
