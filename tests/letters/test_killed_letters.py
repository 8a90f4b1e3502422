"""kill -9 while a letter is numbered and set: one letter, one number, one PDF, and no event twice."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.events import Event
from compliance.files.storage import hash_of, storage
from compliance.letters.commands import issuing
from compliance.letters.models import Letter
from tests.api.conftest import Program
from tests.factories import a_company
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
from tests.letters.conftest import FILLED, words_of

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
KEY = {"Idempotency-Key": "nomor-1"}
RENDER = "compliance.letters.commands.issuing:render"
SETTING = Run("set_letters")
MOMENTS = {
    "before the number is kept": Moment("before", COMMIT),
    "numbered, and not answered": Moment("after", COMMIT),
    "before its PDF is made": Moment("before", RENDER),
    "made, and nowhere written": Moment("after", RENDER),
    "nothing of it is written yet": Moment("after", "tempfile:mkstemp"),
    "written, and not on the disk for sure": WRITTEN,
    "on the disk, without a name": Moment("before", "os:link"),
    "named, and the name not on the disk for sure": NAMED,
    "kept, without a row": Moment("before", COMMIT, behind=NAMED),
    "kept with its row, and not answered": Moment("after", COMMIT, behind=NAMED),
}
UNNUMBERED = {"before the number is kept"}
SET = {"kept with its row, and not answered"}


def events_about(letter: Letter) -> dict[str, list[Event]]:
    """What the log tells of a letter, by the kind of event."""
    told: dict[str, list[Event]] = {}
    query = sa.select(Event).where(Event.subject == f"letter:{letter.id}").order_by(Event.id)
    for event in db.session.scalars(query):
        told.setdefault(event.kind, []).append(event)
    return told


def expect_one_of_each(letter: Letter, number: str, *kinds: str) -> None:
    """Number, words, bytes and hash of a letter agree, and each act was told once."""
    assert letter.file is not None
    content, told = storage().get(letter.file.sha256), events_about(letter)
    assert {kind: len(events) for kind, events in told.items()} == dict.fromkeys(kinds, 1)
    assert letter.number == letter.facts["number"] == told["letter.numbered"][0].fact("number")
    assert letter.number == number
    assert number in words_of(content)
    assert hash_of(content) == letter.file.sha256 == told["letter.set"][0].fact("sha256")
    assert content == issuing.render(
        "letter", letter.facts, code=letter.code, issued_at=issuing.dated(letter)
    )


@pytest.fixture
def sari(api: Any) -> Program:
    made: Program = api("sari")
    return made


@pytest.fixture
def draft(sari: Program, case_id: int) -> int:
    """The draft of a cover letter of a case whose nota has its letter."""
    answer = sari.post(f"/cases/{case_id}/letters", kind="cover_ptsp", **FILLED["cover_ptsp"])
    return int(answer.json["id"])


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_letter_whose_numbering_is_killed_has_one_number_and_one_pdf(
    app: Flask, sari: Program, draft: int, moment: str
) -> None:
    SETTING(app)  # that of the nota
    numbering = Post(f"/api/v1/letters/{draft}/number", {**sari.headers, **KEY}, body={})
    kill_at(MOMENTS[moment], numbering, app)
    expect_nothing_half(app)
    letter = db.session.get_one(Letter, draft)
    assert (letter.number is None) == (moment in UNNUMBERED)
    assert (letter.file_id is not None) == (moment in SET)
    number = letter.number
    again = [numbering(app) for _twice in range(2)]
    assert [answer.status_code for answer in again] == [200, 200]
    assert again[0].json == again[1].json
    assert number in (None, again[0].json["number"])
    for _twice in range(2):
        SETTING(app)
    assert sari.post(f"/letters/{draft}/number").status_code == 409, "it has one"
    letter = db.session.get_one(Letter, draft)
    number = "560/001-ST/XI/2026"
    expect_one_of_each(letter, number, "letter.drafted", "letter.numbered", "letter.set")
    assert db.session.query(Letter).count() == len(list(storage().names())) == 2
    expect_nothing_half(app)
    expect_the_rest_is_swept()


OF_A_NOTA = ("before the number is kept", "numbered, and not answered", "kept, without a row")


@pytest.mark.parametrize("moment", OF_A_NOTA)
def test_a_nota_whose_issue_is_killed_is_issued_with_its_letter_or_not_at_all(
    app: Flask, head: None, api: Any, moment: str
) -> None:
    body = {
        "company_id": a_company("PT Contoh Bahari Timur", nib="9120001234567").id,
        "inspected_on": "2026-11-27",
        "issued_on": "2026-11-30",
        "workers_total": 40,
        "workers_registered": 28,
        "findings": [{"violation": "JS-02"}],
    }
    issuing_it = Post("/api/v1/cases", {**api("ina").headers, **KEY}, body=body)
    kill_at(MOMENTS[moment], issuing_it, app)
    expect_nothing_half(app)
    assert db.session.query(Case).count() == (moment not in UNNUMBERED)
    assert [issuing_it(app).status_code for _twice in range(2)] == [201, 201]
    SETTING(app)
    assert db.session.query(Case).count() == 1
    letter = db.session.scalars(sa.select(Letter)).one()
    expect_one_of_each(letter, "560/001-NP/XI/2026", "letter.numbered", "letter.set")
    assert letter.nota is not None
    assert letter.nota.number == letter.number
    expect_nothing_half(app)
    expect_the_rest_is_swept()
