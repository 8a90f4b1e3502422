"""Nota II has a time of its own; a nota may wait for the approval of the office."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None
IS_SECOND = sa.text("kind = 'II'")
HAS_DEADLINE = sa.text("deadline_on IS NOT NULL")
HAS_OPEN_DEADLINE = sa.text("fixed_on IS NULL AND deadline_on IS NOT NULL")
WAITS = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.add_column("notas", sa.Column("deadline_days", sa.Integer()))
    op.add_column("notas", sa.Column("deadline_day_type", sa.String(10)))
    op.add_column("notas", sa.Column("deadline_on", sa.Date()))
    op.add_column("cases", sa.Column("submitted_at", sa.DateTime(timezone=True)))
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(2), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("reason", sa.Text()),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by_id", sa.Integer()),
        sa.CheckConstraint("kind IN ('I', 'II')", name=op.f("ck_submissions_kind")),
        sa.CheckConstraint(
            "outcome IN ('approved', 'sent_back', 'taken_back')", name=op.f("ck_submissions_outcome")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_submissions_end_has_outcome")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_submissions_case_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["users.id"], name=op.f("fk_submissions_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["users.id"], name=op.f("fk_submissions_closed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_submissions_open", "submissions", ["case_id"],
        unique=True, sqlite_where=WAITS, postgresql_where=WAITS,
    )
    op.create_index(
        "ix_submissions_open_since", "submissions", ["submitted_at", "id"],
        sqlite_where=WAITS, postgresql_where=WAITS,
    )
    op.create_index("ix_submissions_case_id_id", "submissions", ["case_id", "id"])
    op.create_index(
        "uq_notas_second", "notas", ["case_id"],
        unique=True, sqlite_where=IS_SECOND, postgresql_where=IS_SECOND,
    )
    op.create_index(
        "ix_notas_deadline_on", "notas", ["deadline_on", "case_id"],
        sqlite_where=HAS_DEADLINE, postgresql_where=HAS_DEADLINE,
    )
    op.create_index(
        "ix_findings_open_deadline_on", "findings", ["deadline_on", "case_id"],
        sqlite_where=HAS_OPEN_DEADLINE, postgresql_where=HAS_OPEN_DEADLINE,
    )


def downgrade() -> None:
    op.drop_table("submissions")
    op.drop_column("cases", "submitted_at")
    op.drop_index("ix_findings_open_deadline_on", "findings")
    op.drop_index("ix_notas_deadline_on", "notas")
    op.drop_index("uq_notas_second", "notas")
    op.drop_column("notas", "deadline_on")
    op.drop_column("notas", "deadline_day_type")
    op.drop_column("notas", "deadline_days")
