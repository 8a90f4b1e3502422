"""The scan of a receipt stands beside the service of its letter."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column(
            "evidence_id",
            sa.Integer(),
            sa.ForeignKey("evidence.id", name=op.f("fk_deliveries_evidence_id")),
        ),
        inline_references=True,
    )


def downgrade() -> None:
    op.drop_column("deliveries", "evidence_id")
