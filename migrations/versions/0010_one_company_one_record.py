"""One company, one record: further numbers, pairs that look alike, merges that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MERGED = sa.text("merged_into_id IS NOT NULL")
IN_FORCE = sa.text("undone_at IS NULL")


def upgrade() -> None:
    # In SQL, so that SQLite adds the column in place: copying a table that others refer to would drop their rows.
    op.execute(
        "ALTER TABLE companies ADD COLUMN merged_into_id INTEGER"
        " CONSTRAINT fk_companies_merged_into_id REFERENCES companies (id)"
    )
    op.create_index(
        "ix_companies_merged_into_id", "companies", ["merged_into_id"], sqlite_where=MERGED, postgresql_where=MERGED
    )
    op.create_table(
        "company_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("core", sa.String(length=16), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('nib', 'npwp', 'npp')", name=op.f("ck_company_numbers_kind")),
        sa.CheckConstraint("(kind = 'npwp') = (core IS NOT NULL)", name=op.f("ck_company_numbers_npwp_has_core")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_company_numbers_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_numbers")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_company_numbers_kind_number")),
    )
    op.create_index(op.f("ix_company_numbers_company_id"), "company_numbers", ["company_id"])
    op.create_index(op.f("ix_company_numbers_core"), "company_numbers", ["core"])
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_duplicate_pairs_ordered")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_duplicate_pairs_score")),
        sa.CheckConstraint("state IN ('suspected', 'distinct', 'merged')", name=op.f("ck_duplicate_pairs_state")),
        sa.CheckConstraint("(state = 'suspected') = (decided_at IS NULL)", name=op.f("ck_duplicate_pairs_decided")),
        sa.ForeignKeyConstraint(["low_id"], ["companies.id"], name=op.f("fk_duplicate_pairs_low_id")),
        sa.ForeignKeyConstraint(["high_id"], ["companies.id"], name=op.f("fk_duplicate_pairs_high_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_duplicate_pairs_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_duplicate_pairs_low_id_high_id")),
    )
    op.create_index("ix_duplicate_pairs_state_score_id", "duplicate_pairs", ["state", "score", "id"])
    op.create_index("ix_duplicate_pairs_high_id", "duplicate_pairs", ["high_id"])
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_merges_two_companies")),
        sa.ForeignKeyConstraint(["kept_id"], ["companies.id"], name=op.f("fk_merges_kept_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["companies.id"], name=op.f("fk_merges_gone_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_merges_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_kept_id", "merges", ["kept_id"])
    op.create_index(
        "uq_merges_in_force", "merges", ["gone_id"], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
    )
    op.create_table(
        "duplicate_search",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_search")),
    )


def downgrade() -> None:
    for table in ("duplicate_search", "merges", "duplicate_pairs", "company_numbers"):
        op.drop_table(table)
    op.drop_index("ix_companies_merged_into_id", "companies", sqlite_where=MERGED, postgresql_where=MERGED)
    op.execute("ALTER TABLE companies DROP COLUMN merged_into_id")
