"""Law 5: every kind of event has a reaction row, a timeline partial and a word for the audit."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from compliance.admin.audit.queries import EVENT_NAMES
from compliance.reactions import TABLE
from tests.house.source import ROOT, modules
from tests.house.writers import imported, module_name, resolved

RECORDS = {"compliance.core.events.record", "compliance.core.events.record_many"}
EVENT = "compliance.core.events.Event"
AT_HOME = "compliance/core/events.py"
PARTIALS = ROOT / "templates" / "events"


def constants(sources: Mapping[str, ast.Module]) -> dict[str, str]:
    """Every text that a module has under a name, by the full name."""
    return {
        f"{module_name(path)}.{node.targets[0].id}": node.value.value
        for path, tree in sources.items()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def recorded(sources: Mapping[str, ast.Module]) -> tuple[set[str], list[str]]:
    """The kinds that code records, and the lines where nobody can tell which kind it is."""
    kinds, unclear, known = set[str](), [], constants(sources)
    for path, tree in sources.items():
        full = imported(tree)

        def read(node: ast.AST | None, path: str = path, full: dict[str, str] = full) -> set[str]:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                return {node.value}
            if isinstance(node, ast.IfExp):
                one, other = read(node.body), read(node.orelse)
                return one | other if one and other else set()
            name = resolved(node, full) if node is not None else ""
            found = known.get(name) or known.get(f"{module_name(path)}.{name}")
            return {found} if found else set()

        calls = {id(each.func): each for each in ast.walk(tree) if isinstance(each, ast.Call)}
        for node in ast.walk(tree) if path != AT_HOME else ():
            if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            named, call = resolved(node, full), calls.get(id(node))
            if named == EVENT and call is not None:
                unclear.append(f"{path}:{node.lineno}: an event that `record` does not keep")
            if named in RECORDS:
                words = {word.arg: word.value for word in call.keywords} if call else {}
                said = read(call.args[0] if call and call.args else words.get("kind"))
                kinds |= said
                if not said:
                    unclear.append(f"{path}:{node.lineno}: write the kind out")
    return kinds, unclear


def test_every_event_kind_has_a_reaction_row_a_timeline_partial_and_a_word_for_the_audit() -> None:
    kinds, unclear = recorded(modules())
    assert unclear == []
    assert kinds - set(TABLE) == set()
    assert set(TABLE) - kinds == set(), "a reaction row that no act records"
    partials = {f"{path.parent.name}.{path.stem}" for path in PARTIALS.glob("*/*.html")}
    assert partials == set(TABLE)
    assert set(EVENT_NAMES) == set(TABLE)


def test_no_timeline_partial_is_empty() -> None:
    assert [path for path in PARTIALS.glob("*/*.html") if not path.read_text().strip()] == []


NEW_KIND = {
    "plain": 'from compliance.core.events import record\nrecord("case.closed", by=by)',
    "under another name": 'from compliance.core.events import record as tell\ntell("case.closed", by=by)',
    "by way of the module": 'from compliance.core import events as log\nlog.record("case.closed", by=by)',
    "by its keyword": 'from compliance.core.events import record\nrecord(by=by, kind="case.closed")',
    "one of two": """
from compliance.core.events import record
record("case.resolved" if done else "case.closed", by=by)
""",
    "a constant of the module": """
from compliance.core.events import record
CLOSED = "case.closed"
def close(case, *, by):
    record(CLOSED, by=by)
""",
    "for many": 'from compliance.core.events import record_many\nrecord_many("case.closed", acts, by=by)',
    "a second name given in the module": """
from compliance.core import events
tell = events.record
def close(case, *, by):
    tell("case.closed", by=by)
""",
}  # fmt: skip


@pytest.mark.parametrize("case", NEW_KIND)
def test_a_new_kind_is_seen(case: str) -> None:
    kinds, _unclear = recorded({"compliance/cases/commands/further.py": ast.parse(NEW_KIND[case])})
    assert "case.closed" in kinds - set(TABLE)


UNCLEAR = {
    "a kind that is handed in": """
from compliance.core.events import record
def _tell(kind, *, by):
    record(kind, by=by)
""",
    "a kind put together": """
from compliance.core.events import record
def close(case, how, *, by):
    record(f"case.{how}", by=by)
""",
    "a kind from a list": """
from compliance.core.events import record
KINDS = {True: "case.closed"}
def close(case, *, by):
    record(KINDS[True], by=by)
""",
    "record handed on": """
from functools import partial
from compliance.core.events import record
tell = partial(record, "case.closed")
""",
    "an event past `record`": """
from compliance.core.events import Event
def close(case, *, by):
    db.session.add(Event(kind="case.closed"))
""",
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_a_kind_that_nobody_can_tell_is_seen(case: str) -> None:
    _kinds, unclear = recorded({"compliance/cases/commands/further.py": ast.parse(UNCLEAR[case])})
    assert unclear != []
