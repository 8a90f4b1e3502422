"""The inspection plan: companies that lists say owe registration."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("case_id IS NULL AND dropped_at IS NULL")
CATEGORIES = ("PWBD", "PDS-TK", "PDS-Upah", "PDS-Program", "arrears")


def upgrade() -> None:
    op.create_table(
        "plan_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(13), nullable=False),
        sa.Column("workers_total", sa.Integer()),
        sa.Column("workers_registered", sa.Integer()),
        sa.Column("case_id", sa.Integer()),
        sa.Column("dropped_at", sa.DateTime(timezone=True)),
        sa.Column("dropped_why", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entries")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_plan_entries_company_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_plan_entries_case_id"), ondelete="SET NULL"
        ),
    )
    op.create_index(op.f("ix_plan_entries_company_id"), "plan_entries", ["company_id"])
    op.create_index(op.f("ix_plan_entries_case_id"), "plan_entries", ["case_id"])
    for name, columns in (
        ("ix_plan_entries_waiting", ["id"]),
        ("ix_plan_entries_waiting_by_region", ["region_code", "id"]),
    ):
        op.create_index(name, "plan_entries", columns, sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "plan_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reasons")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["plan_entries.id"], name=op.f("fk_plan_reasons_entry_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "entry_id", "category", "source", "listed_on",
            name=op.f("uq_plan_reasons_entry_id_category_source_listed_on"),
        ),
        sa.CheckConstraint(f"category IN {CATEGORIES}", name=op.f("ck_plan_reasons_category")),
    )
    op.create_index(op.f("ix_plan_reasons_batch"), "plan_reasons", ["batch"])


def downgrade() -> None:
    op.drop_table("plan_reasons")
    op.drop_table("plan_entries")
