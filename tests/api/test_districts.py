"""Programs send a company's district by its code or its name, and read its code."""

from __future__ import annotations

from collections.abc import Callable

from tests.api.conftest import Program


def test_a_program_sends_and_reads_a_district(api: Callable[..., Program]) -> None:
    tika = api("tika")
    sent = {"name": "PT Contoh", "region_code": "53.71"}
    made = tika.post("/companies", **sent, district_code="Alak")
    assert made.status_code == 201, made.json
    assert made.json["district_code"] == "53.71.01"
    wrong = tika.post("/companies", **{**sent, "name": "PT Lain"}, district_code="Entah")
    assert wrong.status_code == 422
    assert "district_code" in str(wrong.json)
