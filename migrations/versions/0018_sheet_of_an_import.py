"""Which sheet of a workbook an import reads, and the sheets beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("sheet", sa.String(255), nullable=True))
    op.add_column("imports", sa.Column("other_sheets", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("imports", "other_sheets")
    op.drop_column("imports", "sheet")
