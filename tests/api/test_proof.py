"""Proof of membership through the API: fields are the better form, a sentence is still taken."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db
from tests.api.conftest import fields
from tests.cases.proven import SENT, SENTENCE, WHO
from tests.factories import a_case, a_company, a_visit
from tests.files.pictures import pdf, picture

GIVEN = {**SENT, "certificate": None, "certificate_on": None, "evidence": [], "note": None}


@pytest.fixture
def held(at: Any) -> int:
    """A case with a hold since 2 March 2027."""
    case_id = a_case().id
    at("2027-03-02")
    sweep_due_rechecks()
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=28)
    return case_id


def the_hold(api: Any) -> dict[str, Any]:
    [hold] = api("tika").get("/flags", active="true").json["items"]
    return hold


def send(program: Any, path: str, content: bytes, **form: Any) -> Any:
    data = {**form, "file": (io.BytesIO(content), "surat.pdf")}
    return program.send("POST", path, data=data, content_type="multipart/form-data")


def test_a_hold_is_lifted_on_a_proof_of_fields(api: Any, held: int) -> None:
    tika, path = api("tika"), f"/flags/{the_hold(api)['id']}"
    lifted = tika.post(f"{path}/lift", reason="Patuh", proof={**SENT, "npp": "jj 012345"})
    assert (lifted.status_code, lifted.json["active"]) == (200, False)
    assert (lifted.json["membership_proof"], lifted.json["lift_proof"]) == (GIVEN, SENTENCE)
    assert tika.get(f"/cases/{held}").json["status"] == "resolved"
    assert api("lia").get(path).json["lift_proof"] == SENTENCE
    english = api("lia", language="en").get(path).json["lift_proof"]
    assert english.endswith(f"February 2027, 40 workers; checked at BPJS on 2 March 2027 by {WHO}.")


def test_a_visit_is_proven_by_the_same_fields(api: Any, held: int) -> None:
    said = {"visited_on": "2027-03-02", "outcome": "complied", "workers_registered": 40}
    done = api("ina").post(f"/cases/{held}/visits", **said, proof=SENT)
    assert (done.status_code, done.json["status"]) == (201, "resolved")
    visit = done.json["visits"][-1]
    assert (visit["membership_proof"], visit["proof"]) == (GIVEN, SENTENCE)
    [flag, _warning] = api("tika").get("/flags", active="false").json["items"]
    assert (flag["membership_proof"], flag["lift_proof"]) == (GIVEN, SENTENCE)


@pytest.mark.one_store
def test_a_sentence_is_taken_and_given_back_as_it_was(api: Any, held: int) -> None:
    lifted = api("tika").post(
        f"/flags/{the_hold(api)['id']}/lift", reason="Patuh", proof="Sertifikat 123"
    )
    assert (lifted.json["lift_proof"], lifted.json["membership_proof"]) == ("Sertifikat 123", None)


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"npp": "NIB"}, {"proof.npp"}),
        ({"month": "2027-13"}, {"proof.month"}),
        ({"month": "Februari"}, {"proof.month"}),
        ({"month": "2027-04"}, {"proof.month"}),
        ({"programmes": ["JKK"]}, {"proof.programmes"}),
        ({"programmes": ["BPJS"]}, {"proof.programmes.0"}),
        ({"workers": "40"}, {"proof.workers"}),
        ({"workers": 0}, {"proof.workers"}),
        ({"checked_on": "2027-03-03"}, {"proof.checked_on"}),
        ({"checked_by": " "}, {"proof.checked_by"}),
        ({"evidence": [77]}, {"proof.evidence"}),
        ({"more": 1}, {"proof.more"}),
    ],
)
def test_both_doors_refuse_the_same_proof(
    api: Any, held: int, changed: dict[str, Any], named: set[str]
) -> None:
    proof = {**SENT, **changed}
    refused = api("tika").post(f"/flags/{the_hold(api)['id']}/lift", reason="Patuh", proof=proof)
    assert (refused.status_code, fields(refused)) == (422, named)
    assert all(each["message"] for each in refused.json["errors"])
    said = {"visited_on": "2027-03-02", "outcome": "complied", "workers_registered": 40}
    visit = api("ina").post(f"/cases/{held}/visits", **said, proof=proof)
    assert (visit.status_code, fields(visit)) == (422, named)
    assert api("tika").get(f"/cases/{held}").json["status"] == "unresolved"


@pytest.mark.one_store
@pytest.mark.parametrize("proof", [5, [], True, {}, None, " "])
def test_what_is_neither_fields_nor_a_sentence_is_no_proof(api: Any, held: int, proof: Any) -> None:
    refused = api("tika").post(f"/flags/{the_hold(api)['id']}/lift", reason="Patuh", proof=proof)
    assert refused.status_code == 422
    assert all(named.partition(".")[0] == "proof" for named in fields(refused))


def test_the_files_of_a_proof_are_sent_first_and_named_in_it(api: Any, held: int) -> None:
    tika, path = api("tika"), f"/flags/{the_hold(api)['id']}"
    assert send(api("ina"), f"{path}/evidence", pdf()).status_code == 403
    assert send(api("lia"), f"{path}/evidence", pdf()).status_code == 403
    sent = send(tika, f"{path}/evidence", pdf(), note="Sertifikat")
    assert (sent.status_code, sent.json["about"]) == (201, f"flag:{the_hold(api)['id']}")
    assert send(tika, f"{path}/evidence", pdf()).status_code == 409
    other = a_case(company=a_company(nib="new")).id
    foreign = send(api("ina"), f"/cases/{other}/evidence", picture(colour="navy")).json["id"]
    refused = tika.post(f"{path}/lift", reason="Patuh", proof={**SENT, "evidence": [foreign]})
    assert fields(refused) == {"proof.evidence"}
    proof = {**SENT, "evidence": [sent.json["id"]]}
    lifted = tika.post(f"{path}/lift", reason="Patuh", proof=proof)
    assert lifted.json["membership_proof"]["evidence"] == [sent.json["id"]]
    assert api("lia").get(f"/evidence/{sent.json['id']}").status_code == 403


def test_the_letters_of_bpjs_are_filed_and_never_written(api: Any, at: Any) -> None:
    company, tika = a_company(nib="new").id, api("tika")
    letter = {"letter_number": "B/12", "letter_on": "2026-11-27", "services": ["tender"]}
    early = tika.post(f"/companies/{company}/sanctions", **letter, received_on="2026-11-26")
    assert fields(early) == {"received_on"}
    made = tika.post(f"/companies/{company}/sanctions", **letter, received_on="2026-11-28")
    path = made.headers["Location"].removeprefix("/api/v1")
    request = {"kind": "request", "received_on": "2026-11-28"}
    assert made.json["bpjs_letters"] == [{**request, "evidence": None}]
    assert send(tika, f"{path}/letters", pdf(), kind="lifting").status_code == 409
    assert fields(send(tika, f"{path}/letters", pdf(), kind="other")) == {"kind"}
    for who, status in (("ina", 404), ("lia", 403)):
        refused = send(api(who), f"{path}/letters", pdf(), kind="request")
        assert refused.status_code == status
    filed = send(tika, f"{path}/letters", pdf(), kind="request")
    [kept] = filed.json["bpjs_letters"]
    assert (filed.status_code, kept) == (201, {**request, "evidence": 1})
    assert send(tika, f"{path}/letters", picture(colour="navy"), kind="request").status_code == 409
    assert tika.get(f"/evidence/{kept['evidence']}").mimetype == "application/pdf"
    assert api("lia").get(path).json["bpjs_letters"] == []
    at("2027-03-02")
    end = {"letter_number": "B/99", "letter_on": "2027-03-01", "received_on": "2027-03-02"}
    fielded = api("tika").post(f"{path}/lift", reason="BPJS mencabut", proof=SENT, **end)
    assert fields(fielded) == {"proof"}
    lifted = api("tika").post(f"{path}/lift", reason="BPJS mencabut", **end)
    assert (lifted.status_code, lifted.json["lift_proof"]) == (200, None), lifted.text
    scan = send(api("tika"), f"{path}/letters", picture(colour="maroon"), kind="lifting")
    assert [each["kind"] for each in scan.json["bpjs_letters"]] == ["request", "lifting"]
    assert date.fromisoformat(scan.json["bpjs_letters"][1]["received_on"]) == date(2027, 3, 2)
