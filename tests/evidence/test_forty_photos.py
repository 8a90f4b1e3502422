"""A case with forty photos: its pages ask the store little and weigh little before the thumbnails."""

from __future__ import annotations

import gzip

import pytest

from compliance.core.db import db
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import Evidence
from tests.evidence.known import add
from tests.factories import a_case
from tests.files.pictures import picture
from tests.licensing.desk import Open
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("app")
MANY, MOST_QUERIES, MOST_BYTES = 40, 10, 20_000


@pytest.fixture
def number() -> str:
    """A case with forty rows of evidence, about itself and about its finding; all show one photo."""
    case = a_case()
    number, id, finding = case.number or "", case.id, case.findings[0].id
    first = add(id, picture(), name="IMG_1.jpg", note="Papan nama kantor di Jalan Contoh 12")
    make_clean_copies()
    db.session.rollback()
    made = db.session.get_one(Evidence, first)
    columns = {
        c.key: getattr(made, c.key) for c in Evidence.__mapper__.column_attrs if c.key != "id"
    }
    for place in range(1, MANY):
        about = {"about_kind": "finding", "about_id": finding} if place % 2 else {}
        db.session.add(Evidence(**{**columns, "name": f"IMG_{place}.jpg", **about}))
    db.session.commit()
    return number


@pytest.mark.parametrize("page", ["", "/files"])
def test_a_case_with_forty_photos_asks_little_and_weighs_little(
    browser: Open, number: str, page: str
) -> None:
    ina = browser("ina")
    ina.get("/account")
    with queries() as seen:
        shown = ina.get(f"/cases/{number}{page}")
    assert len(seen) <= MOST_QUERIES, seen
    assert len(seen.about("from evidence")) <= 1, seen
    weight = len(gzip.compress(shown.response.data))
    assert weight <= MOST_BYTES, weight
    pictures = shown.soup.select("img[src^='/evidence/']")
    assert len(pictures) == (6 if page == "" else MANY)
    assert {picture["loading"] for picture in pictures} == {"lazy"}
