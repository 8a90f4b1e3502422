"""What a letter is made of, and what the chips of its wording stand for. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from compliance.core.parsing import lines_as_one
from compliance.letters.rules import (
    LAWS,
    counted,
    long_day,
    time_limit,
    weekday_and_day,
)
from compliance.licensing.rules import obligation_of

TO_BE_FILLED = "………………………………"


@dataclass(frozen=True)
class Matter:
    """All that a letter is made of. `case` and `nota` are None for an order before a case.

    `earlier` are the letters of the case, `offices` the licensing offices of its region, `about` the letter
    that is received, `nota_letter` and `second_letter` the versions of the notas in force; `limits` the days
    that the office gives, as written; `evidence` what is kept of the case: what, its day, its hash;
    `quotes` the texts of articles that hold on the letter's day, by their names; `zone` the short name of
    the office's time; `recommended` the recommendation in force; `open_notas` what is open of the company's
    notas.
    """

    company: Any
    case: Any | None
    nota: Any | None
    second_nota: Any | None
    options: Mapping[str, Any]
    day: date
    inspectors: Sequence[Any]
    offices: Sequence[Any]
    office_name: str
    place: str
    limits: Mapping[str, str]
    order: Any | None = None
    about: Any | None = None
    flagged: bool = False
    nota_letter: Any | None = None
    quotes: Mapping[str, str] = field(default_factory=dict)
    second_letter: Any | None = None
    evidence: Sequence[tuple[str, str, str]] = ()
    region_code: str = ""
    zone: str = ""
    recommended: Any | None = None
    open_notas: Sequence[str] = ()


def chips_of(matter: Matter) -> dict[str, str]:
    options, company = matter.options, matter.company
    held_on = options.get("held_on") or matter.day
    numbers = [
        f"{name} {number}"
        for name, number in (("NIB", company.nib), ("NPP", company.npp))
        if number
    ]
    address = lines_as_one(options.get("address") or company.address)
    return {
        "perusahaan": company_name(matter),
        "alamat": f", {address}" if address else "",
        "nomor_perusahaan": f" ({', '.join(numbers)})" if numbers else "",
        "menurut_spt": _by_order(matter.order),
        "dasar": f"{', '.join(LAWS[:-1])}, dan {LAWS[-1]}",
        "kunjungan": _visit(options, matter.zone),
        "hari": f"{'hari ini,' if held_on == matter.day else 'hari'} {weekday_and_day(held_on)}",
        "pukul": _hour(options.get("held_at"), matter.zone),
        "di_tempat": f" di {options['place']}" if options.get("place") else "",
        "per_tanggal": long_day(matter.day),
        "jenis_surat": _cover_sentence(options, matter.recommended),
        "keadaan": _state(matter),
        **({} if matter.case is None else _chips_of_case(matter)),
    }


def _chips_of_case(matter: Matter) -> dict[str, str]:
    case, nota = matter.case, matter.nota
    if case is None or nota is None:
        return {}
    options = matter.options
    still = case.warned_of
    met, place = options.get("met", nota.met), options.get("place", nota.place)
    second = matter.second_nota
    named = matter.nota_letter or nota
    about, proof = _what_is_owed(still or ordered_findings(case))
    return {
        "kasus": case.number or "",
        "nomor_nota": written_number(named.number),
        "tanggal_nota": long_day(named.issued_on),
        "tentang": about,
        "bukti_selesai": proof,
        "diperiksa": weekday_and_day(nota.inspected_on),
        "dihadiri": f", yang dihadiri {met}" if met else "",
        "di_tempat": f" di {place}" if place else "",
        "jumlah_temuan": counted(len(ordered_findings(case))),
        "jumlah_terbuka": counted(len(open_orders(matter))),
        "diterima": long_day(nota.received_on) if nota.received_on else TO_BE_FILLED,
        "tenggat": obligation_limit(still) + _second_limit(second if still else None),
        "cek_ulang": long_day(case.effective_on),
        "dan_nota_dua": f" dan Nota Pemeriksaan II {written_number(second.number)} tanggal "
        f"{long_day(second.issued_on)}"
        if second
        else "",
        **matter.limits,
    }


def _what_is_owed(findings: Sequence[Any]) -> tuple[str, str]:
    """What kind of obligation findings are about, and what proof settles all of them. Names none of them."""
    owed = {obligation_of(finding.violation.norm_group) for finding in findings}
    if "membership" not in owed:
        return "tentang norma ketenagakerjaan", "bukti bahwa perintah dalam nota dilaksanakan"
    about = "tentang kewajiban jaminan sosial ketenagakerjaan"
    proof = "sertifikat kepesertaan dan bukti pembayaran iuran terakhir"
    if owed == {"membership"}:
        return about, proof
    return (
        f"{about} dan norma ketenagakerjaan lain",
        f"{proof}, serta bukti bahwa perintah lain dalam nota dilaksanakan",
    )


def obligation_limit(findings: Sequence[Any]) -> str:
    """Until when the open orders of a nota must be met, behind "Kewajiban menurut nota:"."""
    days = sorted({finding.deadline_on for finding in findings if finding.deadline_on is not None})
    if len(days) > 1:
        return f"paling lambat {long_day(days[0])} sampai {long_day(days[-1])}, menurut temuannya"
    if days:
        return f"paling lambat {long_day(days[0])}"
    if not findings:
        return "seluruhnya telah dipenuhi"
    longest = max(findings, key=lambda finding: finding.deadline_days)
    limit = time_limit(longest.deadline_days, longest.deadline_day_type)
    return f"paling lambat {limit} setelah diterimanya nota"


def _second_limit(second: Any | None) -> str:
    if second is None or second.deadline_on is None:
        return ""
    return f" (menurut Nota Pemeriksaan II paling lambat {long_day(second.deadline_on)})"


def company_name(matter: Matter) -> str:
    """The company as this letter calls it: as the nota in force does, unless a correction says otherwise."""
    named = matter.nota.company_name if matter.nota is not None else matter.company.name
    return str(corrected(matter, "company_name") or named)


def corrected(matter: Matter, option: str) -> Any:
    """What this letter, or else the version of Nota I in force, corrects; None when neither does."""
    of_nota = matter.nota_letter.options if matter.nota_letter is not None else {}
    return matter.options.get(option) or of_nota.get(option)


def ordered_findings(case: Any) -> list[Any]:
    """The findings that a nota may hold: what belongs in a Nota Khusus is left out."""
    return [finding for finding in case.findings if not finding.violation.special_note]


def open_orders(matter: Matter) -> list[Any]:
    """The findings whose orders were not carried out on the day of the letter."""
    case = matter.case
    return [
        finding
        for finding in (ordered_findings(case) if case is not None else ())
        if finding.fixed_on is None or finding.fixed_on > matter.day
    ]


def written_number(number: str | None) -> str:
    return f"Nomor {number}" if number else f"Nomor {TO_BE_FILLED}"


def _by_order(order: Any | None) -> str:
    if order is None:
        return ""
    return f" menurut Surat Perintah Tugas {written_number(order.number)} tanggal {long_day(order.issued_on)}"


def _state(matter: Matter) -> str:
    """How a company stands: its licensing record, and every nota of it that is open."""
    recorded = "masih tercatat" if matter.flagged else "tidak tercatat"
    if not matter.open_notas:
        return f"{recorded} dalam catatan perizinan, dan tidak ada Nota Pemeriksaan I yang masih terbuka"
    joined = "dan" if matter.flagged else "tetapi"
    return f"{recorded} dalam catatan perizinan, {joined} {'; '.join(matter.open_notas)}"


def open_nota_line(case: Any, letter: Any | None, today: date) -> str:
    """An open nota for a certificate: number, date, and what is not settled of it. Names no finding."""
    nota, orders = case.nota, case.warned_of
    named = letter or nota
    said = f"Nota Pemeriksaan I {written_number(named.number)} tanggal {long_day(named.issued_on)}"
    if not orders:
        return f"{said} masih terbuka dan menunggu pengecekan kembali"
    said += (
        f" masih terbuka: {counted(len(orders))} perintahnya belum tercatat selesai dilaksanakan"
    )
    days = [one.deadline_on for one in orders if one.deadline_on]
    if len(days) < len(orders):
        return f"{said}, dan penerimaan nota itu belum tercatat"
    last = max(days)
    return f"{said}, {'dan batas waktunya lewat' if last < today else 'dengan batas waktu'} {long_day(last)}"


def _hour(hour: str | None, zone: str) -> str:
    return f", pukul {hour} {zone}".rstrip() if hour else ""


def _visit(options: Mapping[str, Any], zone: str) -> str:
    if (day := options.get("visit_on")) is None:
        return ""
    return weekday_and_day(day) + _hour(options.get("visit_at"), zone)


def _about_recommendation(letter: Any | None) -> str:
    to = ""
    if letter is not None:
        number, day = written_number(letter.number), long_day(letter.issued_on)
        to = f" kepada {letter.options['official']}, dengan surat {number} tanggal {day},"
    return (
        f"Surat ini memberitahukan bahwa kami merekomendasikan{to} pengenaan sanksi administratif kepada "
        "perusahaan tersebut. "
    ) + "Rekomendasi itu menurut Peraturan Pemerintah Nomor 37 Tahun 2021 Pasal 47 ayat (5)."


def _cover_sentence(options: Mapping[str, Any], recommended: Any | None) -> str:
    """Which of the three kinds a cover letter is (domain.md, 6.7)."""
    match options.get("cover"):
        case "recommendation":
            return _about_recommendation(recommended)
        case "bpjs_request":
            number, day = options.get("bpjs_number") or TO_BE_FILLED, options.get("bpjs_on")
            dated = f" tanggal {long_day(day)}" if day else ""
            return (
                f"Surat ini menindaklanjuti surat permintaan BPJS Ketenagakerjaan Nomor {number}{dated}; "
                "yang meminta adalah BPJS Ketenagakerjaan."
            )
    return "Surat ini bersifat informasi; nota ini sendiri tidak menahan izin apa pun."
