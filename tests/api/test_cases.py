"""Cases through the API: issue, receive, visit, extend, withdraw, read."""

from __future__ import annotations

import pytest

from compliance.api.views.cases import plain_json
from compliance.cases.commands.drafts import start_draft
from compliance.cases.models import Case
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.stamp import replace_stamp
from compliance.office.models import Setting
from tests.api.conftest import fields
from tests.factories import a_case, a_company, a_visit, user

NOTA = {
    "inspected_on": "2026-11-27", "issued_on": "2026-11-30", "workers_total": 40, "workers_registered": 28,
    "findings": [{"violation": "JS-02"}],
}  # fmt: skip


def test_a_nota_is_issued_with_everything_stated(api) -> None:
    company_id = a_company(scale="medium").id
    issued = api("ina", language="en").post(
        "/cases",
        **{
            **NOTA,
            "company_id": company_id,
            "nota_number": "560/77-NP/XI/2026",
            "note": "Kantor cabang\nlantai 2",
            "findings": [
                {
                    "violation": "JS-02",
                    "workers_affected": 12,
                    "note": "12 orang gudang",
                    "deadline_days": 30,
                },
                {"violation": "JS-04", "programmes": ["JP", "JHT", "JP"]},
            ],
        },
    )
    assert issued.status_code == 201, issued.text
    told = issued.json
    assert issued.headers["Location"] == f"/api/v1/cases/{told['id']}"
    assert issued.headers["ETag"] == f'"{told["version"]}"'
    assert (told["nota"]["number"], told["note"]) == (
        "560/77-NP/XI/2026",
        "Kantor cabang\nlantai 2",
    )
    first, second = told["findings"]
    assert (first["workers_affected"], first["note"], first["deadline_days"]) == (
        12,
        "12 orang gudang",
        30,
    )
    assert second["programmes"] == ["JP", "JHT"]
    assert "worker" in first["title"].lower()
    assert told["inspector"]["email"] == "ina@contoh.example"
    found = api("ina", language="en").get(f"/cases/{told['id']}")
    assert found.json == told


def test_a_taken_nota_number_is_refused_with_its_owner(api) -> None:
    a_case(nota_number="560/1")
    answer = api("ina").post("/cases", **NOTA, company_id=a_company().id, nota_number="560/1")
    assert (answer.status_code, fields(answer)) == (409, {"nota_number"})
    assert answer.json["candidates"][0]["number"] == "560/1"
    assert db.session.query(Case).count() == 1


def test_a_programme_that_the_scale_does_not_owe_is_no_finding(api) -> None:
    company_id = a_company(scale="micro").id
    finding = {"violation": "JS-04", "programmes": ["JP"]}
    answer = api("ina").post("/cases", **{**NOTA, "company_id": company_id, "findings": [finding]})
    assert (answer.status_code, fields(answer)) == (422, {"findings.0.programmes"})


@pytest.mark.parametrize("who", ["tika", "lia", "adi"])
def test_only_inspectors_issue(api, who) -> None:
    assert api(who).post("/cases", **NOTA, company_id=a_company().id).status_code == 403


def test_a_case_of_somebody_else_is_not_there(api, at) -> None:
    case_id = a_case("budi").id
    ina = api("ina")
    assert ina.get(f"/cases/{case_id}").status_code == 404
    assert ina.get(f"/cases/{case_id}/events").status_code == 404
    assert ina.get("/cases").json["items"] == []
    visit = {"visited_on": "2026-11-30", "outcome": "not_met"}
    assert ina.post(f"/cases/{case_id}/visits", **visit).status_code == 404
    assert api("sari").post(f"/cases/{case_id}/visits", **visit).status_code == 201


def test_licensing_reads_a_case_without_its_findings(api) -> None:
    case_id = a_case(violations=("JS-02", "UP-01")).id
    told = api("lia").get(f"/cases/{case_id}").json
    assert told["obligations"] == ["membership", "other"]
    assert not {"findings", "visits", "note"} & set(told)
    assert set(told["recheck"]) == {"due_on", "effective_on"}
    assert "received_by" not in told["nota"]
    assert [each["id"] for each in api("eda").get("/cases").json["items"]] == [case_id]
    assert api("yos").get(f"/cases/{case_id}").status_code == 404
    assert api("yos").get("/cases").json["items"] == []
    assert api("lia").get(f"/cases/{case_id}/events").status_code == 403
    assert api("yos").get(f"/cases/{case_id}/events").status_code == 404


def test_who_knows_the_present_state_is_not_told_again(api, at) -> None:
    case_id = a_case().id
    ina = api("ina")
    etag = ina.get(f"/cases/{case_id}").headers["ETag"]
    known = ina.get(f"/cases/{case_id}", headers={"If-None-Match": etag})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
    at("2026-12-02")
    ina.post(f"/cases/{case_id}/receipt", received_on="2026-12-01", received_by="Ani Contoh")
    assert ina.get(f"/cases/{case_id}", headers={"If-None-Match": etag}).status_code == 200


def test_a_change_decided_on_an_old_state_is_refused(api, at) -> None:
    case_id = a_case().id
    ina = api("ina")
    etag = ina.get(f"/cases/{case_id}").headers["ETag"]
    at("2026-12-02")
    received = ina.post(
        f"/cases/{case_id}/receipt",
        {"If-Match": etag},
        received_on="2026-12-01",
        received_by="Ani Contoh",
    )
    assert received.status_code == 200
    assert received.headers["ETag"] != etag
    visit = {"visited_on": "2026-12-02", "outcome": "not_met"}
    assert ina.post(f"/cases/{case_id}/visits", {"If-Match": etag}, **visit).status_code == 412
    assert ina.get(f"/cases/{case_id}").json["visits"] == []
    for count, written in enumerate(("{}", "W/{}", '"0", {}', "*"), start=1):
        at(f"2026-12-0{2 + count}")
        present = api("ina").get(f"/cases/{case_id}").headers["ETag"]
        answer = api("ina").post(
            f"/cases/{case_id}/visits", {"If-Match": written.format(present)}, **visit
        )
        assert (answer.status_code, len(answer.json["visits"])) == (201, count)


def test_a_receipt_is_recorded_once(api, at) -> None:
    case_id = a_case().id
    at("2026-12-05")
    ina = api("ina")
    body = {"received_on": "2026-12-01", "received_by": "Ani Contoh, staf HRD"}
    early = ina.post(f"/cases/{case_id}/receipt", **{**body, "received_on": "2026-11-29"})
    assert (early.status_code, fields(early)) == (422, {"received_on"})
    first = ina.post(f"/cases/{case_id}/receipt", **body)
    assert (first.status_code, first.json["nota"]["received_by"]) == (200, "Ani Contoh, staf HRD")
    assert ina.post(f"/cases/{case_id}/receipt", **body).status_code == 409


def test_a_receipt_says_what_it_moved_when_the_office_counts_from_it(api, at) -> None:
    with transaction():
        db.session.add(Setting(key="recheck_anchor", value="received", changed_at=clock.now()))
        replace_stamp(db.session())
    case_id = a_case().id
    at("2026-12-10")
    answer = api("ina").post(
        f"/cases/{case_id}/receipt", received_on="2026-12-09", received_by="Ani Contoh"
    )
    assert answer.json["moved"] == [
        {"what": "recheck", "from": "2027-03-01", "to": "2027-03-16"}
    ]  # after Idulfitri


def test_a_visit_that_complied_needs_the_workers_now_registered(api, at) -> None:
    case_id = a_case().id
    at("2027-03-01")
    ina = api("ina")
    visit = {"visited_on": "2027-03-01", "outcome": "complied"}
    missing = ina.post(f"/cases/{case_id}/visits", **visit)
    assert (missing.status_code, fields(missing)) == (422, {"workers_registered"})
    too_many = ina.post(f"/cases/{case_id}/visits", **visit, workers_registered=41)
    assert (too_many.status_code, fields(too_many)) == (422, {"workers_registered"})
    foreign = ina.post(f"/cases/{case_id}/visits", **visit, workers_registered=40, fixed=[999])
    assert (foreign.status_code, fields(foreign)) == (422, {"fixed"})
    unfixed = ina.post(f"/cases/{case_id}/visits", **visit, workers_registered=40, fixed=[])
    assert unfixed.status_code == 409
    assert "JS-02" in unfixed.json["detail"]
    done = ina.post(f"/cases/{case_id}/visits", **visit, workers_registered=40)
    assert (done.status_code, done.json["status"], done.headers["Location"]) == (
        201,
        "resolved",
        f"/api/v1/cases/{case_id}",
    )
    assert ina.post(f"/cases/{case_id}/visits", **visit, workers_registered=40).status_code == 409


def test_an_extension_is_granted_once_by_the_compliance_team(api, at) -> None:
    case_id = a_case().id
    body = {"until": "2027-04-30", "reason": "Banjir"}
    assert api("ina").post(f"/cases/{case_id}/extension", **body).status_code == 403
    tika = api("tika")
    assert (
        tika.post(f"/cases/{case_id}/extension", until="2027-02-01", reason="Banjir").status_code
        == 409
    )
    assert (
        tika.post(f"/cases/{case_id}/extension", until="9999-12-31", reason="Banjir").status_code
        == 409
    )
    assert (
        tika.post(f"/cases/{case_id}/extension", until="2027-04-30", reason="  ").status_code == 422
    )
    granted = tika.post(f"/cases/{case_id}/extension", **body)
    assert (granted.status_code, granted.json["recheck"]["effective_on"]) == (200, "2027-04-30")
    assert (
        granted.json["recheck"]["why"][0]
        == "Diperpanjang sampai 30 April 2027 oleh Tika Andai: Banjir"
    )
    assert (
        tika.post(f"/cases/{case_id}/extension", until="2027-05-31", reason="Banjir").status_code
        == 409
    )


def test_a_withdrawal_is_the_supervisors(api) -> None:
    case_id = a_case().id
    assert api("ina").post(f"/cases/{case_id}/withdrawal", reason="Salah alamat").status_code == 403
    sari = api("sari")
    gone = sari.post(f"/cases/{case_id}/withdrawal", reason="Salah alamat")
    assert (gone.status_code, gone.json["status"], gone.json["withdrawn_on"]) == (
        200,
        "withdrawn",
        "2026-11-30",
    )
    assert sari.post(f"/cases/{case_id}/withdrawal", reason="Salah alamat").status_code == 409


def test_cases_are_listed_by_where_they_stand(api, at) -> None:
    here, there = a_company(), a_company(region_code="53.08")
    ids = [a_case(company=here).id, a_case("budi", company=there).id, a_case("budi").id]
    at("2027-03-02")
    a_visit(db.session.get_one(Case, ids[2]), "complied", by="budi")
    budi_id = db.session.get_one(Case, ids[1]).inspector_id
    tika = api("tika")

    def listed(**query: str) -> list[int]:
        return [each["id"] for each in tika.get("/cases", **query).json["items"]]

    assert listed() == ids[::-1]
    assert listed(status="resolved") == [ids[2]]
    assert listed(overdue="true") == [ids[1], ids[0]]  # late although no sweep has run
    assert listed(overdue="false") == [ids[2]]
    assert listed(region="53.08") == [ids[1]]
    assert listed(region="53") == ids[::-1]
    assert listed(inspector="BUDI@contoh.example") == [ids[2], ids[1]]
    assert listed(inspector=str(budi_id), overdue="true") == [ids[1]]
    assert listed(inspector="niemand@contoh.example") == []
    page = tika.get("/cases", limit=2).json
    assert [each["id"] for each in page["items"]] == ids[:0:-1]
    rest = tika.get("/cases", limit=2, cursor=page["next"]).json
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([ids[0]], None)


def test_drafts_are_nobodys_business(api) -> None:
    company = a_company()
    with transaction():
        draft_id = start_draft(company, by=user("ina"), draft_key="0" * 36).id
    assert api("ina").get(f"/cases/{draft_id}").status_code == 404
    assert api("sari").get("/cases").json["items"] == []


def test_events_are_paged_and_plain(api, at) -> None:
    case_id = a_case().id
    sari = api("sari")
    at("2026-12-01")
    sari.post(f"/cases/{case_id}/withdrawal", reason="Salah alamat")
    page = sari.get(f"/cases/{case_id}/events", limit=2).json
    kinds = [each["kind"] for each in page["items"]]
    rest = sari.get(f"/cases/{case_id}/events", cursor=page["next"]).json
    kinds += [each["kind"] for each in rest["items"]]
    assert kinds == [
        "draft.started",
        "nota.issued",
        "nota.conveyed",
        "letter.numbered",
        "case.withdrawn",
    ]
    last = rest["items"][-1]
    assert (last["by"], last["reason"], last["data"]["on"]) == (
        "Sari Umpama",
        "Salah alamat",
        "2026-12-01",
    )
    assert rest["next"] is None
    assert plain_json([{"day": "2026-12-01"}, {"instant": "2026-12-01T01:00:00+00:00"}]) == [
        "2026-12-01",
        "2026-12-01T01:00:00Z",
    ]


def test_the_number_of_queries_does_not_grow_with_a_list(api, count_queries) -> None:
    tika, lia = api("tika"), api("lia")
    a_case(violations=("JS-02", "UP-01"))
    few = count_queries(tika, "/cases"), count_queries(lia, "/cases")
    for _ in range(5):
        case = a_case()
        a_visit(case, "not_met")
    assert (count_queries(tika, "/cases"), count_queries(lia, "/cases")) == few
    assert max(few) <= 8
