"""The security log: what was refused at the doors, counted by the minute."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "security_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("endpoint", sa.String(80), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_security_entries_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_security_entries_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_security_entries_kind_id", "security_entries", ["kind", "id"])
    op.create_index("ix_security_entries_address_id", "security_entries", ["address", "id"])
    op.create_index("ix_security_entries_user_id_id", "security_entries", ["user_id", "id"])
    op.create_index("ix_security_entries_at", "security_entries", ["at"])


def downgrade() -> None:
    op.drop_index("ix_security_entries_at", "security_entries")
    op.drop_index("ix_security_entries_user_id_id", "security_entries")
    op.drop_index("ix_security_entries_address_id", "security_entries")
    op.drop_index("ix_security_entries_kind_id", "security_entries")
    op.drop_table("security_entries")
