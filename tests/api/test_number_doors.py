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
from compliance.companies.identity.reading import FILLER
from compliance.companies.models import Company
from compliance.companies.queries import find_companies
from compliance.companies.rules import CompanyFacts, checked_facts
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.imports.reading.rows import Row, RowReader
from compliance.licensing.checks.queries import CheckFilter, checks_of
from compliance.licensing.models import LicenceCheck
from compliance.office.settings import today
from compliance.reference.provinces import find_province
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
    ("JJ012345 (NPP)", "npp"),
    ("UD Contoh, NIB 9120 0012 3456 7", "nib"),
    ("9120 0012 3456 7 (NIB)", "nib"),
    ("NIB9120001234567", "nib"),
    ("https://oss.go.id/nib/9120001234567?ref=12", "nib"),
    ("UD Contoh, NPWP 01.221.127.2-054.000 Kupang", "npwp"),
    ("PT Contoh NPP: JJ012345, Kupang", "npp"),
    ("0012211272054000000000", "npwp"),
    ("0012211272054000-000001", "npwp"),
    ("NITKU 0012 2112 7205 4000 000001", "npwp"),
)
LOST_ZERO: tuple[tuple[str, NumberKind], ...] = (
    ("12211272054000", "npwp"),
    ("1.221.127.2-054.000", "npwp"),
)
"""14 digits: found when a company bears it with its zero; a form asks, a list remarks."""
REFUSED: tuple[tuple[str, NumberKind, str], ...] = (
    ("91200012345678", "nib", "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik 14"),
    ("91200012345678901", "npwp", "NIB terdiri dari 13 angka, NPWP 15 atau 16; yang diketik 17"),
    ("NIB 912000123456", "nib", "NIB terdiri dari 13 angka; yang diketik 12"),
    ("UD Contoh, NIB 912000123456", "nib", "NIB terdiri dari 13 angka; yang diketik 12"),
    ("91200O1234567", "nib", "Maksud Anda NIB 9120 0012 3456 7? Huruf O dibaca sebagai angka"),
    ("9I2OOOI234S67", "nib", "Maksud Anda NIB 9120 0012 3456 7? Huruf I, O, S dibaca"),
    ("01.22l.127.2-O54.000", "npwp", "Maksud Anda NPWP 01.221.127.2-054.000? Huruf L, O dibaca"),
    (
        "9120001234567 / 9120001234568",
        "nib",
        "Ada beberapa nomor di sini: NIB 9120 0012 3456 7, NIB",
    ),
    ("JJ012345 / JJ012346", "npp", "Ada beberapa nomor di sini: NPP JJ012345, NPP JJ012346"),
    ("NIB 91200O123456T", "nib", "NIB hanya berisi angka; periksa huruf O, T"),
    ("NPWP 01.221.127.2-054", "npwp", "NPWP terdiri dari 15 atau 16 angka; yang diketik 12"),
    ("NPP 150709", "npp", "NPP terdiri dari 8 sampai 20 huruf dan angka; yang diketik 6"),
    ("9,12E+12", "nib", "Nomor ini sudah dibulatkan oleh Excel"),
)
SLIPS = ("912000123", "9120001234", "91200012345", "912000123456")
"""Bare digits: a known NPP, or a slip."""
FILLERS: tuple[tuple[str, NumberKind], ...] = (
    ("1111111111111", "nib"),
    ("NIB 0000000000000", "nib"),
    ("1234567890123", "nib"),
    ("9120 0000 0000 0", "nib"),
    ("UD Contoh, NIB 1111111111111", "nib"),
    ("00.000.000.0-000.000", "npwp"),
    ("000000000000000", "npwp"),
    ("99.000.000.0-000.000", "npwp"),
    ("11.111.111.1-054.000", "npwp"),
    ("00000000", "npp"),
    ("12345678", "npp"),
)
LONG_NPPS = ("AB12345678901", "AB12345678901234", "AB012345678901234567")
"""An NPP has 8 to 20 letters and digits."""
REFUSES_ANY_NUMBER = {"page", "batch", "command"}
ONLY_FINDS = {"queue", "audit", "search", "cases", "checks"}
FOUND = "found"

Answer = str
"""What a door made of a spelling: FOUND, the sentence that refused it, or "" for an empty list."""
Door = Callable[[str, NumberKind], Answer]

NTT = find_province("53")
assert NTT is not None


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
    row = read_row(typed, kind)
    assert row.facts is not None
    return str(row.remarks[0].text) if row.remarks else _stored(row.facts, kind)


def read_row(typed: str, kind: NumberKind) -> Row:
    reader = RowReader(
        {"Nama": "name", "Kota": "region_code", "Nomor": kind},
        filename="daftar.csv",
        province=NTT,
        region_code=None,
    )
    return reader.read(2, {"Nama": "PT Contoh Bahari", "Kota": "53.71", "Nomor": typed})


def form(typed: str, kind: NumberKind) -> Answer:
    try:
        return _stored(
            checked_facts(CompanyFacts("PT Contoh Bahari", "53.71", **{kind: typed}), NTT),
            kind,
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
    for typed, kind in LOST_ZERO if name not in ("import", "form") else ():
        assert doors[name](typed, kind) == FOUND, (name, typed)
    for typed, kind, problem in REFUSED:
        if name == "import" and "beberapa nomor" in problem:
            continue  # a cell may hold several
        assert problem in sentence(typed)
        of_kind = None if name in REFUSES_ANY_NUMBER else kind
        refused = "" if name in ONLY_FINDS else sentence(typed, of_kind)
        assert doors[name](typed, kind) == refused, (name, typed)


ASKS = ("page", "batch", "command", "clearance")


@pytest.mark.parametrize("name", DOORS)
def test_a_filler_is_nobodys_number_at_any_door(doors: dict[str, Door], name: str) -> None:
    for typed, kind in FILLERS:
        answer = doors[name](typed, kind)
        if name in ONLY_FINDS or name == "form":
            assert answer == "", (name, typed)
        elif name == "import":
            assert "angka pengisi, bukan nomor siapa pun; tidak disimpan" in answer, (name, typed)
        else:
            assert answer == str(FILLER), (name, typed)
    assert db.session.query(LicenceCheck).count() == 1


@pytest.mark.parametrize("name", DOORS)
def test_bare_digits_that_are_no_known_npp_are_a_slip(doors: dict[str, Door], name: str) -> None:
    for typed in SLIPS:
        answer = doors[name](typed, "npp")
        if name in (*ASKS, "listing"):
            assert answer == sentence(typed), (name, typed)
        elif name not in ("import", "form"):
            assert answer == "", (name, typed)
    assert db.session.query(LicenceCheck).count() == 1
    company = db.session.query(Company).one()
    for typed in SLIPS if name not in ("import", "form") else ():
        company.npp = typed
        db.session.commit()
        assert doors[name](typed, "npp") == FOUND, (name, typed)


@pytest.mark.parametrize("name", DOORS)
def test_an_npp_has_8_to_20_letters_and_digits_at_every_door(
    doors: dict[str, Door], name: str
) -> None:
    company = db.session.query(Company).one()
    for npp in LONG_NPPS:
        company.npp = npp
        db.session.commit()
        for typed in (npp, npp.lower(), f"NPP {npp}", f"PT Contoh, NPP {npp}"):
            if name == "import":
                facts = read_row(typed, "npp").facts
                assert facts is not None
                assert facts.npp == npp
            elif name == "form":
                facts = checked_facts(CompanyFacts("PT Contoh Bahari", "53.71", npp=typed), NTT)
                assert facts.npp == npp
            else:
                assert doors[name](typed, "npp") == FOUND, (name, typed)


def test_a_list_and_a_form_read_a_lost_zero_with_care() -> None:
    for typed, kind in LOST_ZERO:
        row = read_row(typed, kind)
        assert row.facts is not None
        assert row.facts.npwp == STORED["npwp"]
        assert "Nol di depan hilang" in str(row.remarks[0].text)
        assert "Maksud Anda NPWP 01.221.127.2-054.000?" in form(typed, kind)
