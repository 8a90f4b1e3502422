"""The list of companies as a file: who they are and how to reach them, the facts that licensing may read too."""

from __future__ import annotations

from typing import Any

from compliance.companies import identity
from compliance.companies.models import SCALES
from compliance.core.text import say
from compliance.reference.kbli import sector_of
from compliance.reference.regions import place
from compliance.web.exports import Column


def name_of_region(row: Any) -> str:
    """Where a row with a region lies, by name."""
    found = place(row.region_code)
    return found.name if found else str(row.region_code)


COMPANY_COLUMNS = [
    Column(say("{id}", id="Perusahaan", en="Company"), lambda row: row.name),
    Column(say("Kab/kota"), name_of_region),
    Column(say("NIB"), lambda row: row.nib and identity.shown_nib(row.nib)),
    Column(say("NPWP"), lambda row: row.npwp and identity.shown_npwp(row.npwp)),
    Column(say("NPP"), lambda row: row.npp),
    Column(say("KBLI"), lambda row: row.kbli),
    Column(say("Sektor KBLI"), lambda row: sector_of(row.kbli)),
    Column(say("Skala usaha"), lambda row: row.scale and SCALES[row.scale]),
    Column(say("Pekerja"), lambda row: row.workers_total),
    Column(say("Alamat"), lambda row: row.address),
    Column(say("Telepon"), lambda row: row.phone),
    Column(say("Surel"), lambda row: row.email),
]
