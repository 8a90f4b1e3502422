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
    "DROP TRIGGER company_search_after_update",
    "DROP TRIGGER company_search_after_delete",
    "DROP TRIGGER company_search_after_insert",
    "DROP TABLE company_search",
    "CREATE VIRTUAL TABLE company_search USING fts5"
    " ({column}, content='company_names', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER company_search_after_insert AFTER INSERT ON company_names"
    " BEGIN INSERT INTO company_search(rowid, {column}) VALUES (new.id, new.{column}); END",
    "CREATE TRIGGER company_search_after_delete AFTER DELETE ON company_names BEGIN"
    " INSERT INTO company_search(company_search, rowid, {column}) VALUES ('delete', old.id, old.{column});"
    " END",
    "CREATE TRIGGER company_search_after_update AFTER UPDATE OF {column} ON company_names BEGIN"
    " INSERT INTO company_search(company_search, rowid, {column}) VALUES ('delete', old.id, old.{column});"
    " INSERT INTO company_search(rowid, {column}) VALUES (new.id, new.{column}); END",
    "INSERT INTO company_search(company_search) VALUES ('rebuild')",
)
POSTGRESQL = (
    "DROP INDEX ix_company_names_{other}_trigram",
    "CREATE INDEX ix_company_names_{column}_trigram ON company_names USING gin ({column} gin_trgm_ops)",
)
FOUND_BY = {"search_key": ["search_key", "company_id"], "initials": ["initials", "company_id"]}

CONTACTS = {"phone_key": 8, "address_key": 60}


def _find_by(column: str, other: str) -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement.format(column=column, other=other))


def upgrade() -> None:
    empty = {"nullable": False, "server_default": ""}
    op.add_column("company_names", sa.Column("form", sa.String(10), **empty))
    op.add_column("company_names", sa.Column("search_key", sa.String(200), **empty))
    op.add_column("company_names", sa.Column("initials", sa.String(20)))
    for column, length in CONTACTS.items():
        op.add_column("companies", sa.Column(column, sa.String(length)))
        op.create_index(f"ix_companies_{column}", "companies", [column])
    _find_by("search_key", "key")
    for name, columns in FOUND_BY.items():
        op.create_index(f"ix_company_names_{name}_company_id", "company_names", columns)


def downgrade() -> None:
    for name in FOUND_BY:
        op.drop_index(f"ix_company_names_{name}_company_id", table_name="company_names")
    _find_by("key", "search_key")
    for column in CONTACTS:
        op.drop_index(f"ix_companies_{column}", table_name="companies")
        op.drop_column("companies", column)
    for column in ("initials", "search_key", "form"):
        op.drop_column("company_names", column)
