"""Indexes for lists of a rare state: flags of one level, and on SQLite cases of one status by id.

On PostgreSQL the second would only mislead the planner, which already reads a rare status well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = {"active": "lifted_at IS NULL", "lifted": "lifted_at IS NOT NULL"}


def upgrade() -> None:
    for name, state in STATES.items():
        where = sa.text(state)
        op.create_index(
            f"ix_flags_{name}_level_since_on_id",
            "flags",
            ["level", "since_on", "id"],
            sqlite_where=where,
            postgresql_where=where,
        )
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_cases_status_id", "cases", ["status", "id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_cases_status_id", table_name="cases")
    for name in STATES:
        op.drop_index(f"ix_flags_{name}_level_since_on_id", table_name="flags")
