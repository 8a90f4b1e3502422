"""Pure rules of the case: when a recheck is due and why, when a finding is, what a nota needs.

Functions of facts and a `today`. Knows neither Flask nor the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from compliance.cases.catalogue import CATALOGUE
from compliance.core.parsing import too_long
from compliance.core.text import Text, say
from compliance.core.workdays import WorkCalendar
from compliance.reference.programmes import owed

if TYPE_CHECKING:
    from compliance.cases.proofs.rules import ProofFacts

EARLIEST = date(2000, 1, 1)
MOST_WORKERS = 1_000_000
LONGEST_TEXTS = {"place": 300, "met": 200, "nota_number": 60, "note": 5000, "proof": 2000}
"""The most letters for every text of a nota or a visit."""

NUMBER_TO_COME = say("(nomor menyusul)")
"""What stands for the number of a nota that tata usaha numbers by hand and that is not recorded yet."""
CONCERNED = {entry.code: entry.programmes for entry in CATALOGUE if entry.programmes}
"""The programmes that a violation is about, by its code. Only a company that owes them can commit it."""

ANCHORS = {
    "issued": say("Nota diterbitkan {day}."),
    "received": say("Nota diterima perusahaan {day}."),
    "conveyed": say("Nota disampaikan ke PTSP {day}."),
    "reopened": say("Kasus dibuka kembali {day}."),
}
DAY_OFF = say("{day} bukan hari kerja ({name}).")
NEXT_WORKING_DAY = say("Berlaku pada hari kerja berikutnya: {day}.")


@dataclass(frozen=True)
class DueDate:
    """The day by the calendar, the working day it takes effect on, and the reasons in order."""

    due_on: date
    effective_on: date
    why: tuple[Text, ...]


@dataclass(frozen=True)
class FindingFacts:
    """One finding as it is written into a nota.

    A field here is, by the same name, a column of `Finding`, a field of the form `About`, and a field of the
    API. Commands, pages and API copy the fields by name.
    """

    violation: str
    workers_affected: int | None = None
    programmes: Sequence[str] = ()
    note: str | None = None
    deadline_days: int | None = None


@dataclass(frozen=True)
class NotaFacts:
    """Everything an inspector states when issuing a nota."""

    inspected_on: date | None = None
    issued_on: date | None = None
    workers_total: int | None = None
    workers_registered: int | None = None
    findings: Sequence[FindingFacts] = field(default_factory=tuple)
    nota_number: str | None = None
    place: str | None = None
    met: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class VisitFacts:
    """What an inspector states about a visit. What was not counted or seen stays None.

    `fixed` are ids of findings seen to be fixed; None at a company that complied: declared so as a whole.
    `proof` is what was shown: a proof of membership as fields, anything else as a sentence.
    `new_findings` are codes of violations seen for the first time; they belong into a nota of their own.
    `next_visit_on`: when a case that stays unresolved is visited again; None: as the office's setting says.
    """

    visited_on: date
    outcome: str
    workers_total: int | None = None
    workers_registered: int | None = None
    fixed: Sequence[int] | None = None
    new_findings: Sequence[str] = ()
    not_met_reason: str | None = None
    proof: str | ProofFacts | None = None
    next_visit_on: date | None = None
    note: str | None = None


def recheck_due(
    anchor_on: date, *, anchor: str, months: int, calendar: WorkCalendar, provisional: bool = False
) -> DueDate:
    """The recheck's due date: calendar months after the anchor, taking effect on a working day.

    31 January + 3 months is 30 April; 30 November + 3 is 28 or 29 February (dateutil.relativedelta).
    `provisional` says that the anchor's own day is not known yet and the day of issue stands in for it.
    """
    due_on = anchor_on + relativedelta(months=months)
    why = [Text(ANCHORS[anchor].sentence, {"day": anchor_on})]
    if provisional:
        why.append(say("Sementara dihitung dari tanggal terbit: tanda terima belum dicatat."))
    why.append(say("Ditambah {months} bulan kalender: {day}.", months=months, day=due_on))
    return _effective(due_on, why, calendar)


def due_by_rule(
    days: Mapping[str, date | None],
    *,
    issued_on: date,
    anchor: str,
    months: int,
    calendar: WorkCalendar,
) -> DueDate:
    """The recheck's due date by the office's rule; `days` are the days it may count from, as far as
    they are known.
    """
    known = days.get(anchor)
    return recheck_due(
        known or issued_on,
        anchor=anchor if known else "issued",
        months=months,
        calendar=calendar,
        provisional=known is None,
    )


def reopened_on(why: Sequence[Text]) -> date | None:
    """The day from which a reopened case counts its new period, read from its reasons; None for any
    other case.
    """
    first = why[0] if why else None
    return first.facts["day"] if first and first.sentence == ANCHORS["reopened"].sentence else None


def extended_due(until: date, *, by_name: str, reason: str, calendar: WorkCalendar) -> DueDate:
    """The due date after an extension, with who granted it and why."""
    why = [
        say(
            "Diperpanjang sampai {day} oleh {name}: {reason}",
            day=until,
            name=by_name,
            reason=reason,
        )
    ]
    return _effective(until, why, calendar)


def late_due(due: DueDate, from_on: date, *, calendar: WorkCalendar) -> DueDate:
    """The due date of an old nota whose recheck was due before anybody wrote it down here."""
    why = [
        *due.why,
        say("Nota lama: hari itu sudah lewat, jadi dihitung mulai {day}.", day=from_on),
    ]
    return _effective(from_on, why, calendar)


def moved_due(due_on: date, why: Sequence[Text], *, calendar: WorkCalendar) -> DueDate:
    """The same due date on a changed calendar. The reasons for anchor, months and extension stay;
    those for skipped days are written anew.
    """
    about_days_off = {DAY_OFF.sentence, NEXT_WORKING_DAY.sentence}
    kept = [reason for reason in why if reason.sentence not in about_days_off]
    return _effective(due_on, kept, calendar)


def _effective(due_on: date, why: list[Text], calendar: WorkCalendar) -> DueDate:
    effective_on, skipped = calendar.next_working(due_on)
    why += [Text(DAY_OFF.sentence, {"day": off.day, "name": off.name}) for off in skipped]
    if skipped:
        why.append(Text(NEXT_WORKING_DAY.sentence, {"day": effective_on}))
    return DueDate(due_on, effective_on, tuple(why))


def finding_deadline(
    received_on: date, *, days: int, day_type: str, calendar: WorkCalendar
) -> date:
    """The last day to fix a finding, counted from the receipt of the nota; the day of receipt is day zero."""
    if day_type == "working":
        return calendar.add_working_days(received_on, days)
    return received_on + timedelta(days=days)


def nota_problems(
    facts: NotaFacts, *, today: date, scale: str | None, known: frozenset[str]
) -> dict[str, Text]:
    """What is missing or impossible in `facts`, by field. `known` are the violations in force on the day.

    A firm is never accused of a programme its scale does not owe (Perpres 109/2013 art. 6).
    """
    problems = {
        "inspected_on": _inspection_day_problem(facts.inspected_on, today=today),
        "issued_on": _issue_day_problem(
            facts.issued_on, inspected_on=facts.inspected_on, today=today
        ),
        "workers_total": _workers_total_problem(facts.workers_total),
        "workers_registered": _workers_registered_problem(
            facts.workers_registered, total=facts.workers_total
        ),
        **{
            name: too_long(getattr(facts, name), LONGEST_TEXTS[name])
            for name in ("place", "met", "nota_number", "note")
        },
        "findings": _findings_problem(facts.findings),
    }
    for index, finding in enumerate(facts.findings):
        problem = _finding_problem(
            finding, workers_total=facts.workers_total, scale=scale, known=known
        )
        if problem is not None:
            field, reason = problem
            problems[f"findings.{index}.{field}"] = reason
    return {field: reason for field, reason in problems.items() if reason is not None}


def _inspection_day_problem(inspected_on: date | None, *, today: date) -> Text | None:
    if inspected_on is None:
        return say("Isi tanggal pemeriksaan, misalnya {day}", day=today)
    if inspected_on < EARLIEST:
        return say("Periksa tahunnya: {day} terlalu lama.", day=inspected_on)
    if inspected_on > today:
        return say("Tanggal pemeriksaan belum tiba. Isi hari ini atau sebelumnya.")
    return None


def _issue_day_problem(
    issued_on: date | None, *, inspected_on: date | None, today: date
) -> Text | None:
    if issued_on is None:
        return say("Isi tanggal terbit nota, misalnya {day}", day=today)
    if issued_on > today:
        return say("Tanggal terbit belum tiba. Isi hari ini atau sebelumnya.")
    if issued_on < EARLIEST or (inspected_on and issued_on < inspected_on):
        return say("Nota tidak dapat terbit sebelum pemeriksaan.")
    return None


def _workers_total_problem(total: int | None) -> Text | None:
    if total is None or not 1 <= total <= MOST_WORKERS:
        return say("Isi jumlah pekerja, misalnya 25")
    return None


def _workers_registered_problem(registered: int | None, *, total: int | None) -> Text | None:
    if registered is None or registered < 0:
        return say("Isi jumlah pekerja yang terdaftar; 0 bila belum ada.")
    if total is not None and registered > total:
        return say("Yang terdaftar tidak dapat lebih banyak daripada seluruh pekerja.")
    return None


def _findings_problem(findings: Sequence[FindingFacts]) -> Text | None:
    """What is wrong with the findings as a whole: there are none, or one stands twice."""
    if not findings:
        return say("Pilih sedikitnya satu temuan.")
    if len({finding.violation for finding in findings}) < len(findings):
        return say("Setiap pelanggaran cukup dicatat satu kali.")
    return None


def _finding_problem(
    finding: FindingFacts, *, workers_total: int | None, scale: str | None, known: frozenset[str]
) -> tuple[str, Text] | None:
    """The first thing that is wrong with one finding: its field and the reason."""
    if finding.violation not in known:
        return "violation", say(
            "Kode pelanggaran {code} tidak berlaku pada tanggal nota.", code=finding.violation
        )
    most = workers_total or MOST_WORKERS
    if finding.workers_affected is not None and not 0 <= finding.workers_affected <= most:
        return "workers_affected", say(
            "Jumlah pekerja pada temuan tidak dapat melebihi seluruh pekerja."
        )
    if finding.deadline_days is not None and not 1 <= finding.deadline_days <= 365:
        return "deadline_days", say("Isi batas waktu temuan antara 1 dan 365 hari.")
    if reason := too_long(finding.note, LONGEST_TEXTS["note"]):
        return "note", reason
    return _programmes_problem(finding, scale=scale) if scale is not None else None


def _programmes_problem(finding: FindingFacts, *, scale: str) -> tuple[str, Text] | None:
    """A finding about programmes that a company of this scale does not owe (Perpres 109/2013 art. 6)."""
    chosen = finding.violation == "JS-04"
    programmes = finding.programmes if chosen else CONCERNED.get(finding.violation, ())
    not_owed = [code for code in programmes if code not in owed(scale) and code != "JKP"]
    if not not_owed:
        return None
    return "programmes" if chosen else "violation", say(
        "Skala usaha ini tidak wajib mengikuti {programmes} (Perpres 109/2013 pasal 6).",
        programmes=", ".join(not_owed),
    )


def visit_doubts(
    outcome: str, *, registered: int | None, before: int, total: int, fixed: int, still_open: int
) -> list[Text]:
    """What an inspector should check once more before a visit is recorded. Doubts do not stop the visit.

    `registered` workers were counted, `before` of `total` at the last count; `fixed` of the
    `still_open` findings.
    """
    if outcome == "not_met":
        ignored = registered is not None or fixed
        return (
            [say("Tidak dapat ditemui: jumlah pekerja dan temuan selesai tidak mengubah kasus.")]
            if ignored
            else []
        )
    doubts = []
    if registered is not None and registered < before:
        doubts.append(
            say(
                "Yang terdaftar berkurang: tadinya {before}, kini {now}.",
                before=before,
                now=registered,
            )
        )
    if outcome == "complied" and registered is not None and registered < total:
        doubts.append(
            say(
                "Patuh, tetapi {missing} dari {total} pekerja belum terdaftar.",
                missing=total - registered,
                total=total,
            )
        )
    if outcome != "complied" and still_open and fixed >= still_open:
        doubts.append(say("Semua temuan ditandai selesai, tetapi hasilnya bukan patuh."))
    return doubts


def nota_doubts(
    facts: NotaFacts, *, today: date, due: DueDate, special: frozenset[str]
) -> list[Text]:
    """What an inspector should check once more before issuing. Doubts do not stop the nota.

    `special` are the violations that belong in a Nota Pemeriksaan Khusus, which is a kind of its own.
    """
    doubts = []
    codes = [finding.violation for finding in facts.findings]
    registered = facts.workers_registered or 0
    missing = (facts.workers_total or 0) - registered
    if facts.issued_on is not None and facts.issued_on < today:
        doubts.append(say("Nota bertanggal {day}, bukan hari ini.", day=facts.issued_on))
    if due.effective_on < today:
        doubts.append(say("Jatuh tempo cek ulang {day} sudah lewat.", day=due.effective_on))
    if "JS-01" in codes and registered:
        doubts.append(
            say(
                "JS-01 berarti belum ada pekerja yang terdaftar; tertulis {count} terdaftar.",
                count=registered,
            )
        )
    if "JS-02" in codes and not missing:
        doubts.append(say("JS-02 dipilih, tetapi semua pekerja tertulis sudah terdaftar."))
    if missing > 0 and not {"JS-01", "JS-02"} & set(codes):
        doubts.append(
            say(
                "{count} pekerja belum terdaftar, tetapi JS-01 atau JS-02 tidak dipilih.",
                count=missing,
            )
        )
    if any(finding.violation == "JS-04" and not finding.programmes for finding in facts.findings):
        doubts.append(say("JS-04 belum menyebut program yang kurang."))
    special_codes = [code for code in codes if code in special]
    if special_codes:
        doubts.append(
            say(
                "{codes} biasanya ditulis dalam Nota Pemeriksaan Khusus.",
                codes=", ".join(special_codes),
            )
        )
    return doubts
