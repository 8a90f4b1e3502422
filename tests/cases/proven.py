"""A proof of membership as a page, a program and a command state it."""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.cases.proofs.rules import ProofFacts

WHO = "Rina Contoh, petugas layanan"
TYPED: dict[str, Any] = {
    "proof_npp": "JJ 012345",
    "proof_month": "2-2027",
    "proof_programmes": ["JKK", "JKM", "JHT"],
    "proof_workers": "40",
    "proof_checked_on": "2-3-2027",
    "proof_checked_by": WHO,
}
SENT: dict[str, Any] = {
    "npp": "JJ012345",
    "month": "2027-02",
    "programmes": ["JKK", "JKM", "JHT"],
    "workers": 40,
    "checked_on": "2027-03-02",
    "checked_by": WHO,
}
FACTS = ProofFacts(
    npp="JJ012345",
    month=date(2027, 2, 1),
    programmes=("JKK", "JKM", "JHT"),
    workers=40,
    checked_on=date(2027, 3, 2),
    checked_by=WHO,
)
SENTENCE = (
    "NPP JJ012345, JKK, JKM, JHT, iuran terakhir Februari 2027, 40 pekerja;"
    f" dicek di BPJS 2 Maret 2027 oleh {WHO}."
)
