"""Objections, appeals and lawsuits about a case; the case says since when it is disputed."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("disputed_since", sa.Date()))
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("stage", sa.String(200)),
        sa.Column("outcome", sa.String(500)),
        sa.Column("ended_on", sa.Date()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('objection', 'appeal', 'lawsuit')", name=op.f("ck_disputes_kind")),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (outcome IS NULL)", name=op.f("ck_disputes_end_has_outcome")
        ),
        sa.CheckConstraint(
            "ended_on >= filed_on", name=op.f("ck_disputes_ended_after_it_was_filed")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_disputes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_case_id_id", "disputes", ["case_id", "id"])


def downgrade() -> None:
    op.drop_table("disputes")
    op.drop_column("cases", "disputed_since")
