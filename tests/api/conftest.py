"""A program at the API: api("ina") bears a token of that member of the cast, api() bears none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from compliance.core.db import db, transaction
from compliance.people.commands.accounts import add_token
from tests.browser import as_a_request_of_its_own
from tests.factories import user


class Program:
    """Asks the API and looks critically at what comes back."""

    def __init__(self, app: Flask, secret: str | None, language: str | None = None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        if language:
            self.headers["Accept-Language"] = language

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> TestResponse:
        return self.send("GET", path, headers=headers, query_string=query)

    def post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> TestResponse:
        return self.send("POST", path, headers=headers, json=body)

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> TestResponse:
        response = as_a_request_of_its_own(
            self.client.open,
            f"/api/v1{path}",
            method=method,
            headers={**self.headers, **(headers or {})},
            **kwargs,
        )
        look_critically(response)
        return response


def look_critically(response: TestResponse) -> None:
    """What must be true of every answer."""
    assert response.status_code < 500, response.text
    assert "Set-Cookie" not in response.headers
    if response.status_code >= 400:
        assert response.mimetype == "application/problem+json", response.mimetype
        assert response.json["status"] == response.status_code
        assert response.json["detail"], response.text
        assert all(each["message"] for each in response.json.get("errors", ()))
        assert "{" not in response.json["detail"]
    elif response.status_code == 201:
        assert response.headers["Location"].startswith("/api/v1/")
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    if response.status_code == 429:
        assert int(response.headers["Retry-After"]) > 0


@pytest.fixture
def secret(app: Flask) -> Callable[[str], str]:
    """A new token of a member of the cast."""

    def make(who: str) -> str:
        with transaction():
            return add_token(user(who), by=user(who), label="uji coba")

    return make


@pytest.fixture
def api(app: Flask, secret: Callable[[str], str]) -> Callable[..., Program]:
    def program(who: str | None = None, language: str | None = None) -> Program:
        made = Program(app, secret(who) if who else None, language)
        db.session.remove()
        return made

    return program


def fields(response: TestResponse) -> set[str]:
    """The fields that a problem speaks of."""
    return {each["field"] for each in response.json.get("errors", ())}


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Program, str], int]:
    """How many statements a page of a list sends to the store."""

    def count(program: Program, path: str) -> int:
        said: list[str] = []

        def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            said.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", listen)
        try:
            assert program.get(path).json["items"]
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", listen)
        return len([each for each in said if not each.startswith(("BEGIN", "COMMIT", "PRAGMA"))])

    return count
