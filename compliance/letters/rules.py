"""What stands in a letter: the facts of a case in the words of the paper. Pure functions.

A letter is written in Indonesian, whoever makes it. Numbers that count are written in digits and in words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.letters.articles.rules import rule_facts

ABOUT_REGISTRATION = ("JS-01", "JS-02")
"""The findings whose fact is how many workers are registered."""
_FOUND = "Pada pemeriksaan ditemukan"
_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_PLAIN_NIP = re.compile(r"([0-9]{8})([0-9]{6})([0-9])([0-9]{3})")
LAWS = (
    "Undang-Undang Nomor 3 Tahun 1951",
    "Undang-Undang Nomor 13 Tahun 2003",
    "Undang-Undang Nomor 24 Tahun 2011",
)
"""What an inspection of social security stands on (letters.md, domain.md)."""
LAWS_OF_AN_ORDER = (
    "Undang-Undang Nomor 3 Tahun 1951 tentang Pernyataan Berlakunya Undang-Undang Pengawasan Perburuhan "
    "Tahun 1948 Nomor 23 untuk Seluruh Indonesia",
    "Undang-Undang Nomor 1 Tahun 1970 tentang Keselamatan Kerja",
    "Undang-Undang Nomor 13 Tahun 2003 tentang Ketenagakerjaan",
    "Undang-Undang Nomor 24 Tahun 2011 tentang Badan Penyelenggara Jaminan Sosial",
)
"""What an order to inspect stands on (letters.md, 1)."""


def number_in_words(number: int) -> str:
    """A count in Indonesian words, from 0 to 999,999,999."""
    if number == 0:
        return "nol"
    for size, name in ((1_000_000, "juta"), (1_000, "ribu"), (100, "ratus")):
        if number >= size:
            many, rest = divmod(number, size)
            first = (
                f"se{name}" if many == 1 and size < 1_000_000 else f"{number_in_words(many)} {name}"
            )
            return f"{first} {number_in_words(rest)}" if rest else first
    if number < 10:
        return _UNITS[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{_UNITS[number - 10]} belas"
    tens, rest = divmod(number, 10)
    return f"{_UNITS[tens]} puluh {_UNITS[rest]}".strip()


def counted(number: int) -> str:
    """A count as papers write it: 14 (empat belas)."""
    return f"{number:,} ({number_in_words(number)})".replace(",", ".")


def long_day(day: date) -> str:
    """A day as papers write it: 24 Juli 2026."""
    return format_date(day, "d MMMM yyyy", locale="id")


def weekday_and_day(day: date) -> str:
    """Selasa, 21 Juli 2026."""
    return format_date(day, "EEEE, d MMMM yyyy", locale="id")


def words_on_paper(text: Text) -> str:
    """The words of a text for a paper, with its days as papers write them."""
    facts = {
        name: long_day(fact) if isinstance(fact, date) else fact
        for name, fact in text.facts.items()
    }
    return str(Text(text.sentence, facts))


def note_of_scan(day: date) -> str:
    """What the scan of a receipt is called among the evidence of its case."""
    return f"Bukti penyampaian {long_day(day)}"


@dataclass(frozen=True)
class Signer:
    """A person who signs: `titles` stand above the signature, one in each line."""

    titles: tuple[str, ...]
    name: str
    rank: str | None
    nip: str | None

    def as_fact(self) -> dict[str, Any]:
        return {
            "titles": list(self.titles),
            "name": self.name,
            "rank": self.rank,
            "nip": written_nip(self.nip) if self.nip else None,
        }


def written_nip(nip: str) -> str:
    """A NIP as papers write it: 19850101 201001 2 001; what has not 18 digits stays as it was typed."""
    digits = _PLAIN_NIP.fullmatch(nip.replace(" ", ""))
    return " ".join(digits.groups()) if digits else nip


def version_mark(version: int) -> str:
    """What a version adds to the number: nothing, .A, .B, and so on; from the 27th on .27."""
    if version == 1:
        return ""
    return f".{chr(ord('A') + version - 2)}" if version <= 27 else f".{version - 1}"


def nip_doubt(nip: str | None) -> Text | None:
    """Why a NIP looks mistyped: 8 digits of a birthday, 6 of the month of appointment, 1 or 2, 3 more.

    None when there is none, or when it looks right. It is told and never refused: papers bear odd ones.
    """
    if not nip:
        return None
    digits = _PLAIN_NIP.fullmatch(nip.replace(" ", "").replace(".", ""))
    if digits is None:
        return say("NIP {nip} bukan 18 angka. Tersimpan; periksa ketikannya.", nip=nip)
    born, appointed, sex, _serial = digits.groups()
    try:
        birthday = datetime.strptime(born, "%Y%m%d").date()  # noqa: DTZ007
        begun = datetime.strptime(appointed, "%Y%m").date()  # noqa: DTZ007
    except ValueError:
        return say(
            "NIP {nip} memuat tanggal yang tidak ada. Tersimpan; periksa ketikannya.", nip=nip
        )
    if not 15 <= begun.year - birthday.year <= 60 or sex not in "12":
        return say("NIP {nip} tampak janggal. Tersimpan; periksa ketikannya.", nip=nip)
    return None


def finding_facts(
    finding: Any, nota: Any, *, quotes: Mapping[str, str], fact: str | None = None
) -> dict[str, str]:
    """One finding as the nota states it; `fact` is its corrected fact, `quotes` the texts of articles."""
    violation = finding.violation
    limit = time_limit(finding.deadline_days, finding.deadline_day_type)
    return {
        "title": violation.title,
        "fact": as_sentence(fact) if fact else _fact(finding, nota),
        **rule_facts(violation.legal_basis, quotes),
        "order": f"{as_sentence(violation.order)} Bukti: {as_sentence(violation.evidence)}",
        "limit": f"{limit} setelah diterimanya Nota ini",
    }


def open_order_facts(finding: Any, *, quotes: Mapping[str, str]) -> dict[str, str]:
    """One order that was not carried out, as Nota II states it: the facts stand in Nota I and are not
    repeated.
    """
    violation = finding.violation
    return {
        "title": violation.title,
        **rule_facts(violation.legal_basis, quotes),
        "order": as_sentence(violation.order),
        "missing": "Bukti bahwa perintah ini selesai dilaksanakan belum kami terima. Yang ditunggu: "
        f"{as_sentence(violation.evidence)}",
    }


def _fact(finding: Any, nota: Any) -> str:
    """What was found: its name, whom it concerns and, behind that, what the inspector wrote."""
    parts = []
    if finding.workers_affected is not None or finding.programmes:
        parts.append(_named(finding))
    if finding.workers_affected is not None:
        parts.append(
            f"Hal itu mengenai {counted(finding.workers_affected)} dari "
            f"{counted(nota.workers_total)} orang pekerja."
        )
    if finding.programmes:
        parts.append(f"Program yang belum diikuti ialah {', '.join(finding.programmes)}.")
    if finding.note:
        parts.append(as_sentence(clean_line(finding.note) or ""))
    if not parts and finding.violation.code in ABOUT_REGISTRATION:
        missing = nota.workers_total - nota.workers_registered
        parts.append(
            f"Dari {counted(nota.workers_total)} orang pekerja, {counted(nota.workers_registered)} orang "
            f"terdaftar dan {counted(missing)} orang belum."
        )
    return " ".join(parts) or _named(finding)


def _named(finding: Any) -> str:
    return as_sentence(f"{_FOUND}: {finding.violation.title}")


def how_limits_count(paper: str) -> str:
    """How the time that a nota grants is counted, as its deadlines are computed (`cases.rules`)."""
    return f"Batas waktu dalam {paper} dihitung setelah diterimanya; hari penerimaan tidak ikut dihitung."


def time_limit(days: int, day_type: str) -> str:
    """A number of days as papers write it: 14 (empat belas) hari, or hari kerja."""
    return f"{counted(days)} {'hari kerja' if day_type == 'working' else 'hari'}"


def as_sentence(words: str) -> str:
    """The words with a full stop at their end."""
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


@dataclass(frozen=True)
class DueLetter:
    """The paper that is due next: a `kind` of letter to make or, when it `signs`, whose signature is to be
    recorded; or the page of a `step` of the case.

    `why` says what it is and why; `day` is the day that it follows from, or before which it is due.
    """

    why: Text
    kind: str | None = None
    step: str | None = None
    day: date | None = None
    signs: bool = False


def next_letter(
    case: Any,
    *,
    issued: Collection[str],
    record_ended: bool,
    today: date,
    unsigned: Collection[str] = (),
) -> DueLetter | None:
    """Which paper is due next by the state of a case, in the order of the road; None when none is.

    `issued` are the kinds of its letters in force; `record_ended` says whether a warning or hold because of
    it was lifted, and none stands; `unsigned` are those in force whose signature is not recorded. What a nota
    grants includes its last day.
    """
    nota = case.nota
    if nota is None:
        return None
    if not case.is_open:
        if not record_ended or case.resolved_on is None or "clearance_letter" in issued:
            return None
        return DueLetter(
            say("Surat pencabutan catatan: kasus selesai {day}.", day=case.resolved_on),
            kind="clearance_letter",
            day=case.resolved_on,
        )
    if nota.received_on is None:
        return DueLetter(say("Tanda terima Nota I belum dicatat."), step="receipt")
    if (due := _after_the_limits(case, issued, today)) is not None:
        return due
    if "nota_1" in unsigned:
        return DueLetter(say("Tanda tangan Nota I belum dicatat."), kind="nota_1", signs=True)
    if "nota_2" in unsigned:
        return DueLetter(say("Tanda tangan Nota II belum dicatat."), kind="nota_2", signs=True)
    if (
        case.awaits_recheck
        and case.effective_on is not None
        and case.effective_on >= today
        and "recheck_notice" not in issued
    ):
        return DueLetter(
            say("Surat pengecekan kembali, sebelum {day}.", day=case.effective_on),
            kind="recheck_notice",
            day=case.effective_on,
        )
    return None


def _after_the_limits(case: Any, issued: Collection[str], today: date) -> DueLetter | None:
    """Nota II, its receipt, the report of non-compliance or the recommendation."""
    limit, second = case.first_limit_on, case.second_nota
    if second is None:
        lapsed = limit is not None and limit < today and case.submitted_at is None
        return (
            DueLetter(
                say("Nota Pemeriksaan II: batas waktu Nota I, {day}, sudah lewat.", day=limit),
                step="second-nota",
                day=limit,
            )
            if lapsed
            else None
        )
    if second.received_on is None:
        return DueLetter(say("Tanda terima Nota II belum dicatat."), step="second-receipt")
    if not case.warned_of or second.deadline_on is None or second.deadline_on >= today:
        return None
    if "noncompliance_report" not in issued:
        return DueLetter(
            say(
                "Laporan ketidakpatuhan: batas waktu Nota II, {day}, sudah lewat.",
                day=second.deadline_on,
            ),
            kind="noncompliance_report",
            day=second.deadline_on,
        )
    if "recommendation" not in issued:
        return DueLetter(
            say("Rekomendasi sanksi: laporan ketidakpatuhan sudah terbit."), kind="recommendation"
        )
    return None
