"""Which paper is due next, by the state of the case; and what the page of the case says of it, to whom."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from compliance.letters.rules import next_letter
from tests.letters.conftest import ready_for
from tests.licensing.desk import Clock, Open
from tests.queries import queries

TODAY = date(2027, 1, 15)
BEFORE, AFTER, RECHECK = date(2027, 1, 14), date(2027, 1, 29), date(2027, 3, 1)


def a_nota(received_on: date | None = BEFORE, deadline_on: date | None = None) -> Any:
    return SimpleNamespace(received_on=received_on, deadline_on=deadline_on)


def a_state(**facts: Any) -> Any:
    """A case whose Nota I was received and runs; `facts` say what is otherwise."""
    usual = {
        "nota": a_nota(),
        "second_nota": None,
        "is_open": True,
        "awaits_recheck": True,
        "effective_on": RECHECK,
        "first_limit_on": AFTER,
        "warned_of": ["JS-02"],
        "submitted_at": None,
        "resolved_on": None,
    }
    return SimpleNamespace(**{**usual, **facts})


RESOLVED = {"is_open": False, "awaits_recheck": False, "resolved_on": BEFORE}
FAILED = {"awaits_recheck": False}
RUNS = {"first_limit_on": BEFORE, "second_nota": a_nota(deadline_on=TODAY)}
OVER = {"first_limit_on": BEFORE, "second_nota": a_nota(deadline_on=BEFORE)}
REPORTED = {"recheck_notice", "noncompliance_report"}
NOTICE = ("recheck_notice", RECHECK)
DUE: dict[str, tuple[dict[str, Any], set[str], bool, tuple[str, date | None] | None]] = {
    "a draft": ({"nota": None}, set(), False, None),
    "not received": (
        {"nota": a_nota(None), "first_limit_on": None},
        set(),
        False,
        ("receipt", None),
    ),
    "Nota I runs": ({}, set(), False, NOTICE),
    "Nota I is unsigned": ({"unsigned": {"nota_1"}}, set(), False, ("nota_1 unsigned", None)),
    "unsigned and not received": (
        {"nota": a_nota(None), "first_limit_on": None, "unsigned": {"nota_1"}},
        set(),
        False,
        ("receipt", None),
    ),
    "unsigned, Nota I is over": (
        {"first_limit_on": BEFORE, "unsigned": {"nota_1"}},
        set(),
        False,
        ("second-nota", BEFORE),
    ),
    "Nota II is unsigned": (
        {**RUNS, "unsigned": {"nota_2"}},
        set(),
        False,
        ("nota_2 unsigned", None),
    ),
    "the notice is out": ({}, {"recheck_notice"}, False, None),
    "Nota I ends today": ({"first_limit_on": TODAY}, set(), False, NOTICE),
    "Nota I is over": ({"first_limit_on": BEFORE}, set(), False, ("second-nota", BEFORE)),
    "all is settled": ({"first_limit_on": None, "warned_of": []}, set(), False, NOTICE),
    "Nota II waits": ({"first_limit_on": BEFORE, "submitted_at": 1}, set(), False, NOTICE),
    "Nota II is there": (
        {"first_limit_on": BEFORE, "second_nota": a_nota(None)},
        set(),
        False,
        ("second-receipt", None),
    ),
    "Nota II ends today": (RUNS, set(), False, NOTICE),
    "Nota II is over": (OVER, {"recheck_notice"}, False, ("noncompliance_report", BEFORE)),
    "settled after Nota II": ({**OVER, "warned_of": []}, {"recheck_notice"}, False, None),
    "after the report": (OVER, REPORTED, False, ("recommendation", None)),
    "after the recommendation": (OVER, {*REPORTED, "recommendation"}, False, None),
    "the recheck is today": ({"effective_on": TODAY}, set(), False, ("recheck_notice", TODAY)),
    "the recheck is late": ({"effective_on": BEFORE}, set(), False, None),
    "the recheck failed": (FAILED, set(), False, None),
    "failed, Nota I is over": (
        {**FAILED, "first_limit_on": BEFORE},
        set(),
        False,
        ("second-nota", BEFORE),
    ),
    "complied, never recorded": (RESOLVED, set(), False, None),
    "complied, record ended": (RESOLVED, set(), True, ("clearance_letter", BEFORE)),
    "the clearance is out": (RESOLVED, {"clearance_letter"}, True, None),
    "nota withdrawn": ({**RESOLVED, "resolved_on": None}, set(), True, None),
}
"""By state: what is otherwise, the letters in force, whether a record ended, and what is due since when."""


@pytest.mark.parametrize(("facts", "issued", "ended", "due"), DUE.values(), ids=DUE)
def test_the_paper_that_is_due_next_follows_from_the_state(
    facts: dict[str, Any], issued: set[str], ended: bool, due: tuple[str, date | None] | None
) -> None:
    unsigned = facts.get("unsigned", set())
    answer = next_letter(
        a_state(**facts), issued=issued, record_ended=ended, today=TODAY, unsigned=unsigned
    )
    named = answer and (f"{answer.kind} unsigned" if answer.signs else answer.kind or answer.step)
    assert (answer and (named, answer.day)) == due


def test_the_page_names_the_next_letter_and_leads_to_who_may_make_it(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    address = f"/cases/{number}"
    page = browser("ina").get(address)
    assert "Surat berikutnya: Tanda terima Nota I belum dicatat." in page.text
    assert f"{address}/receipt" in page.links()
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    api("ina").post(f"/cases/{case_id}/receipt", **receipt)
    page = browser("ina").get(address)
    assert "Tanda tangan Nota I belum dicatat." in page.soup.select_one(".next").text
    assert "Tidak ada yang perlu dilakukan" not in page.text
    nota = api("ina").get(f"/cases/{case_id}/letters").json["items"][0]["id"]
    signing = f"/letters/{nota}/sign"
    assert signing in page.links()
    assert signing not in browser("tika").get(address).links()
    assert browser("ina").submit(signing, signed_on="30-11-2026").status == 200
    page = browser("ina").get(address)
    assert "Surat berikutnya: Surat pengecekan kembali, sebelum 1 Maret 2027." in page.text
    form = f"{address}/letters/new/recheck_notice"
    assert form in page.links()
    seen = browser("tika").get(address)
    assert "Surat pengecekan kembali, sebelum 1 Maret 2027." in seen.text
    assert form not in seen.links()
    draft = api("ina").post(
        f"/cases/{case_id}/letters", kind="recheck_notice", visit_on="2027-02-25"
    )
    page = browser("ina").get(address)
    assert "Lanjutkan konsepnya" in page.text
    assert (form in page.links(), f"/letters/{draft.json['id']}" in page.links()) == (False, True)
    at("2026-12-20 09:00")
    page = browser("ina").get(address)
    assert "Nota Pemeriksaan II: batas waktu Nota I, 14 Desember 2026, sudah lewat." in page.text
    assert f"{address}/second-nota" in page.links()
    assert "Surat berikutnya" not in browser("lia").get(address).text


@pytest.mark.one_store
@pytest.mark.parametrize("kind", ["noncompliance_report", "clearance_letter"])
def test_the_page_asks_no_more_than_ten_questions(
    browser: Open, api: Any, case_id: int, at: Clock, kind: str
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    ready_for(kind, api, case_id, at)
    ina = browser("ina")
    ina.get(f"/cases/{number}")
    with queries() as seen:
        page = ina.get(f"/cases/{number}")
    assert len(seen) <= 10, seen
    assert ("Laporan ketidakpatuhan: batas" in page.text) == (kind == "noncompliance_report")


@pytest.mark.one_store
def test_after_the_report_the_recommendation_is_next(
    browser: Open, api: Any, case_id: int, at: Clock
) -> None:
    ready_for("recommendation", api, case_id, at)
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    page = browser("ina").get(f"/cases/{number}")
    assert "Rekomendasi sanksi: laporan ketidakpatuhan sudah terbit." in page.text
    assert f"/cases/{number}/letters/new/recommendation" in page.links()


def test_the_page_of_a_receipt_says_that_the_signature_is_not_recorded(
    browser: Open, api: Any, case_id: int
) -> None:
    number = api("ina").get(f"/cases/{case_id}").json["number"]
    letter = api("ina").get(f"/cases/{case_id}/letters").json["items"][0]["id"]
    page = browser("ina").get(f"/cases/{number}/receipt")
    assert "Tanda tangan nota ini belum dicatat." in page.text
    assert f"/letters/{letter}/sign" in page.links()
    api("ina").post(f"/letters/{letter}/signature", how="wet_ink", signed_on="2026-11-30")
    page = browser("ina").get(f"/cases/{number}/receipt")
    assert "Tanda tangan nota ini belum dicatat." not in page.text
