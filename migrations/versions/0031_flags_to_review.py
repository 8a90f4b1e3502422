"""The active flags in the order in which they are to be looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ACTIVE = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_flags_active_review_on_id",
        "flags",
        ["review_on", "id"],
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_flags_active_review_on_id", "flags")
