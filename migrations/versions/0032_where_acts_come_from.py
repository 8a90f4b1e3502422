"""Through which channel an act came, and with which token; acts of before say nothing about it."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("channel", sa.String(10), nullable=True))
    op.add_column("events", sa.Column("token_id", sa.Integer(), nullable=True))
    op.add_column("events", sa.Column("token_name", sa.String(100), nullable=True))
    op.create_index("ix_events_channel_id", "events", ["channel", "id"])


def downgrade() -> None:
    filled = sa.text("SELECT id FROM events WHERE channel IS NOT NULL OR token_id IS NOT NULL OR token_name IS NOT NULL LIMIT 1")
    if op.get_bind().execute(filled).first() is not None:
        raise CommandError("events came through a channel that their seals cover: without it the log is altered for ever")
    op.drop_index("ix_events_channel_id", "events")
    op.drop_column("events", "token_name")
    op.drop_column("events", "token_id")
    op.drop_column("events", "channel")
