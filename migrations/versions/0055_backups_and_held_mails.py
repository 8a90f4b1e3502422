"""The last good backup, and mails that wait for a person after a restore."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

HELD = sa.text("held_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "last_backup",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_backup")),
    )
    op.add_column("messages", sa.Column("held_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_messages_held", "messages", ["id"], sqlite_where=HELD, postgresql_where=HELD
    )


def downgrade() -> None:
    op.drop_index("ix_messages_held", "messages")
    op.drop_column("messages", "held_at")
    op.drop_table("last_backup")
