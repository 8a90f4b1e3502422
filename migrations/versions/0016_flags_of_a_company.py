"""An index for all flags of one company, standing and lifted, so that a company's page reads only its own."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_flags_company_id_id", "flags", ["company_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_flags_company_id_id", table_name="flags")
