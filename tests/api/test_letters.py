"""Letters through the API: listed with their hash, given byte for byte, to those who read findings."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.files.storage import hash_of
from compliance.letters.jobs import set_letters
from tests.factories import a_case


@pytest.mark.usefixtures("app")
@pytest.mark.one_store
def test_the_api_lists_and_gives_letters(api: Any) -> None:
    case_id = a_case().id
    ina = api("ina")
    (waiting,) = ina.get(f"/cases/{case_id}/letters").json["items"]
    assert (waiting["state"], waiting["sha256"], waiting["pdf"]) == ("numbered", None, None)
    assert ina.get(f"/letters/{waiting['id']}/pdf").status_code == 202
    set_letters()
    (letter,) = ina.get(f"/cases/{case_id}/letters").json["items"]
    assert letter["kind"] == "nota_1"
    answer = ina.get(letter["pdf"].removeprefix("/api/v1"))
    assert hash_of(answer.data) == letter["sha256"] == answer.headers["ETag"].strip('"')
    assert api("lia").get(f"/cases/{case_id}/letters").json["items"] == []
    assert api("budi").get(f"/cases/{case_id}/letters").status_code == 404
