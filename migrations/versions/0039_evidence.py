"""Evidence: a stored file about a case, a finding, a visit, a letter or a flag."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
WAITING = sa.text("clean_id IS NULL AND unreadable_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about_kind", sa.String(10), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("clean_id", sa.Integer()),
        sa.Column("small_id", sa.Integer()),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("class", sa.String(10), nullable=False),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(500)),
        sa.Column("taken_at", sa.String(32)),
        sa.Column("north", sa.Double()),
        sa.Column("east", sa.Double()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("unreadable_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_because", sa.String(500)),
        sa.CheckConstraint(
            "about_kind IN ('case', 'finding', 'visit', 'letter', 'flag')", name=op.f("ck_evidence_about_kind")
        ),
        sa.CheckConstraint("class IN ('normal', 'restricted')", name=op.f("ck_evidence_class")),
        sa.CheckConstraint("(north IS NULL) = (east IS NULL)", name=op.f("ck_evidence_position")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", name=op.f("ck_evidence_withdrawn_because")
        ),
        sa.CheckConstraint(
            "clean_id IS NULL OR unreadable_at IS NULL", name=op.f("ck_evidence_clean_or_unreadable")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_evidence_file_id")),
        sa.ForeignKeyConstraint(["clean_id"], ["files.id"], name=op.f("fk_evidence_clean_id")),
        sa.ForeignKeyConstraint(["small_id"], ["files.id"], name=op.f("fk_evidence_small_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_evidence_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_evidence_about", "evidence", ["about_kind", "about_id", "id"])
    op.create_index("ix_evidence_file_id", "evidence", ["file_id"])
    op.create_index("ix_evidence_waiting", "evidence", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_table("evidence")
