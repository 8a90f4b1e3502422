"""A person at a browser without JavaScript: goes to pages, fills in forms, and looks at each page
critically.
"""

from __future__ import annotations

import contextvars
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import lxml.html
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask, has_request_context, request
from flask.testing import FlaskClient
from lxml.etree import XPath
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from compliance.core.db import db, transaction
from compliance.people.commands.access import sign_in
from compliance.people.sessions import COOKIE

PASSWORD = "kata sandi contoh"
FORMS = "main form:not([action^='/account/hints'])"
"""The forms of a page, without the button that puts its hint away."""


READABLE = XPath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]")


class Page:
    """What came back. Read as a tree, which is quick; as a `soup` only where a test asks for it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        is_text = (response.mimetype or "").startswith("text/") or response.is_json
        self.html = response.get_data(as_text=True) if is_text else ""

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "lxml")

    @cached_property
    def tree(self) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.html or "<html></html>")

    @property
    def text(self) -> str:
        """All words of the page's main part, folded."""
        main = self.tree.find(".//main")
        return " ".join(" ".join(READABLE(self.tree if main is None else main)).split())

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title") or "")

    def links(self) -> list[str]:
        return [str(link.get("href")) for link in self.tree.iterfind(".//a[@href]")]

    def value(self, name: str) -> str:
        """The value of the named field as the page shows it; of the frame's when the page has none."""
        field = self.tree.find(f".//main//*[@name='{name}']")
        field = self.tree.find(f".//*[@name='{name}']") if field is None else field
        assert field is not None, f"no field {name} on {self.path}"
        if field.tag == "textarea":
            return str(field.text_content()).strip("\r\n")
        if field.tag == "select":
            chosen = field.find(".//option[@selected]")
            return "" if chosen is None else str(chosen.get("value"))
        return str(field.get("value", ""))


WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|WITH\b.*\b(INSERT|UPDATE|DELETE))\b", re.I | re.S
)
COUNTED_AT_ONCE = "INSERT INTO sign_in_attempts"
"""A guessed code or token is counted on a connection of its own, before the answer: none of these
may be lost.
"""
written_by_readers: list[str] = []
"""What GETs wrote in their own transactions, since the last request: nothing, or the law is broken."""
MOST_REPEATED = 3
"""How often a GET may ask the store one and the same question."""
asked: Counter[str] = Counter()
"""What the GET asked since the last request, and how often: more with more rows, and the law is broken."""


@sa.event.listens_for(Engine, "before_cursor_execute")
def _a_get_never_writes(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    reads = has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")
    if reads and WRITES.match(statement) and not statement.startswith(COUNTED_AT_ONCE):
        written_by_readers.append(f"{request.method} {request.path}: {statement}")
    if reads:
        asked[statement] += 1


def as_a_request_of_its_own(
    ask: Callable[..., TestResponse], *args: Any, **kwargs: Any
) -> TestResponse:
    """Ask outside the test's application context, after letting go of the transaction the test may hold."""
    db.session.rollback()
    written_by_readers.clear()
    asked.clear()
    answer = contextvars.Context().run(ask, *args, **kwargs)
    assert written_by_readers == [], f"a GET never writes: {written_by_readers}"
    again = {statement: times for statement, times in asked.items() if times > MOST_REPEATED}
    assert again == {}, f"a GET asks once for all rows, not once for each: {args} {again}"
    return answer


class Browser:
    """One browser, maybe signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        return self.post("/login", email=email, password=password)

    def come_in(self, email: str) -> None:
        """Sign in without the page, as most tests begin: a fifth of their time went into it."""

        def opened() -> str:
            with self.app.app_context(), transaction():
                signed_in = sign_in(email=email, password=PASSWORD, came_from="?", device="a test")
                assert signed_in is not None, email
                return signed_in[1]

        db.session.rollback()
        self.client.set_cookie(COOKIE, contextvars.Context().run(opened))

    def get(self, path: str, **kwargs: Any) -> Page:
        return self._seen(
            as_a_request_of_its_own(
                self.client.get, path, follow_redirects=True, buffered=True, **kwargs
            )
        )

    def post(self, path: str, data: dict[str, Any] | None = None, **fields: Any) -> Page:
        """Send a form as the page would, with its CSRF token, and follow where it leads."""
        if not self.token:
            self.get("/help")
        content = {**(data or {}), **fields, "csrf_token": self.token}
        return self._seen(
            as_a_request_of_its_own(
                self.client.post, path, data=content, follow_redirects=True, buffered=True
            )
        )

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, form_to: str = "", **fields: Any
    ) -> Page:
        """Open the first form at `path` (of those sent to an address that ends with `form_to`), keep what
        it holds, fill in `fields`, send it."""
        page = self.get(path)
        assert page.status == 200, f"{path}: {page.status}"
        form = next(
            (
                each
                for each in page.soup.select(FORMS)
                if str(each.get("method", "")).lower() == "post"
                and str(each.get("action", "")).endswith(form_to)
            ),
            None,
        )
        assert form is not None, f"no form on {path}"
        kept: dict[str, Any] = {}
        for field in form.select("input[name], textarea[name], select[name]"):
            kind, name = field.get("type"), str(field["name"])
            if kind in ("submit", "button", "file") or (
                kind in ("radio", "checkbox") and not field.has_attr("checked")
            ):
                continue
            if kind in ("checkbox", "hidden"):
                kept.setdefault(name, []).append(field.get("value", "on"))
            else:
                kept[name] = (
                    page.value(name) if kind not in ("radio",) else field.get("value", "on")
                )
        target = str(form.get("action") or path)
        return self.post(target, {**kept, **(data or {}), **fields})

    def _seen(self, response: TestResponse) -> Page:
        page = Page(response)
        if response.mimetype == "text/html":
            token = page.tree.find(".//input[@name='csrf_token']")
            self.token = self.token if token is None else str(token.get("value"))
            look_critically(page)
        return page


def look_critically(page: Page) -> None:
    """What must be true of every page anybody ever sees.

    One pass over the tags: this is done thousands of times.
    """
    where = f"{page.path} ({page.status})"
    assert page.title.strip(" –").endswith("Patuh"), f"{where}: title"
    assert page.tree.get("lang") in ("id", "en"), f"{where}: lang"
    tags = list(page.tree.iter("*"))
    ids = [str(tag.get("id")) for tag in tags if tag.get("id") is not None]
    labels = {tag.get("for") for tag in tags if tag.tag == "label"}
    assert sum(tag.tag == "h1" for tag in tags) == 1, f"{where}: needs exactly one h1"
    assert len(ids) == len(set(ids)), (
        f"{where}: ids stand twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    )
    for tag in tags:
        attributes = tag.attrib
        assert not attributes.get("style"), f"{where}: inline style on {tag.tag}"
        assert not any(name.startswith("on") for name in attributes), (
            f"{where}: inline handler on {tag.tag}"
        )
        if tag.tag == "script":
            assert attributes.get("src"), f"{where}: inline script"
        elif tag.tag in ("input", "select", "textarea"):
            _look_at_field(attributes, labels, ids, where)
        elif tag.tag == "form" and attributes.get("method", "").lower() == "post":
            assert tag.find(".//input[@name='csrf_token']") is not None, (
                f"{where}: form without CSRF token"
            )
        elif tag.tag == "a" and attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in [*ids, ""], (
                f"{where}: link to {attributes['href']} leads nowhere"
            )
    assert "{{" not in page.html, f"{where}: template leaks"
    assert "%(" not in page.text, f"{where}: placeholder leaks"
    policy = page.response.headers.get("Content-Security-Policy", "")
    assert "unsafe-inline" not in policy, where
    assert "default-src 'none'" in policy, where


def _look_at_field(field: Mapping[str, str], labels: set[Any], ids: list[str], where: str) -> None:
    if field.get("type") in ("hidden", "submit", "button"):
        return
    labelled = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labels
    assert labelled, f"{where}: {field.get('name')} has no label"
    for reference in field.get("aria-describedby", "").split():
        assert reference in ids, f"{where}: aria-describedby names {reference}, which is not there"
