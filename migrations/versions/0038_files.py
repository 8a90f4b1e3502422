"""Stored files: one row for all that have the same bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None
BROKEN = sa.text("broken_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("broken_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind IN ('jpeg', 'png', 'heic', 'pdf')", name=op.f("ck_files_kind")),
        sa.CheckConstraint("size > 0", name=op.f("ck_files_size")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_files_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_files_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_files_checked_at_id", "files", ["checked_at", "id"])
    op.create_index("ix_files_broken", "files", ["id"], sqlite_where=BROKEN, postgresql_where=BROKEN)


def downgrade() -> None:
    op.drop_table("files")
