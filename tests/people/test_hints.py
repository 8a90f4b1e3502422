"""First-use hints: they say how a page is used, go away for ever when understood, and come back
when asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compliance.core.db import db
from compliance.people.hints import hints
from tests.browser import Browser, Page
from tests.factories import a_case, user

pytestmark = pytest.mark.one_store

Open = Callable[..., Browser]
TITLE = "Cara memakai halaman ini."


def understood(browser: Browser, page: Page) -> Page:
    """Press the button of the hint that the page shows."""
    form = page.soup.select_one("main [role=note] form")
    assert form is not None, page.path
    return browser.post(
        str(form["action"]), next=str(form.find("input", {"name": "next"})["value"])
    )


@pytest.mark.parametrize(
    ("who", "where", "name"),
    [
        ("ina", "/field", "field"),
        ("lia", "/check", "check"),
        ("tika", "/queue", "queue"),
        ("ina", "case", "case"),
    ],
)
def test_a_hint_is_there_on_the_first_visit_and_never_again_once_understood(
    browser: Open, who: str, where: str, name: str
) -> None:
    where = f"/cases/{a_case().number}" if where == "case" else where
    reader = browser(who)
    page = reader.get(where)
    assert hints()[name].sentence in page.text
    page = understood(reader, page)
    assert (page.path, page.status) == (where, 200)
    assert TITLE not in page.text
    assert TITLE not in browser(who).get(where).text, "on another device too"


def test_the_hint_of_the_findings_stands_outside_the_form_it_speaks_of(browser: Open) -> None:
    from tests.cases.walk import begin
    from tests.factories import a_company

    ina = browser("ina")
    key = begin(ina, a_company())
    page = ina.get(f"/notas/{key}/findings")
    assert TITLE in page.text
    assert page.soup.select("form form") == []
    assert TITLE not in ina.get(f"/notas/{key}/workers").text
    page = understood(ina, page)
    assert (page.path, TITLE in page.text) == (f"/notas/{key}/findings", False)


def test_one_hint_put_away_leaves_the_others_and_the_page_that_was_narrowed(browser: Open) -> None:
    sari = browser("sari")
    page = understood(sari, sari.get("/queue?late=8-30"))
    assert page.response.request.full_path == "/queue?late=8-30"
    assert TITLE in sari.get("/field").text


def test_the_same_hint_twice_is_the_same_and_makes_no_other_form_stale(browser: Open) -> None:
    ina, before = browser("ina"), user("ina").version
    for _ in range(2):
        assert ina.post("/account/hints/field", next="/field").path == "/field"
    db.session.remove()
    assert (user("ina").hints_seen, user("ina").version) == (["field"], before)
    assert ina.post("/account/hints/nothing").status == 404
    assert ina.post("/account/hints/case", next="https://contoh.example/").path == "/field"


def test_hints_come_back_when_asked_for(browser: Open) -> None:
    ina = browser("ina")
    assert "Tampilkan petunjuk lagi" not in ina.get("/account").text
    ina.post("/account/hints/field")
    assert "Tampilkan petunjuk lagi" in ina.get("/account").text
    page = ina.post("/account/hints")
    assert (page.path, "Petunjuk tampil lagi" in page.text) == ("/account", True)
    assert TITLE in ina.get("/field").text
