"""Law 15: a public name means one thing. No name of a module is met in a second module.

Exempt is what bears its owner's name anyway: pages (their endpoint names the blueprint), the calls of
the API and the commands of `flask`, and the schemas of the API, whose names its description promises.
What is the same in every room by design stands in a short list.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from tests.house.source import dotted, modules

SAME_BY_DESIGN = {
    "blueprint": "the pages of a room",
    "log": "the logger of a module",
    "install": "what `create_app` calls of a mechanism",
    "TABLE": "the one table of a file that is a table",
    "ENTRIES": "one chapter of the violation catalogue",
    "STATUSES": "the states of a chart",
    "MODULES": "the modules that give a blueprint its pages",
}
SCHEMAS = "compliance/api/schemas/"
REGISTERS = {"route", "get", "post", "put", "patch", "delete", "command", "group"}
"""What decorates a page, a call of the API or a command of `flask`."""

Met = dict[str, set[str]]
"""The modules in which each public name is given a meaning."""


def is_a_door(node: ast.AST) -> bool:
    """Whether a function is a page, a call of the API or a command of `flask`."""
    for decorator in getattr(node, "decorator_list", ()):
        call = decorator if isinstance(decorator, ast.Call) else None
        words = dotted(call.func if call else decorator).split(".")
        if words[-1] in REGISTERS and words != ["command"]:  # the mark of a verb is no door
            return True
    return False


def names_of(path: str, tree: ast.Module) -> Iterator[str]:
    """The public names that a module gives a meaning, also within `if` and `try`, or by an import `as`."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not is_a_door(node):
                yield node.name
        elif isinstance(node, ast.ImportFrom):
            yield from (
                alias.asname
                for alias in node.names
                if alias.asname and alias.asname != alias.name and _is_ours(node, alias)
            )
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(
            node, ast.Lambda | ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp
        ):
            waiting += ast.iter_child_nodes(node)


def _is_ours(node: ast.ImportFrom, alias: ast.alias) -> bool:
    """Whether an import brings a function, class or constant of ours; a module may have a short name."""
    path = f"{node.module or ''}.{alias.name}".replace(".", "/")
    is_module = f"{path}.py" in modules() or f"{path}/__init__.py" in modules()
    return (node.module or "").startswith("compliance.") and not is_module


def met(sources: Mapping[str, ast.Module]) -> Met:
    where: Met = defaultdict(set)
    for path, tree in sources.items():
        if not path.startswith(SCHEMAS):
            for name in names_of(path, tree):
                if not name.startswith("_"):
                    where[name].add(path)
    return where


def met_twice(sources: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    return {
        name: sorted(paths)
        for name, paths in met(sources).items()
        if len(paths) > 1 and name not in SAME_BY_DESIGN
    }


def test_a_public_name_means_one_thing() -> None:
    assert met_twice(modules()) == {}


def test_what_is_the_same_by_design_is_met_more_than_once() -> None:
    where = met(modules())
    assert [name for name in SAME_BY_DESIGN if len(where[name]) < 2] == []


BREAKAGES = {
    "a function": ("def lift(): pass", "def lift(): pass"),
    "a class and a constant": ("class Verdict: pass", "Verdict = Literal['clear']"),
    "a constant with a type": ("LONGEST = 200", "LONGEST: int = 60"),
    "constants on one line": ("LONGEST = 200", "SHORTEST, LONGEST = 3, 60"),
    "a name made within if": ("View = 1", "if TYPE_CHECKING:\n    View = 2\nelse:\n    View = 3"),
    "a name made within try": ("fast = 1", "try:\n    fast = 2\nexcept ImportError:\n    fast = None"),
    "a verb and a plain function": ("@command('case.lift')\ndef lift(): pass", "def lift(): pass"),
    "a method is none, a walrus is": ("(most := 3)", "most = 4"),
    "another thing imported under the name": (
        "def lift(): pass",
        "from compliance.core.text import say as lift",
    ),
    "an asynchronous function": ("async def lift(): pass", "lift = 1"),
}  # fmt: skip


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_name_that_is_met_twice_is_seen(breakage: str) -> None:
    one, other = BREAKAGES[breakage]
    sources = {
        "compliance/cases/rules.py": ast.parse(one),
        "compliance/team/rules.py": ast.parse(other),
    }
    assert len(met_twice(sources)) == 1


NO_BREAKAGES = {
    "pages": ("@blueprint.get('/a')\ndef index(): pass", "@blueprint.route('/b')\ndef index(): pass"),
    "a page and its verb": ("@blueprint.post('/a')\ndef lift(): pass", "def lift(): pass"),
    "a command of flask": ("@click.command('check')\ndef check(): pass", "def check(): pass"),
    "private names": ("_LONGEST = 1", "_LONGEST = 2"),
    "methods": ("class A:\n    def until(self): pass", "def until(): pass"),
    "a short name of a module": ("log = 1", "from compliance.cases import queries as log"),
    "the name itself imported": ("def lift(): pass", "from compliance.cases.rules import lift"),
    "within a comprehension": ("CODES = [row for row in ROWS]", "row = 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_BREAKAGES)
def test_what_bears_its_owners_name_is_left_alone(case: str) -> None:
    one, other = NO_BREAKAGES[case]
    sources = {
        "compliance/cases/rules.py": ast.parse(one),
        "compliance/team/rules.py": ast.parse(other),
    }
    assert met_twice(sources) == {}
