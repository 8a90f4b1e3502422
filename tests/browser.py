"""A person at a browser without JavaScript: goes to pages, fills in forms, and looks at each page
critically.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask, has_request_context, request
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from compliance.core.db import db

PASSWORD = "kata sandi contoh"
FORMS = "main form:not([action^='/account/hints'])"
"""The forms of a page, without the button that puts its hint away."""


class Page:
    """What came back."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.html = response.get_data(as_text=True)
        self.soup = BeautifulSoup(self.html, "lxml")

    @property
    def text(self) -> str:
        """All words of the page's main part, folded."""
        main = self.soup.find("main") or self.soup
        return " ".join(main.get_text(" ").split())

    @property
    def title(self) -> str:
        return self.soup.title.get_text() if self.soup.title else ""

    def links(self) -> list[str]:
        return [str(link["href"]) for link in self.soup.find_all("a", href=True)]

    def value(self, name: str) -> str:
        """The value of the named field as the page shows it."""
        field = self.soup.find(attrs={"name": name})
        assert field is not None, f"no field {name} on {self.path}"
        if field.name == "textarea":
            return field.get_text().strip("\r\n")
        if field.name == "select":
            chosen = field.find("option", selected=True)
            return str(chosen["value"]) if chosen else ""
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


@sa.event.listens_for(Engine, "before_cursor_execute")
def _a_get_never_writes(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    reads = has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")
    if reads and WRITES.match(statement) and not statement.startswith(COUNTED_AT_ONCE):
        written_by_readers.append(f"{request.method} {request.path}: {statement}")


def as_a_request_of_its_own(
    ask: Callable[..., TestResponse], *args: Any, **kwargs: Any
) -> TestResponse:
    """Ask outside the test's application context, after letting go of the transaction the test may hold."""
    db.session.rollback()
    written_by_readers.clear()
    answer = contextvars.Context().run(ask, *args, **kwargs)
    assert written_by_readers == [], f"a GET never writes: {written_by_readers}"
    return answer


class Browser:
    """One browser, maybe signed in."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        return self.post("/login", email=email, password=password)

    def come_in(self, email: str) -> None:
        """Sign in without a look at the pages on the way, as most tests begin."""
        form = as_a_request_of_its_own(self.client.get, "/login").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form)
        assert token, form
        content = {"email": email, "password": PASSWORD, "csrf_token": token[1]}
        answer = as_a_request_of_its_own(self.client.post, "/login", data=content)
        assert answer.status_code in (302, 303), answer.get_data(as_text=True)

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

    def submit(self, path: str, data: dict[str, Any] | None = None, **fields: Any) -> Page:
        """Open the form at `path`, keep what it holds, fill in `fields`, send it."""
        page = self.get(path)
        assert page.status == 200, f"{path}: {page.status}"
        form = next(
            (
                each
                for each in page.soup.select(FORMS)
                if str(each.get("method", "")).lower() == "post"
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
        found = page.soup.find("input", attrs={"name": "csrf_token"})
        if found is not None:
            self.token = str(found["value"])
        if response.mimetype == "text/html":
            look_critically(page)
        return page


def look_critically(page: Page) -> None:
    """What must be true of every page anybody ever sees.

    One pass over the tags: this is done thousands of times.
    """
    soup, where = page.soup, f"{page.path} ({page.status})"
    assert soup.title and soup.title.get_text().strip(" –").endswith("Patuh"), f"{where}: title"
    assert soup.html and soup.html.get("lang") in ("id", "en"), f"{where}: lang"
    tags = soup.find_all(True)
    ids = [str(tag["id"]) for tag in tags if tag.has_attr("id")]
    labels = {tag.get("for") for tag in tags if tag.name == "label"}
    assert sum(tag.name == "h1" for tag in tags) == 1, f"{where}: needs exactly one h1"
    assert len(ids) == len(set(ids)), (
        f"{where}: ids stand twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    )
    for tag in tags:
        assert not tag.get("style"), f"{where}: inline style on {tag.name}"
        assert not any(name.startswith("on") for name in tag.attrs), (
            f"{where}: inline handler on {tag.name}"
        )
        if tag.name == "script":
            assert tag.get("src"), f"{where}: inline script"
        elif tag.name in ("input", "select", "textarea"):
            _look_at_field(tag, labels, ids, where)
        elif tag.name == "form" and str(tag.get("method", "")).lower() == "post":
            assert tag.find("input", attrs={"name": "csrf_token"}), (
                f"{where}: form without CSRF token"
            )
        elif tag.name == "a" and str(tag.get("href", "")).startswith("#"):
            assert str(tag["href"])[1:] in [
                *ids,
                "",
            ], f"{where}: link to {tag['href']} leads nowhere"
    assert "{{" not in page.html, f"{where}: template leaks"
    assert "%(" not in page.text, f"{where}: placeholder leaks"
    policy = page.response.headers.get("Content-Security-Policy", "")
    assert "unsafe-inline" not in policy, where
    assert "default-src 'none'" in policy, where


def _look_at_field(field: Tag, labels: set[Any], ids: list[str], where: str) -> None:
    if field.get("type") in ("hidden", "submit", "button"):
        return
    labelled = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labels
    assert labelled, f"{where}: {field.get('name')} has no label"
    for reference in str(field.get("aria-describedby", "")).split():
        assert reference in ids, f"{where}: aria-describedby names {reference}, which is not there"
