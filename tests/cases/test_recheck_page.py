"""The page of a recheck: what licensing would read is shown before, and what looks odd is asked
about once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.models import Visit
from compliance.core.db import db
from tests.browser import Browser
from tests.factories import a_case, a_company

OpenBrowser = Callable[..., Browser]
Clock = Callable[[str], None]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


@pytest.fixture
def number() -> str:
    """The number of a case of Ina's, due on 1 March 2027, with two findings."""
    return (
        a_case(company=a_company("PT Contoh Bahari Timur"), violations=("JS-02", "JS-04")).number
        or ""
    )


def test_what_licensing_will_read_is_shown_before_a_recheck_that_counts(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    assert "yang akan dibaca perizinan" not in browser("ina").get(f"/cases/{number}/recheck").text
    at("2027-03-01")
    page = browser("ina").get(f"/cases/{number}/recheck")
    preview = page.soup.find(
        "summary", string=re.compile("yang akan dibaca perizinan")
    ).parent.get_text(" ")
    for said in (
        "MERAH – ADA CATATAN",
        "menemukan 12 dari 40 pekerja belum terdaftar",
        "Sertifikat kepesertaan",
    ):
        assert said in preview, said
    assert "JS-02" not in preview


def visits() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Visit)) or 0


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        (
            {"outcome": "complied", "workers_registered": "38", "fixed": "all"},
            "Patuh, tetapi 2 dari 40 pekerja belum terdaftar.",
        ),
        (
            {"outcome": "not_complied", "workers_registered": "20"},
            "Yang terdaftar berkurang: tadinya 28, kini 20.",
        ),
        (
            {"outcome": "not_met", "not_met_reason": "refused", "workers_registered": "40"},
            "Tidak dapat ditemui: jumlah pekerja dan temuan",
        ),
    ],
)
def test_what_looks_odd_is_asked_about_once_and_the_same_again_is_meant(
    browser: OpenBrowser, at: Clock, number: str, fields: dict[str, Any], doubt: str
) -> None:
    at("2027-03-01")
    ina = browser("ina")
    if "fixed" in fields:
        boxes = ina.get(f"/cases/{number}/recheck").soup.select("input[name=fixed]")
        fields = {**fields, "fixed": [box["value"] for box in boxes]}
    page = ina.submit(f"/cases/{number}/recheck", fields)
    assert page.status == 422
    assert doubt in page.text
    assert "Belum ada yang disimpan." in page.text
    assert (visits(), page.value("workers_registered")) == (0, fields["workers_registered"])
    typed = {name: page.value(name) for name in ("version", "visited_on", "sure")}
    other = ina.post(f"/cases/{number}/recheck", {**fields, **typed, "workers_registered": "19"})
    assert (other.status, visits()) == (422, 0), "what was changed meanwhile is doubted anew"
    page = ina.post(f"/cases/{number}/recheck", {**fields, **typed})
    assert (page.path, visits()) == (f"/cases/{number}", 1)


def test_the_page_says_who_will_be_told_before_anything_is_sent(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    ina = browser("ina")
    page = ina.get(f"/cases/{number}/recheck")
    assert "Dicatat saja: hari pengecekan kembali belum tiba (1 Maret 2027)." in page.text
    at("2027-03-01")
    page = browser("ina").get(f"/cases/{number}/recheck")
    assert (
        "catatan perizinan dikirim ke DPMPTSP Provinsi Nusa Tenggara Timur, DPMPTSP Kota Kupang"
        in page.text
    )
    assert page.value("visited_on") == "1-3-2027"
    assert "Terakhir tercatat 28." in page.text
    assert visits() == 0


def test_the_same_form_sent_twice_records_one_visit(
    browser: OpenBrowser, at: Clock, number: str
) -> None:
    ina = browser("ina")
    form = ina.get(f"/cases/{number}/recheck")
    at("2026-11-30 10:00")
    fields = {
        "version": form.value("version"),
        "outcome": "not_complied",
        "visited_on": "30-11-2026",
    }
    assert ina.post(f"/cases/{number}/recheck", fields).path == f"/cases/{number}"
    assert ina.post(f"/cases/{number}/recheck", fields).status == 412
    assert visits() == 1
