"""An address in the bar can always be opened: one that only takes what is sent leads to its page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser import Browser
from tests.factories import a_case

OpenBrowser = Callable[..., Browser]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def only_sent_to(app: Flask) -> list[str]:
    """The addresses of pages that take a POST and no GET."""
    rules = list(app.url_map.iter_rules())
    opened = {rule.rule for rule in rules if "GET" in (rule.methods or ())}
    sent = {rule.rule for rule in rules if "POST" in (rule.methods or ())}
    return sorted(rule for rule in sent - opened if not rule.startswith("/api/"))


def filled(rule: str) -> str:
    """An address of a rule, with something in each of its parts."""
    rule = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
    rule = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", rule)
    return re.sub(r"<[^>]+>", "x", re.sub(r"<int:\w+>", "1", rule))


def test_an_address_that_only_takes_what_is_sent_leads_to_the_page_above_it(
    app: Flask, browser: OpenBrowser
) -> None:
    strays, adi = [], browser("adi")
    for rule in only_sent_to(app):
        page = adi.client.get(filled(rule))
        if page.status_code != 303 or page.location == filled(rule):
            strays.append((rule, page.status_code))
    assert strays == []


def test_it_is_the_nearest_page_above(browser: OpenBrowser) -> None:
    number = a_case().number
    ina = browser("ina")
    assert ina.client.get("/companies/doubtful/7/list-again").location == "/companies/doubtful"
    assert ina.get(f"/cases/{number}/recheck/undo").path == f"/cases/{number}"


def test_a_program_is_told_which_methods_there_are(app: Flask) -> None:
    refused = app.test_client().get("/api/v1/clearance/batch")
    assert refused.status_code in (401, 405)


def test_a_change_of_language_after_a_refusal_keeps_what_was_typed(browser: OpenBrowser) -> None:
    ina = browser("ina")
    page = ina.submit(
        "/companies/new", name="PT Contoh Bahasa", npwp="123", address="Jalan Misal 7"
    )
    assert page.status == 422
    form = page.tree.find(".//form[@action='/language/en']")
    sent = {field.get("name"): field.get("value") for field in form.iterfind(".//input[@name]")}
    page = ina.post("/language/en", sent)
    assert page.tree.get("lang") == "en"
    assert page.path == "/companies/new"
    assert page.value("name") == "PT Contoh Bahasa"
    assert page.value("address") == "Jalan Misal 7"
    assert page.value("npwp") == "123"


def test_no_password_goes_along_with_a_change_of_language(browser: OpenBrowser) -> None:
    page = browser("ina").submit(
        "/account/password", current="salah sama sekali", password="x", again="y"
    )
    assert page.status == 422
    assert "salah sama sekali" not in page.html
