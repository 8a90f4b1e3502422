"""Finds every function that writes to the store, wherever it stands and however it spells it.

A function writes when it names a way of writing: `record`, `post` or any other writer of core; `add`
or `delete` of a session; `sa.insert`, `sa.update`, `sa.delete` or SQL text that changes rows; `move` of
a chart; a column of a row as the target of an assignment; a method of a model that sets columns; a
private function that writes, or one that is marked @system_only. Naming is enough: what gets another
name is called somewhere.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from tests.house.source import dotted, modules

MARKS = {
    f"compliance.policy.{mark}": mark for mark in ("command", "system_only", "open_to_strangers")
}
ANNOUNCES = {
    "compliance.core.events.record",
    "compliance.core.events.record_many",
    "compliance.core.outbox.gather",
    "compliance.core.outbox.post_message",
}
"""Writers of core that keep what they write with the session until the commit."""
STATEMENTS = {"insert", "update", "delete"}
SESSION_WRITES = {"add", "add_all", "delete", "merge"}
ALWAYS_WRITES = {
    "add_all",
    "move",
    "move_all",
    "bulk_save_objects",
    "bulk_insert_mappings",
    "bulk_update_mappings",
}
CHANGES_ROWS = re.compile(
    r"\s*(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE)\b", re.I
)
MECHANISMS = "compliance/core/"
"""Knows no policy: whoever names a writer of core writes."""
EXCEPTED = {"compliance/demo/": "invented data for an empty store, refused in production"}
TABLES = {
    "compliance/reactions.py": "only `record` runs what it names, in the transaction of the act",
    "compliance/schedule.py": "only the scheduler runs what it names",
}

Key = tuple[str, str]
"""A function: the path of its module, and its name there (`Class.method`); "" is the body of the module."""
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name is in full: `sa` is `sqlalchemy`, `db` is `compliance.core.db.db`.

    So is a second name that is given to one: `Row = Case`, `tell = events.record`.
    """
    full: dict[str, str] = {}
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                top = name.name.split(".")[0]
                full[name.asname or top] = name.name if name.asname else top
        elif isinstance(node, ast.ImportFrom):
            full.update(
                {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
            )
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = resolved(node.value, full)
            if name.split(".")[0] != dotted(node.value).split(".")[0]:
                full.setdefault(node.targets[0].id, name)
    return full


def resolved(node: ast.AST, full: Mapping[str, str]) -> str:
    """The full name that `node` names, as far as imports tell; "" when it is no plain name."""
    head, dot, tail = dotted(node).partition(".")
    return f"{full.get(head, head)}{dot}{tail}" if head else ""


def mark_of(function: ast.AST, full: Mapping[str, str]) -> tuple[str, str | None] | None:
    """The mark that a function bears, with the action that a command asks for."""
    for decorator in getattr(function, "decorator_list", ()):
        call = decorator if isinstance(decorator, ast.Call) else None
        kind = MARKS.get(resolved(call.func if call else decorator, full))
        if kind is not None:
            action = call.args[0] if call and call.args else None
            return kind, action.value if isinstance(action, ast.Constant) else None
    return None


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Functions, methods and constants by name; the rest is "". Nested functions are of the outer one."""
    rest: list[ast.stmt] = []

    def walk(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.AST]]:
        for node in body:
            inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
            if isinstance(node, FUNCTION):
                yield prefix + node.name, node
            elif isinstance(node, ast.ClassDef):
                yield from walk(node.body, f"{prefix}{node.name}.")
            elif (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and not prefix
            ):
                yield node.targets[0].id, node
            elif inner:
                yield from walk(inner, prefix)
            else:
                rest.append(node)

    yield from walk(tree.body, "")
    yield "", ast.Module(rest, [])


def own_nodes(function: ast.AST, full: Mapping[str, str]) -> Iterator[ast.AST]:
    """The nodes of a function, without annotations and without nested functions that bear a mark."""
    waiting = [function]
    while waiting:
        node = waiting.pop()
        yield node
        for name, value in ast.iter_fields(node):
            inner = [
                each
                for each in (value if isinstance(value, list) else [value])
                if isinstance(each, ast.AST)
            ]
            if name not in ("annotation", "returns"):
                waiting += [
                    each
                    for each in inner
                    if not (isinstance(each, FUNCTION) and mark_of(each, full))
                ]


def is_session(node: ast.AST, known: set[str]) -> bool:
    """Whether an expression is a session, as far as names tell."""
    if isinstance(node, ast.Name):
        return node.id in known or node.id.lower().endswith("session")
    if isinstance(node, ast.Attribute):
        return node.attr.lower().endswith("session") or (
            node.attr == "begin" and is_session(node.value, known)
        )
    if isinstance(node, ast.Call):
        by_name = dotted(node.func) == "getattr" and any(
            "session" in ast.unparse(each) for each in node.args
        )
        return by_name or dotted(node.func).endswith("sessionmaker") or is_session(node.func, known)
    if isinstance(node, ast.IfExp | ast.BoolOp | ast.NamedExpr):
        return any(is_session(each, known) for each in ast.iter_child_nodes(node))
    return False


def sessions_in(function: ast.AST) -> set[str]:
    """The names in `function` that hold a session, also by way of other names."""
    known = {
        node.arg
        for node in ast.walk(function)
        if isinstance(node, ast.arg)
        and node.annotation
        and "Session" in ast.unparse(node.annotation)
    }
    while True:
        before = len(known)
        for node in ast.walk(function):
            pairs: list[tuple[ast.AST | None, ast.AST | None]] = []
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.withitem):
                pairs = [(node.optional_vars, node.context_expr)]
            for target, value in pairs:
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs += list(zip(target.elts, value.elts, strict=False))
                if isinstance(target, ast.Name) and value is not None and is_session(value, known):
                    known.add(target.id)
        if len(known) == before:
            return known


class Models:
    """The columns of all models, and the methods that set them."""

    def __init__(self, sources: Mapping[str, ast.Module]) -> None:
        classes = [
            node
            for tree in sources.values()
            for node in tree.body
            if isinstance(node, ast.ClassDef)
        ]
        columns = {
            node.name: [
                inner.target.id
                for inner in node.body
                if isinstance(inner, ast.AnnAssign)
                and isinstance(inner.target, ast.Name)
                and ast.unparse(inner.annotation).startswith("Mapped[")
            ]
            for node in classes
        }
        self.names = {name for name, mapped in columns.items() if mapped}
        self.other_classes = set(columns) - self.names
        self.columns = {column for mapped in columns.values() for column in mapped}
        self.setters = {
            method.name
            for model in classes
            if model.name in self.names
            for method in model.body
            if isinstance(method, ast.FunctionDef)
            and not method.name.startswith("__")
            and any(
                node.attr in self.columns and isinstance(node.ctx, ast.Store)
                for node in ast.walk(method)
                if isinstance(node, ast.Attribute)
            )
        }


class House:
    """All functions of some modules: how each of them writes, whom it names, and how it is marked."""

    def __init__(self, sources: Mapping[str, ast.Module], *, models: Models | None = None) -> None:
        self.sources = sources
        self.full = {path: imported(tree) for path, tree in sources.items()}
        self.functions: dict[Key, ast.AST] = {
            (path, name): tree
            for path, module in sources.items()
            for name, tree in functions(module)
        }
        self.marks = {key: mark_of(tree, self.full[key[0]]) for key, tree in self.functions.items()}
        self.models = models or Models(sources)
        self._named: dict[str, Key] = {
            f"{module_name(path)}.{name}": (path, name) for path, name in self.functions
        }
        self._methods: dict[Key, list[Key]] = defaultdict(list)
        for path, name in self.functions:
            if "." in name:
                self._methods[path, name.rsplit(".", 1)[-1]].append((path, name))
        self.names = {key: set(self._names_of(key)) - {key} for key in self.functions}
        self.ways = {key: list(dict.fromkeys(self._ways_of(key))) for key in self.functions}
        self._spread()

    def _names_of(self, key: Key) -> Iterator[Key]:
        """The functions that a function names: of its module, imported ones, methods by their name."""
        path, full = key[0], self.full[key[0]]
        for node in own_nodes(self.functions[key], full):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                name = resolved(node, full)
                own = f"{module_name(path)}.{dotted(node)}"
                for known in dict.fromkeys((name, f"{module_name(path)}.{name}", own)):
                    if known in self._named:
                        yield self._named[known]
                if isinstance(node, ast.Attribute):
                    yield from self._methods.get((path, node.attr), ())

    def _ways_of(self, key: Key) -> Iterator[str]:
        function, full = self.functions[key], self.full[key[0]]
        sessions = sessions_in(function)
        said = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
        for node in own_nodes(function, full):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in said
            ):
                if CHANGES_ROWS.match(node.value):
                    yield "SQL text"
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                name = full.get(node.id, node.id)
                statement = name.startswith("sqlalchemy") and name.rsplit(".", 1)[-1] in STATEMENTS
                if statement or name in ANNOUNCES or node.id == "setattr":
                    yield node.id
            elif (
                isinstance(node, ast.Call)
                and dotted(node.func) == "getattr"
                and is_session(node.args[0], sessions)
            ):
                yield "getattr(session)"
            elif isinstance(node, ast.Attribute):
                yield from self._attribute_ways(node, function, full, sessions)

    def _attribute_ways(
        self, node: ast.Attribute, function: ast.AST, full: Mapping[str, str], sessions: set[str]
    ) -> Iterator[str]:
        name, of = resolved(node, full), node.value
        if isinstance(node.ctx, ast.Store | ast.Del):
            if node.attr in self.models.columns and self._may_be_a_row(node, function):
                yield f"{dotted(node)} ="
        elif name in ANNOUNCES or node.attr in ALWAYS_WRITES or node.attr in self.models.setters:
            yield f".{node.attr}"
        elif node.attr in SESSION_WRITES and is_session(of, sessions):
            yield f"session.{node.attr}"
        elif node.attr in STATEMENTS:
            of_table = dotted(of).rsplit(".", 1)[-1].isupper() or "__table__" in ast.unparse(of)
            of_query = isinstance(of, ast.Call) and node.attr != "insert"
            if name.startswith("sqlalchemy.") or of_table or of_query:
                yield f".{node.attr}"

    def _may_be_a_row(self, node: ast.Attribute, function: ast.AST) -> bool:
        """Whether a target may be a row: no field of a form, no parameter of another class of ours."""
        owner = dotted(node.value)
        if owner == "self" or (node.attr == "data" and "." in owner):
            return False
        for argument in ast.walk(function):
            if (
                isinstance(argument, ast.arg)
                and argument.arg == owner
                and argument.annotation is not None
            ):
                kinds = set(re.findall(r"\w+", ast.unparse(argument.annotation)))
                return not kinds & self.models.other_classes or bool(kinds & self.models.names)
        return True

    def _hands_on(self, key: Key) -> bool:
        """Whether naming this function is writing."""
        path, name = key
        mark, last = self.marks[key], name.rsplit(".", 1)[-1]
        if mark is not None:
            return mark[0] == "system_only"
        constant = isinstance(self.functions[key], ast.Assign)
        return path.startswith(MECHANISMS) or last.startswith("_") or constant

    def _spread(self) -> None:
        """What names a writer that hands on writes too; a table names what others run."""
        changed = True
        while changed:
            changed = False
            for key, others in self.names.items():
                for other in others if key[0] not in TABLES else ():
                    way = f"{other[1]}()"
                    if (
                        (self.ways[other] or self.marks[other])
                        and self._hands_on(other)
                        and way not in self.ways[key]
                    ):
                        self.ways[key].append(way)
                        changed = True

    def unmarked(self) -> list[str]:
        """Every writer that carries no mark and is not private to one that does."""
        named = {other for others in self.names.values() for other in others}
        return sorted(
            f"{path}: {name or 'the body of the module'} ({', '.join(ways)})"
            for (path, name), ways in self.ways.items()
            if ways
            and self.marks[path, name] is None
            and not path.startswith((MECHANISMS, *EXCEPTED))
            and not ((path, name) in named and self._hands_on((path, name)))
        )


@cache
def house() -> House:
    """All our modules."""
    return House(modules())


def house_with(changed: Mapping[str, str]) -> House:
    """Modules with another text, or further ones, among the modules that they import."""
    sources = {path: ast.parse(text) for path, text in changed.items()}
    waiting = list(sources.values())
    while waiting:
        wanted = {f"{name}." for name in imported(waiting.pop()).values()}
        for path, tree in modules().items():
            if path not in sources and any(
                name.startswith(f"{module_name(path)}.") for name in wanted
            ):
                sources[path] = tree
                if path.startswith(MECHANISMS):
                    waiting.append(tree)
    return House(sources, models=house().models)
