"""What the operator's log holds of a request or a job that failed: no secret, and nobody's data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core import clock, jobs, logs
from compliance.core.db import db, transaction
from compliance.people.models import User
from tests.browser import Browser
from tests.factories import user

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
