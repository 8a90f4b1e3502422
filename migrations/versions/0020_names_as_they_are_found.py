"""Names keep their legal form, and are found by a key that folds spelling and by their initials; companies
are found by telephone and address.

The columns are filled by `fill_reference_data` after the upgrade, as for every name without a search key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE name_search USING fts5"
    " (search_key, content='company_names', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER name_search_after_insert AFTER INSERT ON company_names"
    " BEGIN INSERT INTO name_search(rowid, search_key) VALUES (new.id, new.search_key); END",
    "CREATE TRIGGER name_search_after_delete AFTER DELETE ON company_names BEGIN"
    " INSERT INTO name_search(name_search, rowid, search_key) VALUES ('delete', old.id, old.search_key); END",
    "CREATE TRIGGER name_search_after_update AFTER UPDATE OF search_key ON company_names BEGIN"
    " INSERT INTO name_search(name_search, rowid, search_key) VALUES ('delete', old.id, old.search_key);"
    " INSERT INTO name_search(rowid, search_key) VALUES (new.id, new.search_key); END",
    "INSERT INTO name_search(name_search) VALUES ('rebuild')",
)
POSTGRESQL = (
    "CREATE INDEX ix_company_names_search_key_trigram ON company_names USING gin (search_key gin_trgm_ops)",
)
UNDO_SQLITE = (
    "DROP TRIGGER name_search_after_update",
    "DROP TRIGGER name_search_after_delete",
    "DROP TRIGGER name_search_after_insert",
    "DROP TABLE name_search",
)
UNDO_POSTGRESQL = ("DROP INDEX ix_company_names_search_key_trigram",)
CONTACTS = {"phone_key": 8, "address_key": 60}
FOUND_BY = {"search_key": ["search_key", "company_id"], "initials": ["initials", "company_id"]}


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    empty = {"nullable": False, "server_default": ""}
    op.add_column("company_names", sa.Column("form", sa.String(10), **empty))
    op.add_column("company_names", sa.Column("search_key", sa.String(200), **empty))
    op.add_column("company_names", sa.Column("initials", sa.String(20)))
    for column, length in CONTACTS.items():
        op.add_column("companies", sa.Column(column, sa.String(length)))
        op.create_index(f"ix_companies_{column}", "companies", [column])
    for name, columns in FOUND_BY.items():
        op.create_index(f"ix_company_names_{name}_company_id", "company_names", columns)
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in UNDO_SQLITE if is_sqlite() else UNDO_POSTGRESQL:
        op.execute(statement)
    for name in FOUND_BY:
        op.drop_index(f"ix_company_names_{name}_company_id", table_name="company_names")
    for column in CONTACTS:
        op.drop_index(f"ix_companies_{column}", table_name="companies")
        op.drop_column("companies", column)
    for column in ("initials", "search_key", "form"):
        op.drop_column("company_names", column)
