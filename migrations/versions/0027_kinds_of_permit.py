"""Kinds of permit with their own days, and the ground on which an office asks for proof of membership."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offices", sa.Column("membership_basis", sa.String(500)))
    op.create_table(
        "permit_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("day_type", sa.String(10), nullable=False),
        sa.Column("legal_basis", sa.String(300)),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=op.f("ck_permit_kinds_days")),
        sa.CheckConstraint(
            "day_type IN ('calendar', 'working')", name=op.f("ck_permit_kinds_day_type")
        ),
        sa.CheckConstraint(
            "days IS NULL OR legal_basis IS NOT NULL", name=op.f("ck_permit_kinds_days_have_a_rule")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_permit_kinds_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_kinds")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_permit_kinds_office_id_name")),
    )


def downgrade() -> None:
    op.drop_table("permit_kinds")
    op.drop_column("offices", "membership_basis")
