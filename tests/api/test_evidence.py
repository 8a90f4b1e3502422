"""Evidence through the API: sent once, read as a clean copy or as it was sent, refused like on the page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from compliance.core.db import db
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import Evidence
from compliance.files.storage import hash_of, storage
from tests.api.conftest import Program, fields
from tests.factories import a_case
from tests.files.pictures import BAD_FILES, KUPANG, broken_picture, pdf, picture

pytestmark = pytest.mark.one_store


def send(
    program: Program, case_id: int, content: bytes | None = None, headers: Any = None, **form: Any
) -> TestResponse:
    file = {"file": (io.BytesIO(content), "IMG_1.jpg")} if content is not None else {}
    return program.send(
        "POST",
        f"/cases/{case_id}/evidence",
        headers=headers,
        data={**form, **file},
        content_type="multipart/form-data",
    )


@pytest.mark.usefixtures("app")
def test_a_photo_is_sent_and_read_back(api: Any) -> None:
    case = a_case()
    id, about, content, ina = case.id, f"finding:{case.findings[0].id}", picture(), api("ina")
    sent = send(ina, id, content, about=about, note="Papan nama", **{"class": "normal"})
    assert sent.status_code == 201, sent.text
    assert sent.json == {
        "id": sent.json["id"],
        "about": about,
        "name": "IMG_1.jpg",
        "sha256": hash_of(content),
        "kind": "jpeg",
        "size": len(content),
        "also_about": [],
        "original": True,
        "taken_at": "2026-11-30T08:41:07",
        "position": {"north": KUPANG[0], "east": KUPANG[1]},
    }
    address = sent.headers["Location"].removeprefix("/api/v1")
    waiting = ina.get(address)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "5")
    make_clean_copies()
    assert ina.get(address).mimetype == "image/jpeg"
    assert ina.get(f"{address}/original").data == content


@pytest.mark.usefixtures("app")
def test_the_same_key_sends_a_file_once(api: Any) -> None:
    id, ina = a_case().id, api("ina")
    key = {"Idempotency-Key": "foto-1"}
    first, again = (send(ina, id, picture(), key) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    other = send(ina, id, picture("PNG"), key)
    assert (other.status_code, "Idempotency-Key" in fields(other)) == (422, True)
    assert db.session.query(Evidence).count() == 1


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_its_sentence(api: Any, content: bytes, reason: str) -> None:
    answer = send(api("ina"), a_case().id, content)
    assert (answer.status_code, reason in answer.json["detail"]) == (422, True), answer.text
    assert db.session.query(Evidence).count() == 0
    assert list(storage().names()) == []


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["../../etc/passwd", "sli\u202egnp.exe", "..\\..\\a.jpg"])
def test_a_name_is_only_a_name(api: Any, name: str) -> None:
    id, file = a_case().id, (io.BytesIO(picture()), name)
    address, form = f"/cases/{id}/evidence", "multipart/form-data"
    sent = api("ina").send("POST", address, data={"file": file}, content_type=form)
    assert sent.status_code == 201, sent.text
    assert sent.json["name"] in ("passwd.jpg", "slignp.jpg", "a.jpg")


@pytest.mark.usefixtures("app")
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(api: Any) -> None:
    id, ina = a_case().id, api("ina")
    assert fields(send(ina, id)) == {"file"}
    assert fields(send(ina, id, picture(), about="flag:1")) == {"about"}
    assert fields(send(ina, id, picture(), about="finding:9999")) == {"about"}
    for nonsense in (
        "finding",
        "finding:\t1",
        "\u202efinding:1",
        "case:1",
        "visit:01",
        "letter:1e3",
    ):
        refused = send(ina, id, picture(), about=nonsense)
        said = refused.json["errors"][0]
        assert (said["field"], "misalnya finding:12" in said["message"]) == ("about", True), (
            nonsense
        )
    assert fields(send(ina, id, picture(), **{"class": "secret"})) == {"class"}
    assert fields(send(ina, id, picture(), unknown="x")) == {"unknown"}
    refused = send(ina, id, pdf(script=True))
    assert (refused.status_code, "memuat program" in refused.json["detail"]) == (422, True)
    assert send(ina, id, picture()[:-40]).status_code == 422
    json = ina.post(f"/cases/{id}/evidence", file="x")
    assert json.status_code == 415
    assert send(api("budi"), id, picture()).status_code == 404
    assert send(api("lia"), id, picture()).status_code == 403
    assert send(api("tika"), id, picture()).status_code == 403
    assert db.session.query(Evidence).count() == 0
    assert send(ina, id, picture()).status_code == 201
    twice = send(ina, id, picture())
    assert (twice.status_code, "sudah ada" in twice.json["detail"]) == (409, True)


@pytest.mark.usefixtures("app")
def test_one_photo_proves_several_things_and_its_bytes_are_stored_once(api: Any) -> None:
    case = a_case()
    id, finding, ina = case.id, case.findings[0].id, api("ina")
    assert send(ina, id, picture()).json["also_about"] == []
    other = send(ina, id, picture(), about=f"finding:{finding}")
    assert (other.status_code, other.json["also_about"]) == (201, [f"case:{id}"])
    assert send(ina, id, picture(), about=f"finding:{finding}").status_code == 409
    assert len(list(storage().names())) == 1


@pytest.mark.usefixtures("app")
def test_a_photo_that_cannot_be_read_says_so_instead_of_being_gone(api: Any) -> None:
    ina = api("ina")
    id = send(ina, a_case().id, broken_picture()).json["id"]
    assert ina.get(f"/evidence/{id}").status_code == 202
    make_clean_copies()
    refused = ina.get(f"/evidence/{id}")
    assert (refused.status_code, "tidak terbaca" in refused.json["detail"]) == (409, True)
    assert ina.get(f"/evidence/{id}/original").status_code == 200


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("kind", ["HEIC", "PNG", "JPEG"])
def test_a_clean_copy_is_a_jpeg_by_its_name_too(api: Any, kind: str) -> None:
    ina = api("ina")
    id = send(ina, a_case().id, picture(kind)).json["id"]
    make_clean_copies()
    shown = ina.get(f"/evidence/{id}")
    assert shown.headers["Content-Disposition"] == "inline; filename=IMG_1.jpg"
    sent = ina.get(f"/evidence/{id}/original").headers["Content-Disposition"]
    assert sent.endswith({"HEIC": "IMG_1.heic", "PNG": "IMG_1.png"}.get(kind, "IMG_1.jpg"))
