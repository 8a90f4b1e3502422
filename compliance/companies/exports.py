"""The list of companies as a file: who they are and how to reach them. Licensing may read all of it."""

from __future__ import annotations

from compliance.companies import identity
from compliance.companies.circumstances.rules import circumstance_line
from compliance.companies.rules import SCALES
from compliance.core.text import say
from compliance.reference.kbli import sector_of
from compliance.reference.regions import region_name
from compliance.web.exports import Column

COMPANY_COLUMNS = [
    Column(say("{id}", id="Perusahaan", en="Company"), lambda row: row.name),
    Column(say("Kab/kota"), lambda row: region_name(row.region_code)),
    Column(say("Kecamatan"), lambda row: row.district_code and region_name(row.district_code)),
    Column(say("NIB"), lambda row: row.nib and identity.shown_nib(row.nib)),
    Column(say("NPWP"), lambda row: row.npwp and identity.shown_npwp(row.npwp)),
    Column(say("NPP"), lambda row: row.npp),
    Column(say("KBLI"), lambda row: row.kbli),
    Column(say("Sektor KBLI"), lambda row: sector_of(row.kbli)),
    Column(say("Skala usaha"), lambda row: row.scale and SCALES[row.scale]),
    Column(say("Pekerja"), lambda row: row.workers_total),
    Column(say("Keadaan perusahaan"), circumstance_line),
    Column(say("Alamat"), lambda row: row.address),
    Column(say("Telepon"), lambda row: row.phone),
    Column(say("Surel"), lambda row: row.email),
]
