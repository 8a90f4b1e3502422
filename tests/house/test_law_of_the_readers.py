"""A GET's own transaction never writes. Every browser of the suite looks at every statement of every request.

Here the law is broken on purpose; `tests/browser.py` holds it, on each page that any test opens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core import after
from compliance.core.db import db
from compliance.core.numbering import next_serial
from compliance.people.models import SignIn, User
from compliance.people.sessions import SEEN

HELP = "people.help_page"


def update_with_core() -> None:
    db.session.execute(sa.update(SignIn).values(device="contoh"))


def insert_with_text() -> None:
    next_serial("contoh", 2026)


def delete_on_the_connection() -> None:
    db.session.connection().exec_driver_sql("delete from job_runs")


def write_and_commit_early() -> None:
    db.session.execute(sa.update(SignIn).values(device="contoh"))
    db.session.commit()


def write_on_another_connection() -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.update(SignIn).values(device="contoh"))


def write_behind_a_common_table() -> None:
    db.session.execute(
        sa.text(
            "WITH old AS (SELECT id FROM sign_ins) UPDATE sign_ins SET device = 'x' WHERE id IN"
            " (SELECT id FROM old)"
        )
    )


BREAKAGES = [
    update_with_core, insert_with_text, delete_on_the_connection, write_and_commit_early,
    write_on_another_connection,
    write_behind_a_common_table,
]  # fmt: skip


@pytest.mark.parametrize("write", BREAKAGES)
def test_a_get_that_writes_is_found(
    app: Flask, browser, monkeypatch, write: Callable[[], None]
) -> None:
    def page() -> str:
        db.session.rollback()  # on SQLite another connection waits for this one
        db.session.info.pop("read_only", None)
        write()
        return "contoh"

    monkeypatch.setitem(app.view_functions, HELP, page)
    reader = browser("ina")
    with pytest.raises(AssertionError, match="a GET never writes"):
        reader.get("/help")


def test_a_changed_row_does_not_even_reach_the_store(app: Flask, browser, monkeypatch) -> None:
    def page() -> str:
        db.session.scalars(sa.select(User)).first().phone = "1"  # type: ignore[union-attr]
        db.session.flush()
        return "contoh"

    monkeypatch.setitem(app.view_functions, HELP, page)
    assert browser("ina").client.get("/help").status_code == 500


def test_a_note_of_reading_is_no_write_of_the_get(app: Flask, browser, monkeypatch) -> None:
    original = app.view_functions[HELP]

    def page() -> object:
        then = datetime(2027, 1, 1, tzinfo=UTC)
        after.note(SEEN, "contoh", sign_in_id=1, at=then, until=then)
        return original()

    monkeypatch.setitem(app.view_functions, HELP, page)
    assert browser("ina").get("/help").status == 200
    assert app.extensions["patuh_after"].kept == {}, "it was written after the answer"
