"""Tables of the office: the offices themselves, and the settings an office has changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model


class Office(Model):
    """An inspectorate or a licensing office (PTSP), answering for a province or for one regency."""

    __tablename__ = "offices"
    __table_args__ = (sa.CheckConstraint("kind IN ('inspectorate', 'licensing')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    region_code: Mapped[str] = mapped_column(sa.String(13), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    legal_basis: Mapped[str | None] = mapped_column(sa.String(500))
    address: Mapped[str | None] = mapped_column(sa.String(500))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Setting(Model):
    """One value that an office has changed from its default."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
    changed_at: Mapped[datetime]
