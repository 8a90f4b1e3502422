"""When the office was told that a mail cannot be delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

UNTOLD = sa.text("given_up_at IS NOT NULL AND refusal_told_at IS NULL")


def upgrade() -> None:
    op.add_column("messages", sa.Column("refusal_told_at", sa.DateTime(timezone=True)))
    # what was given up before stands on the page of the jobs; nobody is told of it now
    op.execute("UPDATE messages SET refusal_told_at = given_up_at WHERE given_up_at IS NOT NULL")
    op.create_index(
        "ix_messages_refusal_untold",
        "messages",
        ["id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_refusal_untold", table_name="messages")
    op.drop_column("messages", "refusal_told_at")
