"""No room names a room above it: not by an import (import-linter), and not in a string (here)."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest
from flask import Flask

from compliance.core.db import db
from tests.house.source import ROOT, dotted, modules
from tests.house.writers import imported

ENDPOINT = re.compile(r"^[a-z_]+\.[a-z_]+$")
TEMPLATE = r"[a-z_]+/[\w/]+\.(?:html|txt)"
IN_A_TEMPLATE = re.compile(
    rf"""(["'])(/[a-z][^"'{{}}\s]*|[a-z_]+\.[a-z_]+|{TEMPLATE})(?:\1|\{{\{{)"""
)
MODULE = re.compile(r"compliance\.([a-z_]+)\b[\w.]*")
NAMES_OF_TABLES = {"ForeignKey", "table", "Table"}
SQL_TEXT = {"text", "literal_column", "exec_driver_sql", "DDL"}
TABLE_IN_SQL = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO|ON)\s+\"?(\w+)|\b(\w+)\.\w+", re.I)
EXEMPT = ("cli", "demo", "serving", "slots", "schedule", "reactions", "policy")
"""The tables and edges at the top of the ladder name what is below them; the policy names actions,
not addresses.
"""
GUARDED_BY_THE_STORE = {
    "compliance/core/outbox.py": [
        "users"
    ],  # a message is for a person: only this constraint says so
    "compliance/web/security_log.py": ["users"],  # likewise, an entry about a person
}
EDGES = {"views", "forms", "panels", "exports", "cli", "web", "api", "serving", "slots"}
KNOWS_REQUESTS = {
    "compliance/admin/letters/wording.py": "pages of what letters say, beside the others in views",
    "compliance/admin/letters/articles.py": "pages of what articles say, beside the others in views",
    "compliance/admin/doctor/surroundings.py": "how this installation is set up",
    "compliance/__init__.py": "puts the application together",
    "compliance/core/after.py": "writes once the answer is sent",
    "compliance/core/db.py": "the session of Flask-SQLAlchemy",
    "compliance/core/migrations.py": "Flask-Migrate's own place",
    "compliance/core/scheduler.py": "runs jobs within the application",
    "compliance/letters/signing/bsre.py": "where this installation has its signing service",
    "compliance/evidence/uploads.py": "what came with a form, and the key of its signed note",
    "compliance/people/factors/proving.py": "what a page of a proof carries, signed for its session",
    "compliance/letters/packets/sending.py": "a packet as an answer",
    "compliance/letters/rendering.py": "at which address a letter is checked",
    "compliance/files/storage.py": "where this installation keeps its files",
    "compliance/people/begun_forms.py": "whose a form is that was sent",
    "compliance/people/hints.py": "whether a page shows its hint to this reader",
    "compliance/people/models.py": "the mixin of Flask-Login",
    "compliance/people/saved_forms.py": "keeps what a request brought too late",
    "compliance/people/sessions.py": "who asks",
    "compliance/team/rows.py": "the words of a long list, chosen once for all rows",
}
"""Modules that know Flask although they are no edge, each with its reason. A form as plain values
(`MultiDict`) is no request.
"""


def reads_requests(tree: ast.Module) -> list[str]:
    """What a module imports of Flask, or of who is signed in, also within functions."""
    return sorted(
        name
        for name in imported(tree).values()
        if re.match(r"(flask|werkzeug|compliance\.people\.sessions)\b|flask_|wtforms", name)
        and name != "werkzeug.datastructures.MultiDict"
    )


def ladder() -> list[str]:
    """The rooms from the lowest to the highest, as import-linter holds them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers: list[str] = contracts[0]["layers"]
    return [room.strip() for layer in reversed(layers) for room in layer.split("|")]


def room_of_endpoints(app: Flask) -> dict[str, str]:
    return {
        endpoint: view.__module__.split(".")[1]
        for endpoint, view in app.view_functions.items()
        if view.__module__.startswith("compliance.")
    }


def room_of_paths(app: Flask, rooms: dict[str, str]) -> dict[str, str]:
    """The fixed beginning of every address, and the room that answers there; shared beginnings go
    to the lowest room.
    """
    found: dict[str, str] = {}
    order = ladder()
    for rule in app.url_map.iter_rules():
        beginning = rule.rule.partition("<")[0].rstrip("/")
        room = rooms.get(rule.endpoint)
        if beginning and room and order.index(room) < order.index(found.get(beginning, order[-1])):
            found[beginning] = room
    return found


def room_of_models() -> dict[str, str]:
    """The room of every table, and of every model by the name of its class."""
    found: dict[str, str] = {}
    for mapper in db.Model.registry.mappers:
        room = mapper.class_.__module__.split(".")[1]
        found |= dict.fromkeys((mapper.class_.__name__, mapper.class_.__tablename__), room)
    return found


def named_room(text: str, endpoints: dict[str, str], paths: dict[str, str]) -> str | None:
    """The room whose endpoint, address, module or template `text` is, if it is one."""
    if ENDPOINT.match(text):
        return endpoints.get(text)
    if module := MODULE.fullmatch(text):
        return module[1]
    if re.fullmatch(TEMPLATE, text):
        return text.partition("/")[0]
    if re.fullmatch(r"[a-z_]+\.", text):  # how the endpoints of a blueprint begin
        return next((room for name, room in endpoints.items() if name.startswith(text)), None)
    path = re.split(r"[?#]", text)[0].rstrip("/")
    while path:
        if path in paths:
            return paths[path]
        path = path.rpartition("/")[0]
    return None


def strings_of_code(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            not isinstance(node, ast.Constant)
            or not isinstance(node.value, str)
            or id(node) in prose
        ):
            continue
        if re.match(rf"/|{ENDPOINT.pattern}|^[a-z_]+\.$|compliance\.|^{TEMPLATE}$", node.value):
            yield node.lineno, node.value


def models_of_code(source: str) -> Iterator[tuple[int, str]]:
    """The tables and models that code names in strings: in keys, in relationships and in SQL."""
    for node in ast.walk(ast.parse(source)):
        is_tables = isinstance(node, ast.Subscript) and dotted(node.value).endswith(".tables")
        if is_tables and isinstance(node.slice, ast.Constant):  # type: ignore[attr-defined]
            yield node.lineno, str(node.slice.value)  # type: ignore[attr-defined]
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func).rsplit(".", 1)[-1] or getattr(node.func, "attr", "")
        said = [
            each
            for argument in node.args
            for each in ast.walk(argument)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        for each in said:
            if called in NAMES_OF_TABLES or called == "relationship":
                yield each.lineno, each.value.partition(".")[0]
            elif called in SQL_TEXT:
                for found in TABLE_IN_SQL.finditer(each.value):
                    yield each.lineno, found[1] or found[2]


def strings_of_template(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), 1):
        for match in IN_A_TEMPLATE.finditer(line):
            yield number, match[2]


def rooms_above(
    room: str,
    source: str,
    *,
    template: bool,
    endpoints: dict[str, str],
    paths: dict[str, str],
    models: dict[str, str],
) -> list[str]:
    """What a source of `room` names of the rooms above it."""
    order = ladder()
    strings = strings_of_template(source) if template else strings_of_code(source)
    named = [(line, text, named_room(text, endpoints, paths)) for line, text in strings]
    if not template:
        named += [(line, text, models.get(text)) for line, text in models_of_code(source)]
    return [
        f"{line}: {text}"
        for line, text, other in named
        if other in order and order.index(other) > order.index(room)
    ]


@pytest.fixture
def doors(app: Flask) -> dict[str, dict[str, str]]:
    endpoints = room_of_endpoints(app)
    paths = room_of_paths(app, endpoints)
    return {"endpoints": endpoints, "paths": paths, "models": room_of_models()}


@pytest.mark.one_store
def test_no_room_names_an_address_of_a_room_above_it(doors: dict[str, dict[str, str]]) -> None:
    order, found = ladder(), []
    for path in sorted((ROOT / "compliance").rglob("*.py")):
        room = path.relative_to(ROOT / "compliance").parts[0].removesuffix(".py")
        if room in order and room not in EXEMPT:
            found += [
                f"{path.relative_to(ROOT)}:{each}"
                for each in rooms_above(room, path.read_text(), template=False, **doors)
                if each.partition(": ")[2]
                not in GUARDED_BY_THE_STORE.get(str(path.relative_to(ROOT)), ())
            ]
    for path in sorted((ROOT / "templates").rglob("*.html")):
        room = path.relative_to(ROOT / "templates").parts[0]
        room = {"macros": "people", "base.html": "people", "events": "admin", "errors": "web"}.get(
            room, room
        )
        if room in order:
            found += [
                f"{path.relative_to(ROOT)}:{each}"
                for each in rooms_above(room, path.read_text(), template=True, **doors)
            ]
    assert "\n".join(found) == ""


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("room", "source", "template"),
    [
        ("web", 'home = "/queue"', False),
        ("companies", 'redirect(url_for("cases.show", number=1))', False),
        ("people", 'LINKS = {"digest": "/field?tab=late"}', False),
        ("companies", "<a href=\"{{ url_for('plan.index') }}\">", True),
        ("cases", '<a href="/admin/jobs">', True),
        ("companies", 'case_id = mapped_column(sa.ForeignKey("cases.id"))', False),
        ("companies", 'cases = relationship("Case", back_populates="company")', False),
        ("companies", 'sa.text("SELECT count(*) FROM cases WHERE company_id = :id")', False),
        ("companies", 'open = sa.text("EXISTS (SELECT 1 FROM companies JOIN cases ON 1)")', False),
        ("companies", "condition = sa.text(f'flags.lifted_at IS NULL AND {more}')", False),
        ("companies", 'cases = sa.table("cases", sa.column("id"))', False),
        ("companies", 'rows = db.metadata.tables["cases"]', False),
        ("companies", 'models = import_module("compliance.cases.models")', False),
        ("companies", 'return show("cases/case.html", company=company)', False),
        ("companies", 'if request.endpoint.startswith("cases."): pass', False),
        ("companies", '{% include "cases/panel.html" %}', True),
        ("people", "{% from 'cases/parts.html' import identity with context %}", True),
    ],
)
def test_the_law_sees_a_room_that_names_one_above(
    doors: dict[str, dict[str, str]], room: str, source: str, template: bool
) -> None:
    assert rooms_above(room, source, template=template, **doors) != []


def test_every_room_stands_on_the_ladder() -> None:
    """Or import-linter would say nothing about it."""
    parts = {path.split("/")[1].removesuffix(".py") for path in modules()} - {"__init__"}
    assert parts == set(ladder())
    text = (ROOT / "pyproject.toml").read_text()
    assert tomllib.loads(text)["tool"]["importlinter"]["contracts"][0]["exhaustive"]


def test_only_the_edges_know_of_requests() -> None:
    known = {
        path
        for path, tree in modules().items()
        if reads_requests(tree) and not EDGES & set(path.removesuffix(".py").split("/"))
    }
    assert known == set(KNOWS_REQUESTS)


@pytest.mark.parametrize(
    "source",
    [
        "from flask import g",
        "def f():\n    from flask import request as r\n    return r.args",
        "from werkzeug.local import LocalProxy",
        "from flask_login import current_user as by",
        "from compliance.people.sessions import signed_in",
        "from compliance.people import sessions as who",
        "if TYPE_CHECKING:\n    from flask import Flask",
    ],
)
def test_a_module_that_reads_the_request_is_seen(source: str) -> None:
    assert reads_requests(ast.parse(source)) != []
