"""The same POST twice is one act, also when both come at once."""

from __future__ import annotations

import contextvars
import threading
from typing import Any

import pytest
from werkzeug.test import TestResponse

from compliance.api.jobs import forget_idempotent_answers
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.licensing.models import LicenceCheck
from tests.api.conftest import fields
from tests.factories import a_case, a_company

KEY = {"Idempotency-Key": "a key of 1 to 255 signs"}


def same(first: TestResponse, second: TestResponse) -> bool:
    """Whether the second is the first, word for word."""
    told = [
        (
            each.status_code,
            each.data,
            *(each.headers.get(name) for name in ("Location", "ETag", "Content-Language")),
        )
        for each in (first, second)
    ]
    return told[0] == told[1]


def test_the_same_key_and_body_answer_again_what_they_answered(api) -> None:
    ina = api("ina")
    company = {"name": "PT Contoh “Jaya” é", "region_code": "53.71", "nib": "9120001234567"}
    first = ina.post("/companies", KEY, **company)
    again = ina.post("/companies", KEY, **dict(reversed(company.items())))
    assert first.status_code == 201
    assert same(first, again)
    assert db.session.query(Company).count() == 1
    assert ina.post("/companies", **company).status_code == 409  # without the key it is another act


def test_a_nota_is_issued_once_and_its_etag_is_said_again(api, at) -> None:
    company_id = a_company().id
    nota = {
        "company_id": company_id,
        "inspected_on": "2026-11-27",
        "issued_on": "2026-11-30",
        "workers_total": 40,
        "workers_registered": 28,
        "findings": [{"violation": "JS-02"}],
    }
    first = api("ina").post("/cases", KEY, **nota)
    at("2026-12-01 12:00")
    again = api("ina", language="en").post("/cases", KEY, **nota)
    assert same(first, again)
    assert db.session.query(Case).count() == 1


def test_a_repeated_visit_is_answered_before_its_if_match_is_looked_at(api, at) -> None:
    case_id = a_case().id
    at("2027-03-01")
    ina = api("ina")
    seen = ina.get(f"/cases/{case_id}").headers["ETag"]
    headers = {**KEY, "If-Match": seen}
    visit = {"visited_on": "2027-03-01", "outcome": "complied", "workers_registered": 40}
    first = ina.post(f"/cases/{case_id}/visits", headers, **visit)
    assert first.status_code == 201
    assert same(first, ina.post(f"/cases/{case_id}/visits", headers, **visit))
    assert len(ina.get(f"/cases/{case_id}").json["visits"]) == 1


def test_the_same_key_with_another_body_or_path_is_refused(api) -> None:
    ina = api("ina")
    ina.post("/companies", KEY, name="PT Contoh Satu", region_code="53.71")
    other_body = ina.post("/companies", KEY, name="PT Contoh Dua", region_code="53.71")
    other_path = api("lia").post("/clearance", KEY, nib="9120001234567")
    assert (other_body.status_code, fields(other_body)) == (422, {"Idempotency-Key"})
    assert other_path.status_code == 201  # another person's key is another key
    assert api("lia").post("/clearance/batch", KEY, numbers=["9120001234567"]).status_code == 422


def test_a_refusal_is_not_remembered(api) -> None:
    ina = api("ina")
    assert ina.post("/companies", KEY, name="PT Contoh", region_code="99.99").status_code == 422
    assert ina.post("/companies", KEY, name="PT Contoh", region_code="53.71").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "kunci\u00e9", " led by a space"])
def test_a_key_that_is_none_is_refused(api, key) -> None:
    answer = api("ina").post(
        "/companies", {"Idempotency-Key": key}, name="PT Contoh", region_code="53.71"
    )
    assert (answer.status_code, fields(answer)) == (422, {"Idempotency-Key"})


def test_keys_are_forgotten_after_two_days(api, at) -> None:
    api("ina").post("/companies", KEY, name="PT Contoh Satu", region_code="53.71")
    at("2026-12-02 09:01")
    assert forget_idempotent_answers() == {"forgotten": 1}
    assert (
        api("ina").post("/companies", KEY, name="PT Contoh Dua", region_code="53.71").status_code
        == 201
    )


def test_two_at_once_with_one_key_are_one_act(app, api) -> None:
    answers: list[TestResponse] = []
    start = threading.Barrier(4)
    lia = api("lia")
    db.session.remove()

    def ask() -> None:
        client = app.test_client()
        start.wait()
        answers.append(
            client.post(
                "/api/v1/clearance", json={"nib": "9120001234567"}, headers={**lia.headers, **KEY}
            )
        )

    _at_once(ask, 4)
    assert [each.status_code for each in answers] == [201] * 4
    assert len({each.data for each in answers}) == 1
    assert db.session.query(LicenceCheck).count() == 1


def test_two_at_once_without_a_key_cannot_both_take_a_number(app, api) -> None:
    answers: list[TestResponse] = []
    start = threading.Barrier(4)
    ina = api("ina")
    db.session.remove()

    def register() -> None:
        client = app.test_client()
        start.wait()
        body = {"name": "PT Contoh", "region_code": "53.71", "nib": "9120001234567"}
        answers.append(client.post("/api/v1/companies", json=body, headers=ina.headers))

    _at_once(register, 4)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


def _at_once(work: Any, count: int) -> None:
    threads = [
        threading.Thread(target=contextvars.Context().run, args=(work,)) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
