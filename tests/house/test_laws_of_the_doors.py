"""Who may do what, which doors there are, and that strangers stay outside."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from pydantic import BaseModel, Field
from werkzeug.routing import AnyConverter, Rule, UUIDConverter

from compliance.api.auth import know_the_caller
from compliance.api.schemas.responses import Flag, ResponseBody
from compliance.people import sessions
from compliance.people.sessions import OPEN_ENDPOINTS
from compliance.policy import ROLES, TABLE
from tests.browser import Browser, as_a_request_of_its_own

HERE = Path(__file__).parent
STRANGERS_MAY = {
    "people.login": "signing in",
    "people.forgot_password": "asking for a link by mail",
    "metrics.show": "figures for Prometheus, behind a token or on this machine",
    "factors.second": "the second step of signing in",
    "factors.cancel": "leaving it",
    "people.reset_password": "the link of that mail",
    "people.choose_language": "Indonesian or English",
    "people.help_page": "help",
    "people.accessibility": "the statement on accessibility",
    "verify.ask": "anybody who holds a receipt may verify it",
    "verify.check_file": "anybody who holds a PDF may ask whether it is ours",
    "verify.show": "the same, by the link on the receipt",
    "offline.offline": "the page that a browser keeps",
    "offline.worker": "the script that keeps it",
    "assets.serve": "styles and scripts",
    "health.healthz": "whether the process lives",
    "health.readyz": "whether it can serve",
    "health.beatz": "whether the scheduler runs",
    "api.openapi": "the description of the API",
    "first_start.code": "while nobody works here: the code that the server printed",
    "first_start.province": "behind that code, while nobody works here",
    "first_start.offices": "behind that code, while nobody works here",
    "first_start.settings": "behind that code, while nobody works here",
    "first_start.people": "behind that code, while nobody works here",
}
"""The short list. A further line is a decision: whatever it opens, the whole world may read."""


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


def schemas(of: type[BaseModel] = ResponseBody) -> Iterator[type[BaseModel]]:
    for schema in of.__subclasses__():
        yield schema
        yield from schemas(schema)


def broken_promises(schema: type[BaseModel]) -> set[str]:
    """The names that the description promises and no answer holds, or the other way round."""
    promised = schema.model_json_schema().get("properties", {})
    by_alias = schema.model_config.get("serialize_by_alias")
    written = {
        (field.serialization_alias or name) if by_alias else name
        for name, field in schema.model_fields.items()
        if not field.exclude
    }
    return set(promised) ^ written


def test_an_answer_holds_what_its_description_promises(app: Flask) -> None:
    assert {each.__name__: wrong for each in schemas() if (wrong := broken_promises(each))} == {}


@pytest.mark.parametrize("field", [Field(exclude=True), Field(alias="level_of_flag")])
def test_a_field_that_no_answer_holds_is_seen(field: object) -> None:
    fields = {"__annotations__": {"level": str}, "level": field, "__module__": __name__}
    assert broken_promises(type("NewFlag", (Flag.__bases__[0],), fields)) != set()


@pytest.mark.usefixtures("app")
def test_the_short_list_of_what_strangers_may_open_is_what_was_decided() -> None:
    assert set(OPEN_ENDPOINTS) == set(STRANGERS_MAY)


def address_of(rule: Rule) -> str:
    """An address that the rule answers; whether there is anything is not for a stranger to learn."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, UUIDConverter):
            values[name] = uuid.uuid4()
        else:
            values[name] = min(converter.items) if isinstance(converter, AnyConverter) else "1"
    built = rule.build(values)
    assert built is not None
    return built[1]


def entered_by_strangers(app: Flask) -> list[str]:
    """The doors off the short list that let a stranger in who has the token of a form."""
    stranger, entered = Browser(app), []
    stranger.get("/help")
    for rule in app.url_map.iter_rules():
        address = address_of(rule) if rule.endpoint not in STRANGERS_MAY else ""
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"} if address else ():
            response = as_a_request_of_its_own(
                stranger.client.open, address, method=method, data={"csrf_token": stranger.token}
            )
            to_sign_in = response.headers.get("Location", "").startswith("/login")
            refused = (response.status_code == 302 and to_sign_in) or (
                response.status_code == 401 and rule.rule.startswith("/api/")
            )
            if not refused:
                entered.append(f"{method} {rule.rule}: {response.status_code}")
    return entered


def test_strangers_are_refused_everywhere_but_on_the_short_list(app: Flask) -> None:
    assert entered_by_strangers(app) == []


def _lets_pass(what: Callable[[], bool], guard: Callable[[], object]) -> Callable[[], object]:
    return lambda: None if what() else guard()


OPENED: dict[str, Callable[[], bool]] = {
    "GET /notas/<uuid:draft_key>": lambda: request.path.startswith("/notas/"),
    "POST /imports/<int:id>/undo": lambda: request.method == "POST" and "imports" in request.path,
    "GET /flags/<int:id>": lambda: request.endpoint == "licensing.flag",
    "GET /api/v1/flags": lambda: request.path.startswith("/api/v1/flags"),
    "POST /api/v1/clearance": lambda: request.path.endswith("/clearance"),
}


@pytest.mark.one_store
@pytest.mark.parametrize("door", OPENED)
def test_a_door_that_stands_open_is_seen(
    app: Flask, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """Also one behind which there is nothing, and one that asks for a form's token."""
    what = OPENED[door]
    for name, guard in ((None, sessions._stop_strangers), ("api", know_the_caller)):
        guards = [
            _lets_pass(what, each) if each is guard else each
            for each in app.before_request_funcs[name]
        ]
        monkeypatch.setitem(app.before_request_funcs, name, guards)
    assert any(each.startswith(f"{door.split('<')[0]}") for each in entered_by_strangers(app))
