"""Up to which event the log was verified, and an index that leads to delivered messages by age."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DELIVERED = sa.text(
    "next_try_at IS NULL AND given_up_at IS NULL AND (channel = 'email' OR read_at IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(
        "event_marks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_marks")),
    )
    op.create_index(
        "ix_messages_delivered_created_at",
        "messages",
        ["created_at"],
        sqlite_where=DELIVERED,
        postgresql_where=DELIVERED,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_delivered_created_at", "messages")
    op.drop_table("event_marks")
