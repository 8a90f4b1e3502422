"""Law 6: the migrations lead to exactly the models, and each of them expands or contracts, never both.

While a new version starts, the old one still runs: what the old one writes must fit until it is gone. So a
migration adds (tables, columns that may be empty), or a later one takes away.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate, check
from sqlalchemy.engine import Connection

from compliance.core import clock
from compliance.core.channels import through
from compliance.core.db import db, is_postgresql, transaction
from compliance.people.models import SignInAttempt
from tests.factories import a_company
from tests.house.source import ROOT

MADE_BY_SQL = (
    "alembic_version",
    "company_search",
    "name_search",
    "ix_company_names_key_trigram",
    "ix_company_names_search_key_trigram",
)
"""What a migration writes in SQL, because no model can say it."""
DO_BOTH = {
    "0004_receipt_codes_and_answers.py": "gives every receipt its code; no office ran Patuh yet",
    "0030_no_id_twice.py": "makes a table and drops it: SQLite has no other way to begin counting",
}
OF_MODELS = "made_of_models"
DEFAULT = "'s default"
"""One that only the store has is for the rows, and the old version, of the day the column came."""

Shape = dict[str, str]
"""Every column, key, condition and index of a store, each in words."""


def test_the_migrations_lead_to_exactly_the_models(app: Flask) -> None:
    assert isinstance(app.extensions["migrate"].migrate, Migrate)
    check()
    assert differences(db.metadata) == []


def differences(metadata: sa.MetaData) -> list[str]:
    """What the store that the migrations made has otherwise than one that is made of the models.

    Alembic compares neither conditions of tables and indexes nor defaults; here everything is compared.
    """
    connection = db.session.connection()
    migrated = shape(connection)
    if is_postgresql():
        connection.exec_driver_sql(f"CREATE SCHEMA {OF_MODELS}")
        mapped = connection.execution_options(schema_translate_map={None: OF_MODELS})
        metadata.create_all(mapped)
        made = shape(connection, OF_MODELS)
        connection.exec_driver_sql(f"DROP SCHEMA {OF_MODELS} CASCADE")
        db.session.rollback()
    else:
        with sa.create_engine("sqlite://").begin() as other:
            metadata.create_all(other)
            made = shape(other)
    names = sorted(migrated.keys() | made.keys())
    return [
        f"{name}: {migrated.get(name)}, the models say {made.get(name)}"
        for name in names
        if migrated.get(name) != made.get(name)
        and not (name.endswith(DEFAULT) and name not in made)
    ]


def given_again(connection: Connection) -> set[str]:
    """The tables of SQLite in which the number of the last row would be given again once it is gone."""
    texts = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    once = {name for name, text in texts if "AUTOINCREMENT" in text}
    wanted = {
        name for name, table in db.metadata.tables.items() if table.autoincrement_column is not None
    }
    return wanted ^ once


def test_no_id_is_given_twice(app: Flask) -> None:
    """A new table of a migration says sqlite_autoincrement=True."""
    if not is_postgresql():
        assert given_again(db.session.connection()) == set()
    ids = []
    for _ in range(2):
        with transaction():
            attempt = SignInAttempt(who="email:contoh", at=clock.now())
            db.session.add(attempt)
            db.session.flush()
            ids.append(attempt.id)
            db.session.delete(attempt)
    assert ids[0] < ids[1]


def shape(connection: Connection, schema: str | None = None) -> Shape:
    found, there = {}, sa.inspect(connection)
    for table in there.get_table_names(schema):
        if table.startswith(MADE_BY_SQL):
            continue
        for name, words in _parts(there, table, schema):
            if not name.startswith(MADE_BY_SQL):
                found[f"{table}.{name}"] = re.sub(rf'\s+|"|{OF_MODELS}\.', " ", words).replace(
                    " ", ""
                )
    return found


def _parts(there: sa.Inspector, table: str, schema: str | None) -> Iterator[tuple[str, str]]:
    for column in there.get_columns(table, schema):
        null = "may be empty" if column["nullable"] else "given"
        yield column["name"], f"{column['type']!r}, {null}"
        if column["default"] is not None and "nextval(" not in column["default"]:
            yield column["name"] + DEFAULT, column["default"]
    for condition in there.get_check_constraints(table, schema):
        yield str(condition["name"]), condition["sqltext"]
    for unique in there.get_unique_constraints(table, schema):
        yield str(unique["name"]), str(unique["column_names"])
    for key in there.get_foreign_keys(table, schema):
        to = (key["constrained_columns"], key["referred_table"], key["referred_columns"])
        yield f"key {key['constrained_columns']}", f"{to} {key.get('options')}"
    yield "primary key", str(there.get_pk_constraint(table, schema)["constrained_columns"])
    for index in there.get_indexes(table, schema):
        where = {each: str(said) for each, said in index.get("dialect_options", {}).items()}
        columns = index.get("expressions") or index["column_names"]
        yield str(index["name"]), f"{columns} unique {index['unique']} {where}"


def _a_condition(models: sa.MetaData) -> None:
    models.tables["plan_entries"].append_constraint(sa.CheckConstraint("id > 0", name="positive"))


def _another_condition(models: sa.MetaData) -> None:
    cases = models.tables["cases"]
    kept = next(each for each in cases.constraints if each.name == "ck_cases_workers")
    cases.constraints.remove(kept)
    cases.append_constraint(sa.CheckConstraint("workers_registered >= 0", name="ck_cases_workers"))


def _another_part_of_the_rows(models: sa.MetaData) -> None:
    for index in models.tables["import_rows"].indexes:
        if index.name == "ix_import_rows_name":
            index.dialect_options["sqlite"]["where"] = sa.text("name IS NOT NULL")
            index.dialect_options["postgresql"]["where"] = sa.text("name IS NOT NULL")


def _a_default_of_the_store(models: sa.MetaData) -> None:
    models.tables["cases"].c.workers_total.server_default = sa.DefaultClause("0")


def _rows_that_go_with_others(models: sa.MetaData) -> None:
    for key in models.tables["visits"].foreign_key_constraints:
        key.ondelete = "CASCADE"


def _a_shorter_text(models: sa.MetaData) -> None:
    models.tables["companies"].c.name.type = sa.String(60)


@pytest.mark.parametrize(
    "change",
    [
        _a_condition, _another_condition, _another_part_of_the_rows, _a_default_of_the_store,
        _rows_that_go_with_others, _a_shorter_text,
    ],
)  # fmt: skip
@pytest.mark.usefixtures("app")
def test_a_model_without_its_migration_is_seen(change: Callable[[sa.MetaData], None]) -> None:
    models = sa.MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.tables.values():
        table.to_metadata(models)
    change(models)
    assert differences(models) != []


ADDS = {"create_table", "add_column"}
TAKES_AWAY = {"drop_table", "drop_column", "rename_table"}
SQL_ADDS = re.compile(r"\bCREATE\s+(VIRTUAL\s+)?TABLE\b|\bADD\s+COLUMN\b", re.I)
SQL_TAKES_AWAY = re.compile(
    r"\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\s+(TO|COLUMN)\b|\bSET\s+NOT\s+NULL\b|\bALTER\s+COLUMN\b.*\bTYPE\b",
    re.I | re.S,
)


def ways_of(source: str) -> set[str]:
    """Whether a migration "adds" or "takes away"; its way back does not count."""
    tree = ast.parse(source)
    tree.body = [each for each in tree.body if getattr(each, "name", "") != "downgrade"]
    used = {each.id for each in ast.walk(tree) if _is_read(each)}
    tree.body = [
        each for each in tree.body if not isinstance(each, ast.Assign) or _named(each) & used
    ]
    ways = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            ways |= {"adds"} if SQL_ADDS.search(node.value) else set()
            ways |= {"takes away"} if SQL_TAKES_AWAY.search(node.value) else set()
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", "")
        words: dict[str | None, Any] = {word.arg: word.value for word in node.keywords}
        narrower = called == "alter_column" and (
            {"type_", "new_column_name"} & set(words) or _is_false(words.get("nullable"))
        )
        ways |= {"adds"} if called in ADDS else set()
        ways |= {"takes away"} if called in TAKES_AWAY or narrower else set()
        if called == "add_column" and _is_mandatory(node):
            ways.add("takes away")  # from the old version: it does not give the column
    return ways


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _named(made: ast.Assign) -> set[str]:
    return {each.id for each in made.targets if isinstance(each, ast.Name)}


def _is_false(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_mandatory(call: ast.Call) -> bool:
    """Whether a column that is added must be given, and has no default of the store."""
    words = [
        word for each in ast.walk(call) if isinstance(each, ast.Call) for word in each.keywords
    ]
    defaults = any(word.arg == "server_default" for word in words)
    return not defaults and any(word.arg == "nullable" and _is_false(word.value) for word in words)


def test_each_migration_expands_or_contracts() -> None:
    both = [
        path.name
        for path in sorted((ROOT / "migrations" / "versions").glob("*.py"))
        if len(ways_of(path.read_text())) > 1
    ]
    assert both == list(DO_BOTH)


FIRST_FLOOR = "0056"
RAISES_FLOOR = "UPDATE schema_floors SET revision = "


def keeps_the_floor(number: str, source: str) -> bool:
    """Whether a migration takes away what older processes use without saying so in the store."""
    return number > FIRST_FLOOR and "takes away" in ways_of(source) and RAISES_FLOOR not in source


def test_a_migration_that_takes_away_raises_the_floor() -> None:
    """Older processes that still run then say that they are not ready (compliance/core/schema.py)."""
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert [file.name for file in files if keeps_the_floor(file.name[:4], file.read_text())] == []
    contracts = "def upgrade():\n    op.drop_column('cases', 'b')\n"
    assert keeps_the_floor("0099", contracts)
    assert not keeps_the_floor("0099", contracts + f"    op.execute(\"{RAISES_FLOOR}'0098'\")\n")


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.add_column('cases', sa.Column('a', sa.Integer))\n    op.drop_column('cases', 'b')",
        "op.create_table('a')\n    op.rename_table('b', 'c')",
        "op.add_column('cases', sa.Column('a', sa.Text, nullable=False))",
        "op.add_column('cases', sa.Column('a', sa.Text))\n    op.execute('ALTER TABLE cases DROP COLUMN b')",
        "op.create_table('a')\n    with op.batch_alter_table('cases') as batch:\n"
        "        batch.alter_column('b', nullable=False)",
        "op.create_table('a')\n    _forget()\ndef _forget():\n    op.drop_table('b')",
        "op.execute('CREATE TABLE a (b int)')\n    op.execute('ALTER TABLE cases RENAME COLUMN b TO c')",
    ],
)
def test_a_migration_that_does_both_is_seen(upgrade: str) -> None:
    assert len(ways_of(f"def upgrade():\n    {upgrade}\n")) == 2


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.add_column('cases', sa.Column('a', sa.Text))\n    op.create_index('i', 'cases', ['a'])",
        "op.add_column('cases', sa.Column('a', sa.Integer, nullable=False, server_default='0'))",
        "op.drop_column('cases', 'a')\n    op.drop_table('b')",
        "op.create_table('a')\n\ndef downgrade():\n    op.drop_table('a')",
    ],
)
def test_a_migration_that_does_one_thing_is_left_alone(upgrade: str) -> None:
    assert len(ways_of(f"def upgrade():\n    {upgrade}\n")) == 1


@pytest.mark.parametrize("revision", ["0032", "0036"])
def test_no_downgrade_takes_away_what_seals_cover(app: Flask, revision: str) -> None:
    with through("console"):
        a_company()
    script = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    downgrade = script.get_revision(revision).module.downgrade
    with db.engine.connect() as connection:
        of_this = Operations.context(MigrationContext.configure(connection))
        with of_this, pytest.raises(CommandError, match="the log is altered for ever"):
            downgrade()
        connection.rollback()
