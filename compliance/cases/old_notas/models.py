"""Which cases came with a list of old notas: from which import and which of its rows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.db import Model


class OldNota(Model):
    """A case whose nota was issued before the office had Patuh. `row` is its row in the list."""

    __tablename__ = "old_notas"
    __table_args__ = (sa.UniqueConstraint("import_id", "row"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"))
    row: Mapped[int]
