"""Cases whose pages are read, and reading them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.models import Case
from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.core.db import db, transaction
from tests.browser import Browser, Page
from tests.factories import a_case, a_company, user

OpenBrowser = Callable[..., Browser]


@dataclass(frozen=True)
class Known:
    """A case by its id and number, which stay the same when the clock is moved and sessions begin anew."""

    id: int
    number: str

    def again(self) -> Case:
        return db.session.get_one(Case, self.id)


def a_known_case(by: str = "ina", **facts: Any) -> Known:
    case = a_case(by, **facts)
    return Known(case.id, case.number or "")


def a_telling_case() -> Known:
    """A case with everything an inspector may write down, and words that must stay inside."""
    company = a_company("PT Contoh Bahari Timur", nib="9120001234567", scale="medium")
    with transaction():
        ina = user("ina")
        case = start_draft(company, by=ina, draft_key="0b2c9ff4-8a3a-4b0e-9f7e-3d1f6f0f9a11")
        issue_nota(
            case,
            by=ina,
            facts=NotaFacts(
                inspected_on=date(2026, 11, 27),
                issued_on=date(2026, 11, 30),
                workers_total=40,
                workers_registered=28,
                findings=[
                    FindingFacts(
                        "JS-02", workers_affected=12, note="Gaji dibayar tunai tanpa slip"
                    ),
                    FindingFacts("JS-04", programmes=("JHT", "JP")),
                ],
                nota_number="560/014-NP/XI/2026",
                place="Jalan Misal 1",
                met="Ani Contoh, staf HRD",
                note="Kata Contoh pekerja di gudang",
            ),
        )
    return Known(case.id, case.number or "")


def on(case: Known, who: str, browser: OpenBrowser, part: str = "", language: str = "id") -> Page:
    return browser(who, language).get(f"/cases/{case.number}{part}")
