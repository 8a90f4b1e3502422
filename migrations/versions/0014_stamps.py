"""The stamp that tells every process when settings or calendar were changed."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    stamps = op.create_table(
        "stamps",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stamps"),
    )
    op.bulk_insert(stamps, [{"id": 1, "value": secrets.token_hex(16)}])


def downgrade() -> None:
    op.drop_table("stamps")
