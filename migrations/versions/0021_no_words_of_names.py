"""Contract: the table of the words of names goes; a mistyped name is found by its letters."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IN_ORDER = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    op.drop_index(op.f("ix_company_words_backwards"), table_name="company_words")
    op.drop_table("company_words")


def downgrade() -> None:
    op.create_table(
        "company_words",
        sa.Column("word", IN_ORDER, nullable=False),
        sa.Column("backwards", IN_ORDER, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_company_words")),
    )
    op.create_index(op.f("ix_company_words_backwards"), "company_words", ["backwards"])
