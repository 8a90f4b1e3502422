"""Law 3: every function that writes says who may call it, or is private to one that does."""

from __future__ import annotations

import pytest

from tests.house.source import ROOT
from tests.house.writers import house, house_with

NEW = "compliance/cases/{file}.py"
HEAD = """
import sqlalchemy as sa
from compliance.core.db import db
from compliance.core.events import record
from compliance.policy import Actor, command, open_to_strangers, system_only
"""


def broken(path: str, text: str) -> list[str]:
    """What the law finds in a module that has this text."""
    return [line for line in house_with({path: text}).unmarked() if line.startswith(f"{path}: ")]


def test_every_writer_says_who_may_call_it() -> None:
    assert house().unmarked() == []


UNMARKED = {
    "a command without a mark": """
def close(case, *, by):
    record("case.closed", by=by, case=case)
""",
    "the mark is another decorator of that name": """
from click import command
@command("close")
def close(case, *, by):
    record("case.closed", by=by, case=case)
""",
    "it asks, and bears no mark": """
from compliance.policy import require
def close(case, *, by):
    require(by, "case.issue", case)
    record("case.closed", by=by, case=case)
""",
    "its docstring says so": '''
def close(case, *, by):
    """System only: close it."""
    db.session.delete(case)
''',
    "a session under another name": """
def keep(thing):
    session = db.session
    session.add(thing)
""",
    "a session under two other names": """
def keep(thing):
    store = db.session
    first, second = store, thing
    first.add(second)
""",
    "a session of its own": """
from sqlalchemy.orm import Session
def keep(thing):
    with Session(db.engine) as own, own.begin():
        own.add(thing)
""",
    "a session that is given": """
from sqlalchemy.orm import Session
def keep(thing, into: Session):
    into.merge(thing)
""",
    "a method of the session that is not called here": """
def keep(things):
    for each in map(db.session.add, things):
        pass
""",
    "a method of the session by its name": """
def keep(thing):
    getattr(db.session, "add")(thing)
""",
    "an insert on a connection": """
def keep(connection, row):
    connection.execute(sa.insert(row.table).values(row.values))
""",
    "an insert that is imported": """
from sqlalchemy.dialects.postgresql import insert as statement
def keep(connection, table):
    connection.execute(statement(table))
""",
    "the table's own insert": """
from compliance.cases.models import Case
def keep(connection):
    connection.execute(Case.__table__.insert())
""",
    "the insert of a table under a name of ours": """
from compliance.companies.models import NAMES_TABLE
def keep(connection):
    connection.execute(NAMES_TABLE.insert())
""",
    "our own insert": """
from compliance.core.db import insert_into
def keep(model):
    db.session.execute(insert_into(model))
""",
    "SQL as text": """
def keep(connection):
    connection.exec_driver_sql("UPDATE cases SET draft = NULL")
""",
    "a statement that the module holds": """
FORGET = sa.delete(sa.table("cases"))
def forget():
    db.session.execute(FORGET)
""",
    "a query that deletes": """
def forget(model):
    db.session.query(model).filter(model.id == 1).delete()
""",
    "acts of many cases at once": """
from compliance.core.events import record_many
def close_all(cases, *, by):
    record_many("case.closed", [{"case": case} for case in cases], by=by)
""",
    "record under another name": """
from compliance.core.events import record as tell
def close(case, *, by):
    tell("case.closed", by=by, case=case)
""",
    "record by way of its module": """
from compliance.core import events
def close(case, *, by):
    events.record("case.closed", by=by, case=case)
""",
    "a message": """
from compliance.core.outbox import post_message
def tell(user):
    post_message("told", key="1", channel="inbox", user_id=user.id, data={})
""",
    "a serial number": """
from compliance.core.numbering import next_serial
def number():
    return next_serial("case", 2026)
""",
    "a step of the chart": """
from compliance.cases.workflow import CHART as steps
def close(case):
    steps.move(case, "withdraw")
""",
    "a column": """
def rename(company):
    company.name = "Contoh"
""",
    "a column in a row of names": """
def rename(company):
    company.name, other = "Contoh", 1
""",
    "a column by its name": """
def rename(company):
    setattr(company, "name", "Contoh")
""",
    "a method of the model that sets columns": """
def move(case, due):
    case.schedule(due, None)
""",
    "a public function calls a private writer": """
def keep(thing):
    _keep(thing)
def _keep(thing):
    db.session.add(thing)
""",
    "a public function calls a private writer that a command calls too": """
@command("case.issue")
def issue(case, *, by: Actor):
    _keep(case)
def look(case):
    _keep(case)
def _keep(thing):
    db.session.add(thing)
""",
    "a private writer by way of another one": """
def keep(thing):
    _first(thing)
def _first(thing):
    _second(thing)
def _second(thing):
    db.session.add(thing)
""",
    "a private writer under another name": """
def _keep(thing):
    db.session.add(thing)
keep = _keep
""",
    "a private writer that no command calls": """
def _keep(thing):
    db.session.add(thing)
""",
    "a function in a function": """
def keep(thing):
    def now():
        db.session.add(thing)
    now()
""",
    "a method": """
class Cases:
    def keep(self, thing):
        db.session.add(thing)
""",
    "a private method": """
class Cases:
    def keep(self, thing):
        self._keep(thing)
    def _keep(self, thing):
        db.session.add(thing)
""",
    "a lambda": """
KEEP = lambda thing: db.session.add(thing)
""",
    "a coroutine": """
async def keep(thing):
    db.session.add(thing)
""",
    "the body of the module": """
record("case.closed", by=None)
""",
    "a page that does what only the system does": """
from compliance.cases.commands.nota import convey_nota
def page(case):
    convey_nota(case)
""",
    "a page that does a part of a command": """
from compliance.people.commands.access import end_all
def page(user):
    end_all(user)
""",
}


@pytest.mark.parametrize("file", ["commands", "views", "queries", "panels"])
@pytest.mark.parametrize(
    "case", ["a command without a mark", "an insert on a connection", "a column"]
)
def test_a_writer_is_found_in_any_file(file: str, case: str) -> None:
    assert broken(NEW.format(file=file), HEAD + UNMARKED[case])


@pytest.mark.parametrize("case", UNMARKED)
def test_a_writer_without_a_mark_is_found(case: str) -> None:
    assert broken(NEW.format(file="further"), HEAD + UNMARKED[case])


@pytest.mark.parametrize("mark", ['command("case.issue")', "system_only", "open_to_strangers"])
def test_a_marked_writer_and_what_is_private_to_it_are_let_pass(mark: str) -> None:
    text = f"""
@{mark}
def keep(thing, *, by: Actor):
    _keep(thing)
def _keep(thing):
    db.session.add(thing)
"""
    assert broken(NEW.format(file="further"), HEAD + text) == []


@pytest.mark.parametrize(
    ("path", "mark", "name"),
    [
        ("compliance/cases/commands/nota.py", '@command("case.issue")', "issue_nota"),
        ("compliance/cases/commands/ending.py", '@command("case.withdraw")', "withdraw_case"),
        ("compliance/licensing/commands.py", '@command("flag.lift")', "lift_flag"),
        ("compliance/merges/commands.py", '@command("company.merge")', "merge_companies"),
        (
            "compliance/people/commands/users.py",
            '@command("user.manage", about=None)',
            "change_user",
        ),
        ("compliance/people/commands/accounts.py", '@command(OWN, owner="user_id")', "mark_read"),
        ("compliance/imports/commands/claims.py", "@system_only", "let_go"),
        ("compliance/people/commands/access.py", "@open_to_strangers", "sign_in"),
    ],
)
def test_a_real_command_that_loses_its_mark_is_found(path: str, mark: str, name: str) -> None:
    text = (ROOT / path).read_text()
    line = f"{mark}\ndef {name}("
    assert text.count(line) == 1
    [found] = broken(path, text.replace(line, f"def {name}("))
    assert found.startswith(f"{path}: {name} ")
