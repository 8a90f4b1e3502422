"""How long an office may take: the days of the permit's own rule, as the office keeps them, else a "
"condition."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from compliance.core.db import transaction
from compliance.office.commands import keep_permit_kind
from compliance.office.queries import find_office
from tests.api.conftest import Program
from tests.factories import a_company, user
from tests.licensing.desk import NIB, Open, ask, checks

pytestmark = pytest.mark.one_store


def kept(name: str, **facts: Any) -> None:
    with transaction():
        office = find_office("ptsp-53.71")
        assert office is not None
        rule = {"days": None, "day_type": "working", "legal_basis": None, **facts}
        keep_permit_kind(office, by=user("adi"), name=name, **rule)


def test_an_admin_keeps_the_kinds_of_an_office_and_the_counter_offers_them(browser: Open) -> None:
    adi, address = browser("adi"), "/admin/offices/ptsp-53.71/permits"
    assert "Belum ada jenis izin yang dicatat." in adi.get(address).text
    page = adi.submit(address, name="Izin Praktik Contoh", days="3", day_type="calendar")
    assert (page.status, page.value("name")) == (422, "Izin Praktik Contoh")
    assert "Sebutkan aturan yang menetapkan waktu itu." in page.text
    facts = {"name": "Izin Praktik Contoh", "days": "3", "day_type": "calendar"}
    page = adi.submit(address, **facts, legal_basis="PP contoh 1/2025 pasal 5")
    assert "3 hari kalender PP contoh 1/2025 pasal 5" in page.text
    a_company("PT Contoh Bahari", nib=NIB)
    lia = browser("lia")
    offered = [each.get_text() for each in lia.get("/check").soup.select("#permit_kind option")]
    assert offered == ["Tidak disebut", "Izin Praktik Contoh"]
    page = ask(lia, NIB, permit_kind="Izin Praktik Contoh")
    assert "jenis izin: Izin Praktik Contoh" in page.text
    assert "dalam 3 hari, waktu izin jenis ini (PP contoh 1/2025 pasal 5)" in page.text
    assert "paling lambat 3 Desember 2026" in page.text
    assert browser("yos").get("/check").soup.select("#permit_kind") == []
    (drop,) = [form["action"] for form in adi.get(address).soup.select("form[action$=drop]")]
    assert "dihapus dari daftar" in adi.post(drop).text
    assert lia.get("/check").soup.select("#permit_kind") == []
    for who in ("sari", "tika", "lia", "ina"):
        assert browser(who).get(address).status == 403


@pytest.mark.parametrize(
    ("kind", "last_on", "words"),
    [
        ("Izin Kerja", "2026-12-02", "dalam 2 hari kerja"),
        ("izin kalender", "2026-12-10", "dalam 10 hari"),
        ("Izin Tanpa Waktu", "2026-12-07", "jenis ini tidak menyebut waktu"),
        ("Izin Tak Dikenal", None, "belum dicatat kantor Anda"),
        (None, None, "Bila aturan izinnya tidak menyebut waktu: paling aman"),
    ],
)
def test_the_last_day_is_told_where_somebody_knows_it(
    api: Any, kind: str | None, last_on: str | None, words: str
) -> None:
    kept("Izin Kerja", days=2, legal_basis="PP contoh")
    kept("Izin Kalender", days=10, day_type="calendar", legal_basis="PP contoh")
    kept("Izin Tanpa Waktu")
    a_company("PT Contoh Bahari", nib=NIB)
    lia: Program = api("lia")
    named = {"permit_kind": kind} if kind else {}
    made = lia.post("/clearance", nib=NIB, **named)
    assert (made.status_code, made.json["decide_by"]) == (201, last_on)
    assert words in made.json["time_to_decide"]
    assert made.json["permit_kind"] == kind
    assert lia.get(f"/clearance/{made.json['receipt']}").json == made.json
    day = {"day": last_on} if last_on else None
    assert checks()[0].answer["decide_by"] == (
        day and {"day": date.fromisoformat(last_on).isoformat()}
    )


def test_the_kind_of_permit_is_not_lost_while_a_company_is_chosen(browser: Open) -> None:
    kept("Izin Kerja", days=2, legal_basis="PP contoh")
    a_company("PT Contoh Bahari Satu", nib=NIB)
    a_company("PT Contoh Bahari Dua", nib="9120007654321")
    lia = browser("lia")
    page = ask(lia, "Contoh Bahari", permit_kind="Izin Kerja")
    assert page.path == "/check/choose"
    chosen = page.soup.select_one("#permit_kind option[selected]")
    assert chosen is not None
    assert chosen.get_text() == "Izin Kerja"
