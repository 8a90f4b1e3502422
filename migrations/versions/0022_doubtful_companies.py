"""Companies whose stored data a person should look at, and how far the night has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "doubt_search",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("last_company_id", sa.Integer()),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_search")),
    )
    op.create_table(
        "doubtful_companies",
        sa.Column("company_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("found_at", UTC, nullable=False),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("decided_at", UTC),
        sa.Column("note", sa.String(500)),
        sa.CheckConstraint("state IN ('open', 'left')", name=op.f("ck_doubtful_companies_state")),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_doubtful_companies_decided")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_doubtful_companies_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_doubtful_companies")),
    )
    op.create_index(
        "ix_doubtful_companies_state_company_id", "doubtful_companies", ["state", "company_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_doubtful_companies_state_company_id", table_name="doubtful_companies")
    op.drop_table("doubtful_companies")
    op.drop_table("doubt_search")
