"""Reads who moves which record along which chart, and who sets a status without one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from compliance.core.chart import Chart
from tests.house.source import dotted, modules
from tests.house.writers import House, Key, imported, module_name, resolved

MOVES_ALSO = {
    (
        "record_receipt",
        "reschedule",
    ): "where the office counts from the receipt, writing it down moves the due day",
}
"""Steps that follow from another one, which was asked for."""
SETS_BY_NAME = {"setattr", "__setattr__", "set_attribute", "set_committed_value"}
SETS_COLUMNS = {"values", "ordered_values", "from_select", "on_conflict_do_update"}
SQL_SETS_STATUS = re.compile(
    r"\bSET\b((?!\bWHERE\b).)*\bstatus\b|\bINTO\b[^)]*\bstatus\b", re.I | re.S
)
OTHER_STATUS = {
    "compliance/core/chart.py": "the chart",
    "compliance/api/idempotency.py": "the status of an answer of HTTP",
    "compliance/web/problems.py": "the status of an answer of HTTP",
}
SETS_MANY = {
    "compliance/companies/commands.py": "the fields of CompanyFacts",
    "compliance/office/commands.py": "the fields of OFFICE_FACTS",
    "compliance/office/letterheads/commands.py": "the fields of LetterheadFacts",
    "compliance/office/signatories/commands.py": "what `read_signatory` makes of what was typed",
}
"""Where columns are set by names that are not written out: none of these tables has a status."""


@cache
def charts() -> dict[str, Chart]:
    """Every chart there is, by the full name of its constant."""
    found = {}
    for path, tree in modules().items():
        full = imported(tree)
        for node in tree.body:
            made = isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            if made and resolved(node.value.func, full) == "compliance.core.chart.Chart":
                name = node.targets[0].id
                found[f"{module_name(path)}.{name}"] = getattr(
                    import_module(module_name(path)), name
                )
    return found


@cache
def first_statuses() -> dict[str, str]:
    """The status that a new record has, by its model: that of the chart of its room."""
    firsts = {}
    for name, chart in charts().items():
        room = name.removesuffix(f".{name.rsplit('.', 1)[-1]}").rsplit(".", 1)[0]
        models = modules()[f"{room.replace('.', '/')}/models.py"]
        for model in (node for node in models.body if isinstance(node, ast.ClassDef)):
            if any(
                isinstance(node, ast.AnnAssign) and dotted(node.target) == "status"
                for node in model.body
            ):
                firsts[model.name] = next(iter(chart.statuses))
    return firsts


def _with_private(house: House, key: Key) -> set[Key]:
    """A function and all that is private to it, as far as it bears no mark of its own; constants too."""
    found, waiting = {key}, [key]
    while waiting:
        for other in house.names[waiting.pop()] - found:
            private = other[1].rsplit(".", 1)[-1].startswith("_")
            constant = isinstance(house.functions[other], ast.Assign) and house.ways[other]
            if house.marks[other] is None and (private or constant):
                found.add(other)
                waiting.append(other)
    return found


def _written_out(node: ast.expr | None) -> set[str] | None:
    """The values that an expression may have, when they are all written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        one, other = _written_out(node.body), _written_out(node.orelse)
        return one | other if one and other else None
    return None


def _handed_in(house: House, within: set[Key], key: Key, step: ast.expr | None) -> set[str] | None:
    """What callers give for the parameter `step` of a private function, when all of it is written out."""
    parameters = [
        each.arg for each in getattr(getattr(house.functions[key], "args", None), "args", ())
    ]
    if dotted(step) not in parameters:
        return None
    at, given = parameters.index(dotted(step)), set[str]()
    for path, name in within:
        for call in ast.walk(house.functions[path, name]):
            if (
                isinstance(call, ast.Call)
                and resolved(call.func, house.full[path]).rsplit(".", 1)[-1] == key[1]
            ):
                values = _written_out(call.args[at]) if len(call.args) > at else None
                if values is None:
                    return None
                given |= values
    return given


def steps_of(house: House, key: Key) -> Iterator[tuple[str, str]]:
    """The steps that a marked function makes, each with its chart; ("", "") when that cannot be told."""
    within = _with_private(house, key)
    moves = [(*each, *move) for each in within for move in _moves_in(house.functions[each])]
    handed = {id(node) for *_, step in moves if step is not None for node in ast.walk(step)}
    said = {
        node.value
        for each in within
        for node in ast.walk(house.functions[each])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in handed
    }
    for path, name, named, step in moves:
        chart = resolved(named, house.full[path])
        chart = chart if chart in charts() else f"{module_name(path)}.{chart}"
        if chart not in charts():
            yield "", ""
            continue
        steps = (
            _written_out(step)
            or _handed_in(house, within, (path, name), step)
            or _constant(house, path, step)
        )
        for each in steps or said & set(charts()[chart].steps) or {""}:
            yield chart, each


def _moves_in(function: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Every `chart.move` in a function: the chart, and the step that it is called with."""
    calls = {id(each.func): each for each in ast.walk(function) if isinstance(each, ast.Call)}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in ("move", "move_all"):
            call = calls.get(id(node))
            yield node.value, call.args[1] if call is not None and len(call.args) > 1 else None


def wrong_steps(house: House) -> list[str]:
    """Every step that a function makes without asking for the very act that the chart names for it."""
    wrong = []
    for key, mark in house.marks.items():
        for chart, step in dict.fromkeys(steps_of(house, key)) if mark is not None else ():
            known = charts()[chart].steps.get(step) if chart else None
            asked = "system" if mark[0] == "system_only" else mark[1]
            if known is None or (known.by != asked and (key[1], step) not in MOVES_ALSO):
                act = f"not {known.by}" if known else "and nobody can tell whether that is right"
                wrong.append(
                    f"{key[0]}: {key[1]} moves {step or 'somewhere'} and asks {asked}, {act}"
                )
    return sorted(wrong)


def _constant(house: House, path: str, step: ast.expr | None) -> set[str] | None:
    """What a constant of a module says, when that is written out."""
    name = resolved(step, house.full[path]) if step is not None else ""
    for full in (name, f"{module_name(path)}.{name}"):
        module, _, last = full.rpartition(".")
        for where in (f"{module.replace('.', '/')}.py", f"{module.replace('.', '/')}/__init__.py"):
            made = house.functions.get((where, last))
            if isinstance(made, ast.Assign):
                return _written_out(made.value)
    return None


def sets_a_status(house: House) -> list[str]:
    """Every line that sets a status without the chart. A new record has the first one of its chart."""
    found = []
    for path, tree in house.sources.items():
        for node in ast.walk(tree) if path not in OTHER_STATUS else ():
            if _sets_status(node, house.full[path], by_name=path in SETS_MANY):
                found.append(f"{path}:{node.lineno}")
    return sorted(set(found))


def _sets_status(node: ast.AST, full: dict[str, str], *, by_name: bool) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store | ast.Del)
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return bool(SQL_SETS_STATUS.search(_text_of(node)))
    if isinstance(node, ast.Dict):
        return any(key is not None and _is_status(key) for key in node.keys)
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store) and _is_status(node.slice)
    return isinstance(node, ast.Call) and _call_sets_status(node, full, by_name=by_name)


def _call_sets_status(call: ast.Call, full: dict[str, str], *, by_name: bool) -> bool:
    called = resolved(call.func, full).rsplit(".", 1)[-1] or getattr(call.func, "attr", "")
    if called in SETS_BY_NAME and len(call.args) > 1:
        name = call.args[-2]  # the last one is the value
        return _is_status(name) or not (isinstance(name, ast.Constant) or by_name)
    if called in SETS_COLUMNS and any(_names_status(each) for each in call.args):
        return True
    words = {word.arg: word.value for word in call.keywords}
    named = {resolved(each, full).rsplit(".", 1)[-1] for each in call.args}
    if called in first_statuses() and None in words:  # `Case(**facts)` may hold any status
        return True
    if "status" not in words:
        return False
    if called in first_statuses():
        return _value_of(words["status"], full) != first_statuses()[called]
    return called in ("values", "update", "dict") or bool(named & set(first_statuses()))


def _text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """What a string says, with a mark for each place of an f-string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        _text_of(each) if isinstance(each, ast.Constant) else "?" for each in node.values
    )


def _names_status(argument: ast.expr) -> bool:
    """Whether columns that are named in a statement, in pairs or in a list, are also "status"."""
    return any(
        (isinstance(node, ast.Constant) and node.value == "status")
        or (isinstance(node, ast.Tuple) and node.elts != [] and _is_status(node.elts[0]))
        for node in ast.walk(argument)
    )


def _value_of(status: ast.AST, full: dict[str, str]) -> object:
    """The value that is written out, or that a constant of a chart's file has; None when neither says it."""
    if isinstance(status, ast.Constant):
        return status.value
    module, _, name = resolved(status, full).rpartition(".")
    return getattr(import_module(module), name, None) if module.endswith(".workflow") else None


def _is_status(node: ast.AST) -> bool:
    """Whether a key names a status: "status", the column, or the column's name."""
    if isinstance(node, ast.Attribute) and node.attr in ("key", "name"):
        return _is_status(node.value)
    return (isinstance(node, ast.Constant) and node.value == "status") or (
        isinstance(node, ast.Attribute) and node.attr == "status"
    )
