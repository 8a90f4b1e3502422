"""The last good backup: one row, so that every process and every host can tell how old it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model


class LastBackup(Model):
    """The last backup that was completed. `made_at`: the instant whose store it holds."""

    __tablename__ = "last_backup"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(60))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    made_at: Mapped[datetime]
    last_event_id: Mapped[int] = mapped_column(sa.BigInteger)
