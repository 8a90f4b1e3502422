"""The list of cases as a file: what a row of the screen shows, and the numbers of the company.

No finding, no note, ever.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.cases.listing import flag_words
from compliance.cases.workflow import AWAITING, STATUSES
from compliance.companies import identity
from compliance.companies.circumstances.rules import circumstance_line
from compliance.core.text import say
from compliance.reference.kbli import sector_of
from compliance.reference.regions import region_name
from compliance.web.exports import Column


def workers_missing(row: Any) -> int | None:
    """How many workers of the row are not registered; None while they were not counted."""
    counted = row.workers_total is not None and row.workers_registered is not None
    return row.workers_total - row.workers_registered if counted else None


def columns_of_cases(today: date) -> list[Column]:
    """The columns of the file; `today` says how late a recheck is that is still to come."""
    levels = flag_words()

    def days_late(row: Any) -> int | None:
        awaits = row.status in AWAITING
        return max(0, (today - row.effective_on).days) if awaits else None

    return [
        Column(say("Nomor kasus"), lambda row: row.number),
        Column(say("{id}", id="Perusahaan", en="Company"), lambda row: row.company),
        Column(say("NIB"), lambda row: row.nib and identity.shown_nib(row.nib)),
        Column(say("Sektor KBLI"), lambda row: sector_of(row.kbli)),
        Column(say("Kab/kota"), lambda row: region_name(row.region_code)),
        Column(say("Keadaan perusahaan"), circumstance_line),
        Column(say("Status"), lambda row: STATUSES[row.status]),
        Column(say("Catatan perizinan"), lambda row: levels.get(row.flag_level)),
        Column(say("Nomor nota"), lambda row: row.nota_number),
        Column(say("Nota terbit"), lambda row: row.issued_on),
        Column(say("Jatuh tempo"), lambda row: row.due_on),
        Column(say("Jatuh tempo (hari kerja)"), lambda row: row.effective_on),
        Column(say("Hari terlambat"), days_late),
        Column(say("Pekerja"), lambda row: row.workers_total),
        Column(say("Pekerja terdaftar"), lambda row: row.workers_registered),
        Column(say("Pekerja belum terdaftar"), workers_missing),
        Column(say("Pengawas"), lambda row: row.inspector),
    ]
