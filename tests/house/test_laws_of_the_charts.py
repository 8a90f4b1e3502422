"""Law 2: only a chart sets a status; and whoever makes a step asks for the very act that the chart names."""

from __future__ import annotations

import pytest

from tests.house.charts import charts, first_statuses, sets_a_status, steps_of, wrong_steps
from tests.house.source import ROOT
from tests.house.writers import house, house_with

NEW = "compliance/cases/further.py"
HEAD = """
import sqlalchemy as sa
from compliance.cases.models import Case
from compliance.cases.workflow import CHART, DRAFT, RESOLVED
from compliance.core.db import db
from compliance.imports.models import Import
from compliance.imports.workflow import IMPORTING, IMPORTS, MAPPING
from compliance.policy import command, open_to_strangers, system_only
"""


def test_who_makes_a_step_asks_for_the_act_that_the_chart_names() -> None:
    assert wrong_steps(house()) == []


def test_every_step_of_every_chart_is_made_by_somebody() -> None:
    made = {
        step
        for key, mark in house().marks.items()
        if mark is not None
        for step in steps_of(house(), key)
    }
    assert made == {(name, step) for name, chart in charts().items() for step in chart.steps}
    assert set(charts()) == {
        "compliance.cases.workflow.CHART",
        "compliance.imports.workflow.IMPORTS",
        "compliance.letters.workflow.LETTERS",
    }


WRONG_STEPS = {
    "another act": """
@command("case.read")
def withdraw(case, *, by):
    CHART.move(case, "withdraw")
""",
    "the act of another step": """
@command("case.withdraw")
def reopen(case, *, by):
    CHART.move(case, "reopen")
""",
    "another act, for many cases at once": """
@command("case.read")
def withdraw_all(cases, *, by):
    CHART.move_all(cases, "withdraw")
""",
    "no act at all": """
@open_to_strangers
def withdraw(case):
    CHART.move(case, "withdraw")
""",
    "the system makes a step of a person": """
@system_only
def withdraw(case):
    CHART.move(case, "withdraw")
""",
    "a person makes a step of the system": """
@command("case.issue")
def fall_due(case, *, by):
    CHART.move(case, "fall_due")
""",
    "by way of a private function": """
@command("case.read")
def withdraw(case, *, by):
    _end(case, "withdraw")
def _end(case, step):
    CHART.move(case, step)
""",
    "one of two steps": """
@command("case.withdraw")
def end(case, *, by):
    CHART.move(case, "withdraw" if case.number else "reopen")
""",
    "a step that is chosen before": """
@command("case.withdraw")
def end(case, *, by):
    step = "reopen" if case.number else "withdraw"
    CHART.move(case, step)
""",
    "a step that nobody can tell": """
@command("case.withdraw")
def end(case, *, by, step):
    CHART.move(case, step)
""",
    "the chart under another name": """
from compliance.cases.workflow import CHART as steps
@command("case.read")
def withdraw(case, *, by):
    steps.move(case, "withdraw")
""",
    "the chart in a variable": """
@command("case.read")
def withdraw(case, *, by):
    chart = CHART
    chart.move(case, "withdraw")
""",
    "the method in a variable": """
@command("case.read")
def withdraw(case, *, by):
    go = CHART.move
    go(case, "withdraw")
""",
    "the method in a constant of the module": """
GO = CHART.move
@command("case.read")
def withdraw(case, *, by):
    GO(case, "withdraw")
""",
    "the method with its step made ready": """
from functools import partial
WITHDRAW = partial(CHART.move, name="withdraw")
@command("case.read")
def withdraw(case, *, by):
    WITHDRAW(case)
""",
    "a step in a constant, beside one that is right": """
STEP = "withdraw"
@command("case.reopen")
def reopen(case, *, by):
    CHART.move(case, "reopen")
    CHART.move(case, STEP)
""",
    "the chart of imports": """
@command("company.read")
def stop(batch, *, by):
    IMPORTS.move(batch, "stop")
""",
    "a person finishes an import": """
@command("company.import")
def finish(batch, *, by):
    IMPORTS.move(batch, "finish")
""",
}


@pytest.mark.parametrize("case", WRONG_STEPS)
def test_a_step_that_is_made_without_its_act_is_found(case: str) -> None:
    assert wrong_steps(house_with({NEW: HEAD + WRONG_STEPS[case]}))


@pytest.mark.parametrize(
    ("path", "mark", "name"),
    [
        ("compliance/cases/commands/nota.py", '@command("case.issue")', "issue_nota"),
        ("compliance/cases/commands/visits.py", '@command("case.visit")', "record_visit"),
        ("compliance/cases/commands/rechecks.py", "@system_only", "fall_due"),
        (
            "compliance/imports/commands/requests.py",
            '@command("company.import", about=None)',
            "start_import",
        ),
        ("compliance/imports/commands/run.py", "@system_only", "rehearse"),
    ],
)
def test_a_real_command_that_asks_for_something_else_is_found(
    path: str, mark: str, name: str
) -> None:
    text = (ROOT / path).read_text()
    assert text.count(f"{mark}\ndef {name}(") == 1
    changed = text.replace(f"{mark}\ndef {name}(", f'@command("plan.drop")\ndef {name}(')
    changed = (
        changed.replace("import SYSTEM", "import command, SYSTEM")
        if "command" not in text
        else changed
    )
    assert wrong_steps(house_with({path: changed}))


def test_only_a_chart_sets_a_status() -> None:
    assert sets_a_status(house()) == []
    assert first_statuses() == {"Case": "draft", "Import": "mapping", "Letter": "draft"}


@pytest.mark.parametrize(
    "line",
    [
        'case.status = "resolved"',
        'case.status: str = "resolved"',
        'case.status += "d"',
        'case.number, case.status = "1", "resolved"',
        'for case.status in ("resolved",): pass',
        "del case.status",
        'setattr(case, "status", "resolved")',
        "for name, value in given: setattr(case, name, value)",
        'object.__setattr__(case, "status", "resolved")',
        'case.__dict__["status"] = "resolved"',
        'sa.orm.attributes.set_committed_value(case, "status", "resolved")',
        'db.session.execute(sa.update(Case).values(status="resolved"))',
        'db.session.execute(sa.update(Case).values({"status": "resolved"}))',
        'db.session.execute(sa.update(Case).values({Case.status: "resolved"}))',
        'db.session.execute(sa.update(Case).values({Case.__table__.c.status: "resolved"}))',
        'db.session.execute(sa.update(Case).values(**dict(status="resolved")))',
        'db.session.execute(sa.insert(Case), [{"status": "resolved"}])',
        'db.session.query(Case).update({"status": "resolved"})',
        'values = {}; values["status"] = "resolved"; db.session.execute(sa.update(Case).values(values))',
        "db.session.execute(sa.text(\"UPDATE cases SET status = 'resolved'\"))",
        "db.session.execute(sa.text(\"INSERT INTO cases (id, status) VALUES (1, 'resolved')\"))",
        'Case(status="resolved")',
        "Case(status=RESOLVED)",
        "Case(status=MAPPING)",
        "Case(status=first)",
        'Case(**{"status": "resolved"})',
        'Import(status="importing" if at_once else "mapping")',
        "Import(status=IMPORTING if at_once else MAPPING)",
        'values = {"status": "resolved"}',
        'setattr(case, column, "resolved")',
        "setattr(case, column, None)",
        'Row = Case; Row(status="resolved")',
        'partial(Case, status="resolved")()',
        "Case(**vars(first))",
        "db.session.execute(sa.text('UPDATE cases SET \"status\" = :status'))",
        'db.session.execute(sa.text(f"UPDATE cases SET {column} = 1, status = :status"))',
        'db.session.execute(sa.text("UPDATE cases SET (number, status) = (1, 2)"))',
        "db.session.execute(sa.update(Case).ordered_values((Case.status, RESOLVED)))",
        'db.session.execute(sa.insert(Case).from_select(["number", "status"], given))',
        "db.session.execute(sa.update(Case).values({Case.status.key: RESOLVED}))",
        'sa.update(Case).values({name: given[name] for name in ("number", "status")})',
    ],
)
def test_a_status_that_is_set_without_the_chart_is_found(line: str) -> None:
    assert sets_a_status(
        house_with({NEW: f"{HEAD}\ndef end(case, given, first, at_once, column):\n    {line}\n"})
    )


def test_a_new_record_begins_with_the_first_status_of_its_chart() -> None:
    lines = "Case(status=DRAFT)\n    Import(status=MAPPING)"
    assert sets_a_status(house_with({NEW: f"{HEAD}\ndef begin():\n    {lines}\n"})) == []
