"""Contract: the search by whole keys and the table of the words of names go; names are found by `name_search`."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IN_ORDER = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SQLITE = (
    "DROP TRIGGER company_search_after_update",
    "DROP TRIGGER company_search_after_delete",
    "DROP TRIGGER company_search_after_insert",
    "DROP TABLE company_search",
)
POSTGRESQL = ("DROP INDEX ix_company_names_key_trigram",)
BACK_ON_SQLITE = (
    "CREATE VIRTUAL TABLE company_search USING fts5"
    " (key, content='company_names', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER company_search_after_insert AFTER INSERT ON company_names"
    " BEGIN INSERT INTO company_search(rowid, key) VALUES (new.id, new.key); END",
    "CREATE TRIGGER company_search_after_delete AFTER DELETE ON company_names"
    " BEGIN INSERT INTO company_search(company_search, rowid, key) VALUES ('delete', old.id, old.key); END",
    "CREATE TRIGGER company_search_after_update AFTER UPDATE OF key ON company_names BEGIN"
    " INSERT INTO company_search(company_search, rowid, key) VALUES ('delete', old.id, old.key);"
    " INSERT INTO company_search(rowid, key) VALUES (new.id, new.key); END",
    "INSERT INTO company_search(company_search) VALUES ('rebuild')",
)
BACK_ON_POSTGRESQL = (
    "CREATE INDEX ix_company_names_key_trigram ON company_names USING gin (key gin_trgm_ops)",
)


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)
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
    for statement in BACK_ON_SQLITE if is_sqlite() else BACK_ON_POSTGRESQL:
        op.execute(statement)
