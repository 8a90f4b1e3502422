"""A phone names a photo by a key of its own, so that it is stored once however often it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("key", sa.String(36)))
    op.create_index("uq_evidence_key", "evidence", ["by_id", "key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_evidence_key", table_name="evidence")
    op.drop_column("evidence", "key")
