"""Events bear the mark of a key that is not in the store (decision 26)."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("mac", sa.String(41), nullable=True))


def downgrade() -> None:
    filled = sa.text("SELECT id FROM events WHERE mac IS NOT NULL LIMIT 1")
    if op.get_bind().execute(filled).first() is not None:
        raise CommandError("events are sealed by a key: without it the log is altered for ever")
    op.drop_column("events", "mac")
