"""A proof of membership as the lines of a letter, in Indonesian, whoever makes the letter."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from compliance.cases.proofs.rules import Stated
from compliance.reference.programmes import PROGRAMMES


def proof_lines(proof: Stated) -> list[str]:
    """The proof as the lines of a letter, in Indonesian: what PP 86/2013 art. 10(8) asks for, registered
    employer and workers with data that is complete, in the order in which a reader checks it.
    """
    assert proof.month is not None
    assert proof.checked_on is not None
    certificate = "Sertifikat kepesertaan BPJS Ketenagakerjaan"
    if proof.certificate:
        certificate += f" nomor {proof.certificate}"
    if proof.certificate_on:
        certificate += f" tanggal {_in_indonesian(proof.certificate_on, 'd MMMM y')}"
    named = (f"{PROGRAMMES[code][0]} ({code})" for code in proof.programmes)
    workers = f"{proof.workers:,}".replace(",", ".")
    return [
        f"{certificate}, nomor pendaftaran perusahaan (NPP) {proof.npp}",
        f"Program yang diikuti: {', '.join(named)}",
        f"Bukti lunas iuran terakhir: bulan {_in_indonesian(proof.month, 'MMMM y')}",
        f"Pekerja yang tercakup: {workers} orang",
        f"Dicek pada BPJS Ketenagakerjaan tanggal {_in_indonesian(proof.checked_on, 'd MMMM y')}"
        f" oleh {proof.checked_by}",
    ]


def _in_indonesian(day: date, pattern: str) -> str:
    return str(format_date(day, pattern, locale="id"))
