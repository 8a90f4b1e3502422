"""Hints that a person has put away; events that give a reason are found without walking the log."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REASON = sa.text("reason IS NOT NULL")


def upgrade() -> None:
    op.add_column("users", sa.Column("hints_seen", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.create_index("ix_events_reason", "events", ["id"], sqlite_where=REASON, postgresql_where=REASON)


def downgrade() -> None:
    op.drop_index("ix_events_reason", "events", sqlite_where=REASON, postgresql_where=REASON)
    op.drop_column("users", "hints_seen")
