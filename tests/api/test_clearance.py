"""The counter through the API: one number, one verdict, one receipt."""

from __future__ import annotations

import re

import pytest

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.licensing.models import LicenceCheck
from tests.api.conftest import fields
from tests.factories import a_case, a_company, a_visit
from tests.queries import queries

NIB = "9120001234567"


def test_a_question_gets_a_numbered_answer_that_stays(api, at) -> None:
    a_case(company=a_company("PT Contoh Usaha", nib=NIB))
    asked = api("lia").post("/clearance", nib="9120.0012.34567", application="IZ/2026/1")
    assert (asked.status_code, asked.json["receipt"]) == (201, "CK-2026-000001")
    assert (asked.json["verdict"], asked.json["word"]) == ("caution", "KUNING – NOTA TERBUKA")
    assert asked.json["company"]["name"] == "PT Contoh Usaha"
    assert (asked.json["level"], asked.json["answer"]) == (None, "may_issue")
    assert asked.json["reasons"] == [
        "Nota 560/001-NP/XI/2026. Kewajiban menurut nota: paling lambat 14 hari setelah nota diterima;"
        " pengecekan kembali 1 Maret 2027."
    ]
    assert (asked.json["checked_at"], asked.json["application"]) == (
        "2026-11-30T01:00:00Z",
        "IZ/2026/1",
    )
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", asked.json["verification_code"])
    assert (asked.json["decide_by"], asked.json["services"]) == (None, [])
    assert (
        "tidak menyebut waktu: paling aman dalam 5 hari kerja, paling lambat 7 Desember"
        in asked.json["time_to_decide"]
    )
    at("2027-06-01")
    path = asked.headers["Location"].removeprefix("/api/v1")
    assert (
        api("lia").get(path).json == asked.json
    )  # word for word, although it would be answered otherwise now
    assert api("tika").get(path).json == asked.json
    assert api("eda").get(path).status_code == 404  # another officer's
    assert api("ina").get(path).status_code == 403


def test_a_check_asks_the_store_six_times_however_much_stands_against_the_company(api) -> None:
    """Token with user, office and stamp; company with former names; cases; flags; the next serial;
    the row kept.
    """
    company_id = a_company(nib=NIB, npwp="012345678901001", npp="JJ012345").id
    lia = api("lia")
    lia.post("/clearance", nib=NIB)
    for number in (
        {"nib": NIB},
        {"npwp": "012345678901001"},
        {"npp": "JJ012345"},
        {"nib": "9120009999999"},
    ):
        a_case(company=db.session.get(Company, company_id))
        with queries() as seen:
            assert lia.post("/clearance", **number).status_code == 201
        assert len(seen) == (6 if number.get("nib") != "9120009999999" else 4), seen


def test_an_unknown_number_is_never_clear(api) -> None:
    for number in ({"nib": "9120009999999"}, {"npwp": "01.234.567.8-901.000"}, {"npp": "JJ012345"}):
        answer = api("lia").post("/clearance", **number)
        assert (answer.status_code, answer.json["verdict"], answer.json["company"]) == (
            201,
            "unknown",
            None,
        )
        assert "bukan bukti kepatuhan" in answer.json["reasons"][0]


def test_where_several_bear_a_number_nobody_is_guessed(api) -> None:
    ids = [a_company(f"PT Contoh Cabang {n}", npwp=f"01234567890100{n}").id for n in (1, 2)]
    answer = api("lia").post("/clearance", npwp="012345678901001")
    assert (answer.status_code, fields(answer)) == (409, {"npwp"})
    assert [each["id"] for each in answer.json["candidates"]] == ids
    assert db.session.query(LicenceCheck).count() == 0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {""}),
        ({"nib": NIB, "npp": "JJ012345"}, {"nib", "npp"}),
        ({"nib": "912000123456"}, {"nib"}),
        ({"nib": "-"}, {"nib"}),
        ({"nib": ""}, {"nib"}),
        ({"nib": 9120001234567}, {"nib"}),
        ({"npwp": "12345"}, {"npwp"}),
        ({"npp": "PT Contoh"}, {"npp"}),
        ({"nib": NIB, "name": "PT Contoh"}, {"name"}),
        ({"nib": NIB, "application": "x" * 101}, {"application"}),
    ],
)
def test_a_question_that_is_none_is_refused(api, body, named) -> None:
    answer = api("lia").post("/clearance", **body)
    assert (answer.status_code, fields(answer)) == (422, named)
    assert db.session.query(LicenceCheck).count() == 0


@pytest.mark.parametrize("who", ["ina", "sari", "tika", "adi"])
def test_only_licensing_officers_ask(api, who) -> None:
    assert api(who).post("/clearance", nib=NIB).status_code == 403
    assert api(who).post("/clearance/batch", numbers=[NIB]).status_code == 403


def test_a_batch_answers_each_number_by_itself(api) -> None:
    a_case(company=a_company(nib=NIB, npp="JJ012345"))
    for n in (1, 2):
        a_company(npwp=f"01234567890100{n}")
    numbers = [
        "9120.0012.34567",
        "9120009999999",
        "01.234.567.8-901.001",
        "PT Contoh",
        "12",
        "jj 012345",
        "",
    ]
    answer = api("lia").post("/clearance/batch", numbers=numbers)
    assert answer.status_code == 200
    items = answer.json["items"]
    assert [each["asked"] for each in items] == numbers
    assert [each["verdict"] for each in items] == [
        "caution",
        "unknown",
        None,
        None,
        None,
        "caution",
        None,
    ]
    assert len(items[2]["candidates"]) == 2
    assert all(each["error"] for each in items if each["verdict"] is None)
    receipts = [each["receipt"] for each in items if each["receipt"]]
    assert len(set(receipts)) == 3
    assert api("lia").get(f"/clearance/{receipts[0]}").json["verdict"] == "caution"
    assert api("lia").post("/clearance/batch", numbers=[]).status_code == 422
    assert api("lia").post("/clearance/batch", numbers=[NIB] * 101).status_code == 422


def test_a_decision_is_recorded_once_and_against_a_hold_only_with_reasons(api, at) -> None:
    a_case(company=a_company(nib=NIB))
    at("2027-03-02")
    a_visit(db.session.query(Case).one(), "not_complied", registered=28)
    lia = api("lia")
    asked = lia.post("/clearance", nib=NIB).json
    assert asked["verdict"] == "hold"
    path = f"/clearance/{asked['receipt']}/decision"
    assert lia.post(path, application="IZ/1", decision="issued").status_code == 422
    assert fields(lia.post(path, application="IZ/1", decision="refused")) == {"note"}
    assert fields(lia.post(path, decision="postponed")) == {"application"}
    assert api("eda").post(path, application="IZ/1", decision="postponed").status_code == 404
    assert api("tika").post(path, application="IZ/1", decision="postponed").status_code == 403
    made = lia.post(path, application="IZ/1", decision="postponed", note="Menunggu bukti")
    assert (made.status_code, made.json["decided"]["decision"]) == (200, "postponed")
    assert made.json["decided"]["decided_at"] == "2027-03-02T01:00:00Z"
    assert lia.post(path, application="IZ/1", decision="refused", note="Pasal 5").status_code == 409


SLIPS = [
    ("nib", "1111111111111", "filler_number", None),
    ("npwp", "00.000.000.0-000.000", "filler_number", None),
    ("nib", "91200O1234567", "confirm_number", "NIB 9120 0012 3456 7"),
    ("npwp", "12345674922000", "confirm_number", "NPWP 01.234.567.4-922.000"),
    ("npp", "JJO12345", "confirm_number", "NPP JJ012345"),
    ("npp", "912000123456", "mistyped_number", None),
    ("nib", "UD Contoh, NIB 912000123456", "mistyped_number", None),
]


@pytest.mark.parametrize(("kind", "typed", "code", "suggestion"), SLIPS)
def test_a_slip_is_refused_with_a_code_and_what_it_may_mean(
    api, kind: str, typed: str, code: str, suggestion: str | None
) -> None:
    a_company("PT Contoh", npp="JJ012345")
    for answer in (
        api("lia").post("/clearance", **{kind: typed}),
        api("lia").get("/companies", **{kind: typed}),
    ):
        (error,) = answer.json["errors"]
        assert (answer.status_code, error["field"]) == (422, kind)
        assert (error["code"], error.get("suggestion")) == (code, suggestion)
    (item,) = api("lia").post("/clearance/batch", numbers=[typed]).json["items"]
    assert (item["code"], item["suggestion"], item["receipt"]) == (code, suggestion, None)
    assert item["error"] == error["message"]
    assert db.session.query(LicenceCheck).count() == 0


def test_a_batch_names_the_reason_of_every_other_item_without_a_verdict(api) -> None:
    for n in (1, 2):
        a_company(npwp=f"01234567890100{n}")
    numbers = ["PT Contoh", "01.234.567.8-901.001", "9120009999999"]
    items = api("lia").post("/clearance/batch", numbers=numbers).json["items"]
    assert [item["code"] for item in items] == ["no_number", "several_companies", None]


def test_a_search_for_a_filler_is_refused(api) -> None:
    answer = api("tika").get("/companies", q="1111111111111")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "filler_number")


def test_a_link_with_a_number_in_it_is_read(api) -> None:
    a_company("PT Contoh", nib=NIB)
    link = (
        f"https://oss.go.id/informasi/pencarian-perusahaan?bahasa=id&halaman=1&nib={NIB}&kbli=03111"
    )
    answer = api("lia").post("/clearance", nib=link)
    assert (answer.status_code, answer.json["company"]["name"]) == (201, "PT Contoh")


def test_an_nitku_is_asked_about_as_an_npwp(api) -> None:
    a_company("PT Contoh", npwp="01.221.127.2-054.000")
    answer = api("lia").post("/clearance", npwp="0012211272054000000001")
    assert (answer.status_code, answer.json["company"]["name"]) == (201, "PT Contoh")
