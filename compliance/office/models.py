"""Tables of the office: the offices themselves, and the settings an office has changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model


class Office(Model):
    """An inspectorate or a licensing office (PTSP), answering for a province or for one regency.

    `ended_on` is the first day without it; its work goes to the office `successor_id`, or to a new one called
    `successor_name`, which is made on that day (`succession`).
    """

    __tablename__ = "offices"
    __table_args__ = (sa.CheckConstraint("kind IN ('inspectorate', 'licensing')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    region_code: Mapped[str] = mapped_column(sa.String(13), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    legal_basis: Mapped[str | None] = mapped_column(sa.String(500))
    membership_basis: Mapped[str | None] = mapped_column(sa.String(500))
    address: Mapped[str | None] = mapped_column(sa.String(500))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    ended_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offices.id"))
    successor_name: Mapped[str | None] = mapped_column(sa.String(200))
    handed_over_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def has_ended(self) -> bool:
        """Whether its work went to its successor: it gets no news and nobody works there any more."""
        return self.handed_over_at is not None


class PermitKind(Model):
    """A kind of permit that a licensing office issues, with the days that the permit's own rule gives.

    `days` is None where that rule was looked at and sets no time: then the general time holds.
    """

    __tablename__ = "permit_kinds"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "name"),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name="days"),
        sa.CheckConstraint("day_type IN ('calendar', 'working')", name="day_type"),
        sa.CheckConstraint("days IS NULL OR legal_basis IS NOT NULL", name="days_have_a_rule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("offices.id"))
    name: Mapped[str] = mapped_column(sa.String(100))
    days: Mapped[int | None]
    day_type: Mapped[str] = mapped_column(sa.String(10))
    legal_basis: Mapped[str | None] = mapped_column(sa.String(300))


class Setting(Model):
    """One value that an office has changed from its default."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
    changed_at: Mapped[datetime]
