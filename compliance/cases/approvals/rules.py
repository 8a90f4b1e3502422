"""What is kept of a nota while it waits, and what must not have changed when it is approved. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from compliance.cases.rules import FindingFacts, NotaFacts
from compliance.core.text import Text, from_json, say, to_json

OWN_NOTA = say(
    "Nota disetujui kepala pengawas yang tidak tertulis di dalamnya sebagai pemeriksa, baik satu-satunya "
    "maupun salah satu."
)
"""Said at every door to an inspector of a nota who would approve it."""


@dataclass(frozen=True)
class SecondNotaFacts:
    """What an inspector states when issuing Nota II."""

    issued_on: date
    days: int | None = None
    number: str | None = None


def kept(facts: NotaFacts | SecondNotaFacts) -> dict[str, Any]:
    """The facts as plain JSON."""
    stated = {field.name: getattr(facts, field.name) for field in fields(facts)}
    if isinstance(facts, NotaFacts):
        stated["findings"] = [
            {field.name: to_json(getattr(finding, field.name)) for field in fields(finding)}
            for finding in facts.findings
        ]
        return {
            name: value if name == "findings" else to_json(value) for name, value in stated.items()
        }
    return {name: to_json(value) for name, value in stated.items()}


def nota_facts_of(stored: Mapping[str, Any]) -> NotaFacts:
    """The facts of Nota I that `kept` made plain."""
    findings = [
        FindingFacts(**{name: from_json(value) for name, value in finding.items()})
        for finding in stored["findings"]
    ]
    stated = {name: from_json(value) for name, value in stored.items() if name != "findings"}
    return NotaFacts(**stated, findings=findings)


def second_facts_of(stored: Mapping[str, Any]) -> SecondNotaFacts:
    """The facts of Nota II that `kept` made plain."""
    return SecondNotaFacts(**{name: from_json(value) for name, value in stored.items()})


def about_company(company: Any) -> dict[str, Any]:
    """What of a company must not change while a nota about it waits."""
    return {"id": company.id, "name": company.name, "circumstance": company.circumstance}


def changed_company(about: Mapping[str, Any], company: Any) -> Text | None:
    """Why the company is another one than when the nota was submitted; None when it is the same."""
    if about["id"] != company.id:
        return say(
            "{name} digabung ke {company} sesudah nota diajukan. Kembalikan nota ini supaya pengawas"
            " memeriksanya lagi.",
            name=about["name"],
            company=company.name,
        )
    if about["circumstance"] != company.circumstance:
        return say(
            "Keadaan {company} berubah sesudah nota diajukan (tutup, pailit, atau pindah). Kembalikan nota"
            " ini supaya pengawas memeriksanya lagi.",
            company=company.name,
        )
    return None


def typed_of(facts: NotaFacts) -> dict[str, Any]:
    """The facts as the pages of a draft keep what was typed: a nota from the API is changed there."""
    about = {
        f"about-{finding.violation}-{field.name}": _as_typed(getattr(finding, field.name))
        for finding in facts.findings
        for field in fields(finding)
        if field.name != "violation"
    }
    pages: dict[str, dict[str, Any]] = {
        "place": {"place": facts.place},
        "workers": {
            name: _as_typed(getattr(facts, name))
            for name in ("workers_total", "workers_registered")
        },
        "findings": {"findings": [finding.violation for finding in facts.findings], **about},
        "notes": {
            name: _as_typed(getattr(facts, name))
            for name in ("inspected_on", "issued_on", "met", "nota_number", "note")
        },
    }
    kept_pages = {
        page: {name: value for name, value in typed.items() if value not in (None, [])}
        for page, typed in pages.items()
    }
    return {**kept_pages, "step": "review"}


def _as_typed(value: Any) -> Any:
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, (list, tuple)):
        return list(value)
    return None if value is None else str(value)
