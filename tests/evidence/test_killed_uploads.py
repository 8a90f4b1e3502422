"""kill -9 while photos are sent or copied: what was answered is there, whole; of the rest nothing is half."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.walk import verify
from compliance.evidence.models import Evidence
from compliance.files.models import StoredFile
from compliance.files.storage import hash_of, storage
from compliance.people.commands.accounts import add_token
from compliance.people.sessions import COOKIE
from tests.evidence.known import add
from tests.factories import a_case, user
from tests.files.pictures import large_picture, picture
from tests.journeys.killing import (
    COMMIT,
    NAMED,
    WRITTEN,
    Moment,
    Post,
    Run,
    expect_nothing_half,
    expect_the_rest_is_swept,
    kill_at,
)
from tests.journeys.processes import Server, until
from tests.licensing.desk import Open
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


UPLOADS = {
    "nothing is written yet": Moment("after", "tempfile:mkstemp"),
    "written, and not on the disk for sure": WRITTEN,
    "on the disk, without a name": Moment("before", "os:link"),
    "named, and the name not on the disk for sure": NAMED,
    "kept, without a row": Moment("before", COMMIT, behind=NAMED),
    "kept with its row, and not answered": Moment("after", COMMIT, behind=NAMED),
}
KEPT = {"kept with its row, and not answered"}
KEY = "5f0c6c1e-6a3f-4f6e-9d59-1f5d0c9d8a11"


def by_page(browser: Open, case_id: int) -> Post:
    """Ina's phone, which sends the same photo until it hears that it is there."""
    ina = browser("ina")
    ina.get("/help")
    cookies = (ina.client.get_cookie(name) for name in (COOKIE, "session"))
    headers = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in cookies if one)}
    form = {"about": f"case:{case_id}", "class": "normal", "key": KEY, "csrf_token": ina.token}
    return Post("/evidence/send", headers, form=form, photo=picture())


def by_program(api: Any, case_id: int) -> Post:
    headers = {**api("ina").headers, "Idempotency-Key": KEY}
    return Post(f"/api/v1/cases/{case_id}/evidence", headers, photo=picture())


@pytest.mark.parametrize("door", ["page", "program"])
@pytest.mark.parametrize("moment", UPLOADS)
def test_an_upload_that_is_killed_is_there_whole_or_not_at_all_and_comes_again(
    app: Flask, browser: Open, api: Any, moment: str, door: str
) -> None:
    case_id = a_case().id
    send = by_page(browser, case_id) if door == "page" else by_program(api, case_id)
    kill_at(UPLOADS[moment], send, app)
    expect_nothing_half(app)
    assert db.session.query(Evidence).count() == (moment in KEPT)
    assert [send(app).status_code for _twice in range(2)] == [201, 201]
    stored = db.session.scalars(sa.select(Evidence)).one()
    assert [name for name, _since in storage().names()] == [hash_of(picture())]
    assert storage().get(stored.file.sha256) == picture()
    assert db.session.query(Event).filter_by(kind="evidence.added").count() == 1
    expect_nothing_half(app)
    expect_the_rest_is_swept()


def unread(server: int, client: int) -> int:
    """The bytes that this client sent and this server did not read yet (both on loopback, by their ports)."""
    waiting = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        here, there, _state, queues = line.split()[1:5]
        ports = {int(here.partition(":")[2], 16), int(there.partition(":")[2], 16)}
        if ports == {server, client}:
            waiting += sum(int(queue, 16) for queue in queues.split(":"))
    return waiting


def test_a_server_killed_in_the_middle_of_a_body_has_nothing_of_it(
    app: Flask, database: str, tmp_path: Path
) -> None:
    case_id, passing = a_case().id, tmp_path / "passing"
    passing.mkdir()
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="uji coba")
    db.session.remove()
    more = {"PATUH_FILES": app.config["PATUH_FILES"], "TMPDIR": str(passing)}
    server = Server(database, tmp_path / "mail", **more)
    body = form_of(large_picture((1600, 1200)), 1)
    head = request_to(
        f"/api/v1/cases/{case_id}/evidence",
        secret=secret,
        kind="multipart/form-data; boundary=x",
        length=len(body),
    )
    with server.connected() as phone:
        phone.sendall(head + body[: len(body) // 2])
        client = phone.getsockname()[1]
        try:
            assert until(lambda: unread(server.port, client) == 0, seconds=30)
        finally:
            server.kill()
    assert db.session.query(Evidence).count() == db.session.query(StoredFile).count() == 0
    counts = set(passing.glob("patuh-metrics-*"))  # of gunicorn, which was killed with its workers
    left = set(passing.iterdir()) - counts
    assert [*storage().names(), *storage().workshop().iterdir(), *left] == []
    expect_nothing_half(app)


COPYING = Run("make_clean_copies")
BOTH_NAMED = Moment("after", "os:link", nth=2)
COPIES = {
    "the first copy has its name": NAMED,
    "both have": BOTH_NAMED,
    "both are kept, without their rows": Moment("before", COMMIT, behind=BOTH_NAMED),
}


@pytest.mark.parametrize("moment", COPIES)
def test_a_job_killed_while_it_makes_clean_copies_makes_them_once(app: Flask, moment: str) -> None:
    add(a_case().id, picture())
    kill_at(COPIES[moment], COPYING, app)
    expect_nothing_half(app)
    assert db.session.scalars(sa.select(Evidence)).one().is_waiting
    COPYING(app)
    stored = db.session.scalars(sa.select(Evidence)).one()
    assert stored.clean is not None
    assert stored.small is not None
    files = {stored.file.sha256, stored.clean.sha256, stored.small.sha256}
    assert {name for name, _since in storage().names()} == files
    expect_nothing_half(app)
    expect_the_rest_is_swept()
