"""Every kind of letter knows its own steps: all others are refused by page and API, in the same words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from markupsafe import escape

from compliance.core.db import db, transaction
from compliance.letters.kinds import LETTER_KINDS, UNNUMBERED_KINDS
from compliance.letters.models import Letter
from compliance.letters.workflow import STEPS_OF_A_KIND, never
from tests.factories import a_company, user
from tests.files.pictures import pdf
from tests.letters.conftest import FILLED, ready_for
from tests.licensing.desk import Clock, Open

SERVICE = {"how": "hand", "served_on": "2026-11-30", "receiver": "Rina Umpama"}
DOORS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "approve": ("approve", "approval", {}),
    "record_number": ("record-number", "number", {"number": "12/X"}),
    "serve": ("serve", "service", SERVICE),
}
"""By step: its page, its door at the API, and what is sent there."""


def a_letter(kind: str, api: Any, case_id: int) -> int:
    """A draft of this kind."""
    if kind == "spt":
        asked = {"kind": "spt", "inspectors": [user("ina").id], "visit_on": "2026-12-03"}
        sent = api("sari").post(f"/companies/{a_company('CV Misal').id}/letters", **asked)
    else:
        filled = dict(FILLED.get(kind, {}))
        if kind == "receipt":
            filled["about_letter"] = (
                api("ina").get(f"/cases/{case_id}/letters").json["items"][0]["id"]
            )
        sent = api("ina").post(f"/cases/{case_id}/letters", kind=kind, **filled)
    assert sent.status_code == 201, sent.text
    return int(sent.json["id"])


def test_the_table_names_every_kind_and_agrees_with_who_signs() -> None:
    assert list(STEPS_OF_A_KIND) == list(LETTER_KINDS)
    for kind, entry in LETTER_KINDS.items():
        assert (never(kind, "approve") is None) == entry.by_the_head, kind
        assert (never(kind, "record_number") is not None) == (kind in UNNUMBERED_KINDS), kind
        for step, like in (("approve", "send_back"), ("sign", "sign_late"), ("serve", "attempt")):
            assert never(kind, step) == never(kind, like), (kind, step)


@pytest.mark.parametrize(
    ("kind", "step"),
    [(kind, step) for kind in LETTER_KINDS for step in DOORS if never(kind, step) is not None],
)
@pytest.mark.one_store
def test_a_step_that_a_kind_does_not_know_is_refused_with_one_sentence_by_page_and_api(
    browser: Open, api: Any, case_id: int, at: Clock, kind: str, step: str
) -> None:
    ready_for(kind, api, case_id, at)
    page, door, sent = DOORS[step]
    reason = str(never(kind, step))
    id = a_letter(kind, api, case_id)
    if step != "approve":
        assert api("sari").post(f"/letters/{id}/number").status_code == 200
        assert (
            api("sari").post(f"/letters/{id}/signature", how="wet_ink", signed_on="2026-11-30")
        ).status_code in (200, 422)
    refused = api("sari").post(f"/letters/{id}/{door}", **sent)
    assert (refused.status_code, refused.json["detail"]) == (409, reason)
    sari = browser("sari")
    for shown in (sari.get(f"/letters/{id}/{page}"), sari.post(f"/letters/{id}/{page}", sent)):
        assert (shown.status, str(escape(reason)) in str(shown.soup)) == (409, True), shown.text
        assert shown.soup.select("main form") == []
    assert f"/letters/{id}/{page}" not in sari.get(f"/letters/{id}").links()


@pytest.mark.one_store
def test_a_tanda_terima_takes_no_number_when_it_is_issued(api: Any, case_id: int) -> None:
    id = a_letter("receipt", api, case_id)
    refused = api("ina").post(f"/letters/{id}/number", number="12/X")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "number")
    assert refused.json["detail"] == "Tanda terima tidak bernomor."
    assert api("ina").post(f"/letters/{id}/number").json["number"] is None


PAGES = {
    "edit": "Langkah ini tidak dapat dilakukan: surat Bernomor",
    "approve": "Langkah ini tidak dapat dilakukan: surat Bernomor",
    "return": "Langkah ini tidak dapat dilakukan: surat Bernomor",
    "number": "Langkah ini tidak dapat dilakukan: surat Bernomor",
    "record-number": "Surat ini sudah bernomor",
    "serve": "Surat ini belum ditandatangani",
}


@pytest.mark.one_store
def test_the_page_of_an_impossible_step_says_why_and_has_no_form(
    browser: Open, api: Any, case_id: int
) -> None:
    id, sari = a_letter("recheck_notice", api, case_id), browser("sari")
    for page in ("sign", "serve", "replace", "record-number"):
        shown = sari.get(f"/letters/{id}/{page}")
        assert (shown.status, "surat Konsep" in shown.text) == (409, True), page
        assert shown.soup.select("main form") == [], page
    assert api("sari").post(f"/letters/{id}/number").status_code == 200
    for page, reason in PAGES.items():
        shown = sari.get(f"/letters/{id}/{page}")
        assert (shown.status, reason in shown.text) == (409, True), (page, shown.text)
        assert shown.soup.select("main form") == [], page
    for page in ("sign", "replace", "withdraw"):
        assert sari.get(f"/letters/{id}/{page}").status == 200, page
    assert api("sari").post(f"/letters/{id}/replacement", reason="Jam keliru").status_code == 201
    again = api("sari").post(f"/letters/{id}/replacement", reason="Jam keliru")
    shown = sari.get(f"/letters/{id}/replace")
    assert (shown.status, again.json["detail"] in shown.text) == (409, True)


@pytest.mark.one_store
def test_a_nota_is_not_withdrawn_by_its_letter_and_its_page_says_so(
    browser: Open, api: Any, case_id: int
) -> None:
    (nota,) = [one["id"] for one in api("ina").get(f"/cases/{case_id}/letters").json["items"]]
    refused = api("sari").post(f"/letters/{nota}/withdrawal", reason="Salah")
    shown = browser("sari").get(f"/letters/{nota}/withdraw")
    assert (refused.status_code, shown.status) == (409, 409)
    assert refused.json["detail"] in shown.text


@pytest.mark.one_store
def test_a_form_of_a_letter_without_its_ground_is_not_offered(
    browser: Open, api: Any, case_id: int
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    refused = api("ina").post(
        f"/cases/{case_id}/letters", kind="recommendation", official="Wali Kota"
    )
    shown = browser("ina").get(f"/cases/{number}/letters/new/recommendation")
    assert (refused.status_code, shown.status) == (409, 409)
    assert refused.json["detail"] in shown.text
    assert shown.soup.select("main form") == []
    assert f"/cases/{number}" in shown.links()


@pytest.mark.one_store
def test_an_inspector_is_told_that_the_number_is_given_by_others(
    browser: Open, api: Any, case_id: int
) -> None:
    id = a_letter("recheck_notice", api, case_id)
    assert api("ina").post(f"/letters/{id}/number").status_code == 403
    assert browser("ina").get(f"/letters/{id}/number").status == 403


@pytest.mark.one_store
def test_a_draft_is_signed_by_no_file_either(api: Any, case_id: int) -> None:
    id = a_letter("recheck_notice", api, case_id)
    file = {"file": (io.BytesIO(pdf()), "a.pdf")}
    refused = api("sari").send(
        "POST", f"/letters/{id}/signature", data=file, content_type="multipart/form-data"
    )
    assert (refused.status_code, "surat Konsep" in refused.json["detail"]) == (409, True)


@pytest.mark.one_store
def test_the_old_name_of_restarting_is_refused_by_its_name(api: Any, case_id: int) -> None:
    (nota,) = [one["id"] for one in api("ina").get(f"/cases/{case_id}/letters").json["items"]]
    refused = api("ina").post(f"/letters/{nota}/service", **SERVICE, restarts=True)
    said = refused.json["errors"][0]
    assert (refused.status_code, said["field"], said["message"]) == (
        422,
        "restarts",
        "Nama ini tidak dikenal.",
    )


@pytest.mark.one_store
def test_no_letter_changes_by_what_is_refused(api: Any, case_id: int) -> None:
    id = a_letter("ba", api, case_id)
    for door, sent in ((door, sent) for _page, door, sent in DOORS.values() if door != "number"):
        assert api("sari").post(f"/letters/{id}/{door}", **sent).status_code == 409
    with transaction():
        assert (db.session.get_one(Letter, id).status, db.session.get_one(Letter, id).revision) == (
            "draft",
            1,
        )
