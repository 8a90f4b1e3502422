"""kill -9 while photos are sent: what was answered is there, whole; of the rest nothing is half there."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.walk import verify
from compliance.evidence.models import Evidence
from compliance.files.models import StoredFile
from compliance.files.storage import hash_of, storage
from compliance.people.commands.accounts import add_token
from tests.factories import a_case, user
from tests.files.pictures import large_picture
from tests.journeys.processes import Server, until
from tests.web.test_slow_clients import request_to

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
SENDERS, KILLS = 3, 2


def form_of(content: bytes, key: int) -> bytes:
    """The body of a request with this photo, made unlike the others by what follows its end."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    return head + content + f"{key:08}".encode() + b"\r\n--x--\r\n"


class Senders:
    """Phones that send one photo after another and remember what was answered 201."""

    def __init__(self, server: Server, path: str, secret: str) -> None:
        self.server, self.path, self.secret = server, path, secret
        self.content, self.answered, self.next = large_picture((800, 600)), 0, 0
        self.lock, self.over = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def _send(self) -> None:
        while not self.over.is_set():
            with self.lock:
                self.next += 1
                body = form_of(self.content, self.next)
            kind = "multipart/form-data; boundary=x"
            head = request_to(self.path, secret=self.secret, kind=kind, length=len(body))
            with suppress(OSError), self.server.connected() as phone:
                phone.sendall(head + body)
                with self.lock:
                    self.answered += phone.recv(100).startswith(b"HTTP/1.1 201 ")

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)


def test_a_server_killed_while_photos_arrive_leaves_nothing_half(
    app: Flask, database: str, tmp_path: Path
) -> None:
    case_id = a_case().id
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="uji coba")
    db.session.remove()
    answered = 0
    for _ in range(KILLS):
        server = Server(database, tmp_path / "mail", PATUH_FILES=app.config["PATUH_FILES"])
        senders = Senders(server, f"/api/v1/cases/{case_id}/evidence", secret)
        try:
            assert until(lambda now=senders: now.answered >= 2, seconds=60)
            server.kill()
        finally:
            senders.stop()
        answered += senders.answered
    rows = db.session.scalars(sa.select(StoredFile.sha256)).all()
    assert len(rows) == db.session.scalar(sa.select(sa.func.count(Evidence.id)))
    assert len(rows) >= answered >= 2 * KILLS
    names = [name for name, _since in storage().names()]
    assert set(rows) <= set(names)
    assert [name for name in names if hash_of(storage().get(name)) != name] == []
    assert list(verify()) == []
