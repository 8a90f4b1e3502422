"""The shape of one catalogue entry, and the names of the norm groups.

Knows dates and words only. A penalty that changes by law gets a second entry with the same code and its own
dates, never an edit of the old one: a nota keeps saying what the law said on the day it was issued.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Sanction = Literal["administrative", "criminal", "none"]
BpjsCategory = Literal["PWBD", "PDS-TK", "PDS-Upah", "PDS-Program", "Piutang"]

NEW_CRIMINAL_CODE_FROM = date(2026, 1, 2)
"""UU 1/2023 (KUHP, pasal 624) and UU 1/2026 (penyesuaian pidana) enter into force: new penalties."""

NORM_GROUPS: dict[str, tuple[str, str]] = {
    "social_security": ("Jaminan sosial ketenagakerjaan", "Employment social security"),
    "wlkp": ("Wajib lapor ketenagakerjaan", "Mandatory workforce report"),
    "wages": ("Pengupahan", "Wages"),
    "working_time": ("Waktu kerja dan waktu istirahat", "Working time and rest"),
    "employment": ("Hubungan kerja", "Employment relationship"),
    "company_rules": ("Peraturan perusahaan", "Company rules"),
    "foreign_workers": ("Tenaga kerja asing", "Foreign workers"),
    "osh": ("Keselamatan dan kesehatan kerja", "Occupational safety and health"),
    "child_labour": ("Pekerja anak", "Child labour"),
}
"""Key → Indonesian and English name, in the order a pick-list shows them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntry:
    """One violation an inspector can find, as the law has it between two days.

    `title`, `order` and `evidence` carry no full stop: letters and lists go on after them.
    """

    code: str
    norm_group: str
    title: str
    title_en: str
    legal_basis: str
    """Citation spelled in full; Indonesian in both languages, as a law is cited by its own name."""
    order: str
    order_en: str
    """What the employer must do. The deadline is added by the nota, since it counts from receipt."""
    evidence: str
    evidence_en: str
    """What proves that the order was carried out."""
    sanction: Sanction
    sanction_note: str
    sanction_note_en: str
    default_days: int = 14
    """Days after receipt of the nota; each finding may be given its own."""
    bpjs_category: BpjsCategory | None = None
    """What BPJS Ketenagakerjaan calls this breach, where it has a name for it."""
    programmes: tuple[str, ...] = ()
    """Programmes concerned; empty where they depend on the scale of the company."""
    special_note: bool = False
    """Belongs in a Nota Pemeriksaan Khusus, which is a kind of its own and no third warning."""
    valid_from: date | None = None
    valid_to: date | None = None
    """First and last day in force; None is open."""

    def in_force_on(self, day: date) -> bool:
        """Whether this entry is the one to use on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def until_and_since_2026(
    entry: CatalogueEntry, *, note: str, note_en: str
) -> tuple[CatalogueEntry, CatalogueEntry]:
    """The same finding twice: with its penalty until 1 January 2026, and with `note` from the day after."""
    return (
        replace(entry, valid_to=NEW_CRIMINAL_CODE_FROM - timedelta(days=1)),
        replace(
            entry, valid_from=NEW_CRIMINAL_CODE_FROM, sanction_note=note, sanction_note_en=note_en
        ),
    )
