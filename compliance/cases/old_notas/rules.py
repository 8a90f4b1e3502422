"""What a list says of an old nota, and what becomes of its case. Pure.

What a list does not say is not made up: no result is no result, and workers who were not counted stay
uncounted. A recheck whose day has passed is due on the day that the person who imports the list names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from compliance.cases.catalogue import CATALOGUE
from compliance.cases.rules import DueDate, late_due
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.core.workdays import WorkCalendar

NOT_CHECKED = "not_checked"
_OPEN = r"(belum|blm|tidak|tdk|tak|kurang)"
_DONE = r"(patuh|selesai|(dipe|meme)nuhi|(di|me)laksanakan|(di|men)(t)?indak ?lanjuti|lunas)"
WRITTEN_RESULTS: Mapping[str, re.Pattern[str]] = {
    NOT_CHECKED: re.compile(
        rf"\b{_OPEN} (di)?(cek|periksa|recheck|kunjungi|pantau|ada hasil)|^(dalam )?proses\b|^berjalan\b"
        rf"|\b{_OPEN} (di)?lakukan (cek|pengecekan|pemeriksaan|kunjungan)"
        r"|^masih |^not (yet )?checked|^open$|^pending$"
    ),
    "partly_complied": re.compile(r"\bsebagian\b|\bsbg\b|\bpartly\b|\bpartial"),
    "not_met": re.compile(
        rf"\b{_OPEN} (dapat |bisa )?(di)?temui|\b{_OPEN} (di)?temukan|^tutup\b|^pindah\b|^not met"
    ),
    "not_complied": re.compile(
        rf"\b{_OPEN} (juga |pernah )?{_DONE}|^tidak$|^tdk$|^tidak ada tindak|^(not|non).?compl"
    ),
    "complied": re.compile(
        rf"^(sudah |sdh |telah |tlh )?{_DONE}\b|^sudah$|^sdh$|^ya$|^compl|^done$"
    ),
}
"""How lists write what a recheck found; the first that fits counts."""
_UNSAID = re.compile(r"^[-–—.\s]*$")
_STILL = re.compile(r"^(belum|blm)$")

FINDING_WORDS: tuple[tuple[str, str], ...] = (
    ("JS-01", r"\bpwbd\b|wajib belum (men)?daftar|belum (men)?daftar(kan)? (diri|perusahaan)?\s*$"
              r"|belum (men)?daftar(kan)? (diri |perusahaan |seluruh pekerja(nya)? )?"
              r"(di |pada |ke |sebagai peserta )?bpjs|belum (jadi|menjadi|ikut) (peserta )?bpjs"),
    ("JS-02", r"\bpds[\s-]*(tk|tenaga|pekerja|naker)|sebagian (tk|tenaga kerja|pekerja|karyawan)"),
    ("JS-03", r"\bpds[\s-]*upah|sebagian upah|upah (yang )?dilaporkan"),
    ("JS-04", r"\bpds[\s-]*program|sebagian program"),
    ("JS-06", r"tunggakan|menunggak|piutang( iuran)?|iuran (belum|tidak) (di)?bayar"),
    ("WL-01", r"\b(belum|tidak) (wajib lapor|wlkp|melaporkan wlkp|lapor ketenagakerjaan)|\bwlkp\b"),
    ("UP-01", r"(di ?bawah|kurang dari|lebih rendah dari(pada)?) (upah minimum|ump|umk|umr)"),
    ("UP-03", r"struktur (dan )?skala upah|\bsusu\b"),
    ("WK-02", r"(upah )?lembur (belum|tidak) (di)?bayar"),
    ("PP-01", r"(belum|tidak) (memiliki|punya|ada|mempunyai) (peraturan perusahaan|pp)\b"),
    ("K3-02", r"alat pelindung diri|\bapd\b"),
)  # fmt: skip
"""How lists write findings beside their codes, in the words that leave no doubt."""
_WORDS = tuple((code, re.compile(pattern)) for code, pattern in FINDING_WORDS)
_CODE = re.compile(r"\b([a-z]{2,3}|k3)[\s.-]?([0-9]{1,2})\b")
CODES = frozenset(entry.code for entry in CATALOGUE)


@dataclass(frozen=True)
class OldNotaFacts:
    """What a row says of an old nota. `outcome` is None while nobody looked again.

    `words` are the findings as they are written in the list.
    """

    number: str
    issued_on: date
    findings: tuple[str, ...]
    words: str
    inspected_on: date | None = None
    workers_total: int | None = None
    workers_registered: int | None = None
    received_on: date | None = None
    received_by: str | None = None
    outcome: str | None = None
    rechecked_on: date | None = None
    inspector: str | None = None


def findings_in(cell: str) -> tuple[str, ...]:
    """The violations that a cell names, by their codes or in words; in the order of the catalogue."""
    text = clean_line(cell.casefold()) or ""
    named = {f"{part.upper()}-{int(number):02}" for part, number in _CODE.findall(text)}
    codes = named & CODES
    if not codes:
        codes = {code for code, pattern in _WORDS if pattern.search(text)}
    return tuple(dict.fromkeys(entry.code for entry in CATALOGUE if entry.code in codes))


def result_in(cell: str, *, has_day: bool) -> str | None:
    """The outcome that a cell means, NOT_CHECKED for none yet; None when it cannot be read.

    "Belum" alone says that nobody looked again, unless the day of a recheck stands beside it.
    """
    text = clean_line(re.sub(r"[^\w\s/-]", " ", cell.casefold())) or ""
    if _UNSAID.match(cell):
        return NOT_CHECKED
    if _STILL.match(text):
        return "not_complied" if has_day else NOT_CHECKED
    return next(
        (outcome for outcome, pattern in WRITTEN_RESULTS.items() if pattern.search(text)), None
    )


@dataclass(frozen=True)
class Outlook:
    """What becomes of the case of an old nota: the step that ends or fails it, if any, when its recheck is or
    was due, and when a case that failed is visited again.
    """

    step: Literal["comply_before", "fail_before"] | None
    due: DueDate
    next_visit_on: date | None = None

    def said(self, nota: OldNotaFacts) -> Text:
        """The same, for the person who tries the list."""
        if self.step == "comply_before":
            return say("Kasus dicatat: patuh sejak {day}", day=nota.rechecked_on)
        if self.step == "fail_before":
            return say(
                "Kasus dicatat: belum selesai sejak {day}, kunjungan berikutnya {next}",
                day=nota.rechecked_on,
                next=self.next_visit_on,
            )
        return say("Kasus dicatat: cek ulang jatuh tempo {day}", day=self.due.effective_on)


def outlook(
    nota: OldNotaFacts, due: DueDate, *, counts_from: date, today: date, calendar: WorkCalendar
) -> Outlook:
    """What becomes of the case; `due` is the day by the office's rule, `counts_from` the day on which the
    clock begins with what has passed.
    """
    if nota.outcome == "complied":
        return Outlook("comply_before", due)
    failed = nota.outcome in ("partly_complied", "not_complied") and nota.rechecked_on is not None
    if failed and nota.rechecked_on is not None and nota.rechecked_on >= due.effective_on:
        return Outlook("fail_before", due, calendar.next_working(counts_from)[0])
    if due.effective_on < today:
        due = late_due(due, counts_from, calendar=calendar)
    return Outlook(None, due)
