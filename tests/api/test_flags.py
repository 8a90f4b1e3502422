"""Flags through the API: read in scope, acknowledged by offices, lifted on proof."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db
from tests.api.conftest import fields
from tests.factories import a_case, a_company, a_visit

PROOF = {"reason": "Seluruh pekerja terdaftar", "proof": "Sertifikat 123, iuran Februari 2027"}


@pytest.fixture
def held(at) -> int:
    """A case in Kota Kupang with a hold that replaced its warning."""
    case_id = a_case().id
    at("2027-03-02")
    sweep_due_rechecks()
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=28)
    return case_id


def test_flags_are_read_in_scope(api, held) -> None:
    def levels(who: str, **query: str) -> list[str]:
        return [each["level"] for each in api(who).get("/flags", **query).json["items"]]

    assert levels("lia") == ["hold", "warning"]
    assert (
        levels("lia", active="true")
        == levels("ina", active="true")
        == levels("eda", active="true")
        == ["hold"]
    )
    assert levels("tika", active="false") == ["warning"]
    assert levels("yos") == levels("budi") == levels("lia", office="ptsp-53.08") == []
    assert (
        levels("tika", office="ptsp-53.71")
        == levels("tika", office="ptsp-53")
        == ["hold", "warning"]
    )
    assert levels("tika", office="ptsp-53.08") == []
    assert api("adi").get("/flags").status_code == 403
    [hold, warning] = api("lia", language="id").get("/flags").json["items"]
    assert hold["reason"] == "Cek ulang 2 Maret 2027 menemukan kewajiban belum dipenuhi."
    assert (warning["active"], warning["lift_reason"]) == (False, "Diganti catatan perizinan.")
    assert hold["case_id"] == held
    page = api("lia").get("/flags", limit=1).json
    assert api("lia").get("/flags", limit=1, cursor=page["next"]).json["items"] == [warning]


def test_an_office_acknowledges_once(api, held) -> None:
    [hold] = api("lia").get("/flags", active="true").json["items"]
    path = f"/flags/{hold['id']}/acknowledgement"
    assert api("lia").post(path, answer="perhaps").status_code == 422
    assert api("yos").post(path).status_code == 404
    assert api("tika").post(path).status_code == 403
    first = api("lia").post(path, note="Sudah dibaca")
    [said] = first.json["acknowledgements"]
    assert (first.status_code, said["office"], said["note"]) == (
        200,
        "DPMPTSP Kota Kupang",
        "Sudah dibaca",
    )
    assert api("lia").post(path, note="Lagi").json["acknowledgements"] == [said]
    answered = api("lia").post(path, answer="no_request").json["acknowledgements"]
    assert answered == [{**said, "answer": "no_request"}]
    bare = api("eda").send("POST", path)  # no body at all is as good as an empty one
    assert (bare.status_code, len(bare.json["acknowledgements"])) == (200, 2)


def test_a_hold_is_lifted_on_proof_and_with_it_the_case_ends(api, held) -> None:
    tika = api("tika")
    [hold] = tika.get("/flags", active="true").json["items"]
    path = f"/flags/{hold['id']}/lift"
    assert api("ina").post(path, **PROOF).status_code == 403
    assert api("lia").post(path, **PROOF).status_code == 403
    unproven = tika.post(path, reason="Karena", proof=" ")
    assert (unproven.status_code, fields(unproven)) == (422, {"proof"})
    lifted = tika.post(path, **PROOF)
    assert (lifted.status_code, lifted.json["active"], lifted.json["lift_proof"]) == (
        200,
        False,
        PROOF["proof"],
    )
    assert lifted.json["lift_reason"] == PROOF["reason"]
    assert tika.get(f"/cases/{held}").json["status"] == "resolved"
    assert tika.post(path, **PROOF).status_code == 409


def test_a_flag_that_is_not_there_is_not_found(api) -> None:
    for id in ("0", "1", "9" * 30, "x"):
        assert api("lia").post(f"/flags/{id}/acknowledgement").status_code == 404
        assert api("tika").post(f"/flags/{id}/lift", **PROOF).status_code == 404


def test_the_number_of_queries_does_not_grow_with_a_list(api, held, count_queries) -> None:
    lia = api("lia")
    few = count_queries(lia, "/flags")
    for _ in range(4):
        a_visit(a_case(issued_on=date(2026, 11, 30)), "not_complied", registered=28)
    assert count_queries(lia, "/flags") == few <= 5


def test_a_sanction_comes_about_a_company_without_a_case_and_ends_by_letter(api, at) -> None:
    company = a_company(nib="new").id
    path, letter = (
        f"/companies/{company}/sanctions",
        {"letter_number": "B/12", "letter_on": "2026-11-27"},
    )
    assert api("ina").post(path, **letter, services=["tender"]).status_code == 403
    tika = api("tika")
    assert fields(tika.post(path, **letter, services=[])) == {"services"}
    assert fields(tika.post(path, **letter, services=["house"])) == {"services.0"}
    made = tika.post(path, **letter, services=["tender"])
    assert (made.status_code, made.json["case_id"], made.json["case_number"]) == (201, None, None)
    assert made.json["services"] == ["tender"]
    flag = made.headers["Location"].removeprefix("/api/v1")
    assert tika.get(flag).json == made.json
    assert [each["id"] for each in api("lia").get("/flags").json["items"]] == [made.json["id"]]
    assert tika.post(path, **letter, services=["tender"]).status_code == 409
    assert tika.post("/companies/9999/sanctions", **letter, services=["tender"]).status_code == 404
    assert fields(tika.post(f"{flag}/lift", **PROOF)) == {"letter_number", "letter_on"}
    at("2027-03-02")
    end = {"letter_number": "B/99", "letter_on": "2027-03-01"}
    lifted = api("tika").post(f"{flag}/lift", **PROOF, **end)
    assert (lifted.status_code, lifted.json["active"]) == (200, False)
    assert (lifted.json["lift_letter_number"], lifted.json["lift_letter_on"]) == (
        "B/99",
        "2027-03-01",
    )


def test_a_letter_of_bpjs_lifts_nothing_but_a_sanction(api, held) -> None:
    (hold,) = api("lia").get("/flags", active="true").json["items"]
    end = {"letter_number": "B/99", "letter_on": "2027-03-01"}
    assert fields(api("tika").post(f"/flags/{hold['id']}/lift", **PROOF, **end)) == {
        "letter_number"
    }
