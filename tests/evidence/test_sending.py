"""The door of the script that sends photos one by one: a photo is stored once, however often it is sent."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest

from compliance.cases.models import Case
from compliance.core.db import db
from compliance.core.events import Event
from compliance.files.storage import hash_of, storage
from tests.browser import Browser, Page
from tests.evidence.known import all_evidence
from tests.factories import a_case
from tests.files.pictures import pdf, picture
from tests.licensing.desk import Open

pytestmark = pytest.mark.usefixtures("app")
KEY = "5f0c6c1e-6a3f-4f6e-9d59-1f5d0c9d8a11"


@pytest.fixture
def case_id() -> int:
    """A case of Ina's."""
    return a_case().id


def send(who: Browser, about: str, content: bytes, **fields: Any) -> Page:
    """One photo, as photos.js sends it."""
    file = (io.BytesIO(content), fields.pop("name", "IMG_1.jpg"))
    facts = {"about": about, "class": "normal", "key": KEY, "original": "yes", **fields}
    return who.post("/evidence/send", {**facts, "file": file})


def answer(page: Page) -> Any:
    return page.response.get_json()


def test_a_photo_sent_again_after_a_lost_answer_is_stored_once(browser: Open, case_id: int) -> None:
    ina, about, content = browser("ina"), f"case:{case_id}", picture()
    first, again = (send(ina, about, content) for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert answer(first) == answer(again) == {"id": answer(first)["id"], "original": True}
    [stored] = all_evidence()
    assert (stored.key, stored.file.sha256) == (KEY, hash_of(content))
    assert db.session.query(Event).filter_by(kind="evidence.added").count() == 1


@pytest.mark.one_store
def test_a_key_stands_for_one_photo_of_one_person(browser: Open, case_id: int) -> None:
    ina, about = browser("ina"), f"case:{case_id}"
    send(ina, about, picture())
    other = send(ina, about, picture("PNG"))
    assert (other.status, answer(other)["errors"][0]["field"]) == (422, "key")
    elsewhere = send(ina, f"case:{a_case().id}", picture())
    assert (elsewhere.status, answer(elsewhere)["errors"][0]["field"]) == (422, "key")
    assert answer(send(ina, about, picture(), key="x"))["errors"][0]["field"] == "key"
    assert send(browser("sari"), about, picture("PNG")).status == 201
    assert [item.by.role for item in all_evidence()] == ["inspector", "supervisor"]


@pytest.mark.one_store
def test_a_shrunk_copy_is_marked_and_never_takes_the_place_of_an_original(
    browser: Open, case_id: int
) -> None:
    ina, about = browser("ina"), f"case:{case_id}"
    assert answer(send(ina, about, picture(), original="no"))["original"] is False
    late = send(ina, about, picture("PNG"))
    assert (late.status, answer(late)["errors"][0]["field"]) == (422, "key")
    key = str(uuid.uuid4())
    whole = send(ina, about, picture(taken=None), key=key)
    copy = send(ina, about, picture(size=(32, 24)), key=key, original="no")
    assert answer(copy) == answer(whole)
    assert [item.original for item in all_evidence()] == [False, True]
    page = ina.get(f"/cases/{db.session.get_one(Case, case_id).number}/files")
    assert page.text.count("salinan diperkecil") == 1
    assert page.text.count("Unduh yang dikirim") == 1


@pytest.mark.one_store
def test_the_same_photo_under_another_key_is_said_to_be_there(browser: Open, case_id: int) -> None:
    ina, about = browser("ina"), f"case:{case_id}"
    send(ina, about, picture())
    again = send(ina, about, picture(), key=str(uuid.uuid4()))
    assert (again.status, answer(again)["kept"]) == (409, True)
    assert "Berkas ini sudah ada: IMG_1.jpg" in answer(again)["detail"]
    assert len(all_evidence()) == 1


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("about", "content", "status"),
    [
        ("case:{id}", pdf(script=True), 422),
        ("case:{id}", picture()[:-40], 422),
        ("case:{id}", b"", 422),
        ("", picture(), 422),
        ("case:0", picture(), 422),
        ("planet:1", picture(), 404),
        ("case:999", picture(), 404),
        ("visit:999", picture(), 404),
        ("letter:999", picture(), 404),
        ("flag:999", picture(), 404),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    browser: Open, case_id: int, about: str, content: bytes, status: int
) -> None:
    refused = send(browser("ina"), about.format(id=case_id), content)
    assert refused.status == status
    assert all_evidence() == []
    assert list(storage().names()) == []


@pytest.mark.one_store
def test_only_who_may_add_evidence_sends_any(browser: Open, case_id: int) -> None:
    for who in ("budi", "tika", "lia", "adi"):
        assert send(browser(who), f"case:{case_id}", picture()).status in (403, 404), who
    assert all_evidence() == []
    stranger = browser().client.post("/evidence/send", data={"csrf_token": "x"})
    assert stranger.status_code in (302, 303, 400)


@pytest.mark.one_store
def test_sending_decodes_no_picture(
    browser: Open, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo of twelve megapixels costs the web process what reading it costs: the job decodes it."""
    import PIL.ImageFile

    content = picture(size=(4000, 3000))

    def decode(*_args: object, **_more: object) -> None:
        raise AssertionError("a picture is decoded in a request")

    monkeypatch.setattr(PIL.ImageFile.ImageFile, "load", decode)
    assert send(browser("ina"), f"case:{case_id}", content).status == 201
    assert all_evidence()[0].is_waiting
