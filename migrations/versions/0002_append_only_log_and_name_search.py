"""The event log refuses changes; names are found by any three letters."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events"
    " BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
    "CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events"
    " BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
    "CREATE VIRTUAL TABLE company_search USING fts5"
    " (key, content='company_names', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER company_search_after_insert AFTER INSERT ON company_names"
    " BEGIN INSERT INTO company_search(rowid, key) VALUES (new.id, new.key); END",
    "CREATE TRIGGER company_search_after_delete AFTER DELETE ON company_names"
    " BEGIN INSERT INTO company_search(company_search, rowid, key) VALUES ('delete', old.id, old.key); END",
    "CREATE TRIGGER company_search_after_update AFTER UPDATE OF key ON company_names BEGIN"
    " INSERT INTO company_search(company_search, rowid, key) VALUES ('delete', old.id, old.key);"
    " INSERT INTO company_search(rowid, key) VALUES (new.id, new.key); END",
)
POSTGRESQL = (
    "CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$",
    "CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE ON events"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events()",
    "CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON events"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_company_names_key_trigram ON company_names USING gin (key gin_trgm_ops)",
)
UNDO_SQLITE = (
    "DROP TRIGGER company_search_after_update",
    "DROP TRIGGER company_search_after_delete",
    "DROP TRIGGER company_search_after_insert",
    "DROP TABLE company_search",
    "DROP TRIGGER events_are_never_removed",
    "DROP TRIGGER events_are_never_changed",
)
UNDO_POSTGRESQL = (
    "DROP INDEX ix_company_names_key_trigram",
    "DROP TRIGGER events_are_never_emptied ON events",
    "DROP TRIGGER events_are_never_changed ON events",
    "DROP FUNCTION refuse_change_of_events",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in UNDO_SQLITE if op.get_bind().dialect.name == "sqlite" else UNDO_POSTGRESQL:
        op.execute(statement)
