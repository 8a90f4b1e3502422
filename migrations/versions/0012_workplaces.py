"""Workplaces of companies."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workplaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("region_code", sa.String(13), nullable=False),
        sa.Column("address", sa.String(500)),
        sa.Column("workers_total", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplaces")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_workplaces_company_id")),
        sa.CheckConstraint("workers_total >= 0", name=op.f("ck_workplaces_workers_total")),
    )
    op.create_index(op.f("ix_workplaces_company_id"), "workplaces", ["company_id"])


def downgrade() -> None:
    op.drop_table("workplaces")
