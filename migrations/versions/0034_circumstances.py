"""A company closed, went bankrupt or moved: a row for each, and on the company the one in force."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KINDS = "('closed', 'bankrupt', 'moved')"


def upgrade() -> None:
    op.create_table(
        "circumstances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(500), nullable=False),
        sa.Column("region_code", sa.String(13)),
        sa.Column("address", sa.String(500)),
        sa.Column("curator", sa.String(200)),
        sa.Column("from_region_code", sa.String(13)),
        sa.Column("from_address", sa.String(500)),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_by", sa.String(200)),
        sa.Column("revoke_reason", sa.String(500)),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_circumstances_kind")),
        sa.CheckConstraint(
            "(kind = 'moved') = (address IS NOT NULL)",
            name=op.f("ck_circumstances_move_has_address"),
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason IS NULL)",
            name=op.f("ck_circumstances_revocation_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_circumstances_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstances")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_circumstances_company_id_id", "circumstances", ["company_id", "id"])
    op.add_column("companies", sa.Column("circumstance", sa.String(10)))
    op.add_column("companies", sa.Column("circumstance_since", sa.Date()))
    op.add_column("companies", sa.Column("circumstance_region", sa.String(13)))


def downgrade() -> None:
    op.drop_column("companies", "circumstance_region")
    op.drop_column("companies", "circumstance_since")
    op.drop_column("companies", "circumstance")
    op.drop_table("circumstances")
