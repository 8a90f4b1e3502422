"""Whatever a client sends is read before the first statement: who sends slowly holds up nobody else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from compliance.core.db import db, transaction
from compliance.people.commands.accounts import add_token
from compliance.web import uploads
from tests.browser import Browser, as_a_request_of_its_own
from tests.factories import user
from tests.house.test_laws_of_the_doors import address_of

READS = {"GET", "HEAD", "OPTIONS"}
BOUNDARY = "a-boundary"


class Sent(io.BytesIO):
    """A body that knows how many statements had run when its last byte was read."""

    def __init__(self, content: bytes, statements: list[str]) -> None:
        super().__init__(content)
        self.length, self.statements = len(content), statements
        self.before: list[str] | None = None

    def read(self, size: int | None = -1) -> bytes:
        return self._noted(super().read(size))

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer)
        self._noted(b"")
        return count

    def _noted(self, part: bytes) -> bytes:
        if self.before is None and self.tell() == self.length:
            self.before = list(self.statements)
        return part


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the store meanwhile, the beginning of a transaction included."""
    asked: list[str] = []

    def begun(_connection: Any) -> None:
        asked.append("BEGIN")

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "begin", begun)
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "begin", begun)
        sa.event.remove(db.engine, "before_cursor_execute", listen)


def bodies(token: str, rule: Rule, view: object) -> dict[str, bytes]:
    """Small bodies of the kinds that a client sends there, by Content-Type."""
    if rule.rule.startswith("/api/"):
        return {"application/json": b'{"name": "PT Contoh"}', "text/plain": b"PT Contoh"}
    parts = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrf_token", token), ('file"; filename="a.csv', "nama\nPT Contoh"))
    )
    if hasattr(view, "largest_body"):
        return {f"multipart/form-data; boundary={BOUNDARY}": f"{parts}--{BOUNDARY}--\r\n".encode()}
    return {"application/x-www-form-urlencoded": f"csrf_token={token}&name=PT+Contoh".encode()}


def read_too_late(app: Flask, *, under: str = "/") -> list[str]:
    """The doors under an address that ask the store for something before they have read what was sent."""
    with transaction():
        secret = add_token(user("adi"), by=user("adi"), label="uji coba")
    browser, late = Browser(app), []
    browser.come_in("adi@contoh.example")
    browser.get("/help")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: "logout" in rule.rule):
        if not rule.rule.startswith(under):
            continue
        program = rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - READS:
            view = app.view_functions[rule.endpoint]
            for kind, content in bodies(browser.token, rule, view).items():
                with statements() as asked:
                    sent = Sent(content, asked)
                    as_a_request_of_its_own(
                        browser.client.open,
                        address_of(rule),
                        method=method,
                        headers={"Authorization": f"Bearer {secret}"} if program else {},
                        input_stream=sent,
                        content_length=len(content),
                        content_type=kind,
                    )
                if sent.before is None or sent.before:
                    late.append(f"{method} {rule.rule} {kind}: {sent.before}")
    return late


@pytest.mark.one_store
def test_a_body_is_read_before_the_first_statement(app: Flask) -> None:
    assert read_too_late(app) == []


@pytest.mark.one_store
def test_a_body_that_is_read_too_late_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    guards = [guard for guard in app.before_request_funcs[None] if guard is not uploads.read_body]
    monkeypatch.setitem(app.before_request_funcs, None, guards)
    late = read_too_late(app, under="/api/v1/companies")
    assert any(door.startswith("POST /api/v1/companies ") for door in late)
