"""The lists of flags and of checks as files: what a counter may know, and nothing of what an
inspector wrote.
"""

from __future__ import annotations

from typing import Any

from compliance.companies import identity
from compliance.core.text import Text, say
from compliance.licensing.checks.rules import word_of
from compliance.licensing.models import DECISIONS, LEVELS
from compliance.reference.regions import region_name
from compliance.web.exports import Column


def _company(row: Any) -> object:
    """The company that the check found, as the answer named it then."""
    company = row.answer["company"]
    return company and company["name"]


def _verdict(row: Any) -> Text:
    return word_of(row.answer)


FLAG_COLUMNS = [
    Column(say("{id}", id="Perusahaan", en="Company"), lambda row: row.company),
    Column(say("NIB"), lambda row: row.nib and identity.shown_nib(row.nib)),
    Column(say("NPWP"), lambda row: row.npwp and identity.shown_npwp(row.npwp)),
    Column(say("Tingkat"), lambda row: LEVELS[row.level]),
    Column(say("Kab/kota"), lambda row: region_name(row.region_code)),
    Column(say("Sejak"), lambda row: row.since_on),
    Column(say("Ditinjau"), lambda row: row.review_on),
    Column(say("Nomor kasus"), lambda row: row.number),
    Column(say("Nomor surat BPJS"), lambda row: row.letter_number),
    Column(say("Tanggal surat BPJS"), lambda row: row.letter_on),
    Column(say("Kantor yang sudah membaca"), lambda row: row.readers),
    Column(say("Dicabut"), lambda row: row.lifted_at),
]
CHECK_COLUMNS = [
    Column(say("Nomor bukti"), lambda row: row.receipt),
    Column(say("Waktu"), lambda row: row.checked_at),
    Column(say("Yang dicek"), lambda row: row.asked),
    Column(say("{id}", id="Perusahaan", en="Company"), _company),
    Column(say("Hasil"), _verdict),
    Column(say("Petugas"), lambda row: row.officer),
    Column(say("Kantor"), lambda row: row.office),
    Column(say("Nomor permohonan"), lambda row: row.application),
    Column(say("Keputusan"), lambda row: row.decision and DECISIONS[row.decision]),
    Column(say("Diputuskan"), lambda row: row.decided_at),
]
