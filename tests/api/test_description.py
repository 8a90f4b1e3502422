"""The description is whole: every operation, every status, and the page for people that goes with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask

from config import ROOT


def description(api) -> dict:
    return api().get("/openapi.json").json


def test_every_operation_of_the_api_is_described(api, app: Flask) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in description(api)["paths"].items()
        for method in operations
    }
    there = {
        f"{method} {_braces(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.endpoint.startswith("api.")
        and rule.endpoint != "api.openapi"
        and method not in ("HEAD", "OPTIONS")
    }
    assert described == there


def test_the_page_for_people_names_every_operation(api) -> None:
    page = Path(ROOT / "docs" / "api.md").read_text()
    for path, operations in description(api)["paths"].items():
        for method in operations:
            assert re.search(
                f"`{method.upper()} {re.escape(path.removeprefix('/api/v1'))}[`?]", page
            ), f"{method} {path}"


def test_errors_are_problems_and_nothing_points_nowhere(api) -> None:
    document = description(api)
    assert (document["openapi"], document["info"]["title"]) == ("3.1.0", "Patuh")
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for operations in document["paths"].values():
        for operation in operations.values():
            assert {"401", "403", "422", "429"} <= set(operation["responses"])
            for status, answer in operation["responses"].items():
                given = answer.get("content", {})
                if any(schema["schema"].get("format") == "binary" for schema in given.values()):
                    continue  # a file
                kind = "application/problem+json" if status >= "400" else "application/json"
                assert list(given or {kind: 0}) == [kind]
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references == set(document["components"]["schemas"])


def _braces(rule: str) -> str:
    return re.sub(r"<(?:int:)?([a-z_]+)>", r"{\1}", rule)
