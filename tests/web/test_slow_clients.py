"""Clients that send slowly, or nothing more, at a real server: nobody else waits for them."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from compliance.core.db import db, transaction
from compliance.people.commands.accounts import add_token
from tests.factories import user
from tests.journeys.processes import Server, until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


def request_to(path: str, *, secret: str, kind: str, length: int) -> bytes:
    """The head of a POST."""
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {secret}",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode()


def test_seven_bytes_of_a_thousand_keep_nobody_from_saving(
    app: Flask, database: str, tmp_path: Path
) -> None:
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="uji coba")
    db.session.remove()
    body = json.dumps({"name": "PT Contoh Lambat", "region_code": "53.71"}).encode()
    server = Server(database, tmp_path / "mail")
    try:
        with ExitStack() as slow_ones:
            for path, kind in (
                ("/api/v1/companies", "application/json"),
                ("/login", "application/x-www-form-urlencoded"),
            ):
                slow = slow_ones.enter_context(server.connected())
                slow.sendall(request_to(path, secret=secret, kind=kind, length=1000) + b'{"name"')
            until(lambda: False, seconds=0.5)  # they are read by now
            begun = time.perf_counter()
            with server.connected() as quick:
                head = request_to(
                    "/api/v1/companies", secret=secret, kind="application/json", length=len(body)
                )
                quick.sendall(head + body)
                answer = quick.recv(4000)
            assert answer.startswith(b"HTTP/1.1 201 "), answer
            assert time.perf_counter() - begun < 5
    finally:
        server.stop()
