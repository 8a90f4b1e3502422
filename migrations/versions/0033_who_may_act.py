"""When the mail address of a person was changed last, and who started an import that another person brought."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("email_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(  # in these words, because on SQLite alembic adds a foreign key only by copying the table
        "ALTER TABLE imports ADD COLUMN started_by_id INTEGER"
        " CONSTRAINT fk_imports_started_by_id REFERENCES users (id)"
    )


def downgrade() -> None:
    op.drop_column("imports", "started_by_id")
    op.drop_column("users", "email_changed_at")
