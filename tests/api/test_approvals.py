"""Where the office wants approval, a program hears that its nota waits, and follows it to its number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from compliance.core.db import transaction
from compliance.office.commands import change_settings
from tests.api.conftest import fields
from tests.factories import a_company, user

pytestmark = pytest.mark.usefixtures("app")
Api = Callable[..., Any]


@pytest.fixture(autouse=True)
def approval(app: Any) -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))


def a_nota(**given: Any) -> dict[str, Any]:
    return {
        "company_id": a_company("PT Contoh Bahari Timur").id,
        "inspected_on": "2026-11-30",
        "issued_on": "2026-11-30",
        "workers_total": 40,
        "workers_registered": 28,
        "findings": [{"violation": "JS-02", "note": "Uraian"}],
        **given,
    }


def test_a_nota_waits_and_is_issued_by_the_approval(api: Api) -> None:
    ina, sari = api("ina"), api("sari")
    answer = ina.post("/cases", **a_nota())
    assert answer.status_code == 202
    case = answer.json
    assert (case["number"], case["status"]) == (None, "draft")
    assert (case["waiting"]["kind"], case["waiting"]["by"]) == ("I", "Ina Contoh")
    assert answer.headers["Location"].endswith(f"/cases/{case['id']}")
    assert ina.get(f"/cases/{case['id']}").json == case
    assert api("budi").get(f"/cases/{case['id']}").status_code == 404
    assert api("lia").get(f"/cases/{case['id']}").status_code in (403, 404)
    assert ina.get("/cases").json["items"] == []
    assert ina.post(f"/cases/{case['id']}/approval").status_code == 403
    answer = sari.post(f"/cases/{case['id']}/approval")
    assert (answer.status_code, answer.json["number"]) == (200, "NTT-2026-0001")
    assert answer.json["waiting"] is None
    assert sari.post(f"/cases/{case['id']}/approval").status_code == 404


def test_it_is_sent_back_with_a_reason_and_taken_back_by_its_inspector(api: Api) -> None:
    ina, sari = api("ina"), api("sari")
    id = ina.post("/cases", **a_nota()).json["id"]
    address = f"/cases/{id}/approval"
    for reason in ({}, {"reason": "  "}):
        refused = sari.post(address, decision="send_back", **reason)
        assert (refused.status_code, fields(refused)) == (422, {"reason"}), refused.text
    answer = sari.post(address, decision="send_back", reason="Sebutkan upahnya")
    assert (answer.status_code, answer.json["waiting"]) == (200, None)
    id = ina.post("/cases", **a_nota()).json["id"]
    assert api("budi").post(f"/cases/{id}/approval", decision="take_back").status_code == 404
    assert ina.post(f"/cases/{id}/approval", decision="take_back").status_code == 200


def test_a_case_that_waits_says_so_at_every_door_instead_of_not_being_there(api: Api) -> None:
    ina = api("ina")
    id = ina.post("/cases", **a_nota()).json["id"]
    received = {"received_on": "2026-11-30", "received_by": "Rina"}
    visit = {"visited_on": "2026-11-30", "outcome": "complied", "workers_registered": 40}
    for refused in (
        ina.post(f"/cases/{id}/receipt", **received),
        ina.post(f"/cases/{id}/visits", **visit),
        ina.post(f"/cases/{id}/letters", kind="certificate"),
        ina.post(f"/cases/{id}/packet", kind="full"),
        ina.get(f"/cases/{id}/packet"),
        api("sari").post(f"/cases/{id}/withdrawal", reason="Salah"),
    ):
        said = (refused.status_code, "menunggu persetujuan" in refused.json["detail"])
        assert said == (409, True), (refused.request.path, refused.text)
    assert ina.get(f"/cases/{id}/letters").json["items"] == []
    events = [one["kind"] for one in ina.get(f"/cases/{id}/events").json["items"]]
    assert events == ["draft.started", "nota.submitted"]
    for who in ("budi", "tika", "lia"):
        for address in ("letters", "events", "packet"):
            assert api(who).get(f"/cases/{id}/{address}").status_code in (403, 404), (who, address)


def test_what_is_wrong_is_refused_before_it_waits(api: Api) -> None:
    ina = api("ina")
    answer = ina.post("/cases", **a_nota(workers_registered=41))
    assert answer.status_code == 422
    with transaction():
        change_settings({"letter_approval": "off"}, by=user("adi"))
    number = ina.post("/cases", **a_nota()).json["nota"]["number"]
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    assert ina.post("/cases", **a_nota(nota_number=number)).status_code == 409


def test_a_supervisor_s_own_nota_waits_for_another_one(api: Api) -> None:
    sari = api("sari")
    answer = sari.post("/cases", **a_nota())
    assert answer.status_code == 202
    refused = sari.post(f"/cases/{answer.json['id']}/approval")
    assert refused.status_code == 409
    assert "satu-satunya" in refused.json["detail"]


def test_a_nota_of_a_program_is_changed_on_the_pages_after_it_was_taken_back(
    api: Api, browser: Callable[..., Any]
) -> None:
    ina = api("ina")
    id = ina.post("/cases", **a_nota()).json["id"]
    page = browser("ina").submit(f"/approvals/cases/{id}")
    assert "Uraian" in page.text
    assert "JS-02" in page.text
    assert "30 November 2026" in page.text
    assert "Lengkapi" not in page.text


def test_a_nota_that_is_numbered_by_hand_answers_null(api: Api) -> None:
    with transaction():
        change_settings({"letter_approval": "off", "letter_numbering": "by_hand"}, by=user("adi"))
    ina = api("ina")
    answer = ina.post("/cases", **a_nota())
    assert (answer.status_code, answer.json["nota"]["number"]) == (201, None)
    assert answer.json["number"] == "NTT-2026-0001"
    seen = api("lia").get(f"/cases/{answer.json['id']}").json
    assert seen["nota"]["number"] is None
    [letter] = ina.get(f"/cases/{answer.json['id']}/letters").json["items"]
    assert letter["number"] is None
