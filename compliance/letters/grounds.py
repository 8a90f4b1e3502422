"""TABLE: what must be true of a case before a letter can say what it says. Pure: of a case and what stands.

Asked when a letter is drafted, and again when it gets its number: a paper without its ground would be false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.cases.rules import finding_deadline
from compliance.core.text import Text, say
from compliance.core.workdays import WorkCalendar
from compliance.letters.kinds.addressing import addressed_office


@dataclass(frozen=True)
class Standing:
    """How a case stands: `letters` are those in force, `recorded` says whether a warning or a hold stands
    because of it, `was_recorded` whether one ever stood; `requests` are the letters by which BPJS asked for a
    TMP2T against the company that stand, with their days; `offices` are the licensing offices of its region.
    """

    case: Any
    today: date
    letters: Sequence[Any]
    recorded: bool
    was_recorded: bool
    requests: Mapping[str, date]
    offices: Sequence[Any] = ()

    @property
    def issued(self) -> set[str]:
        """The kinds of the letters in force."""
        return {letter.kind for letter in self.letters}


def _is_open(standing: Standing) -> Text | None:
    if not standing.case.is_open:
        return say("Surat ini hanya untuk kasus yang masih terbuka.")
    return None


def _after_the_second_limit(standing: Standing) -> Text | None:
    second = standing.case.second_nota
    if not standing.case.warned_of:
        return say("Tidak ada perintah yang belum dilaksanakan.")
    if second is None or second.deadline_on is None or second.deadline_on >= standing.today:
        return say("Laporan ketidakpatuhan dibuat sesudah batas waktu Nota II lewat.")
    return _is_open(standing)


def _after_the_report(standing: Standing) -> Text | None:
    if "noncompliance_report" not in standing.issued:
        return say("Rekomendasi dibuat sesudah laporan ketidakpatuhan terbit.")
    return _after_the_second_limit(standing)


def _after_the_record_ended(standing: Standing) -> Text | None:
    if standing.recorded:
        return say("Catatan ini masih berlaku; surat pencabutan dibuat sesudah catatannya dicabut.")
    if standing.case.is_open:
        return say("Kasus ini masih terbuka; surat pencabutan dibuat sesudah kasusnya selesai.")
    if not standing.was_recorded:
        return say(
            "Kasus ini tidak pernah tercatat dalam catatan perizinan; tidak ada yang dicabut."
        )
    return None


GROUNDS: Mapping[str, Callable[[Standing], Text | None]] = {
    "cover_ptsp": _is_open,
    "recheck_notice": _is_open,
    "noncompliance_report": _after_the_second_limit,
    "recommendation": _after_the_report,
    "clearance_letter": _after_the_record_ended,
}
SAID_ONCE: Mapping[str, tuple[str, ...]] = {
    "ba": ("held_on",),
    "ba_refusal": ("held_on",),
    "cover_ptsp": ("cover", "office"),
    "recheck_notice": ("visit_on",),
    "noncompliance_report": (),
    "recommendation": ("official",),
    "clearance_letter": ("office",),
}
"""The letters of which one is in force at a time, for the same of these options; what is to be mended in it
is a new version. An order, a receipt and a certificate may be written again.
"""


def ground_refusal(kind: str, standing: Standing) -> Text | None:
    """Why a letter of this kind cannot be made of the case as it stands, or None when it can."""
    ground = GROUNDS.get(kind)
    if ground is not None and (reason := ground(standing)) is not None:
        return reason
    if SAID_ONCE.get(kind) == ():
        return twin_refusal(kind, {}, standing)
    return None


def _said(name: str, options: Mapping[str, Any], standing: Standing) -> Any:
    """What an option says on the paper: an office that is left out is the one of the regency."""
    if name == "office":
        return addressed_office(standing.offices, options.get(name))
    return options.get(name)


def twin_refusal(kind: str, options: Mapping[str, Any], standing: Standing) -> Text | None:
    """Why a letter would be the second in force that says the same, or None when it would not."""
    names = SAID_ONCE.get(kind)
    if names is None:
        return None
    for letter in standing.letters:
        if kind == "recheck_notice":  # two visits that are both still to come contradict each other
            same = letter.options.get("visit_on", "") >= standing.today.isoformat()
        else:
            same = all(
                _said(name, letter.options, standing) == _said(name, options, standing)
                for name in names
            )
        if letter.kind == kind and same:
            return say(
                "Surat ini sudah terbit tanggal {day} dan masih berlaku{numbered}. Untuk memperbaikinya, "
                "buat versi baru dari surat itu.",
                day=letter.issued_on,
                numbered=f" ({letter.number})" if letter.number else "",
            )
    return None


def cover_refusal(options: Mapping[str, Any], standing: Standing) -> tuple[str, Text] | None:
    """Why a cover letter has no ground to be of its kind, with the option that says so."""
    if options.get("cover") == "recommendation":
        if "recommendation" not in standing.issued:
            return "cover", say("Pengantar rekomendasi dibuat sesudah rekomendasi sanksi terbit.")
        if (reason := _after_the_report(standing)) is not None:
            return "cover", reason
    if options.get("cover") == "bpjs_request":
        number, day = options.get("bpjs_number"), options.get("bpjs_on")
        if not number:
            return "bpjs_number", say("Isi nomor surat permintaan BPJS.")
        if number not in standing.requests:
            return "bpjs_number", say(
                "Surat BPJS {number} belum tercatat. Catat dulu permintaan TMP2T-nya pada kasus atau "
                "perusahaan ini.",
                number=number,
            )
        if day != standing.requests[number].isoformat():
            return "bpjs_on", say(
                "Surat BPJS {number} bertanggal {day}.",
                number=number,
                day=standing.requests[number],
            )
    return None


def recheck_day_problem(
    case: Any, visit_on: date, *, letter_day: date, calendar: WorkCalendar
) -> Text | None:
    """Why a recheck cannot be announced for a day: past, no working day, or within the time of a nota."""
    if visit_on < letter_day:
        return say("Isi tanggal mulai {first}.", first=letter_day)
    if (off := calendar.day_off(visit_on)) is not None:
        return say("{day} bukan hari kerja ({name}); isi hari kerja.", day=visit_on, name=off.name)
    last = _last_limit(case, letter_day, calendar)
    if last is None or visit_on > last:
        return None
    if all(one.deadline_on for one in case.warned_of):
        return say(
            "Batas waktu menurut nota berakhir {last}; isi hari kunjungan sesudahnya, bukan {day}.",
            last=last,
            day=visit_on,
        )
    return say(
        "Nota ini belum tercatat diterima; batas waktunya berakhir paling cepat {last}. "
        "Isi hari kunjungan sesudahnya, bukan {day}.",
        last=last,
        day=visit_on,
    )


def _last_limit(case: Any, letter_day: date, calendar: WorkCalendar) -> date | None:
    """The last day of the time that the notas grant for what is open; as if received on the letter's day
    where no receipt is recorded yet.
    """
    days = [
        one.deadline_on
        or finding_deadline(
            letter_day, days=one.deadline_days, day_type=one.deadline_day_type, calendar=calendar
        )
        for one in case.warned_of
    ]
    second = case.second_nota
    if days and second is not None and second.deadline_on is not None:
        days.append(second.deadline_on)
    return max(days, default=None)
