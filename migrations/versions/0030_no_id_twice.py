"""On SQLite, no number of a row is given again when the row is gone; PostgreSQL never does (decision 23)."""

import re

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ONE_ROW = ("beats", "doubt_search", "duplicate_search", "event_head", "event_marks", "stamps")
"""Tables of one row, or whose numbers are given by somebody else."""
PLAIN = re.compile(r"^\tid INTEGER NOT NULL,", re.MULTILINE)
KEY = re.compile(r",\s*CONSTRAINT (?P<name>pk_\w+) PRIMARY KEY \(id\)")
COUNTED = re.compile(
    r"^\tid INTEGER NOT NULL CONSTRAINT (?P<name>pk_\w+) PRIMARY KEY AUTOINCREMENT,", re.MULTILINE
)
REMEMBERED = """
    INSERT INTO sqlite_sequence (name, seq)
    SELECT '{table}', max(id) FROM {table} WHERE id IS NOT NULL HAVING max(id) IS NOT NULL
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("CREATE TABLE makes_sqlite_sequence (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    op.execute("DROP TABLE makes_sqlite_sequence")
    for table in rewritten(counted):
        op.execute(REMEMBERED.format(table=table))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rewritten(plain)


def counted(text: str) -> str:
    key = KEY.search(text)
    if key is None or not PLAIN.search(text):
        return text
    wanted = f"\tid INTEGER NOT NULL CONSTRAINT {key['name']} PRIMARY KEY AUTOINCREMENT,"
    return PLAIN.sub(wanted, KEY.sub("", text), count=1)


def plain(text: str) -> str:
    key = COUNTED.search(text)
    if key is None:
        return text
    end = text.rindex("\n)")
    text = f"{text[:end]}, \n\tCONSTRAINT {key['name']} PRIMARY KEY (id){text[end:]}"
    return COUNTED.sub("\tid INTEGER NOT NULL,", text, count=1)


def rewritten(rewrite):  # type: ignore[no-untyped-def]
    """Say otherwise how tables were made; their rows stay as they are, for both ways keep them alike. Answers
    the names of the tables."""
    connection, names = op.get_bind(), []
    tables = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    ).all()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for name, text in tables:
        new = text if name in ONE_ROW else rewrite(text)
        if new != text:
            names.append(name)
            connection.exec_driver_sql(
                "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (new, name)
            )
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    return names
