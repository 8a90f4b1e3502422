"""TABLE: what must be true of a case before a letter can say what it says. Pure: of a case and what stands.

Asked when a letter is drafted, and again when it gets its number: a paper without its ground would be false.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.core.text import Text, say


@dataclass(frozen=True)
class Standing:
    """How a case stands: `issued` are the kinds of its letters in force, `recorded` says whether a warning or
    a hold stands because of it.
    """

    case: Any
    today: date
    issued: Collection[str]
    recorded: bool


def _is_open(standing: Standing) -> Text | None:
    if not standing.case.is_open:
        return say("Surat ini hanya untuk kasus yang masih terbuka.")
    return None


def _after_the_second_limit(standing: Standing) -> Text | None:
    second = standing.case.second_nota
    if not standing.case.warned_of:
        return say("Tidak ada perintah yang belum dilaksanakan.")
    if second is None or second.deadline_on is None or second.deadline_on >= standing.today:
        return say("Laporan ketidakpatuhan dibuat sesudah batas waktu Nota II lewat.")
    return _is_open(standing)


def _after_the_report(standing: Standing) -> Text | None:
    if "noncompliance_report" not in standing.issued:
        return say("Rekomendasi dibuat sesudah laporan ketidakpatuhan terbit.")
    return None


def _after_the_record_ended(standing: Standing) -> Text | None:
    if standing.recorded or standing.case.is_open:
        return say("Catatan ini masih berlaku; surat pencabutan dibuat sesudah catatannya dicabut.")
    return None


GROUNDS: Mapping[str, Callable[[Standing], Text | None]] = {
    "cover_ptsp": _is_open,
    "recheck_notice": _is_open,
    "noncompliance_report": _after_the_second_limit,
    "recommendation": _after_the_report,
    "clearance_letter": _after_the_record_ended,
}


def ground_refusal(kind: str, standing: Standing) -> Text | None:
    """Why a letter of this kind cannot be made of the case as it stands, or None when it can."""
    ground = GROUNDS.get(kind)
    return ground(standing) if ground is not None else None
