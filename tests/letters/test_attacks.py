"""What was tried to break letters: each is refused with its sentence, and nothing is half done."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.core.db import transaction
from compliance.letters.jobs import set_letters
from compliance.office.commands import change_settings
from tests.factories import a_company, user
from tests.letters.conftest import FILLED, ready_for, words_of
from tests.letters.test_road_on_paper import drafted, the_letters
from tests.licensing.desk import Clock, Open

SERVED = {"how": "hand", "receiver": "Rina Umpama"}


def approval_on() -> None:
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))


def test_what_is_approved_is_what_was_read(api: Any, browser: Open, case_id: int) -> None:
    approval_on()
    id = drafted(api, case_id, "recheck_notice")["id"]
    sari = browser("sari")
    seen = sari.get(f"/letters/{id}/approve").value("version")
    assert browser("ina").post(f"/letters/{id}/edit", visit_on="2-3-2027").status == 200
    assert sari.post(f"/letters/{id}/approve", version=seen).status == 412
    assert the_letters()[-1].status == "draft"
    refused = api("sari").post(f"/letters/{id}/approval", revision=1)
    assert refused.status_code == 412
    now = api("sari").get(f"/letters/{id}").json["revision"]
    assert api("sari").post(f"/letters/{id}/approval", revision=now).json["state"] == "approved"


@pytest.mark.one_store
def test_a_new_version_of_a_nota_never_takes_a_number_of_the_book(api: Any, case_id: int) -> None:
    nota = the_letters()[0].id
    sari = api("sari")
    new = sari.post(f"/letters/{nota}/replacement", reason="Alamat keliru").json["id"]
    refused = sari.post(f"/letters/{new}/number", number="560/002-NP/XI/2026")
    assert refused.json["errors"][0]["field"] == "number"
    assert sari.post(f"/letters/{new}/number").json["number"] == "560/001-NP/XI/2026.A"


@pytest.mark.one_store
def test_one_number_stands_on_one_letter_of_its_book(api: Any, case_id: int) -> None:
    sari = api("sari")
    cover, notice = (drafted(api, case_id, kind)["id"] for kind in ("cover_ptsp", "recheck_notice"))
    number = sari.post(f"/letters/{cover}/number").json["number"]
    assert sari.post(f"/letters/{notice}/number", number=number).status_code == 409
    assert sari.post(f"/letters/{notice}/number").json["number"] != number


@pytest.mark.one_store
def test_a_sign_without_a_glyph_leaves_no_letter_without_paper(api: Any, case_id: int) -> None:
    id = drafted(api, case_id, "ba", result="Upah 漢字 dibayar")["id"]
    assert api("ina").post(f"/letters/{id}/number").status_code == 200
    set_letters()
    said = words_of(api("ina").get(f"/letters/{id}/pdf").data)
    assert "Upah □□ dibayar" in said


@pytest.mark.one_store
def test_only_inspectors_are_ordered_to_inspect(api: Any, case_id: int) -> None:
    company = a_company("CV Misal").id
    asked = {"kind": "spt", "visit_on": "2026-12-03"}
    refused = api("sari").post(
        f"/companies/{company}/letters", **asked, inspectors=[user("ina").id, user("lia").id]
    )
    assert refused.json["errors"][0]["field"] == "inspectors"
    approval_on()
    both = [user("sari").id, user("ina").id]
    own = api("sari").post(f"/companies/{company}/letters", **asked, inspectors=both).json["id"]
    assert api("sari").post(f"/letters/{own}/approval").status_code == 409


@pytest.mark.one_store
def test_time_limits_start_neither_backwards_nor_before_the_signature(
    api: Any, case_id: int, at: Clock
) -> None:
    nota, ina = the_letters()[0].id, api("ina")
    at("2026-12-20 09:00")
    assert (
        ina.post(f"/letters/{nota}/signature", how="wet_ink", signed_on="2026-12-10").status_code
        == 200
    )
    early = ina.post(f"/letters/{nota}/service", **SERVED, served_on="2026-12-01")
    assert early.json["errors"][0]["field"] == "served_on"
    assert ina.post(f"/letters/{nota}/service", **SERVED, served_on="2026-12-18").status_code == 201
    back = ina.post(
        f"/letters/{nota}/service", **SERVED, served_on="2026-12-12", restart_deadlines=True
    )
    assert back.status_code == 422
    assert ina.get(f"/cases/{case_id}").json["nota"]["received_on"] == "2026-12-18"


@pytest.mark.one_store
def test_a_nota_is_never_without_paper(api: Any, case_id: int) -> None:
    nota = the_letters()[0].id
    refused = api("sari").post(f"/letters/{nota}/withdrawal", reason="Salah")
    assert (refused.status_code, "notanya sendiri" in refused.json["detail"]) == (409, True)


@pytest.mark.one_store
def test_what_was_withdrawn_leaves_no_office_in_a_packet_of_before(api: Any, case_id: int) -> None:
    from compliance.letters.packets.jobs import make_packets

    cover = drafted(api, case_id, "cover_ptsp")["id"]
    sari, lia = api("sari"), api("lia")
    sari.post(f"/letters/{cover}/number")
    set_letters()
    assert lia.post(f"/cases/{case_id}/packet", kind="licensing").status_code == 202
    make_packets()
    assert lia.get(f"/cases/{case_id}/packet", kind="licensing").status_code == 200
    assert sari.post(f"/letters/{cover}/withdrawal", reason="Salah kantor").status_code == 200
    refused = lia.get(f"/cases/{case_id}/packet", kind="licensing")
    assert (refused.status_code, "paket baru" in refused.json["detail"]) == (409, True)


@pytest.mark.one_store
def test_an_option_of_another_case_is_refused_by_every_door(api: Any, case_id: int) -> None:
    nota, sari = the_letters()[0].id, api("sari")
    receipt = drafted(api, case_id, "receipt", about_letter=nota)["id"]
    assert sari.post(f"/letters/{receipt}/number").status_code == 200
    refused = sari.post(f"/letters/{receipt}/replacement", reason="Coba", about_letter=99999)
    assert refused.json["errors"][0]["field"] == "about_letter"


@pytest.mark.one_store
def test_a_ground_that_fell_away_stops_the_number(api: Any, case_id: int, at: Clock) -> None:
    ready_for("noncompliance_report", api, case_id, at)
    report = api("ina").post(f"/cases/{case_id}/letters", kind="noncompliance_report").json["id"]
    assert (
        api("sari").post(f"/cases/{case_id}/withdrawal", reason="Salah alamat").status_code == 200
    )
    assert api("ina").post(f"/letters/{report}/number").status_code == 409
    drafts = api("sari").post(
        f"/cases/{case_id}/letters", kind="cover_ptsp", **FILLED["cover_ptsp"]
    )
    assert drafts.status_code == 409


@pytest.mark.one_store
def test_a_paper_speaks_of_no_visit_in_a_year_that_was_mistyped(api: Any, case_id: int) -> None:
    sari, far = api("sari"), ("9999-12-31", "0001-01-01", "2062-12-03")
    company = a_company("CV Misal").id
    for day in far:
        order = {"kind": "spt", "inspectors": [user("ina").id], "visit_on": day}
        refused = sari.post(f"/companies/{company}/letters", **order)
        assert "antara" in refused.json["errors"][0]["message"], refused.text
        notice = sari.post(f"/cases/{case_id}/letters", kind="recheck_notice", visit_on=day)
        assert notice.json["errors"][0]["field"] == "visit_on", notice.text
        held = {**FILLED["ba"], "held_on": day}
        refused = sari.post(f"/cases/{case_id}/letters", kind="ba", **held)
        assert refused.json["errors"][0]["field"] == "held_on", refused.text
