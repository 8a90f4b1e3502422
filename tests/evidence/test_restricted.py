"""The restricted class: who may see a file of it, role by role and door by door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compliance.core.db import db
from compliance.core.events import Event
from compliance.evidence.jobs import make_clean_copies
from tests.evidence.known import add
from tests.factories import a_case
from tests.files.pictures import picture
from tests.licensing.desk import Open

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]
SEES = {"ina": True, "sari": True, "budi": False, "tika": False, "lia": False, "adi": False}
"""Whose case it is and the head of inspection; not a colleague, compliance, licensing or the admin."""
SECRET = "Daftar pekerja gudang"


@pytest.fixture
def restricted(app: Flask) -> tuple[str, int]:
    """The number of Ina's case, and the id of a restricted photo of it."""
    case = a_case()
    number, case_id = case.number or "", case.id
    add(case_id)
    id = add(case_id, picture(), name="gaji.jpg", note=SECRET, class_="restricted")
    make_clean_copies()
    return number, id


@pytest.mark.parametrize("who", SEES)
def test_its_addresses_open_for_those_who_may(
    browser: Open, restricted: tuple[str, int], who: str
) -> None:
    reader, seen = browser(who), (200,) if SEES[who] else (403, 404)
    for door in ("", "/small", "/original"):
        answer = reader.get(f"/evidence/{restricted[1]}{door}")
        assert answer.status in seen, door
        if SEES[who]:
            assert answer.response.headers["Cache-Control"] == "no-store"
    assert reader.get(f"/evidence/{restricted[1]}/withdraw").status in seen


@pytest.mark.parametrize("who", SEES)
def test_its_name_and_note_stand_on_the_pages_of_those_who_may(
    browser: Open, restricted: tuple[str, int], who: str
) -> None:
    reader, (number, id) = browser(who), restricted
    for page in ("", "/files", "/history"):
        read = reader.get(f"/cases/{number}{page}")
        names = SECRET in read.html or "gaji.jpg" in read.html or f"/evidence/{id}" in read.html
        assert names == (SEES[who] and page != "/history"), page


@pytest.mark.parametrize("who", SEES)
def test_the_api_gives_it_to_those_who_may(
    api: Callable[..., Any], restricted: tuple[str, int], who: str
) -> None:
    program, id = api(who), restricted[1]
    for door in ("", "/original"):
        status = program.get(f"/evidence/{id}{door}").status_code
        assert status == 200 if SEES[who] else status in (403, 404), door


def test_a_restricted_photo_is_not_seen_in_passing(
    browser: Open, restricted: tuple[str, int]
) -> None:
    number, id = restricted
    for page in (f"/cases/{number}", f"/cases/{number}/files"):
        assert f"/evidence/{id}/small" not in browser("ina").get(page).html


@pytest.mark.usefixtures("restricted")
def test_the_log_does_not_name_it() -> None:
    events = db.session.query(Event).filter_by(kind="evidence.added").all()
    assert [SECRET in str(event.data) or "gaji" in str(event.data) for event in events] == [
        False,
        False,
    ]


def test_the_licensing_page_of_the_case_knows_of_no_evidence(browser: Open) -> None:
    case = a_case()
    number, id = case.number, add(case.id, note=SECRET)
    page = browser("lia").get(f"/cases/{number}")
    assert (page.status, SECRET in page.html, f"/evidence/{id}" in page.html) == (200, False, False)
