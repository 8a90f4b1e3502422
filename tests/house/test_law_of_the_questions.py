"""Law 9: a page asks the store once for all its rows. `tests/browser.py` counts, on each page of any test.

Here the law is broken on purpose.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.people.models import User
from tests.browser import MOST_REPEATED
from tests.factories import a_case

HELP = "people.help_page"


def _cases() -> list[Case]:
    return list(db.session.scalars(sa.select(Case)))


def a_relationship_that_is_not_loaded() -> None:
    assert all(case.company.name for case in _cases())


def a_row_by_its_id() -> None:
    for case in _cases():
        db.session.execute(sa.select(User.name).where(User.id == case.inspector_id)).one()


def a_count_for_each_row() -> None:
    for case in _cases():
        db.session.scalar(sa.select(sa.func.count()).where(Case.company_id == case.company_id))


def a_question_on_the_connection() -> None:
    for case in _cases():
        db.session.connection().execute(
            sa.text("SELECT id FROM flags WHERE case_id = :id"), {"id": case.id}
        )


BREAKAGES = [
    a_relationship_that_is_not_loaded, a_row_by_its_id, a_count_for_each_row, a_question_on_the_connection,
]  # fmt: skip


@pytest.mark.one_store
@pytest.mark.parametrize("ask", BREAKAGES)
def test_a_page_that_asks_for_each_row_is_found(
    app: Flask, browser, monkeypatch, ask: Callable[[], None]
) -> None:
    for _ in range(MOST_REPEATED + 1):
        a_case()

    def page() -> str:
        ask()
        return "contoh"

    monkeypatch.setitem(app.view_functions, HELP, page)
    reader = browser("ina")
    with pytest.raises(AssertionError, match="a GET asks once for all rows"):
        reader.get("/help")
