"""Imports as they are remembered: the batch, its file, what became of each row, and mappings kept under a
name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model, index_where
from compliance.imports.kinds import ListKind, kinds
from compliance.imports.workflow import STATUSES, WORKING
from compliance.people.models import User

ROW_OUTCOMES = ("new", "updated", "same", "to_decide", "left_out", "refused")
ROW_DECISIONS = ("company", "row", "new", "out")
DECIDED = "decision IS NOT NULL"
_MAYBE = sa.JSON(none_as_null=True)


class Import(Model):
    """One file on its way into the registry. `columns` are its headers with samples, `mapping` says header →
    field.

    `done_rows` of `total_rows` are dealt with in the pass that runs; `phase_at` and `phase_from` say since
    when and from which row. A worker holds the batch by `claimed_by` until `claimed_until`. `asks`: somebody
    looks at rows that may mean two companies; without, they are refused. `source` and `listed_on` are those
    of a dated list, `holder_id` and `counts_from` what is asked of a historic one. Of a workbook, `sheet` is
    the one that is read, `other_sheets` are those beside it.
    `workers_differ` rows name another number of workers than the registry; with `takes_workers` it is taken.
    """

    __tablename__ = "imports"
    __table_args__ = (sa.CheckConstraint(f"status IN {tuple(STATUSES)}", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    filename: Mapped[str] = mapped_column(sa.String(200))
    sheet: Mapped[str | None] = mapped_column(sa.String(255))
    other_sheets: Mapped[list[Any] | None] = mapped_column(_MAYBE)
    status: Mapped[str] = mapped_column(sa.String(12))
    asks: Mapped[bool]
    region_code: Mapped[str | None] = mapped_column(sa.String(13))
    source: Mapped[str | None] = mapped_column(sa.String(200))
    listed_on: Mapped[date | None]
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    counts_from: Mapped[date | None]
    columns: Mapped[list[Any]]
    mapping: Mapped[dict[str, Any]]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    undo_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    phase_at: Mapped[datetime | None]
    phase_from: Mapped[int] = mapped_column(default=0)
    total_rows: Mapped[int]
    done_rows: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    takes_workers: Mapped[bool] = mapped_column(default=False)
    workers_differ: Mapped[int] = mapped_column(default=0)
    undone: Mapped[dict[str, Any]] = mapped_column(default=dict)
    claimed_by: Mapped[str | None] = mapped_column(sa.String(36))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(sa.Text)

    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id])
    undo_by: Mapped[User | None] = relationship(foreign_keys=[undo_by_id])
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])

    @property
    def is_working(self) -> bool:
        return self.status in WORKING

    @property
    def what(self) -> ListKind:
        """Its kind of list."""
        return kinds()[self.kind]

    @property
    def headers(self) -> list[str]:
        return [header for header, _samples in self.columns]


class ImportFile(Model):
    """The file of a batch, deflated; kept while the batch can be undone."""

    __tablename__ = "import_files"

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class ImportRow(Model):
    """What became of a row, or would become of it. `settled`: dealt with for good, not only tried.

    `company_id` is no foreign key: the report outlives a company that an undo removes. `facts` and
    `candidates` are kept of rows to decide, `facts` also of decided ones, for the next list with the same
    row; `decision` names what was chosen, `chosen` the company, or the row that brought it. `added` is what
    the row gave the registry: enough to take it back. `kept` says why that was not possible.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        sa.CheckConstraint(f"outcome IN {ROW_OUTCOMES}", name="outcome"),
        sa.CheckConstraint(f"decision IN {ROW_DECISIONS}", name="decision"),
        sa.Index("ix_import_rows_import_id_outcome_number", "import_id", "outcome", "number"),
        index_where("ix_import_rows_name", "name", where=DECIDED),
    )

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    settled: Mapped[bool]
    company_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(sa.String(200))
    differs: Mapped[list[Any] | None] = mapped_column(_MAYBE)
    remarks: Mapped[list[Any] | None] = mapped_column(_MAYBE)
    facts: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE)
    extras: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE)
    candidates: Mapped[list[Any] | None] = mapped_column(_MAYBE)
    decision: Mapped[str | None] = mapped_column(sa.String(10))
    chosen: Mapped[int | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    added: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE)
    is_undone: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[list[Any] | None] = mapped_column(_MAYBE)


class ImportMapping(Model):
    """A mapping of headers to fields that was given a name, for the next file of that make."""

    __tablename__ = "import_mappings"
    __table_args__ = (sa.UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(40))
    fields: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
