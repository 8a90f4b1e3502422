"""The table of letters: what each says, frozen; its state; the file that was made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.cases.models import Case, Nota
from compliance.companies.models import Company
from compliance.core.db import Model, index_where
from compliance.core.text import Text, say
from compliance.files.models import StoredFile
from compliance.letters.kinds import LETTER_KINDS, LETTER_NAMES
from compliance.letters.workflow import (
    AWAITING_THE_HEAD,
    BEFORE_ITS_NUMBER,
    LETTER_STATES,
    NUMBERED,
    NUMBERLESS,
    SENT_OUT,
    STANDING,
)
from compliance.people.models import User

SIGNED_HOW = {
    "wet_ink": say("Tanda tangan basah"),
    "scan": say("Tanda tangan basah, dipindai"),
    "certified": say("Tanda tangan elektronik tersertifikasi"),
    "uncertified": say("Tanda tangan elektronik tidak tersertifikasi"),
}
WAYS = {
    "hand": say("Diserahkan langsung"),
    "post": say("Pos tercatat"),
    "email": say("Surel"),
    "refused": say("Ditolak penerima"),
}
"""How a letter is handed over."""
UNSET = f"file_id IS NULL AND status IN {SENT_OUT}"
"""A letter that has its number, and no PDF yet. Spelled as the index spells it."""
UNAPPROVED = f"status = '{AWAITING_THE_HEAD}'"


class Letter(Model):
    """One letter: what it says (`facts`, frozen with its number), where it stands, and its PDF, made once.

    `options` are what its maker chose. `file` is the PDF as it was made, `signed_file` the signed
    one. A version that replaces another names it by `replaces_id`. An order to inspect comes before any case:
    its `case_id` is None. `code` leads to the public page that says whether the letter is genuine. `revision`
    counts its changes: who approves it, approves what was read.
    """

    __tablename__ = "letters"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(LETTER_NAMES)}", name="kind"),
        sa.CheckConstraint(f"status IN {tuple(LETTER_STATES)}", name="status"),
        sa.CheckConstraint(f"signed_how IN {tuple(SIGNED_HOW)}", name="signed_how"),
        sa.CheckConstraint("(signed_how IS NULL) = (signed_on IS NULL)", name="signature_is_whole"),
        sa.CheckConstraint("case_id IS NOT NULL OR kind = 'spt'", name="only_an_order_has_no_case"),
        sa.UniqueConstraint("number", "kind"),
        sa.Index("ix_letters_case_id_id", "case_id", "id"),
        sa.Index("ix_letters_company_id_id", "company_id", "id"),
        sa.Index("ix_letters_file_id", "file_id"),
        sa.Index("ix_letters_signed_file_id", "signed_file_id"),
        sa.Index("ix_letters_replaces_id", "replaces_id"),
        index_where("ix_letters_unset", "id", where=UNSET),
        index_where("ix_letters_waiting", "id", where=UNAPPROVED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"))
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id"))
    kind: Mapped[str] = mapped_column(sa.String(30))
    number: Mapped[str | None] = mapped_column(sa.String(60))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(12))
    issued_on: Mapped[date]
    facts: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    code: Mapped[str] = mapped_column(sa.String(10), unique=True)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))
    made_at: Mapped[datetime]
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    returned_why: Mapped[str | None] = mapped_column(sa.String(500))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    numbered_at: Mapped[datetime | None]
    signed_on: Mapped[date | None]
    signed_how: Mapped[str | None] = mapped_column(sa.String(12))
    signed_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))
    signature: Mapped[dict[str, Any] | None]
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letters.id"))
    replaced_why: Mapped[str | None] = mapped_column(sa.String(500))
    withdrawn_why: Mapped[str | None] = mapped_column(sa.String(500))

    revision: Mapped[int] = mapped_column(default=1)

    file: Mapped[StoredFile | None] = relationship(lazy="joined", foreign_keys=file_id)
    signed_file: Mapped[StoredFile | None] = relationship(foreign_keys=signed_file_id)
    case: Mapped[Case | None] = relationship()
    company: Mapped[Company] = relationship()
    drafted_by: Mapped[User | None] = relationship(foreign_keys=drafted_by_id)
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id")
    __mapper_args__ = {"version_id_col": revision}

    @property
    def owner_id(self) -> int | None:
        """Whose it is: the case's inspector, or who drafted an order that has no case yet."""
        return self.case.inspector_id if self.case is not None else self.drafted_by_id

    @property
    def region_code(self) -> str:
        return (self.case or self.company).region_code or ""

    @property
    def holds(self) -> bool:
        """It was issued, not replaced and not withdrawn."""
        return self.status in STANDING

    @property
    def is_draft(self) -> bool:
        """It was not issued yet."""
        return self.status in BEFORE_ITS_NUMBER

    @property
    def holds_for_licensing(self) -> bool:
        """It is addressed to licensing offices, and holds."""
        return LETTER_KINDS[self.kind].to_licensing and self.holds

    @property
    def is_issued(self) -> bool:
        """It has left the desk, whatever became of it since: no draft is shown as a letter."""
        return self.numbered_at is not None

    @property
    def nota(self) -> Nota | None:
        """The nota that this letter is."""
        if self.case is None:
            return None
        return {"nota_1": self.case.nota, "nota_2": self.case.second_nota}.get(self.kind)

    @property
    def state(self) -> Text:
        """Where it stands, for its readers."""
        if self.status == NUMBERED and self.number is None:
            return NUMBERLESS
        return LETTER_STATES[self.status]

    @property
    def by_the_head(self) -> bool:
        return LETTER_KINDS[self.kind].by_the_head

    @property
    def inspector_ids(self) -> tuple[int, ...]:
        """Who inspects or inspected, by this letter."""
        if named := self.options.get("inspectors"):
            return tuple(named)
        nota = self.case.nota if self.case is not None else None
        return (nota.inspector_id,) if nota is not None else ()


class Delivery(Model):
    """One attempt to hand a letter over: how, when, to whom, and whether it counts.

    `restart_deadlines` says that the time limits of the letter start anew on this day. `evidence_id` is the
    scan or photo of its receipt.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.CheckConstraint(f"how IN {tuple(WAYS)}", name="how"),
        sa.CheckConstraint(
            "NOT counts OR receiver IS NOT NULL OR how = 'refused'", name="counted_has_receiver"
        ),
        sa.CheckConstraint("how <> 'refused' OR witness IS NOT NULL", name="refusal_has_witness"),
        sa.CheckConstraint("counts OR why_not IS NOT NULL", name="attempt_says_why_not"),
        sa.Index("ix_deliveries_letter_id_id", "letter_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letters.id"))
    how: Mapped[str] = mapped_column(sa.String(10))
    served_on: Mapped[date]
    receiver: Mapped[str | None] = mapped_column(sa.String(200))
    receiver_position: Mapped[str | None] = mapped_column(sa.String(100))
    witness: Mapped[str | None] = mapped_column(sa.String(200))
    counts: Mapped[bool]
    why_not: Mapped[str | None] = mapped_column(sa.String(200))
    restart_deadlines: Mapped[bool] = mapped_column("restarts")
    recorded_at: Mapped[datetime]
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))


class LetterWording(Model):
    """The wording that the office gave to a kind of letter, from a day on; no version is ever changed.

    `paragraphs` hold the text of each paragraph by its name (kinds); one that is missing is the default.
    """

    __tablename__ = "letter_wordings"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(LETTER_NAMES)}", name="kind"),
        sa.UniqueConstraint("kind", "version"),
        sa.Index("ix_letter_wordings_kind_valid_from", "kind", "valid_from", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    version: Mapped[int]
    paragraphs: Mapped[dict[str, Any]]
    valid_from: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    saved_at: Mapped[datetime]

    by: Mapped[User | None] = relationship()
