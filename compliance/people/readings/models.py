"""Who opened what is confidential: one row for each person, thing and day."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.core.db import Model
from compliance.people.models import User


class ReadingRecord(Model):
    """Somebody opened something on a day, so many times, last at an instant.

    `what` names the thing (`letter:5`), `page` the address of the page that it belongs to, such as that of
    its case; "" for lists that were saved as a file. Deleted by rule after a time that the office sets.
    """

    __tablename__ = "readings"
    __table_args__ = (
        sa.Index("ix_readings_page_id", "page", "id"),
        sa.Index("ix_readings_day", "day"),
        sa.Index("ix_readings_user_id_kind_id", "user_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    what: Mapped[str] = mapped_column(sa.String(80))
    page: Mapped[str] = mapped_column(sa.String(100))
    channel: Mapped[str | None] = mapped_column(sa.String(10))
    day: Mapped[date]
    at: Mapped[datetime]
    count: Mapped[int]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
