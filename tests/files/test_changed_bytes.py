"""A stored file of which one byte is another, or that is gone: no door gives it out, each says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import Evidence
from compliance.files.storage import PIECE, ChangedBytes, Folder, hash_of, storage, whole_pieces
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.packets.jobs import make_packets
from compliance.letters.packets.models import Packet
from tests.api.conftest import api, secret
from tests.browser import as_a_request_of_its_own
from tests.evidence.known import add
from tests.factories import a_case
from tests.files.pictures import picture
from tests.licensing.desk import Open

__all__ = ["api", "secret"]
pytestmark = pytest.mark.one_store
DOORS = {
    "letter": ("/letters/{letter}.pdf", "/letters/{letter}/pdf"),
    "original": ("/evidence/{photo}/original", "/evidence/{photo}/original"),
    "clean copy": ("/evidence/{photo}", "/evidence/{photo}"),
}


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


HARMS: dict[str, Callable[[Path], None]] = {"changed": change, "gone": Path.unlink}


def path_of(sha256: str) -> Path:
    folder = storage()
    assert isinstance(folder, Folder)
    return folder.folder / sha256[:2] / sha256[2:4] / sha256


@pytest.fixture
def case_id(app: Flask) -> int:
    """A case with a letter, a photo and its copies."""
    id = a_case().id
    add(id, picture(), name="a.jpg")
    set_letters()
    make_clean_copies()
    return id


def sha256_of(what: str) -> str:
    letter, photo = db.session.query(Letter).one(), db.session.query(Evidence).one()
    files = {"letter": letter.file, "original": photo.file, "clean copy": photo.clean}
    file = files[what]
    assert file is not None
    return file.sha256


@pytest.mark.usefixtures("case_id")
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("what", DOORS)
def test_no_door_gives_it_out_and_each_says_why(
    browser: Open, api: Any, what: str, harm: str
) -> None:
    sha256 = sha256_of(what)
    ids = {
        "letter": db.session.query(Letter).one().id,
        "photo": db.session.query(Evidence).one().id,
    }
    page, call = (door.format(**ids) for door in DOORS[what])
    HARMS[harm](path_of(sha256))
    seen, ina = browser("ina").get(page), api("ina")
    answer = as_a_request_of_its_own(ina.client.get, f"/api/v1{call}", headers=ina.headers)
    assert (seen.status, answer.status_code) == (503, 503)
    for text in (seen.text, answer.json["detail"]):
        assert "hilang dari penyimpanan atau berubah sejak disimpan" in text
        assert sha256 in text


@pytest.mark.parametrize("harm", HARMS)
def test_nobody_has_all_of_a_packet_that_was_changed(
    browser: Open, api: Any, case_id: int, harm: str
) -> None:
    api("ina").post(f"/cases/{case_id}/packet", kind="full")
    make_packets()
    packet = db.session.query(Packet).one()
    assert packet.file is not None
    HARMS[harm](path_of(packet.file.sha256))
    ina, number = browser("ina"), db.session.get_one(Case, case_id).number
    where, kind = f"/cases/{number}/packet/download", {"kind": "full"}
    if harm == "gone":
        page = ina.post(where, kind)
        assert (page.status, "berubah sejak disimpan" in page.text) == (503, True)
    else:
        with pytest.raises(ChangedBytes):  # a server cuts the connection before the last piece
            ina.post(where, kind)


def test_of_a_large_file_that_was_changed_the_last_piece_is_held_back() -> None:
    pieces = [bytes(PIECE), bytes(PIECE), b"akhir"]
    sha256 = hash_of(b"".join(pieces))
    assert list(whole_pieces(sha256, pieces)) == pieces
    given = whole_pieces(sha256, [pieces[0], b"\1" + pieces[1][1:], pieces[2]])
    assert [len(next(given)), len(next(given))] == [PIECE, PIECE]
    with pytest.raises(ChangedBytes):
        next(given)
