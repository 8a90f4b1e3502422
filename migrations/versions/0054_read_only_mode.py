"""A row that is there while nothing may be written."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "read_only",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_only")),
    )


def downgrade() -> None:
    op.drop_table("read_only")
