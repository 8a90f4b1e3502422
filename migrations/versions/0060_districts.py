"""A company and a workplace may say in which district they are."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("companies", sa.Column("district_code", sa.String(13)))
    op.add_column("workplaces", sa.Column("district_code", sa.String(13)))


def downgrade() -> None:
    op.drop_column("workplaces", "district_code")
    op.drop_column("companies", "district_code")
