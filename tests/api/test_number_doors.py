"""A typed number means the same at every door: page, API, command, lists, audit, import and form."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask

from compliance.admin.audit.queries import LogFilters, read_log
from compliance.cases import listing as case_list
from compliance.companies.identity import NumberKind, read_number
from compliance.companies.queries import find_companies
from compliance.companies.rules import CompanyFacts, checked_facts
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.imports.reading.rows import RowReader
from compliance.licensing.checks.queries import CheckFilter, checks_of
from compliance.office.settings import today
from compliance.team.queries import Filters, overdue_page
from tests.browser import Browser
from tests.factories import a_case, a_company, user

STORED: dict[NumberKind, str] = {
    "nib": "9120001234567",
    "npwp": "0012211272054000",
    "npp": "JJ012345",
}
UNDERSTOOD: tuple[tuple[str, NumberKind], ...] = (
    ("9120001234567", "nib"),
    (" 9120 0012 3456 7 ", "nib"),
    ("9120-0012-3456-7", "nib"),
    ("'9120001234567", "nib"),
    ("９１２０００１２３４５６７", "nib"),
    ("9120001234567\u200b", "nib"),
    ("NIB 9120001234567", "nib"),
    ("nib: 9120 0012 3456 7", "nib"),
    ("01.221.127.2-054.000", "npwp"),
    ("012211272054000", "npwp"),
    ("0012211272054000", "npwp"),
    ("0012 2112 7205 4000", "npwp"),
    ("NPWP: 01.221.127.2-054.000", "npwp"),
    ("JJ012345", "npp"),
    ("jj 012345", "npp"),
    ("JJ-012345", "npp"),
    ("NPP JJ012345", "npp"),
)
REFUSED: tuple[tuple[str, NumberKind, str], ...] = (
    ("91200012345678", "nib", "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik 14"),
    ("91200012345678901", "npwp", "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik 17"),
    ("NIB 912000123456", "nib", "NIB terdiri dari 13 angka; yang diketik 12"),
    ("NIB 91200O123456T", "nib", "NIB hanya berisi angka; periksa huruf O, T"),
    ("NPWP 01.221.127.2-054", "npwp", "NPWP terdiri dari 15 atau 16 angka; yang diketik 12"),
    ("NPP 150709", "npp", "NPP terdiri dari 8 sampai 20 huruf dan angka; yang diketik 6"),
    ("9,12E+12", "nib", "Nomor ini sudah dibulatkan oleh Excel"),
)
REFUSES_ANY_NUMBER = {"page", "batch", "command"}
ONLY_FINDS = {"queue", "audit", "search", "cases", "checks"}
FOUND = "found"

Answer = str
"""What a door made of a spelling: FOUND, the sentence that refused it, or "" for an empty list."""
Door = Callable[[str, NumberKind], Answer]


def sentence(typed: str, kind: NumberKind | None = None) -> str:
    return str(read_number(typed, kind).problem)


def page(browser: Browser) -> Door:
    def ask(typed: str, _kind: NumberKind) -> Answer:
        answer = browser.post("/check", asked=typed)
        if "/check/CK-" in answer.path:
            return FOUND if "PT Contoh Bahari" in answer.text else ""
        assert sentence(typed) in answer.text
        return sentence(typed)

    return ask


def command(app: Flask) -> Door:
    def ask(typed: str, _kind: NumberKind) -> Answer:
        db.session.rollback()
        ran = contextvars.Context().run(app.test_cli_runner().invoke, args=["check", typed])
        if ran.exit_code != 1:
            return FOUND if "PT Contoh Bahari" in ran.stdout else ""
        return ran.stderr.removeprefix("Error: ").strip()

    return ask


def batch(program: Any) -> Door:
    def ask(typed: str, _kind: NumberKind) -> Answer:
        (item,) = program.post("/clearance/batch", numbers=[typed]).json["items"]
        return item.get("error") or (FOUND if item["company"] else "")

    return ask


def clearance(program: Any) -> Door:
    def ask(typed: str, kind: NumberKind) -> Answer:
        answer = program.post("/clearance", **{kind: typed})
        if answer.status_code == 201:
            return FOUND if answer.json["company"] else ""
        return str(answer.json["errors"][0]["message"])

    return ask


def listing(program: Any) -> Door:
    def ask(typed: str, kind: NumberKind) -> Answer:
        answer = program.get("/companies", **{kind: typed})
        if answer.status_code == 200:
            return FOUND if answer.json["items"] else ""
        return str(answer.json["errors"][0]["message"])

    return ask


def listed(read: Callable[[str], Iterable[Any]]) -> Door:
    return lambda typed, _kind: FOUND if list(read(typed)) else ""


def cases_meant(q: str) -> list[int]:
    wanted = case_list.Filter(q=q)
    return list(case_list.Listing(user("tika"), wanted, today=today())._companies(q))


def row_of_a_list(typed: str, kind: NumberKind) -> Answer:
    reader = RowReader(
        {"Nama": "name", "Kota": "region_code", "Nomor": kind},
        filename="daftar.csv",
        region_code=None,
    )
    row = reader.read(2, {"Nama": "PT Contoh Bahari", "Kota": "53.71", "Nomor": typed})
    assert row.facts is not None
    return str(row.remarks[0].text) if row.remarks else _stored(row.facts, kind)


def form(typed: str, kind: NumberKind) -> Answer:
    try:
        return _stored(
            checked_facts(CompanyFacts("PT Contoh Bahari", "53.71", **{kind: typed})), kind
        )
    except Invalid as refusal:
        return str(refusal.errors[kind])


def _stored(facts: CompanyFacts, kind: NumberKind) -> Answer:
    return FOUND if getattr(facts, kind) == STORED[kind] else ""


@pytest.fixture
def doors(
    app: Flask, browser: Callable[..., Browser], api: Callable[..., Any], at: Callable[[str], None]
) -> dict[str, Door]:
    """Every door, onto a registry with one company that has a case overdue."""
    a_case(company=a_company("PT Contoh Bahari", **STORED))
    at("2027-06-01 09:00")
    program = api("lia")
    assert program.post("/clearance", nib=STORED["nib"]).status_code == 201
    tika = user("tika")
    return {
        "page": page(browser("lia")),
        "batch": batch(program),
        "command": command(app),
        "clearance": clearance(program),
        "listing": listing(program),
        "import": row_of_a_list,
        "form": form,
        "queue": listed(
            lambda q: overdue_page(tika, Filters(q=q), day=today(), after=None, limit=5)
        ),
        "audit": listed(lambda q: read_log(user("adi"), LogFilters(words=q), after=None, size=5)),
        "search": listed(find_companies),
        "cases": listed(lambda q: cases_meant(q)),
        "checks": listed(lambda q: checks_of(user("lia"), CheckFilter(q=q), limit=5)),
    }


DOORS = (
    "page",
    "batch",
    "command",
    "clearance",
    "listing",
    "import",
    "form",
    "queue",
    "audit",
    "search",
    "cases",
    "checks",
)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_understands_and_refuses_what_the_one_reader_does(
    doors: dict[str, Door], name: str
) -> None:
    for typed, kind in UNDERSTOOD:
        assert doors[name](typed, kind) == FOUND, (name, typed)
    for typed, kind, problem in REFUSED:
        assert problem in sentence(typed)
        of_kind = None if name in REFUSES_ANY_NUMBER else kind
        refused = "" if name in ONLY_FINDS else sentence(typed, of_kind)
        assert doors[name](typed, kind) == refused, (name, typed)
