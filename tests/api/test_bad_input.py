"""Bodies and queries that make no sense: a clear 4xx that names the field, never a 500, and nothing
written.
"""

from __future__ import annotations

import io
import json

import pytest

from compliance.companies.models import Company
from compliance.core.db import db
from tests.api.conftest import fields
from tests.factories import a_case, a_company

COMPANY = {"name": "PT Contoh Uji", "region_code": "53.71"}
CASE = {
    "company_id": 1, "inspected_on": "2026-11-27", "issued_on": "2026-11-30", "workers_total": 40,
    "workers_registered": 28, "findings": [{"violation": "JS-02"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b'{"name": ', "application/json", 400),
        (b"\xff\xfe{", "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"workers_total": ' + b"9" * 5_000 + b"}", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"0", "application/json", 422),
        (b"", "application/json", 422),
        (b"name=PT+Contoh", "application/x-www-form-urlencoded", 415),
        (b'{"name": "PT Contoh"}', "text/plain", 415),
        (b'{"name": "PT Contoh"}', None, 415),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(api, raw, kind, status) -> None:
    answer = api("ina").send("POST", "/companies", data=raw, content_type=kind)
    assert answer.status_code == status


def test_a_body_without_a_declared_length_is_measured_all_the_same(api) -> None:
    stream = io.BytesIO(b'{"name": "' + b"x" * 3_000_000)
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = api("ina").send(
        "POST",
        "/companies",
        input_stream=stream,
        content_type="application/json",
        environ_overrides=chunked,
    )
    assert answer.status_code == 413
    assert stream.tell() < 2_000_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nib": "912000123456"}, "nib"),  # 12 digits
        ({"nib": 9120001234567}, "nib"),
        ({"npwp": "123"}, "npwp"),
        ({"npp": "JJ"}, "npp"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "PT Con\u0000toh"}, "name"),
        ({"name": "PT Con\u001btoh"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": ["PT"]}, "name"),
        ({"address": "Jalan\u0000"}, "address"),
        ({"region_code": "53"}, "region_code"),
        ({"region_code": "11.01"}, "region_code"),
        ({"kbli": "1234"}, "kbli"),
        ({"scale": "huge"}, "scale"),
        ({"email": "tanpa at"}, "email"),
        ({"workers_total": "25"}, "workers_total"),
        ({"workers_total": True}, "workers_total"),
        ({"workers_total": 1.5}, "workers_total"),
        ({"workers_total": -1}, "workers_total"),
        ({"workers_total": 10**30}, "workers_total"),
        ({"aliases": "PT Lama"}, "aliases"),
        ({"aliases": ["x"] * 51}, "aliases"),
        ({"aliases": [None]}, "aliases.0"),
        ({"colour": "red"}, "colour"),
        ({"na\u0000me": "red"}, "na\u0000me"),
    ],
)
def test_a_company_that_cannot_be_names_its_field(api, change, field) -> None:
    answer = api("ina").post("/companies", **{**COMPANY, **change})
    assert answer.status_code == 422
    assert field in fields(answer)
    assert db.session.query(Company).count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"company_id": 999}, "company_id"),
        ({"company_id": 2**40}, "company_id"),
        ({"company_id": "1"}, "company_id"),
        ({"inspected_on": "2027-02-29"}, "inspected_on"),
        ({"inspected_on": "27-11-2026"}, "inspected_on"),
        ({"inspected_on": "20261127"}, "inspected_on"),
        ({"inspected_on": "2026-11-27T00:00:00Z"}, "inspected_on"),
        ({"inspected_on": 1764201600}, "inspected_on"),
        ({"inspected_on": "0001-01-01"}, "inspected_on"),
        ({"inspected_on": "2026-12-01", "issued_on": "2026-12-01"}, "inspected_on"),
        ({"issued_on": "9999-12-31"}, "issued_on"),
        ({"issued_on": "2026-11-26"}, "issued_on"),
        ({"workers_total": 0}, "workers_total"),
        ({"workers_total": 10**12}, "workers_total"),
        ({"workers_registered": 41}, "workers_registered"),
        ({"findings": []}, "findings"),
        ({"findings": [{"violation": "JS-02"}, {"violation": "JS-02"}]}, "findings"),
        ({"findings": [{"violation": "ZZ-99"}]}, "findings.0.violation"),
        (
            {"findings": [{"violation": "JS-02", "workers_affected": 41}]},
            "findings.0.workers_affected",
        ),
        ({"findings": [{"violation": "JS-02", "deadline_days": 0}]}, "findings.0.deadline_days"),
        ({"findings": [{"violation": "JS-04", "programmes": ["XYZ"]}]}, "findings.0.programmes.0"),
        ({"findings": [{"violation": "JS-02", "severity": 1}]}, "findings.0.severity"),
        ({"nota_number": "x" * 61}, "nota_number"),
        ({"note": "a\u0000b"}, "note"),
    ],
)
def test_a_nota_that_cannot_be_names_its_field_and_nothing_is_written(api, change, field) -> None:
    a_company()
    answer = api("ina").post("/cases", **{**CASE, **change})
    assert answer.status_code == 422
    assert field in fields(answer)
    assert api("ina").get("/cases").json["items"] == []


def test_every_wrong_field_is_named_at_once(api) -> None:
    answer = api("ina").post("/cases", company_id="x", findings={})
    assert fields(answer) == {
        "company_id",
        "inspected_on",
        "issued_on",
        "workers_total",
        "workers_registered",
        "findings",
    }


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/companies", {"limit": "0"}, "limit"),
        ("/companies", {"limit": "201"}, "limit"),
        ("/companies", {"limit": "ten"}, "limit"),
        ("/companies", {"limit": "9" * 5_000}, "limit"),
        ("/companies", {"cursor": "zzz"}, "cursor"),
        ("/companies", {"nib": "912000123456"}, "nib"),
        ("/companies", {"npwp": "-"}, "npwp"),
        ("/companies", {"q": "ab"}, "q"),
        ("/companies", {"q": "PT\u0000Contoh"}, "q"),
        ("/companies", {"page": "2"}, "page"),
        ("/companies", {"limit": ["10", "20"]}, "limit"),
        ("/cases", {"status": "draft"}, "status"),
        ("/cases", {"overdue": "yes"}, "overdue"),
        ("/cases", {"region": "99.99"}, "region"),
        ("/cases", {"inspector": "9" * 30}, "inspector"),
        ("/cases", {"inspector": "a\u0000b"}, "inspector"),
        ("/flags", {"active": "1"}, "active"),
        ("/flags", {"office": "ptsp-99"}, "office"),
    ],
)
def test_a_query_that_makes_no_sense_names_its_parameter(api, path, query, field) -> None:
    answer = api("tika").get(path, **query)
    assert answer.status_code == 422
    assert field in fields(answer)


@pytest.mark.parametrize("id", ["0", "999", "2147483648", "9" * 40, "-1", "x", "%00", "1.0"])
@pytest.mark.parametrize("path", ["/companies/{}", "/cases/{}", "/cases/{}/events"])
def test_what_is_not_there_is_not_found(api, path, id) -> None:
    assert api("tika").get(path.format(id)).status_code == 404


@pytest.mark.parametrize(
    "receipt", ["CK-2026-999999", "x", "%00", "CK-2026-000001%00", "x" * 500, "CK 1"]
)
def test_a_receipt_that_is_not_there_is_not_found(api, receipt) -> None:
    assert api("lia").get(f"/clearance/{receipt}").status_code == 404


@pytest.mark.parametrize("action", ["receipt", "visits", "extension", "withdrawal"])
def test_an_act_on_a_huge_id_is_not_found(api, action) -> None:
    body = {
        "receipt": {"received_on": "2026-11-30", "received_by": "Ani"},
        "visits": {"visited_on": "2026-11-30", "outcome": "not_met"},
        "extension": {"until": "2027-04-01", "reason": "Banjir"},
        "withdrawal": {"reason": "Salah alamat"},
    }
    assert api("sari").post(f"/cases/{'9' * 30}/{action}", **body[action]).status_code in (403, 404)


def test_a_query_with_a_body_is_only_read(api) -> None:
    case_id = a_case().id
    answer = api("ina").send(
        "GET", f"/cases/{case_id}", data=json.dumps({"x": 1}), content_type="application/json"
    )
    assert answer.status_code == 200
