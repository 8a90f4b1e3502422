"""The rules of dates and of what a nota needs, without a store."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.cases.deadlines import FindingDeadline, nota_deadline
from compliance.cases.rules import (
    EARLIEST,
    FindingFacts,
    NotaFacts,
    extended_due,
    finding_deadline,
    nota_doubts,
    nota_problems,
    recheck_due,
    visit_doubts,
)
from compliance.core.calendar import national_days_off
from compliance.core.text import say
from compliance.core.workdays import WorkCalendar

NATIONAL = WorkCalendar(
    {
        each.day: say("{id}", id=each.name, en=each.name_en)
        for each in national_days_off(range(2024, 2029))
    }
)
EMPTY = WorkCalendar({})
TODAY = date(2026, 11, 30)
KNOWN = frozenset({"JS-01", "JS-02", "JS-04", "JS-07", "JS-08", "HK-02"})


def due(on: str, *, months: int = 3, calendar: WorkCalendar = NATIONAL) -> tuple[str, str]:
    found = recheck_due(date.fromisoformat(on), anchor="issued", months=months, calendar=calendar)
    return found.due_on.isoformat(), found.effective_on.isoformat()


@pytest.mark.parametrize(
    ("issued", "months", "expected"),
    [
        ("2026-01-31", 3, "2026-04-30"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-11-29", 3, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-12-15", 3, "2027-03-15"),
        ("2026-11-30", 1, "2026-12-30"),
    ],
)
def test_months_are_calendar_months_and_end_where_the_month_ends(
    issued: str, months: int, expected: str
) -> None:
    assert due(issued, months=months, calendar=EMPTY)[0] == expected


def test_the_nota_of_18_december_2025_falls_on_joint_leave_and_takes_effect_a_week_later() -> None:
    found = recheck_due(date(2025, 12, 18), anchor="issued", months=3, calendar=NATIONAL)
    assert (found.due_on, found.effective_on) == (date(2026, 3, 18), date(2026, 3, 25))
    skipped = [each for each in found.why if "bukan hari kerja" in each.sentence]
    assert [each.facts["day"].day for each in skipped] == [18, 19, 20, 21, 22, 23, 24]
    assert "Nyepi" in str(skipped[0].facts["name"])


def test_a_working_day_takes_effect_itself_and_is_explained_shortly() -> None:
    found = recheck_due(date(2026, 7, 6), anchor="issued", months=3, calendar=NATIONAL)
    assert found.due_on == found.effective_on == date(2026, 10, 6)
    assert [str(each) for each in found.why] == [
        "Nota diterbitkan 2026-07-06.",
        "Ditambah 3 bulan kalender: 2026-10-06.",
    ]


def test_a_weekend_moves_to_monday_and_says_so() -> None:
    found = recheck_due(TODAY, anchor="issued", months=3, calendar=EMPTY)
    assert (found.due_on, found.effective_on) == (date(2027, 2, 28), date(2027, 3, 1))
    assert [str(each) for each in found.why][-2:] == [
        "2027-02-28 bukan hari kerja (Minggu).",
        "Berlaku pada hari kerja berikutnya: 2027-03-01.",
    ]


def test_a_date_that_stands_in_for_the_receipt_says_so() -> None:
    found = recheck_due(TODAY, anchor="issued", months=3, calendar=EMPTY, provisional=True)
    assert any("tanda terima belum dicatat" in each.sentence for each in found.why)


def test_an_extension_says_who_granted_it_and_why() -> None:
    found = extended_due(
        date(2027, 4, 3), by_name="Tika Andai", reason="menunggu iuran", calendar=EMPTY
    )
    assert (found.due_on, found.effective_on) == (date(2027, 4, 3), date(2027, 4, 5))
    assert str(found.why[0]) == "Diperpanjang sampai 2027-04-03 oleh Tika Andai: menunggu iuran"


@given(st.dates(date(2024, 1, 1), date(2028, 9, 30)), st.integers(1, 3))
def test_every_due_date_takes_effect_on_the_first_working_day_from_it(
    anchor: date, months: int
) -> None:
    found = recheck_due(anchor, anchor="issued", months=months, calendar=NATIONAL)
    assert found.due_on.day <= anchor.day
    assert (found.due_on.year * 12 + found.due_on.month) - (
        anchor.year * 12 + anchor.month
    ) == months
    assert found.effective_on >= found.due_on
    assert NATIONAL.is_working(found.effective_on)
    gap = [
        found.due_on + timedelta(days=each)
        for each in range((found.effective_on - found.due_on).days)
    ]
    assert not any(NATIONAL.is_working(each) for each in gap)
    assert len([each for each in found.why if "bukan hari kerja" in each.sentence]) == len(gap)


@pytest.mark.parametrize(
    ("received", "days", "kind", "last"),
    [
        ("2026-12-01", 14, "calendar", "2026-12-15"),
        ("2026-12-18", 14, "calendar", "2027-01-01"),
        ("2026-11-30", 5, "working", "2026-12-07"),
        ("2026-12-23", 1, "working", "2026-12-28"),  # joint leave, Christmas, a weekend
        ("2026-12-05", 1, "working", "2026-12-07"),
        ("2028-02-28", 1, "calendar", "2028-02-29"),
    ],
)
def test_a_finding_counts_from_the_receipt_in_its_own_kind_of_days(
    received: str, days: int, kind: str, last: str
) -> None:
    found = finding_deadline(
        date.fromisoformat(received), days=days, day_type=kind, calendar=NATIONAL
    )
    assert found.isoformat() == last


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2026-12-14",), "2026-12-14"),
        (
            ("2026-12-14", "2026-12-21", "2026-12-14"),
            "2026-12-14 atau 2026-12-21, menurut temuannya",
        ),
        (
            ("2026-12-14", "2026-12-21", "2026-12-28"),
            "antara 2026-12-14 dan 2026-12-28, menurut temuannya",
        ),
    ],
)
def test_several_deadlines_are_never_told_as_one_span_of_time(
    days: tuple[str, ...], told: str
) -> None:
    findings = [FindingDeadline(date.fromisoformat(day), 14, "calendar") for day in days]
    assert str(nota_deadline(findings)) == told


def facts(**changed: object) -> NotaFacts:
    complete: dict[str, object] = {
        "inspected_on": TODAY,
        "issued_on": TODAY,
        "workers_total": 40,
        "workers_registered": 28,
        "findings": [FindingFacts("JS-02")],
    }
    return NotaFacts(**{**complete, **changed})  # type: ignore[arg-type]


def problems(scale: str | None = "medium", **changed: object) -> list[str]:
    return list(nota_problems(facts(**changed), today=TODAY, scale=scale, known=KNOWN))


def test_a_complete_nota_has_no_problem() -> None:
    assert problems() == []


def test_an_empty_nota_names_everything_it_needs() -> None:
    assert list(nota_problems(NotaFacts(), today=TODAY, scale=None, known=KNOWN)) == [
        "inspected_on",
        "issued_on",
        "workers_total",
        "workers_registered",
        "findings",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"inspected_on": TODAY + timedelta(days=1)}, "inspected_on"),
        ({"inspected_on": EARLIEST - timedelta(days=1)}, "inspected_on"),
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"issued_on": TODAY - timedelta(days=1)}, "issued_on"),
        ({"workers_total": 0}, "workers_total"),
        ({"workers_total": 1_000_001}, "workers_total"),
        ({"workers_registered": -1}, "workers_registered"),
        ({"workers_registered": 41}, "workers_registered"),
        ({"place": "x" * 301}, "place"),
        ({"met": "x" * 201}, "met"),
        ({"nota_number": "x" * 61}, "nota_number"),
        ({"note": "x" * 5001}, "note"),
        ({"findings": []}, "findings"),
        ({"findings": [FindingFacts("JS-02"), FindingFacts("JS-02")]}, "findings"),
        ({"findings": [FindingFacts("XX-99")]}, "findings.0.violation"),
        ({"findings": [FindingFacts("JS-02", workers_affected=41)]}, "findings.0.workers_affected"),
        (
            {"findings": [FindingFacts("JS-01"), FindingFacts("JS-02", workers_affected=-1)]},
            "findings.1.workers_affected",
        ),
        ({"findings": [FindingFacts("JS-02", deadline_days=0)]}, "findings.0.deadline_days"),
        ({"findings": [FindingFacts("JS-02", deadline_days=366)]}, "findings.0.deadline_days"),
        ({"findings": [FindingFacts("JS-02", note="x" * 5001)]}, "findings.0.note"),
    ],
)
def test_what_makes_no_sense_is_named_by_its_field(changed: dict[str, object], field: str) -> None:
    assert problems(**changed)[0] == field


@pytest.mark.parametrize(
    ("scale", "finding", "accused"),
    [
        ("micro", FindingFacts("JS-04", programmes=["JHT"]), True),
        ("micro", FindingFacts("JS-04", programmes=["JKK", "JKM"]), False),
        ("micro", FindingFacts("JS-08"), True),
        ("small", FindingFacts("JS-08"), False),
        ("small", FindingFacts("JS-07"), True),
        ("medium", FindingFacts("JS-07"), False),
        ("medium", FindingFacts("JS-04", programmes=["JP"]), False),
        ("micro", FindingFacts("JS-02"), False),
        (None, FindingFacts("JS-08"), False),
    ],
)
def test_nobody_is_accused_of_a_programme_its_scale_does_not_owe(
    scale: str | None, finding: FindingFacts, accused: bool
) -> None:
    assert bool(problems(scale, findings=[finding])) is accused


def doubts(**changed: object) -> list[str]:
    stated = facts(**changed)
    assert stated.issued_on is not None
    foreseen = recheck_due(stated.issued_on, anchor="issued", months=3, calendar=EMPTY)
    return [
        str(each)
        for each in nota_doubts(stated, today=TODAY, due=foreseen, special=frozenset({"HK-02"}))
    ]


def test_an_ordinary_nota_raises_no_doubt() -> None:
    assert doubts() == []


@pytest.mark.parametrize(
    ("outcome", "changed", "said"),
    [
        ("complied", {}, None),
        ("complied", {"registered": 38}, "Patuh, tetapi 2 dari 40"),
        ("complied", {"registered": 20}, "Yang terdaftar berkurang: tadinya 28, kini 20."),
        ("partly_complied", {"registered": 31, "fixed": 1}, None),
        ("partly_complied", {"registered": 40, "fixed": 2}, "Semua temuan ditandai selesai"),
        ("not_complied", {"registered": None}, None),
        ("not_complied", {"registered": 27}, "berkurang"),
        ("not_met", {"registered": None}, None),
        ("not_met", {"registered": 40}, "tidak mengubah kasus"),
        ("not_met", {"registered": None, "fixed": 1}, "tidak mengubah kasus"),
    ],
)
def test_what_looks_odd_about_a_visit_is_asked_about(
    outcome: str, changed: dict[str, Any], said: str | None
) -> None:
    facts = {"registered": 40, "before": 28, "total": 40, "fixed": 0, "still_open": 2, **changed}
    found = [str(each) for each in visit_doubts(outcome, **facts)]
    assert bool(found) == (said is not None), found
    assert said is None or any(said in each for each in found), found


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"issued_on": TODAY - timedelta(days=3), "inspected_on": TODAY - timedelta(days=3)},
            "bukan hari ini",
        ),
        ({"issued_on": date(2026, 8, 3), "inspected_on": date(2026, 8, 3)}, "sudah lewat"),
        ({"findings": [FindingFacts("JS-01")]}, "JS-01 berarti belum ada"),
        ({"workers_registered": 40}, "semua pekerja tertulis sudah terdaftar"),
        ({"findings": [FindingFacts("JS-07")]}, "12 pekerja belum terdaftar"),
        ({"findings": [FindingFacts("JS-02"), FindingFacts("JS-04")]}, "belum menyebut program"),
        ({"findings": [FindingFacts("JS-02"), FindingFacts("HK-02")]}, "HK-02 biasanya"),
    ],
)
def test_what_looks_odd_is_asked_about(changed: dict[str, object], said: str) -> None:
    assert any(said in each for each in doubts(**changed)), doubts(**changed)
