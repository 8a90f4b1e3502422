"""A disk without room for files: who sends, numbers or asks is told so, nothing is half, and later all works.

The disk is a small one of its own, really full. Where none may be mounted, the system call is made to say so.
"""

from __future__ import annotations

import errno
import io
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from compliance.admin.failures import FULL_DISK
from compliance.cases.models import Case
from compliance.core import jobs
from compliance.core.db import PatuhSession, db
from compliance.evidence.models import Evidence
from compliance.files import storage as storage_module
from compliance.files.models import StoredFile
from compliance.files.storage import storage
from compliance.letters.models import Letter
from compliance.letters.packets.models import Packet
from compliance.schedule import JOBS
from tests.evidence.known import add
from tests.files.pictures import picture
from tests.intruder import verified
from tests.letters.conftest import FILLED, api, case_id, head, secret
from tests.licensing.desk import Clock, Open

__all__ = ["api", "case_id", "head", "secret"]
pytestmark = pytest.mark.one_store
Full = Callable[[], AbstractContextManager[None]]
SIZE = 2 * 1024 * 1024
TOLD = "Ruang penyimpanan server penuh"


@pytest.fixture
def full(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Full]:
    """While it is entered, the disk of the files has no room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(disk)]
    mounted = subprocess.run(mount, capture_output=True).returncode == 0
    app.config["PATUH_FILES"] = f"file://{disk}/files"
    monkeypatch.setattr(storage_module, "LEAST_FREE", -(1 << 60))  # the disk itself is to refuse

    @contextmanager
    def filled() -> Iterator[None]:
        storage().workshop()
        with monkeypatch.context() as patched:
            if mounted:
                _fill(disk / "filler")
            else:
                patched.setattr(os, "fsync", _no_room)
            yield
            (disk / "filler").unlink(missing_ok=True)

    yield filled
    if mounted:
        subprocess.run(["umount", str(disk)], check=True)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def _no_room(_number: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def nothing_is_left(*, names: int = 0) -> bool:
    db.session.rollback()
    left = len(list(storage().names())), list(storage().workshop().iterdir())
    return left == (names, []) and db.session.query(StoredFile).count() == names


def run(name: str) -> str | None:
    """The error of one run of a job."""
    job = JOBS[name]
    return jobs.run(job.name, job.work).error


def number_of(case_id: int) -> str:
    return str(db.session.get_one(Case, case_id).number)


def a_file() -> dict[str, Any]:
    return {"file": (io.BytesIO(picture()), "a.jpg")}


def test_a_photo_is_refused_with_the_reason_by_every_door(
    full: Full, browser: Open, api: Any, case_id: int
) -> None:
    ina, program, where = browser("ina"), api("ina"), f"/cases/{number_of(case_id)}/files"
    photo = {"about": f"case:{case_id}", "class": "normal"}

    def answers() -> Iterator[tuple[int, str]]:
        page = ina.post(where, {**photo, **a_file()})
        yield page.status, page.text
        by_script = ina.post("/evidence/send", {**photo, **a_file()})
        yield by_script.status, by_script.html
        form = {"data": a_file(), "content_type": "multipart/form-data"}
        answer = program.client.post(
            f"/api/v1/cases/{case_id}/evidence", headers=program.headers, **form
        )
        yield answer.status_code, answer.text

    with full():
        for status, text in answers():
            assert (status, TOLD in text) == (503, True), text
            assert nothing_is_left()
            assert db.session.query(Evidence).count() == 0
    assert next(status for status, _text in answers()) == 200
    assert db.session.query(Evidence).count() == 1


def test_a_letter_keeps_its_number_and_its_page_promises_no_minute_any_more(
    full: Full,
    app: Flask,
    browser: Open,
    api: Any,
    case_id: int,
    at: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("set_letters")
    sari, kind = api("sari"), "cover_ptsp"
    id = sari.post(f"/cases/{case_id}/letters", kind=kind, **FILLED[kind]).json["id"]
    page = f"/letters/{id}.pdf"
    with full():
        with monkeypatch.context() as server:
            server.setattr(PatuhSession, "follows_up", True)  # a server sets a letter at once
            numbered = sari.post(f"/letters/{id}/number")
        assert (numbered.status_code, numbered.json["sha256"]) == (200, None)
        assert "siap paling lama dalam satu menit" in browser("sari").get(page).text
        error = run("set_letters")
        assert error is not None
        assert error.startswith("OSError: [Errno 28]")
        assert str(FULL_DISK) in browser("adi").get("/admin/jobs").text
        assert nothing_is_left(names=1)
        at("2026-11-30 09:10")
        waiting = browser("sari").get(page)
        assert (waiting.status, "satu menit" in waiting.text) == (202, False)
        assert f"{numbered.json['number']} belum dapat dibuat" in waiting.text
        assert api("sari").get(f"/letters/{id}/pdf").status_code == 202
    assert run("set_letters") is None
    letter = db.session.get_one(Letter, id)
    assert letter.file is not None
    assert letter.number == letter.facts["number"] == numbered.json["number"]
    assert verified(app)[0] == 0


def test_a_packet_waits_and_after_a_while_its_page_says_so(
    full: Full, app: Flask, browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    run("set_letters")
    api("ina").post(f"/cases/{case_id}/packet", kind="full")
    where = f"/cases/{number_of(case_id)}/files"
    with full():
        error = run("make_packets")
        assert error is not None
        assert error.startswith("OSError: [Errno 28]")
        assert nothing_is_left(names=1)
        assert db.session.query(Packet).one().is_waiting
        assert api("ina").get(f"/cases/{case_id}/packet").status_code == 202
        assert "Belum dapat dibuat" not in browser("ina").get(where).text
        at("2026-11-30 10:20")
        said = "Belum dapat dibuat sejak 30 November 2026 pukul 09.00 WITA"
        assert said in browser("ina").get(where).text
    assert run("make_packets") is None
    packet = db.session.query(Packet).one()
    assert packet.file is not None
    assert nothing_is_left(names=2)
    assert verified(app)[0] == 0


def test_no_photo_is_called_unreadable_because_the_disk_is_full(
    full: Full, case_id: int, at: Clock
) -> None:
    add(case_id, picture())
    with full():
        for moment in ("2026-11-30 09:00", "2026-11-30 13:00"):
            at(moment)
            error = run("make_clean_copies")
            assert error is not None
            assert error.startswith("OSError: [Errno 28]")
            photo = db.session.query(Evidence).one()
            assert (photo.is_waiting, photo.unreadable_at) == (True, None)
        assert nothing_is_left(names=1)
    assert run("make_clean_copies") is None
    assert db.session.query(Evidence).one().clean is not None


def test_a_signed_letter_is_refused_with_the_reason_and_stays_as_it_was(
    full: Full, browser: Open, case_id: int
) -> None:
    run("set_letters")
    letter = db.session.query(Letter).one()
    address = f"/letters/{letter.id}/sign"
    ina = browser("ina")
    ina.get(address)
    scan = {"scan": (io.BytesIO(picture()), "a.jpg"), "signed_on": "30-11-2026"}
    with full():
        page = ina.post(address, scan)
        assert (page.status, TOLD in page.text) == (503, True)
        assert nothing_is_left(names=1)
        db.session.expire_all()
        letter = db.session.query(Letter).one()
        assert (letter.status, letter.signed_file_id) == ("numbered", None)
