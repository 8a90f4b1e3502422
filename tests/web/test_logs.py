"""What the operator's log holds of a request or a job that failed: no secret, and nobody's data."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core import clock, jobs, logs
from compliance.core.db import db, transaction
from compliance.people.models import User
from compliance.web import access_log
from tests.browser import Browser
from tests.factories import a_case, user

SECRET = "rahasia-dari-tautan-ini"


@pytest.fixture
def log(app: Flask) -> Iterator[io.StringIO]:
    """The log as an operator reads it in production."""
    text = io.StringIO()
    with redirect_stderr(text):
        logs.install(production=True)
    yield text
    logs.install(production=False)


def rename(old: str, new: str) -> None:
    with transaction():
        db.session.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))
    db.session.remove()


def test_a_link_whose_page_fails_is_in_no_log(app: Flask, log: io.StringIO) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    rename("password_resets", "elsewhere")
    try:
        assert Browser(app).get(f"/reset-password/{SECRET}").status == 500
    finally:
        rename("elsewhere", "password_resets")
        app.config["PROPAGATE_EXCEPTIONS"] = None
    said = log.getvalue()
    assert '"path": "/reset-password/<secret>"' in said
    assert SECRET not in said
    assert "Traceback" in said


def test_what_a_failed_statement_was_given_is_in_no_log_and_on_no_page(
    app: Flask, log: io.StringIO
) -> None:
    def add_twice() -> dict[str, int]:
        with transaction():
            facts = {"email": user("ina").email, "name": "Rahasia Sekali", "role": "inspector"}
            db.session.add(User(**facts, language="id", created_at=clock.now()))
        return {}

    error = jobs.run("contoh", add_twice).error
    said = f"{error} {log.getvalue()}"
    assert "users" in said
    assert "IntegrityError" in said
    assert "Rahasia Sekali" not in said
    assert "ina@contoh.example" not in said


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture
def production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PATUH_ENV", "production")


@pytest.mark.usefixtures("production")
def test_a_request_is_one_line_with_who_asked_and_about_which_case(
    app: Flask, browser: Callable[..., Browser], log: io.StringIO
) -> None:
    case = a_case()
    ina = browser("ina")
    log.truncate(0)
    log.seek(0)
    page = ina.client.get(
        f"/cases/{case.number}?tab=rahasia", headers={"X-Request-Id": "of-proxy-1"}
    )
    (line,) = lines(log)
    assert line.pop("ms") is not None
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "path": f"/cases/{case.number}",
        "answered": 200,
        "user": user("ina").id,
        "case": case.number,
        "request_id": "of-proxy-1",
    }
    assert page.headers["X-Request-Id"] == "of-proxy-1"
    ina.client.get("/help")
    assert "case" not in lines(log)[-1], "what one request was about is not said of the next"


@pytest.mark.usefixtures("production")
def test_what_machines_ask_fills_no_log_while_it_is_well(app: Flask, log: io.StringIO) -> None:
    for path in ("/healthz", "/readyz"):
        assert app.test_client().get(path).status_code == 200
    assert log.getvalue() == ""
    assert app.test_client().get("/beatz").status_code == 503
    assert [line["path"] for line in lines(log)] == ["/beatz"]


def test_a_slow_request_is_told_everywhere_and_a_quick_one_in_production_only(
    app: Flask, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.test_client().get("/login")
    assert log.getvalue() == ""
    monkeypatch.setattr(access_log, "SLOW_SECONDS", 0.0)
    app.test_client().get(f"/reset-password/{SECRET}")
    (line,) = lines(log)
    assert (line["event"], line["level"]) == ("slow request", "warning")
    assert line["path"] == "/reset-password/<secret>"
