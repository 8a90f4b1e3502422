"""Whether an import takes the number of workers from its list, and how many rows name another one."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "imports",
        sa.Column("takes_workers", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "imports", sa.Column("workers_differ", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("imports", "workers_differ")
    op.drop_column("imports", "takes_workers")
