"""kill -9 while a packet is made: the job takes it up again, and there is one packet, whole, told once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db
from compliance.core.events import Event
from compliance.files.storage import Folder, hash_of, storage
from compliance.letters.packets.models import Packet
from tests.evidence.known import add
from tests.files.pictures import picture
from tests.journeys.killing import (
    COMMIT,
    NAMED,
    WRITTEN,
    Moment,
    Run,
    expect_nothing_half,
    expect_the_rest_is_swept,
    kill_at,
)

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
MOMENTS = {
    "its contents are not fixed": Moment("before", COMMIT),
    "its contents are fixed": Moment("after", COMMIT),
    "its zip is empty": Moment("after", "tempfile:mkstemp"),
    "its zip is half": Moment("before", "zipfile:ZipFile.open", nth=5),
    "its zip lacks its end": Moment("before", "zipfile:ZipFile.close"),
    "its zip is whole and has no name": Moment(
        "before", "compliance.files.storage:Folder.put_file"
    ),
    "its zip is not on the disk for sure": WRITTEN,
    "its name is not on the disk for sure": NAMED,
    "it is kept, without a row": Moment("before", COMMIT, behind=NAMED),
    "it is kept with its row": Moment("after", COMMIT, behind=NAMED),
}
MADE = {"it is kept with its row"}


def the_packet() -> Packet:
    db.session.rollback()
    return db.session.scalars(sa.select(Packet)).one()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_packet_whose_making_is_killed_is_made_once_and_whole(
    app: Flask, api: Any, case_id: int, moment: str
) -> None:
    add(case_id, picture(), name="a.jpg")
    for job in ("set_letters", "make_clean_copies"):
        Run(job)(app)
    ina = api("ina")
    ina.post(f"/cases/{case_id}/packet", kind="full")
    kill_at(MOMENTS[moment], Run("make_packets"), app)
    expect_nothing_half(app)
    assert the_packet().is_waiting == (moment not in MADE)
    waits = ina.get(f"/cases/{case_id}/packet").status_code
    assert waits == (200 if moment in MADE else 202), "nobody is given half a packet"
    for _twice in range(2):
        Run("make_packets")(app)
    packet = the_packet()
    assert packet.file is not None
    told = db.session.scalars(sa.select(Event).where(Event.kind == "packet.made")).one()
    answer = ina.get(f"/cases/{case_id}/packet", kind="full")
    assert hash_of(answer.data) == packet.file.sha256 == told.fact("sha256")
    with ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        assert len(packed.namelist()) == packet.total == told.fact("files")
    kept = storage()
    assert isinstance(kept, Folder)
    stored = {path.name for path in Path(kept.folder).rglob("*") if path.is_file()}
    left = {path.name for path in kept.workshop().iterdir()}
    assert stored - left == {name for name, _since in kept.names()}
    assert len(stored - left) == 5, "a letter, a photo with two copies, a packet"
    expect_nothing_half(app)
    expect_the_rest_is_swept()
