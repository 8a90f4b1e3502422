"""No room names a room above it: not by an import (import-linter), and not in a string (here)."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.house.source import ROOT

ENDPOINT = re.compile(r"^[a-z_]+\.[a-z_]+$")
IN_A_TEMPLATE = re.compile(r"""(["'])(/[a-z][^"'{}\s]*|[a-z_]+\.[a-z_]+)(?:\1|\{\{)""")
EXEMPT = ("cli", "demo", "serving", "slots", "schedule", "reactions", "policy")
"""The tables and edges at the top of the ladder name what is below them; the policy names actions,
not addresses.
"""


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


def named_room(text: str, endpoints: dict[str, str], paths: dict[str, str]) -> str | None:
    """The room whose endpoint or address `text` is, if it is one."""
    if ENDPOINT.match(text):
        return endpoints.get(text)
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
        if node.value.startswith("/") or ENDPOINT.match(node.value):
            yield node.lineno, node.value


def strings_of_template(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), 1):
        for match in IN_A_TEMPLATE.finditer(line):
            yield number, match[2]


def rooms_above(
    room: str, source: str, *, template: bool, endpoints: dict[str, str], paths: dict[str, str]
) -> list[str]:
    """What a source of `room` names of the rooms above it."""
    order = ladder()
    strings = strings_of_template(source) if template else strings_of_code(source)
    return [
        f"{line}: {text}"
        for line, text in strings
        if (named := named_room(text, endpoints, paths)) and order.index(named) > order.index(room)
    ]


@pytest.fixture
def doors(app: Flask) -> dict[str, dict[str, str]]:
    endpoints = room_of_endpoints(app)
    return {"endpoints": endpoints, "paths": room_of_paths(app, endpoints)}


@pytest.mark.one_store
def test_no_room_names_an_address_of_a_room_above_it(doors: dict[str, dict[str, str]]) -> None:
    order, found = ladder(), []
    for path in sorted((ROOT / "compliance").rglob("*.py")):
        room = path.relative_to(ROOT / "compliance").parts[0].removesuffix(".py")
        if room in order and room not in EXEMPT:
            found += [
                f"{path.relative_to(ROOT)}:{each}"
                for each in rooms_above(room, path.read_text(), template=False, **doors)
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
    ],
)
def test_the_law_sees_a_room_that_names_one_above(
    doors: dict[str, dict[str, str]], room: str, source: str, template: bool
) -> None:
    assert rooms_above(room, source, template=template, **doors) != []
