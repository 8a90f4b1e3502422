"""Named views of lists; indexes for the orders in which cases, flags and companies are listed, and for sectors."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORDERS = (
    ("ix_flags_active_since_on_id", "flags", "since_on", sa.text("lifted_at IS NULL")),
    ("ix_flags_lifted_since_on_id", "flags", "since_on", sa.text("lifted_at IS NOT NULL")),
    ("ix_cases_open", "cases", "effective_on", sa.text("status IN ('in_remedy', 'recheck_due', 'unresolved')")),
    ("ix_cases_issued", "cases", "effective_on", sa.text("status <> 'draft'")),
)


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_views_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner_id", "list", "name", name=op.f("uq_saved_views_owner_id_list_name")),
    )
    op.create_index("ix_companies_kbli", "companies", ["kbli"])
    op.create_index("ix_companies_region_code_name_key_id", "companies", ["region_code", "name_key", "id"])
    op.drop_index("ix_companies_region_code", "companies")
    for name, table, day, state in ORDERS:
        op.create_index(name, table, [day, "id"], sqlite_where=state, postgresql_where=state)


def downgrade() -> None:
    for name, table, _day, _state in ORDERS:
        op.drop_index(name, table)
    op.create_index("ix_companies_region_code", "companies", ["region_code"])
    op.drop_index("ix_companies_region_code_name_key_id", "companies")
    op.drop_index("ix_companies_kbli", "companies")
    op.drop_table("saved_views")
