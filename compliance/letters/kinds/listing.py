"""What letters list of a case: the orders that are open, the notas and their time, the evidence. Pure."""

from __future__ import annotations

from typing import Any

from compliance.letters.kinds.matter import TO_BE_FILLED, Matter, open_orders
from compliance.letters.rules import as_sentence, long_day, open_order_facts, time_limit


def stated_orders(matter: Matter) -> list[dict[str, str]]:
    """The orders of Nota I that are open."""
    return [open_order_facts(finding, quotes=matter.quotes) for finding in open_orders(matter)]


def orders_not_carried_out(matter: Matter) -> dict[str, Any]:
    """The open orders with their articles and the time that Nota I granted."""
    return {
        "table": ["Perintah", "Ketentuan", "Batas waktu Nota I"],
        "lines": [
            [
                as_sentence(finding.violation.order),
                finding.violation.legal_basis,
                long_day(finding.deadline_on)
                if finding.deadline_on
                else time_limit(finding.deadline_days, finding.deadline_day_type),
            ]
            for finding in open_orders(matter)
        ],
    }


def matters_not_carried_out(matter: Matter) -> dict[str, Any]:
    """The open orders for an official: what each is about, its order and its articles."""
    return {
        "table": ["Temuan", "Perintah yang tidak dilaksanakan", "Ketentuan"],
        "lines": [
            [
                finding.violation.title,
                as_sentence(finding.violation.order),
                finding.violation.legal_basis,
            ]
            for finding in open_orders(matter)
        ],
    }


def notas_and_receipts(matter: Matter) -> dict[str, Any]:
    """Both notas: number and day of the version in force, who received it when, and when its time ended."""
    first = {one.deadline_on for one in open_orders(matter) if one.deadline_on}
    second = matter.second_nota.deadline_on if matter.second_nota is not None else None
    return {
        "table": ["Surat", "Nomor dan tanggal", "Diterima", "Batas waktu"],
        "lines": [
            [*_nota_line(matter.nota, matter.nota_letter), _days(first)],
            [
                *_nota_line(matter.second_nota, matter.second_letter),
                _days({second} if second else set()),
            ],
        ],
    }


def _days(days: set[Any]) -> str:
    """One day, or the first and the last."""
    if not days:
        return "–"
    first, last = long_day(min(days)), long_day(max(days))
    return first if first == last else f"{first} sampai {last}"


def _nota_line(nota: Any | None, letter: Any | None) -> list[str]:
    if nota is None:
        return ["Nota Pemeriksaan II", "belum terbit", "–"]
    named = letter or nota
    return [
        f"Nota Pemeriksaan {nota.kind}",
        f"{named.number or TO_BE_FILLED}, {long_day(named.issued_on)}",
        f"{long_day(nota.received_on)}, {nota.received_by}"
        if nota.received_on
        else "belum tercatat",
    ]


def evidence_kept(matter: Matter) -> list[dict[str, Any]]:
    """The evidence of the case (PP 37/2021 art. 47(4)); the packet of evidence holds it."""
    if not matter.evidence:
        return [{"paragraph": "Tidak ada bukti yang tersimpan dalam kasus ini."}]
    return [
        {
            "paragraph": "Bukti yang tersimpan, masing-masing dengan 12 huruf dan angka pertama dari sidik "
            "SHA-256 berkasnya:"
        },
        {"table": ["Bukti", "Disimpan", "Sidik"], "lines": [list(one) for one in matter.evidence]},
    ]
