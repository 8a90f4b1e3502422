"""The table of packets: what was asked for, how far it is, and the file that came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model, index_where
from compliance.core.text import Text
from compliance.files.models import StoredFile
from compliance.letters.packets.rules import PACKET_KINDS
from compliance.people.models import User

UNMADE = "made_at IS NULL AND failed_at IS NULL"


class Packet(Model):
    """One packet of a case. `fingerprint` stands for all that is in it.

    `head_id` is the last event of the log when its contents were fixed; `done` and `total` count its files
    while they are written. It is waiting, or was made, or failed with a `problem`.
    """

    __tablename__ = "packets"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(PACKET_KINDS)}", name="kind"),
        sa.CheckConstraint("(made_at IS NULL) = (file_id IS NULL)", name="made_has_file"),
        sa.CheckConstraint("(failed_at IS NULL) = (problem IS NULL)", name="failed_has_problem"),
        sa.CheckConstraint("made_at IS NULL OR failed_at IS NULL", name="made_or_failed"),
        sa.Index("ix_packets_case_id_kind_id", "case_id", "kind", "id"),
        sa.Index("ix_packets_file_id", "file_id"),
        index_where("uq_packets_unmade", "case_id", "kind", unique=True, where=UNMADE),
        index_where("ix_packets_unmade", "id", where=UNMADE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    head_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))
    made_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    by: Mapped[User] = relationship()

    @property
    def is_waiting(self) -> bool:
        """It is still to be made."""
        return self.made_at is None and self.failed_at is None

    @property
    def state(self) -> str:
        """One of waiting, made, failed."""
        return "waiting" if self.is_waiting else "made" if self.made_at else "failed"

    @property
    def why(self) -> Text | None:
        """Why it could not be made."""
        return None if self.problem is None else Text.restored(self.problem)
