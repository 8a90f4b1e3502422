"""What a licensing office is told: the verdict on a company, its reasons, and what to do. Pure.

A verdict looks at dates, not at whether a job has run: a late case is late also when no clock was
ticking. Never says that a nota or a flag forbids a permit: only the office at the counter decides
(PP 86/2013 art. 8, 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compliance.cases.workflow import UNRESOLVED
from compliance.core.text import Text, say, say_many

WORDS = {
    "hold": say("MERAH – ADA CATATAN"),
    "caution": say("KUNING – MASA PERBAIKAN"),
    "late": say("KUNING – LEWAT WAKTU"),
    "clear": say("HIJAU – TIDAK ADA CATATAN"),
    "unknown": say("ABU – TIDAK DITEMUKAN"),
}
SERVICES = {
    "business": say("perizinan terkait usaha"),
    "tender": say("izin untuk mengikuti tender proyek"),
    "foreign_workers": say("izin mempekerjakan tenaga kerja asing"),
    "worker_supply": say("izin perusahaan penyedia jasa pekerja"),
    "building": say("Persetujuan Bangunan Gedung (PBG)"),
}
"""What may be withheld from an employer (PP 86/2013 art. 9(1); the building permit, IMB there, is
now PBG).
"""

DAYS_TO_DECIDE = 5
"""Working days in which an office decides on a complete application; silence counts as granted.

UU 30/2014 art. 53 as amended by UU 6/2023 art. 175.
"""

OBLIGATIONS = {
    "membership": say("Jaminan sosial ketenagakerjaan"),
    "other": say("Norma ketenagakerjaan lain"),
}
"""The kind of obligation a counter may know; which other norm was broken is the inspectorate's secret."""

WORST_FIRST = ("sanction", "hold", "warning")


@dataclass(frozen=True)
class OpenCase:
    """What a verdict needs to know of one open case. `obligations` are those of its findings still open."""

    number: str
    nota_number: str
    issued_on: date
    status: str
    effective_on: date
    unresolved_on: date | None
    workers_total: int
    workers_registered: int
    obligations: frozenset[str] = frozenset({"membership"})

    def days_late(self, today: date) -> int:
        return max(0, (today - self.effective_on).days)


@dataclass(frozen=True)
class ActiveFlag:
    """What a verdict needs to know of one active flag."""

    level: str
    case_number: str
    since_on: date
    letter_number: str | None
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Touched:
    """Which permits the verdict touches, as keys of SERVICES, and the ground on which it does or does not."""

    services: tuple[str, ...]
    ground: Text

    @property
    def untouched(self) -> tuple[str, ...]:
        return tuple(service for service in SERVICES if service not in self.services)


@dataclass(frozen=True)
class Verdict:
    """The answer: `verdict` for machines, `word` for people, why, and what the officer does now."""

    verdict: str
    word: Text
    reasons: tuple[Text, ...]
    advice: tuple[Text, ...]


def obligation_of(norm_group: str) -> str:
    """The kind of obligation that a finding of a norm group is about."""
    return "membership" if norm_group == "social_security" else "other"


def verdict_on(cases: Sequence[OpenCase], flags: Sequence[ActiveFlag], *, today: date) -> Verdict:
    """The verdict on a known company, from its open cases and active flags: the worst wins, every
    reason is given.
    """
    flags = sorted(flags, key=lambda flag: WORST_FIRST.index(flag.level))
    reasons = (
        *(_flag_reason(flag) for flag in flags),
        *(_case_reason(case, today) for case in cases),
    )
    levels = {flag.level for flag in flags}
    if levels & {"sanction", "hold"}:
        return Verdict(
            "hold", WORDS["hold"], reasons, _advice_on_hold(cases, sanctioned="sanction" in levels)
        )
    if "warning" in levels or any(
        case.status == UNRESOLVED or case.days_late(today) for case in cases
    ):
        return Verdict("caution", WORDS["late"], reasons, (_advice_on_caution(cases, today),))
    if cases:
        return Verdict("caution", WORDS["caution"], reasons, (_advice_on_caution(cases, today),))
    return Verdict(
        "clear",
        WORDS["clear"],
        (say("Tidak ada nota terbuka per {day}.", day=today),),
        (say("Izin dapat diproses. Ini bukan bukti kepesertaan BPJS Ketenagakerjaan."),),
    )


def not_found(asked: str) -> Verdict:
    """The verdict on a number or name that no company bears. Never worded as clear."""
    return Verdict(
        "unknown",
        WORDS["unknown"],
        (say("Tidak ditemukan untuk '{asked}'. Ini bukan bukti kepatuhan.", asked=asked),),
        (
            say("Periksa ketikannya: NIB 13 angka, NPWP 15 atau 16 angka."),
            say("Coba nomor lain, atau nama lama perusahaan."),
            say(
                "Bila nomornya benar, Patuh belum mengenal perusahaan ini: mintalah bukti"
                " kepesertaan langsung dari pemohon, dan kabari dinas."
            ),
        ),
    )


def cleared_by(cases: Sequence[OpenCase], flags: Sequence[ActiveFlag]) -> tuple[Text, ...]:
    """What the company brings to have everything cleared; nothing when nothing stands."""
    kinds = frozenset[str]().union(*(case.obligations for case in cases))
    proofs = []
    if "membership" in kinds:
        proofs.append(say("Sertifikat kepesertaan dan bukti iuran terakhir."))
    if (cases or flags) and kinds != {"membership"}:
        proofs.append(say("Hasil cek ulang pengawas bahwa kewajiban sudah dipenuhi."))
    if any(flag.level == "sanction" for flag in flags):
        proofs.append(
            say(
                "Untuk TMP2T: terdaftar dan denda lunas, atau data sudah lengkap dan benar "
                "(PP 86/2013 pasal 10 ayat (7) dan (8))."
            )
        )
    return tuple(proofs)


def permits_touched(cases: Sequence[OpenCase], flags: Sequence[ActiveFlag]) -> Touched | None:
    """Which permits are touched; None when nothing is open that could touch any.

    A request for TMP2T touches what its letter names (art. 9(1)). Where nobody is registered yet,
    the office asks for proof of membership as part of its requirements (art. 8(3)a). Nothing else
    touches a permit: the nota never does, nor does a record of incomplete data before BPJS asks
    (art. 8(3)b).
    """
    named = {service for flag in flags if flag.level == "sanction" for service in flag.services}
    if any(flag.level == "sanction" for flag in flags):
        ground = say("Diminta BPJS agar tidak diberikan, TMP2T (PP 86/2013 pasal 9 ayat (1)).")
        return Touched(tuple(service for service in SERVICES if service in named), ground)
    if any(flag.level == "hold" for flag in flags):
        if any("membership" in case.obligations and case.workers_registered == 0 for case in cases):
            ground = say(
                "Belum ada pekerja yang terdaftar: bukti kepesertaan diminta sebagai syarat layanan"
                " (PP 86/2013 pasal 8 ayat (3) huruf a)."
            )
            return Touched(tuple(SERVICES), ground)
        return Touched(
            (),
            say(
                "Catatan ini ikut dipertimbangkan pada setiap permohonan, tetapi catatan saja tidak"
                " menahan izin apa pun: menurut PP 86/2013, harus ada dulu surat permintaan BPJS"
                " (TMP2T)."
            ),
        )
    if cases or flags:
        return Touched((), say("Nota atau peringatan saja tidak menahan izin apa pun."))
    return None


def _flag_reason(flag: ActiveFlag) -> Text:
    if flag.level == "sanction":
        return say(
            "Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}.", letter=flag.letter_number
        )
    if flag.level == "hold":
        return say(
            "Catatan perizinan sejak {day} (kasus {case}).",
            day=flag.since_on,
            case=flag.case_number,
        )
    return say(
        "Peringatan sejak {day}: cek ulang lewat waktu (kasus {case}).",
        day=flag.since_on,
        case=flag.case_number,
    )


def _case_reason(case: OpenCase, today: date) -> Text:
    missing = case.workers_total - case.workers_registered
    if case.status == UNRESOLVED and missing > 0 and "membership" in case.obligations:
        return say(
            "Nota {nota}: cek ulang {day} menemukan {missing} dari {total} pekerja belum"
            " terdaftar.",
            nota=case.nota_number,
            day=case.unresolved_on,
            missing=missing,
            total=case.workers_total,
        )
    if case.status == UNRESOLVED:
        return say(
            "Nota {nota}: cek ulang {day} menemukan kewajiban belum dipenuhi.",
            nota=case.nota_number,
            day=case.unresolved_on,
        )
    days = case.days_late(today)
    if days:
        return say_many(
            "Nota {nota}: cek ulang terlambat {days} hari, belum ada hasil.",
            nota=case.nota_number,
            days=days,
        )
    return say(
        "Nota {nota}: masa perbaikan sampai {day}.", nota=case.nota_number, day=case.effective_on
    )


def _advice_on_hold(cases: Sequence[OpenCase], *, sanctioned: bool) -> tuple[Text, ...]:
    membership = any("membership" in case.obligations for case in cases)
    ask = (
        say("Minta bukti kepesertaan sebelum memutuskan.")
        if membership or sanctioned
        else say("Minta bukti pemenuhan kewajiban sebelum memutuskan.")
    )
    if sanctioned:
        return ask, say(
            "BPJS Ketenagakerjaan meminta agar layanan publik tertentu tidak diberikan (TMP2T);"
            " kantor Anda yang melaksanakannya (PP 86/2013 pasal 8 dan 9)."
        )
    return ask, say(
        "Catatan ini bukan sanksi dan tidak cukup menjadi dasar penolakan: putuskan dengan alasan"
        " tertulis."
    )


def _advice_on_caution(cases: Sequence[OpenCase], today: date) -> Text:
    awaiting = [case for case in cases if case.status != UNRESOLVED]
    if not awaiting:
        return say("Izin dapat diproses. Ingatkan pemohon bahwa kewajibannya belum dipenuhi.")
    nearest = min(awaiting, key=lambda case: case.effective_on)
    days = nearest.days_late(today)
    if days:
        return say(
            "Izin dapat diproses. Ingatkan pemohon: masa perbaikan berakhir {day}, sudah lewat"
            " {days} hari.",
            day=nearest.effective_on,
            days=days,
        )
    return say(
        "Izin dapat diproses. Ingatkan pemohon: masa perbaikan sampai {day}.",
        day=nearest.effective_on,
    )
