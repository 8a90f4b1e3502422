"""Who may do what, which doors there are, and that strangers stay outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import Migrate

from compliance.people.sessions import OPEN_ENDPOINTS
from compliance.policy import ROLES, TABLE
from tests.browser import as_a_request_of_its_own

HERE = Path(__file__).parent


def policy_as_text() -> str:
    width = max(map(len, TABLE))
    lines = [f"{'':{width}} " + " ".join(f"{role:10}" for role in ROLES)]
    for action, row in TABLE.items():
        lines.append(f"{action:{width}} " + " ".join(f"{scope or '-':10}" for scope in row))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def routes_as_text(app: Flask) -> str:
    lines = {
        f"{method:6} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    return "\n".join(sorted(lines, key=lambda line: (line[7:], line))) + "\n"


def remembered(name: str, now: str) -> None:
    """Compare with what was decided; a difference is a decision to be made by changing the file."""
    assert (HERE / name).read_text() == now, (
        f"{name} differs: if this is meant, write the new text into tests/house/{name}"
    )


def test_the_policy_is_what_was_decided() -> None:
    remembered("policy.txt", policy_as_text())


@pytest.mark.usefixtures("app")
def test_the_doors_are_those_that_were_promised(app: Flask) -> None:
    remembered("routes.txt", routes_as_text(app))


@pytest.mark.usefixtures("app")
def test_the_api_takes_and_gives_what_was_promised(app: Flask) -> None:
    """Whole schemas: a field that goes, or means something else, breaks programs that other offices wrote."""
    promised = app.test_client().get("/api/v1/openapi.json").get_json()
    remembered(
        "api.json", json.dumps(promised, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    )


def test_strangers_are_refused_everywhere_but_on_the_short_list(app: Flask) -> None:
    client, entered = app.test_client(), []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS or rule.endpoint.endswith("openapi"):
            continue
        address = rule.rule
        for argument in rule.arguments:
            for shape in (
                f"<int:{argument}>",
                f"<path:{argument}>",
                f"<uuid:{argument}>",
                f"<{argument}>",
            ):
                address = address.replace(shape, "1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            response = as_a_request_of_its_own(client.open, address, method=method)
            refused = response.status_code in (400, 401, 404) or (
                response.status_code == 302 and response.headers["Location"].startswith("/login")
            )
            if not refused:
                entered.append(f"{method} {address}: {response.status_code}")
    assert entered == []


def test_the_migrations_lead_to_exactly_the_models(app: Flask) -> None:
    from flask_migrate import check

    assert isinstance(app.extensions["migrate"].migrate, Migrate)
    check()
