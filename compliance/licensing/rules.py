"""What a licensing office is told: the verdict on a company, its reasons, and what to do. Pure.

A verdict looks at dates, not at whether a job has run: a late case is late also when no clock was
ticking. Never says that a nota or a flag forbids a permit: only the office at the counter decides
(PP 86/2013 art. 8, 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compliance.cases.rules import NUMBER_TO_COME
from compliance.cases.workflow import UNRESOLVED
from compliance.core.text import Text, say, say_many

WORDS = {
    "sanction": say("MERAH – TMP2T"),
    "hold": say("MERAH – ADA CATATAN"),
    "caution": say("KUNING – NOTA TERBUKA"),
    "late": say("{id}", id="KUNING – LEWAT WAKTU", en="YELLOW – RECHECK OVERDUE"),
    "clear": say("HIJAU – TIDAK ADA CATATAN"),
    "unknown": say("ABU – TIDAK DITEMUKAN"),
}
CONCLUSIONS = {
    "may_issue": say("Boleh diproses"),
    "decide_in_writing": say("Putuskan sendiri, tertulis"),
    "withhold": say("Tahan: TMP2T"),
    "unknown": say("Tidak dikenal, ini bukan bukti"),
}
"""What the officer asked: may this permit be issued?"""
SERVICES = {
    "business": say("perizinan terkait usaha"),
    "tender": say("izin untuk mengikuti tender proyek"),
    "foreign_workers": say("izin mempekerjakan tenaga kerja asing"),
    "worker_supply": say("izin perusahaan penyedia jasa pekerja"),
    "building": say("PBG (dalam PP 86/2013: IMB)"),
}
"""What may be withheld from an employer (PP 86/2013 art. 9(1); the IMB of that rule is now the PBG)."""

DAYS_TO_DECIDE = 5
"""Working days in which an office decides on a complete application where the permit's own rule sets no time;
silence counts as granted.

UU 30/2014 art. 53 as changed by UU 6/2023 art. 175; art. 39(6) gives permits 10, so 5 is the safe day.
PP 28/2025 sets times of its own, and OSS issues when they end.
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
    nota_number: str | None
    issued_on: date
    status: str
    effective_on: date
    unresolved_on: date | None
    workers_total: int | None
    workers_registered: int | None
    obligations: frozenset[str] = frozenset({"membership"})
    deadline: date | Text | None = None
    """Until when the nota's open obligations must be met (`cases.deadlines`)."""
    disputed_since: date | None = None

    @property
    def nota(self) -> str | Text:
        return self.nota_number or NUMBER_TO_COME

    @property
    def counted_on(self) -> date:
        """The day of the count of workers."""
        return self.unresolved_on or self.issued_on

    def days_late(self, today: date) -> int:
        return max(0, (today - self.effective_on).days)


@dataclass(frozen=True)
class ActiveFlag:
    """What a verdict needs to know of one active flag."""

    level: str
    case_number: str | None
    since_on: date
    letter_number: str | None
    services: tuple[str, ...] = ()
    met_on: date | None = None
    """The day on which its case was resolved, though it stands."""
    withdrawn_on: date | None = None
    """The day on which the nota of its case was withdrawn, though it stands."""


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
    """The answer: `verdict` for machines, `word` for people, why, and what the officer does now.

    `conclusion` is a key of CONCLUSIONS; `level` that of the gravest flag.
    """

    verdict: str
    conclusion: str
    level: str | None
    word: Text
    reasons: tuple[Text, ...]
    advice: tuple[Text, ...]


def obligation_of(norm_group: str) -> str:
    """The kind of obligation that a finding of a norm group is about."""
    return "membership" if norm_group == "social_security" else "other"


def verdict_on(
    cases: Sequence[OpenCase],
    flags: Sequence[ActiveFlag],
    *,
    today: date,
    membership_basis: str | None = None,
    circumstance: Text | None = None,
) -> Verdict:
    """The verdict on a known company, from its open cases and active flags: the worst wins, every
    reason is given.

    `membership_basis` is the ground on which the asking office wants proof of membership, if it has any.
    `circumstance` says that the company closed, went bankrupt or moved; it changes no verdict.
    """
    happened = (
        () if circumstance is None else (say("Keadaan perusahaan: {what}.", what=circumstance),)
    )
    flags = sorted(flags, key=lambda flag: WORST_FIRST.index(flag.level))
    reasons = (
        *(_flag_reason(flag) for flag in flags),
        *(_case_reason(case, today) for case in cases),
        *(
            say(
                "Nota {nota} sedang disengketakan sejak {day}.",
                nota=case.nota,
                day=case.disputed_since,
            )
            for case in cases
            if case.disputed_since is not None
        ),
        *happened,
    )
    level = flags[0].level if flags else None
    asked_for = _proof_of_membership(cases, membership_basis)
    if level == "sanction":
        advice = (*_advice_on_sanction(flags), *asked_for)
        return Verdict("hold", "withhold", level, WORDS["sanction"], reasons, advice)
    if level == "hold":
        advice = (*_advice_on_hold(cases), *asked_for)
        return Verdict("hold", "decide_in_writing", level, WORDS["hold"], reasons, advice)
    if cases or flags:
        late = level == "warning" or any(
            case.status == UNRESOLVED or case.days_late(today) for case in cases
        )
        advice = (_advice_on_caution(cases, today), *asked_for)
        word = WORDS["late" if late else "caution"]
        return Verdict("caution", "may_issue", level, word, reasons, advice)
    return Verdict(
        "clear",
        "may_issue",
        None,
        WORDS["clear"],
        (say("Tidak ada nota terbuka per {day}.", day=today), *happened),
        (say("Izin dapat diproses. Ini bukan bukti kepesertaan BPJS Ketenagakerjaan."),),
    )


def not_found(asked: str) -> Verdict:
    """The verdict on a number or name that no company bears. Never worded as clear."""
    return Verdict(
        "unknown",
        "unknown",
        None,
        WORDS["unknown"],
        (say("Tidak ditemukan untuk '{asked}'. Ini bukan bukti kepatuhan.", asked=asked),),
        (
            say("Periksa ketikannya: NIB 13 angka, NPWP 15 atau 16 angka, NITKU 22 angka."),
            say("Coba nomor lain, atau nama lama perusahaan."),
            say(
                "Bila nomornya benar, Patuh belum mengenal perusahaan ini: kabari dinas. Bukti kepesertaan"
                " dapat diwajibkan hanya bila kantor Anda punya dasar hukumnya."
            ),
        ),
    )


def cleared_by(cases: Sequence[OpenCase], flags: Sequence[ActiveFlag]) -> tuple[Text, ...]:
    """What the company brings to have everything cleared; nothing when nothing stands."""
    kinds = frozenset[str]().union(*(case.obligations for case in cases))
    proofs = []
    if "membership" in kinds:
        proofs.append(say("Sertifikat kepesertaan dan bukti iuran terakhir."))
    of_inspectorate = cases or any(flag.level != "sanction" for flag in flags)
    if of_inspectorate and kinds != {"membership"}:
        proofs.append(say("Hasil cek ulang pengawas bahwa kewajiban sudah dipenuhi."))
    if any(flag.level == "sanction" for flag in flags):
        proofs.append(
            say(
                "TMP2T berakhir hanya dengan surat BPJS: denda lunas dan terdaftar, atau data sudah lengkap"
                " dan benar (PP 86/2013 pasal 10 ayat (7) dan (8))."
            )
        )
    return tuple(proofs)


def permits_touched(cases: Sequence[OpenCase], flags: Sequence[ActiveFlag]) -> Touched | None:
    """Which permits are touched; None when nothing is open that could touch any.

    A request for TMP2T touches what its letter names (art. 9(1)). Nothing else touches a permit: the nota
    never does, nor does a record before BPJS asks (art. 8(3)b). That an office may ask the unregistered for
    proof of membership (art. 8(3)a) is another thing: `_proof_of_membership`.
    """
    named = {service for flag in flags if flag.level == "sanction" for service in flag.services}
    if any(flag.level == "sanction" for flag in flags):
        ground = say("Diminta BPJS agar tidak diberikan, TMP2T (PP 86/2013 pasal 9 ayat (1)).")
        return Touched(tuple(service for service in SERVICES if service in named), ground)
    if any(flag.level == "hold" for flag in flags):
        return Touched(
            (),
            say(
                "Catatan ini ikut dipertimbangkan pada setiap permohonan, tetapi catatan saja tidak menahan"
                " izin apa pun; TMP2T dijalankan atas permintaan BPJS (PP 86/2013 pasal 8 ayat (1))."
            ),
        )
    if cases or flags:
        return Touched((), say("Nota atau peringatan saja tidak menahan izin apa pun."))
    return None


def _proof_of_membership(cases: Sequence[OpenCase], basis: str | None) -> tuple[Text, ...]:
    """That this office may ask the unregistered for proof of membership: only on a legal basis of its own,
    since it is unsettled whether art. 8(3)a binds without BPJS's letter. The same whatever the colour.
    """
    unregistered = [
        case for case in cases if "membership" in case.obligations and case.workers_registered == 0
    ]
    if basis is None or not unregistered:
        return ()
    return (
        say(
            "Bukti kepesertaan dapat diminta sebagai syarat layanan: menurut catatan per {day} belum ada"
            " pekerja yang terdaftar (PP 86/2013 pasal 8 ayat (3) huruf a; dasar hukum kantor ini: {basis}).",
            day=max(case.counted_on for case in unregistered),
            basis=basis,
        ),
    )


def _flag_reason(flag: ActiveFlag) -> Text:
    if flag.level == "sanction":
        return _sanction_reason(flag)
    if flag.level == "hold":
        return say(
            "Catatan hasil cek ulang sejak {day} (kasus {case}).",
            day=flag.since_on,
            case=flag.case_number,
        )
    return say(
        "Peringatan sejak {day}: cek ulang lewat waktu (kasus {case}).",
        day=flag.since_on,
        case=flag.case_number,
    )


def _sanction_reason(flag: ActiveFlag) -> Text:
    """Both are told: what became of the case, and that the sanction is BPJS's to end."""
    facts = {"letter": flag.letter_number, "case": flag.case_number}
    if flag.met_on is not None:
        return say(
            "Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}. Kewajiban menurut nota sudah "
            "dipenuhi"
            " {day} (kasus {case}), tetapi TMP2T tetap berlaku sampai ada surat pencabutan dari BPJS.",
            day=flag.met_on,
            **facts,
        )
    if flag.withdrawn_on is not None:
        return say(
            "Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}. Nota sudah ditarik {day} (kasus"
            " {case}), tetapi TMP2T tetap berlaku sampai ada surat pencabutan dari BPJS.",
            day=flag.withdrawn_on,
            **facts,
        )
    return say(
        "Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}.", letter=flag.letter_number
    )


def _case_reason(case: OpenCase, today: date) -> Text:
    counted = case.workers_registered  # an old nota may have counted nobody
    missing = 0 if counted is None else (case.workers_total or 0) - counted
    if case.status == UNRESOLVED and missing > 0 and "membership" in case.obligations:
        return say(
            "Nota {nota}: cek ulang {day} menemukan {missing} dari {total} pekerja belum"
            " terdaftar.",
            nota=case.nota,
            day=case.unresolved_on,
            missing=missing,
            total=case.workers_total,
        )
    if case.status == UNRESOLVED:
        return say(
            "Nota {nota}: cek ulang {day} menemukan kewajiban belum dipenuhi.",
            nota=case.nota,
            day=case.unresolved_on,
        )
    days = case.days_late(today)
    if days:
        return say_many(
            "Nota {nota}: cek ulang terlambat {days} hari, belum ada hasil.",
            nota=case.nota,
            days=days,
        )
    if case.deadline is None:
        return say("Nota {nota}: pengecekan kembali {day}.", nota=case.nota, day=case.effective_on)
    return say(
        "Nota {nota}. Kewajiban menurut nota: paling lambat {deadline}; pengecekan kembali {day}.",
        nota=case.nota,
        deadline=case.deadline,
        day=case.effective_on,
    )


def _advice_on_sanction(flags: Sequence[ActiveFlag]) -> tuple[Text, ...]:
    held = any(flag.level == "hold" for flag in flags)
    return (
        say(
            "BPJS Ketenagakerjaan meminta agar layanan publik tertentu tidak diberikan (TMP2T). Itu"
            " dilaksanakan kantor perizinan yang diminta dalam suratnya, sampai BPJS sendiri mencabutnya"
            " dengan surat (PP 86/2013 pasal 8, 9, dan 10)."
        ),
        say("Bila surat itu belum ada pada kantor Anda, mintalah salinannya."),
        say(
            "Izin lain tidak terkena TMP2T, tetapi ada catatan: putuskan sendiri, dengan alasan tertulis."
        )
        if held
        else say("Izin lain tidak terkena dan diproses seperti biasa."),
    )


def _advice_on_hold(cases: Sequence[OpenCase]) -> tuple[Text, ...]:
    membership = any("membership" in case.obligations for case in cases)
    proof = (
        say("Pemohon dapat menunjukkan bukti kepesertaannya sebelum Anda memutuskan.")
        if membership
        else say("Pemohon dapat menunjukkan bukti pemenuhan kewajibannya sebelum Anda memutuskan.")
    )
    return proof, say(
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
        return say_many(
            "Izin dapat diproses. Pengecekan kembali oleh pengawas ({day}) terlambat {days} hari; ingatkan"
            " pemohon akan kewajiban menurut nota.",
            day=nearest.effective_on,
            days=days,
        )
    if nearest.deadline is None:
        return say(
            "Izin dapat diproses. Ingatkan pemohon: pengecekan kembali {day}.",
            day=nearest.effective_on,
        )
    return say(
        "Izin dapat diproses. Ingatkan pemohon: kewajiban menurut nota paling lambat {deadline}.",
        deadline=nearest.deadline,
    )
