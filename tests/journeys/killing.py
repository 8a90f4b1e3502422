"""kill -9 at a named moment, and what must be true of rows and bytes afterwards.

An act runs in a process of its own, on the same store. It kills itself at the moment: no `finally` runs,
nothing is rolled back or written to an end, as when the machine fails. The processes are forks of one that
has loaded the application and done nothing yet: a fork of the test's own would lack the threads that set
letters.
"""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from compliance import create_app
from compliance.core import clock
from compliance.core.db import db
from compliance.files.jobs import UNNAMED_AFTER, check_files
from compliance.files.models import StoredFile
from compliance.files.storage import hash_of, storage
from tests.browser import as_a_request_of_its_own
from tests.conftest import a_config
from tests.intruder import verified

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["compliance.serving", "tests.journeys.killing"])


@dataclass(frozen=True)
class Moment:
    """Just "before" or just "after" the function at `place` works for the `nth` time, counted from the moment
    `behind` on.
    """

    when: str
    place: str
    nth: int = 1
    behind: Moment | None = None


COMMIT = "sqlalchemy.orm:Session.commit"
WRITTEN = Moment("before", "os:fsync", behind=Moment("after", "pathlib:Path.chmod"))
"""The bytes of a file are written, without their name; folders were made durable before."""
NAMED = Moment("after", "os:link")
"""The bytes of a file have their name."""


@dataclass(frozen=True)
class Post:
    """A POST with a JSON body or with a form, the same one as often as it is sent."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    photo: bytes | None = None

    def __call__(self, app: Flask) -> TestResponse:
        if self.body is not None:
            sent: dict[str, Any] = {"json": self.body}
        else:
            file = {"file": (io.BytesIO(self.photo), "IMG_1.jpg")} if self.photo else {}
            sent = {"data": {**self.form, **file}, "content_type": "multipart/form-data"}
        client = app.test_client(use_cookies=False)
        return as_a_request_of_its_own(client.post, self.path, headers=self.headers, **sent)


@dataclass(frozen=True)
class Run:
    """A job, as the scheduler or an operator runs it."""

    job: str

    def __call__(self, app: Flask) -> None:
        db.session.remove()
        result = app.test_cli_runner().invoke(args=["jobs", "run", self.job])
        assert result.exit_code == 0, result.output


def kill_at(moment: Moment, act: Post | Run, app: Flask) -> None:
    """Do the act in a process that dies at this moment. Fails when the act never comes to it."""
    db.session.remove()
    url = db.engine.url.render_as_string(hide_password=False)
    mail, files = Path(app.config["MAIL_DIR"]), str(app.config["PATUH_FILES"])
    process = _PROCESSES.Process(
        target=_act_and_die, args=(moment, act, clock.now(), url, mail, files)
    )
    process.start()
    process.join(60)
    killed = process.exitcode == -signal.SIGKILL
    process.kill()
    assert killed, f"it never came to {moment}"


def _act_and_die(
    moment: Moment, act: Post | Run, now: datetime, url: str, mail: Path, files: str
) -> None:
    app = create_app(a_config(url, mail, PATUH_FILES=files))
    with time_machine.travel(now, tick=False), app.app_context():
        _wait_for(moment, lambda: os.kill(os.getpid(), signal.SIGKILL))
        act(app)


def _wait_for(moment: Moment, then: Callable[[], object]) -> None:
    if moment.behind is None:
        _watch(moment, then)
    else:
        _watch(moment.behind, lambda: _watch(moment, then))


def _watch(moment: Moment, then: Callable[[], object]) -> None:
    where, _, name = moment.place.rpartition("." if "." in moment.place.partition(":")[2] else ":")
    owner, calls = resolve_name(where), count(1)
    work = getattr(owner, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        is_it = next(calls) == moment.nth
        if is_it and moment.when == "before":
            then()
        answer = work(*args, **kwargs)
        if is_it and moment.when == "after":
            then()
        return answer

    setattr(owner, name, watched)


def expect_nothing_half(app: Flask) -> None:
    """Every stored name holds its own bytes, every row has its bytes, and the log tells of every row."""
    db.session.rollback()
    names = {name for name, _since in storage().names()}
    assert {name for name in names if hash_of(storage().get(name)) != name} == set()
    assert set(db.session.scalars(sa.select(StoredFile.sha256))) <= names
    code, text = verified(app)
    assert code == 0, text


def expect_the_rest_is_swept() -> None:
    """What was left unfinished stays while somebody may be writing it, and a day later the night's job takes
    it away; what has its name stays.
    """
    names = [name for name, _since in storage().names()]
    left = list(storage().workshop().iterdir())
    for file in left:
        _made(file, clock.now() - UNNAMED_AFTER + timedelta(minutes=1))
    check_files()
    assert list(storage().workshop().iterdir()) == left
    for file in left:
        _made(file, clock.now() - UNNAMED_AFTER - timedelta(minutes=1))
    check_files()
    assert list(storage().workshop().iterdir()) == []
    assert [name for name, _since in storage().names()] == names


def _made(file: Path, at: datetime) -> None:
    os.utime(file, (at.timestamp(), at.timestamp()))
