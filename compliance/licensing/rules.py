"""What a licensing office is told: the verdict on a company and its reasons. Pure.

A verdict looks at dates, not at whether a job has run: a late case is late also when no clock was ticking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compliance.core.text import Text, say

WORDS = {
    "hold": say("MERAH – ADA CATATAN"),
    "caution": say("KUNING – MASA PERBAIKAN"),
    "late": say("KUNING – LEWAT WAKTU"),
    "clear": say("HIJAU – TIDAK ADA CATATAN"),
    "unknown": say("ABU – TIDAK DITEMUKAN"),
}
CLEARED_BY = say("Sertifikat kepesertaan dan bukti iuran terakhir")


@dataclass(frozen=True)
class OpenCase:
    """What a verdict needs to know of one open case."""

    number: str
    nota_number: str
    issued_on: date
    status: str
    effective_on: date
    unresolved_on: date | None
    workers_total: int
    workers_registered: int


@dataclass(frozen=True)
class ActiveFlag:
    """What a verdict needs to know of one active flag."""

    level: str
    case_number: str
    since_on: date
    letter_number: str | None


@dataclass(frozen=True)
class Verdict:
    """The answer: `verdict` for machines, `word` for people, and why."""

    verdict: str
    word: Text
    reasons: tuple[Text, ...]


def verdict_on(cases: Sequence[OpenCase], flags: Sequence[ActiveFlag], *, today: date) -> Verdict:
    """The verdict on a known company, from its open cases and active flags."""
    reasons = [_flag_reason(flag) for flag in flags if flag.level in ("hold", "sanction")]
    held = bool(reasons)
    late = any(flag.level == "warning" for flag in flags)
    for case in cases:
        days = (today - case.effective_on).days
        missing = case.workers_total - case.workers_registered
        if case.status == "unresolved":
            reasons.append(
                say(
                    "Nota {nota}: cek ulang {day} menemukan {missing} dari {total} pekerja belum terdaftar.",
                    nota=case.nota_number, day=case.unresolved_on, missing=missing, total=case.workers_total,
                )
            )  # fmt: skip
            late = True
        elif days > 0:
            late = True
            reasons.append(
                say("Nota {nota}: cek ulang terlambat {days} hari, belum ada hasil.", nota=case.nota_number, days=days)
            )
        else:
            reasons.append(
                say("Nota {nota}: masa perbaikan sampai {day}.", nota=case.nota_number, day=case.effective_on)
            )
    if held:
        return Verdict("hold", WORDS["hold"], tuple(reasons))
    if late:
        reasons += [_flag_reason(flag) for flag in flags if flag.level == "warning"]
        return Verdict("caution", WORDS["late"], tuple(reasons))
    if cases:
        return Verdict("caution", WORDS["caution"], tuple(reasons))
    return Verdict("clear", WORDS["clear"], (say("Tidak ada nota terbuka."),))


def not_found(asked: str) -> Verdict:
    """The verdict on a number or name that no company bears. Never worded as clear."""
    return Verdict(
        "unknown",
        WORDS["unknown"],
        (say("Tidak ditemukan untuk '{asked}'. Ini bukan bukti kepatuhan.", asked=asked),),
    )


def _flag_reason(flag: ActiveFlag) -> Text:
    if flag.level == "sanction":
        return say("Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}.", letter=flag.letter_number)
    if flag.level == "hold":
        return say("Catatan perizinan sejak {day} (kasus {case}).", day=flag.since_on, case=flag.case_number)
    return say("Peringatan sejak {day}: cek ulang lewat waktu (kasus {case}).", day=flag.since_on, case=flag.case_number)
