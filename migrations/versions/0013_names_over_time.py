"""Until when a company bore a former name. Of names given up before, the log of events knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("company_names", sa.Column("until", sa.Date()))


def downgrade() -> None:
    op.drop_column("company_names", "until")
