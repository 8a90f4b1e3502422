"""The overdue queue as a file."""

from __future__ import annotations

from datetime import date

from compliance.cases.exports import workers_missing
from compliance.companies.circumstances.rules import circumstance_line
from compliance.core.text import say
from compliance.licensing.models import LEVELS
from compliance.reference.regions import region_name
from compliance.web.exports import Column


def columns_of_queue(day: date) -> list[Column]:
    """The columns of the file; lateness goes by `day`."""
    return [
        Column(say("Nomor kasus"), lambda row: row.number),
        Column(say("{id}", id="Perusahaan", en="Company"), lambda row: row.company),
        Column(say("Kab/kota"), lambda row: region_name(row.region_code)),
        Column(say("Keadaan perusahaan"), circumstance_line),
        Column(say("Nomor nota"), lambda row: row.nota_number),
        Column(say("Jatuh tempo (hari kerja)"), lambda row: row.effective_on),
        Column(say("Hari terlambat"), lambda row: (day - row.effective_on).days),
        Column(say("Pekerja"), lambda row: row.workers_total),
        Column(say("Pekerja belum terdaftar"), workers_missing),
        Column(say("Catatan perizinan"), lambda row: row.level and LEVELS[row.level]),
        Column(say("Dieskalasi"), lambda row: row.escalated_on),
        Column(say("Diperpanjang"), lambda row: row.extended_on),
        Column(say("Pengawas"), lambda row: row.inspector),
    ]
