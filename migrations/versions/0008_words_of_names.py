"""The words that names are made of, so that a mistyped one is understood."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT_ONCE = 10_000
IN_ORDER = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    words = op.create_table(
        "company_words",
        sa.Column("word", IN_ORDER, nullable=False),
        sa.Column("backwards", IN_ORDER, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_company_words")),
    )
    op.create_index(op.f("ix_company_words_backwards"), "company_words", ["backwards"])
    connection, known = op.get_bind(), set()
    for (key,) in connection.execute(sa.text("SELECT key FROM company_names")):
        known.update(word for word in key.split() if len(word) >= 4)
    rows = [{"word": word, "backwards": word[::-1]} for word in sorted(known)]
    for first in range(0, len(rows), AT_ONCE):
        connection.execute(sa.insert(words), rows[first : first + AT_ONCE])


def downgrade() -> None:
    op.drop_index(op.f("ix_company_words_backwards"), table_name="company_words")
    op.drop_table("company_words")
