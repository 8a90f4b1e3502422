"""Evidence: a stored file about a subject, with what its sender and its header say. Never deleted.

What the device says about time and place is a claim, kept as it stood in the header. People see a clean copy
without a header; the original bytes stay beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model, index_where
from compliance.core.text import say
from compliance.files.models import StoredFile
from compliance.files.rules import YEARS_OF_PHOTOS
from compliance.people.models import User

SUBJECT_NAMES = {
    "case": say("Kasus"),
    "finding": say("Temuan"),
    "visit": say("Kunjungan"),
    "letter": say("Surat"),
    "flag": say("Catatan perizinan"),
}
"""What evidence can be about."""
EVIDENCE_CLASSES = {"normal": say("Biasa"), "restricted": say("Terbatas")}
NORMAL, RESTRICTED = EVIDENCE_CLASSES
COPY_WAITING = "clean_id IS NULL AND unreadable_at IS NULL"


class Evidence(Model):
    """One file about one subject. `original` is false for a copy that the phone shrank before it sent it.

    `key` is what the sender's phone calls the photo: sent twice under it, it is stored once.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint(f"about_kind IN {tuple(SUBJECT_NAMES)}", name="about_kind"),
        sa.CheckConstraint(f"class IN {tuple(EVIDENCE_CLASSES)}", name="class"),
        sa.CheckConstraint("(north IS NULL) = (east IS NULL)", name="position"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", name="withdrawn_because"
        ),
        sa.CheckConstraint("clean_id IS NULL OR unreadable_at IS NULL", name="clean_or_unreadable"),
        sa.Index("ix_evidence_about", "about_kind", "about_id", "id"),
        sa.Index("ix_evidence_file_id", "file_id"),
        sa.Index("uq_evidence_key", "by_id", "key", unique=True),
        index_where("ix_evidence_waiting", "id", where=COPY_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about_kind: Mapped[str] = mapped_column(sa.String(10))
    about_id: Mapped[int]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"))
    clean_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))
    small_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    class_: Mapped[str] = mapped_column("class", sa.String(10))
    original: Mapped[bool]
    key: Mapped[str | None] = mapped_column(sa.String(36))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    taken_at: Mapped[str | None] = mapped_column(sa.String(32))
    north: Mapped[float | None]
    east: Mapped[float | None]
    added_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    unreadable_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(sa.String(500))

    file: Mapped[StoredFile] = relationship(foreign_keys=file_id)
    clean: Mapped[StoredFile | None] = relationship(foreign_keys=clean_id)
    small: Mapped[StoredFile | None] = relationship(foreign_keys=small_id)
    by: Mapped[User] = relationship()

    @property
    def is_restricted(self) -> bool:
        return self.class_ == RESTRICTED

    @property
    def is_waiting(self) -> bool:
        """The clean copy is still to be made."""
        return self.clean_id is None and self.unreadable_at is None

    @property
    def clean_name(self) -> str:
        """What the clean copy is called: it is a JPEG, whatever was sent; a PDF stays what it is."""
        ending = self.clean.ending if self.clean is not None else self.file.ending
        return self.name.removesuffix(self.file.ending) + ending

    @property
    def taken(self) -> datetime | None:
        """When the device says it was taken; without a zone where the device says none. None for a year in
        which nobody took photos, which could not be shown in the office's time either.
        """
        if self.taken_at is None or int(self.taken_at[:4]) not in YEARS_OF_PHOTOS:
            return None
        return datetime.fromisoformat(self.taken_at)

    @property
    def position(self) -> dict[str, Any] | None:
        """Where the device says it was: degrees north and east."""
        return None if self.north is None else {"north": self.north, "east": self.east}
